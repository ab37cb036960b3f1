#pragma once

#include <string>

namespace assay::app {

// The program that parses C and C++ (assay-c-facts), beside this one or in ../libexec/assay; "" when it is not there,
// and then every file that wanted it says so in its coverage.
std::string c_worker_program();

}  // namespace assay::app

#pragma once

#include <cstddef>
#include <string_view>

namespace assay::buildlog {

// `drone exec` and Woodpecker's text export put "[STEP:LINE] " before each line, lines of a step counted from 0;
// commands stand behind as "+ cmd". Length of that prefix, 0 when it is not there. `step` and `number` are set when it
// is.
std::size_t drone_prefix(std::string_view line, std::string_view& step, std::string_view& number);

}  // namespace assay::buildlog

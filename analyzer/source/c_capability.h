#pragma once

#include <cstddef>
#include <string_view>

namespace assay::source {

// What a library function of C lets a program do, in the words of the table `call`: process, network, dynamic-loading,
// memory-protection, environment, file; "" for the rest. POSIX, Linux and Windows names.
std::string_view capability_of(std::string_view function);

// Which argument decides what happens: the command, the library, the symbol. npos when none does.
std::size_t deciding_argument(std::string_view function);

}  // namespace assay::source

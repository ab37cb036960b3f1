#pragma once

#include <cstddef>
#include <string_view>

namespace assay::pipeline::mend {

// In what a byte of a POSIX shell script stands.
enum class Quoting { none, single, dual, unknown };

// The quoting at byte `at`. `unknown` when that cannot be said by counting quotes: here documents, backquotes,
// comments, arithmetic, ${…} with quotes inside. Linear.
Quoting quoting_at(std::string_view script, std::size_t at);

}  // namespace assay::pipeline::mend

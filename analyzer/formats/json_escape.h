#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace assay::formats {

// What stands between the quotes of a JSON string (RFC 8259, section 7), unescaped and always valid UTF-8: U+FFFD
// stands for what was not, and for half of a surrogate pair. `problem` is told of each escape that JSON does not have,
// with its byte offset in `inner`; the escape's backslash is dropped.
std::string unescaped_json(std::string_view inner, const std::function<void(std::size_t, std::string)>& problem);

}  // namespace assay::formats

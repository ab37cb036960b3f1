#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace assay::formats {

// Base64 of either alphabet (RFC 4648 sections 4 and 5), padded or not, line ends and blanks passed over. Nothing when
// another character occurs or the bytes would be more than `most`.
std::optional<std::string> base64(std::string_view text, std::size_t most);

}  // namespace assay::formats

#pragma once

#include <cstdint>
#include <string_view>

namespace assay::history {

// What a path is for, as far as a commit that touches it is worth remembering. Decided by the path alone, the same way
// for every commit; `maybe_test_binary` means the path lies among tests or fixtures and its extension does not say
// whether it is text.
enum class PathRole : std::uint8_t { none, ci, build, manifest, hook, agent, binary, test_binary, maybe_test_binary };

PathRole role_of(std::string_view written);
std::string_view word(PathRole role);  // the words of commit_file.role; "" for none

}  // namespace assay::history

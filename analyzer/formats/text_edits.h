#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/base/result.h"

namespace assay::formats {

// Replaces the bytes [begin, end) of a text; an insertion when they are equal.
struct TextEdit {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string text;
};

// The text with all edits made; every other byte stays as it is. Edits may come in any order; insertions at one place
// keep theirs. An error when two overlap or one lies outside the text.
Result<std::string> apply_edits(std::string_view text, std::vector<TextEdit> edits);

// What turns `before` into `after`, in the unified format of POSIX diff -u with three lines around (what `patch -p1`
// and `git apply` take); "" when they are equal. Lines are compared from both ends and, between, one by one as far as
// they stay in step: exact for texts that edits made from each other, never wrong for others.
std::string unified_diff(const std::string& path, std::string_view before, std::string_view after);

}  // namespace assay::formats

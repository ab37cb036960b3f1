#pragma once

#include <span>
#include <string_view>

namespace assay::app {

// Questions that `assay query NAME` asks, so that nobody has to write them twice.
struct NamedQuestion {
  std::string_view name;
  std::string_view tells;
  std::string_view sql;
};

std::span<const NamedQuestion> named_questions();
// Nothing when there is none of that name.
const NamedQuestion* find_question(std::string_view name);

}  // namespace assay::app

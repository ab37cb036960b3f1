#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace assay::formats {

// One line of a recipe: bytes of the file, the tab and make's signs (@, -, +) left out.
struct RecipeLine {
  std::size_t begin = 0;
  std::size_t end = 0;
};

struct MakefileRule {
  std::vector<std::string> targets;
  std::vector<std::string> prerequisites;  // order-only ones as well
  std::vector<RecipeLine> recipe;
};

// The explicit rules of a makefile in order (GNU make manual, "Writing Rules"): targets, prerequisites and recipes,
// with continuation lines and recipes behind `;`. It expands no variables, reads no includes and takes both branches of
// a conditional: enough to know which commands a target may run. Total, linear; at most `max_makefile_rules` rules.
inline constexpr std::size_t max_makefile_rules = 20'000;
std::vector<MakefileRule> read_makefile_rules(std::string_view text);

}  // namespace assay::formats

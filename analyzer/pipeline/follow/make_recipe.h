#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/formats/makefile_rules.h"

namespace assay::pipeline::follow {

// A recipe line as the shell gets it, as far as the makefile alone tells, with the byte of the file each byte stands
// at.
struct MakeRecipe {
  std::string text;
  std::vector<std::size_t> offsets;
};

// $$ becomes $; a reference to a make variable becomes the variable's name in lower case, so that $(MAKE), $(CURL) and
// $(PYTHON) are the programs they nearly always are; other calls ($(shell …)) leave one blank.
MakeRecipe expand_recipe(std::string_view file, const formats::RecipeLine& line);

}  // namespace assay::pipeline::follow

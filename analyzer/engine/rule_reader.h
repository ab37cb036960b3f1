#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "analyzer/base/result.h"
#include "analyzer/engine/rule.h"

namespace assay::engine {

// Reads one rule file (docs/writing-rules.md). Strict: an unknown key, a missing one, a wrong order, a word that does
// not exist or a test that is missing is an error, and every error names file, line and column. All errors of the file
// are returned, not only the first. `id` is what the file's path says the rule must be called.
struct RuleReading {
  Rule rule;
  std::vector<Error> errors;
  bool good() const { return errors.empty(); }
};
RuleReading read_rule(std::string_view text, const std::string& path, const std::string& id);

}  // namespace assay::engine

#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/base/result.h"
#include "analyzer/engine/rule.h"
#include "analyzer/match/pattern_set.h"

namespace assay::engine {

// All rules ready to judge: the catalogue, its patterns compiled, its digest. Immutable; shared between threads.
// The one inside the binary is made when Assay is built; `--rules DIR` makes another by adding or overriding.
class Bundle {
 public:
  // Values that `list: KIND` patterns stand for.
  struct IndicatorValue {
    std::string kind;
    std::string value;
  };

  // A rule of a later list replaces one with the same id.
  static Result<Bundle> build(std::vector<Rule> rules, const std::vector<IndicatorValue>& indicators);
  Result<std::string> serialise() const;
  // Without the rules' tests: those are only in rule files.
  static Result<Bundle> load(std::string_view bytes);

  const std::vector<Rule>& rules() const { return rules_; }  // sorted by id
  const Rule* find(std::string_view id) const;
  const match::PatternSet& patterns() const { return *patterns_; }
  const std::string& digest() const { return digest_; }

 private:
  std::vector<Rule> rules_;
  std::unique_ptr<match::PatternSet> patterns_;
  std::string digest_;
};

}  // namespace assay::engine

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "analyzer/base/result.h"
#include "analyzer/engine/bundle.h"
#include "analyzer/evidence/database.h"
#include "analyzer/model/finding.h"

namespace assay::engine {

// What the rules say about one subject.
struct Judgement {
  std::vector<Finding> findings;                        // sorted by place, then rule
  std::size_t applied = 0;                              // rules that were asked
  std::vector<std::string> skipped;                     // "id: why": a schema it needs is absent
  std::vector<std::string> incomplete;                  // "id: why": it could not finish
  std::vector<std::pair<std::string, double>> seconds;  // per rule, when asked for
};

struct JudgeOptions {
  Audience audience = Audience::regular;        // rules for further audiences are not asked
  Confidence min_confidence = Confidence::low;  // findings below are left out
  bool time_rules = false;
  // From so many bytes of evidence on, the rules are asked on all threads, each with a connection of its own. Below, they
  // are all asked before a second connection is there. The answers are the same.
  std::uint64_t side_by_side_from = 4U << 20U;
};

// Asks every rule. Findings of pattern rules come from the `signal` table. A rule that SQLite refuses is an error, not
// silence: it means the rule is invalid. Findings have their fingerprint (fingerprint.h), no snippet.
Result<Judgement> judge(evidence::Database& database, const Bundle& bundle, const JudgeOptions& options);

// Prepares a rule's query against an empty database: what is wrong with it, or nothing.
Result<void> check_query(evidence::Database& empty, const Rule& rule);

// `{name}` in `pattern` replaced by values; an unknown name stays as it is. Values are shortened, and are not
// neutralised.
std::string fill(const std::string& pattern, const std::map<std::string, std::string>& values);

}  // namespace assay::engine

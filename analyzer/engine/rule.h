#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "analyzer/base/position.h"
#include "analyzer/match/pattern.h"
#include "analyzer/model/rule_info.h"

namespace assay::engine {

// One inline test of a rule: a subject and where the rule must find something in it, and nowhere else.
struct RuleTest {
  struct Expectation {
    std::string file;        // "" means anywhere
    std::uint32_t line = 0;  // 0 means any line
  };
  std::string name;
  std::map<std::string, std::string> files;
  std::map<std::string, std::string> before;  // files of what the subject is compared with
  bool has_before = false;
  bool has_history = false;  // `history`: a scripted repository, read from the rule's text by who builds it
  std::vector<Expectation> expect;
};

// A pattern that stands for every indicator of one kind (`list: domain`).
struct ListPattern {
  std::string kind;
  match::Filter filter;
};

// A rule as its file says it. Either `query` or patterns, never both.
struct Rule {
  RuleInfo info;
  std::string query;
  std::vector<match::Pattern> patterns;
  std::vector<ListPattern> lists;
  bool emits_signal = false;  // its matches are for other rules, not findings
  std::string message;
  std::vector<std::string> fingerprint;
  std::string mend;  // what of it `scan --fix` can do by itself (analyzer/pipeline/mend/mend.h), "" for nothing
  std::vector<RuleTest> tests;
  std::string path;  // file it was read from
  std::string text;  // the file
  std::uint32_t query_line = 0;

  bool is_pattern_rule() const { return query.empty(); }
};

}  // namespace assay::engine

#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/base/error.h"
#include "analyzer/model/finding.h"
#include "analyzer/model/fleet.h"
#include "analyzer/model/path.h"
#include "analyzer/model/rule_info.h"

// The answers of the verbs that make no Report: plain text for a terminal, or JSON. Pure functions; every string that
// came from what was examined, from a file or from the command line is made visible (reports/neutralise.h), so nothing
// an attacker named can move the cursor, hide itself or forge a line. Every text ends in a line end.
namespace assay::reports {

// "assay: error: PLACE: MESSAGE" for standard error.
std::string error_line(const Error& error);
// What a library wrote for a person, line by line made visible; its line ends stay.
std::string visible_lines(std::string_view text);

// What a sweep changed: new and gone findings from severity `from` on, who was not examined, and the counts.
std::string sweep_text(const SweepSummary& summary, std::span<const StoredFinding> findings, Severity from);
// "3 of 120  NAME" over the line before; erases itself when done.
std::string progress_text(std::size_t done, std::size_t all, std::string_view subject);

std::string hunt_text(const HuntReport& report);
std::string hunt_json(const HuntReport& report);  // schema "assay-hunt/1"

// One value of a query's answer.
struct Cell {
  enum class Type : unsigned char { null, integer, real, text };
  Type type = Type::null;
  std::int64_t integer = 0;
  double real = 0;
  std::string text{};  // as a person would write it, whatever the type; "" for null
};
struct Table {
  std::vector<std::string> columns;
  std::vector<std::vector<Cell>> rows;  // each as long as `columns`
};
// `format`: table, json (an array of objects) or csv (RFC 4180).
std::string table_text(const Table& table, std::string_view format);

// A rule in the list of all rules.
struct ListedRule {
  const RuleInfo* info = nullptr;  // must outlive the call
  bool is_signal = false;          // feeds other rules and makes no finding
  bool is_pattern = false;         // matches text, not evidence
};
std::string rule_list_text(std::span<const ListedRule> rules);  // without signals
std::string rule_list_json(std::span<const ListedRule> rules);

// One thing explained: all that is known about it, then its rule when that is given.
std::string rule_page(const RuleInfo& rule);
std::string finding_page(const Finding& finding, const RuleInfo* rule);
std::string path_page(const AttackPath& path);

}  // namespace assay::reports

#pragma once

#include <array>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/model/report.h"
#include "reports/render.h"

// What every format needs to know about a report before it writes: what counts, what is set aside, what was not read,
// and the sentences that must read the same everywhere.
namespace assay::reports {

// Inputs that share the reason why they were not fully read.
struct Gap {
  Coverage coverage = Coverage::not_read;
  std::string_view reason;
  std::vector<std::string_view> paths;  // sorted as in the report
};

// Points into the report, which must outlive it.
struct Outline {
  std::array<std::vector<const Finding*>, 5> counting;  // by Severity; sorted as in the report
  std::vector<const Finding*> for_others;               // meant for people who polish or audit, not asked for
  std::vector<const Finding*> suppressed;
  std::vector<const Finding*> gone;
  std::vector<Gap> gaps;  // not read first, then the most inputs first
  std::map<std::string_view, const RuleInfo*> rules;
  std::size_t fully_read = 0, partly_read = 0, not_read = 0;

  std::size_t counting_total() const;
};
// With `pedantic`, for_others stays empty.
Outline outline_of(const Report& report, bool pedantic);

// All counting findings, worst first, otherwise as in the report.
std::vector<const Finding*> worst_first(const Outline& outline);

std::string position_text(const Location& at);  // "a/b.yml:3:7"; "a/b.yml" for the artifact as a whole
std::string counted(std::size_t count, std::string_view singular,
                    std::string_view plural = {});            // "1 input", "2,000 inputs"
std::string bytes_text(std::uint64_t bytes);                  // "1.4 MiB"
std::string listed(const std::vector<std::string>& parts);    // "a, b and c"
std::string severities_text(const Verdict& verdict);          // "2 critical, 3 high"; "no findings"
std::string step_text(const PathStep& step);                  // "job triage → secret NPM_TOKEN"
std::string product_title(const ProductAssessment& product);  // "Name 7.2 by Vendor"
// "If this vendor is turned, an attacker gets …", from the three privileges with the most bits.
std::string turned_sentence(const ProductAssessment& product);
std::string inputs_sentence(const Report& report, const Outline& outline);
std::string rules_sentence(const Report& report);
std::string knowledge_sentence(const Report& report);
std::string_view risk_caption();  // what the risk number is and is not

// Privileges and stages in the order a person wants them: most bits first; worst stage first stays as the report has
// it.
std::vector<const PrivilegeScore*> privileges_by_bits(const ProductAssessment& product);

// Paragraph text with runs of white space, line ends included, made single spaces.
std::string one_line(std::string_view text);
// The first sentence of one_line(text).
std::string first_sentence(std::string_view text);

}  // namespace assay::reports

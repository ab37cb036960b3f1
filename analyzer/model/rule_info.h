#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace assay {

// Harm if the finding is true.
enum class Severity : std::uint8_t { info, low, medium, high, critical };
// How often a finding of the rule is true.
enum class Confidence : std::uint8_t { low, medium, high };
// Who wants to see it: everyone, people who polish, people who audit.
enum class Audience : std::uint8_t { regular, pedantic, auditor };
enum class Maturity : std::uint8_t { stable, incubating, deprecated };

std::string_view word(Severity severity);
std::string_view word(Confidence confidence);
std::string_view word(Audience audience);
std::string_view word(Maturity maturity);
bool from_word(std::string_view text, Severity& severity);
bool from_word(std::string_view text, Confidence& confidence);
bool from_word(std::string_view text, Audience& audience);
bool from_word(std::string_view text, Maturity& maturity);

// What a report says about a rule: everything but how it matches.
struct RuleInfo {
  std::string id;  // "pipeline/outsider-text-in-shell"
  std::string title;
  Severity severity = Severity::medium;
  Confidence confidence = Confidence::medium;
  Audience audience = Audience::regular;
  Maturity maturity = Maturity::incubating;
  std::string stage;  // source | dependency | build | distribution | update | developer | vendor-access
  std::vector<std::string> families;
  std::vector<std::string> incidents;
  std::map<std::string, std::vector<std::string>> mappings;     // attack, slsa, cicd-sec, cwe → ids
  std::map<std::string, std::vector<std::string>> equivalents;  // peer → its rules
  std::string why;
  std::string fix;
  std::string false_positives;
};

}  // namespace assay

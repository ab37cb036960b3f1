#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/base/result.h"
#include "analyzer/model/artifact.h"

namespace assay::match {

// Which files a pattern concerns. A zero mask means any.
struct Filter {
  std::uint64_t languages = 0;  // bit per Language
  std::uint32_t roles = 0;      // the file has one of them
  std::uint32_t not_roles = 0;  // the file has none of them
  std::uint32_t kinds = 0;      // bit per ArtifactKind

  bool admits(Language language, Role file_roles, ArtifactKind kind) const {
    const auto role_bits = static_cast<std::uint32_t>(file_roles);
    return (languages == 0 || (languages >> static_cast<unsigned>(language) & 1U) != 0) &&
           (roles == 0 || (roles & role_bits) != 0) && (not_roles & role_bits) == 0 &&
           (kinds == 0 || (kinds >> static_cast<unsigned>(kind) & 1U) != 0);
  }
};

enum class Reach : std::uint8_t {
  line,  // a match lies within one line
  file,  // a match may cross lines; '.' matches line ends
};

// One expression of one rule.
struct Pattern {
  std::string rule;
  std::string name;        // within the rule; the rule's id when it has none
  std::string expression;  // RE2 syntax, flags already inside ("(?i)…")
  Reach reach = Reach::line;
  Filter filter;
  std::string no_literal;  // why the pattern may go without a literal; "" when it may not
  // Texts, lower case, of which at least one occurs (caselessly) in every match. Derived by required_literals(); empty
  // only with no_literal, and then the pattern is tried on every line of every file its filter admits.
  std::vector<std::string> literals;
};

inline constexpr std::size_t shortest_literal = 4;

// The smallest set of long literals found of which every match of `expression` must contain one (RE2's own prefilter
// analysis). Empty when there is none. An error when RE2 does not accept the expression.
Result<std::vector<std::string>> required_literals(const std::string& expression);

// The expression that matches `text` literally; `word` keeps it from matching inside a longer word.
std::string literal_expression(std::string_view text, bool caseless, bool word);

}  // namespace assay::match

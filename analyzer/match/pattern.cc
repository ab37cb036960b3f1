#include "analyzer/match/pattern.h"

#include <re2/filtered_re2.h>
#include <re2/re2.h>

#include <algorithm>

namespace assay::match {
namespace {

// Whether the expression could still match a text that holds none of `absent`.
bool possible_without(const re2::FilteredRE2& filter, const std::vector<bool>& absent) {
  std::vector<int> present;
  for (std::size_t i = 0; i < absent.size(); ++i) {
    if (!absent[i]) present.push_back(static_cast<int>(i));
  }
  std::vector<int> potentials;
  filter.AllPotentials(present, &potentials);
  return !potentials.empty();
}

}  // namespace

Result<std::vector<std::string>> required_literals(const std::string& expression) {
  re2::RE2::Options options;
  options.set_log_errors(false);
  const re2::RE2 check(expression, options);
  if (!check.ok()) return fail(ErrorCode::rule, "not a regular expression of RE2: " + check.error());
  re2::FilteredRE2 filter(static_cast<int>(shortest_literal));
  int id = 0;
  filter.Add(expression, options, &id);
  std::vector<std::string> atoms;
  filter.Compile(&atoms);
  if (atoms.empty()) return std::vector<std::string>{};
  std::vector<bool> absent(atoms.size(), true);
  if (possible_without(filter, absent)) return std::vector<std::string>{};
  // Drop literals from the set, shortest first, as long as every match still needs one of the rest.
  std::vector<std::size_t> order(atoms.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return atoms[a].size() != atoms[b].size() ? atoms[a].size() < atoms[b].size() : atoms[a] < atoms[b];
  });
  for (const std::size_t i : order) {
    absent[i] = false;
    if (possible_without(filter, absent)) absent[i] = true;
  }
  std::vector<std::string> needed;
  for (std::size_t i = 0; i < atoms.size(); ++i) {
    if (absent[i]) needed.push_back(atoms[i]);
  }
  std::sort(needed.begin(), needed.end());
  return needed;
}

std::string literal_expression(std::string_view text, bool caseless, bool word) {
  const auto is_word = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; };
  std::string out = caseless ? "(?i)" : "";
  if (word && !text.empty() && is_word(text.front())) out += "\\b";
  out += re2::RE2::QuoteMeta(re2::StringPiece(text.data(), text.size()));
  if (word && !text.empty() && is_word(text.back())) out += "\\b";
  return out;
}

}  // namespace assay::match

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

// RE2 folds the case of all letters, the prefilter only of ASCII's: of a literal only such a part is safe.
std::string longest_ascii_run(const std::string& text) {
  std::size_t best = 0;
  std::size_t best_begin = 0;
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size() && static_cast<unsigned char>(text[i]) < 0x80) continue;
    if (i - begin > best) best = i - begin, best_begin = begin;
    begin = i + 1;
  }
  return text.substr(best_begin, best);
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
    if (!absent[i]) continue;
    const std::string ascii = longest_ascii_run(atoms[i]);
    if (ascii.size() < shortest_literal) return std::vector<std::string>{};
    needed.push_back(ascii);
  }
  std::sort(needed.begin(), needed.end());
  return needed;
}

std::string literal_expression(std::string_view text, bool caseless, bool word) {
  const auto is_word = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  std::string out = caseless ? "(?i)" : "";
  if (word && !text.empty() && is_word(text.front())) out += "\\b";
  out += re2::RE2::QuoteMeta(re2::StringPiece(text.data(), text.size()));
  if (word && !text.empty() && is_word(text.back())) out += "\\b";
  return out;
}

}  // namespace assay::match

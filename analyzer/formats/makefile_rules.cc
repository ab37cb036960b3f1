#include "analyzer/formats/makefile_rules.h"

#include <algorithm>

namespace assay::formats {
namespace {

// The end of the logical line that begins at `begin`: a backslash before the line break joins the next.
std::size_t logical_end(std::string_view text, std::size_t begin) {
  std::size_t at = begin;
  while (true) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    if (end == text.size()) return end;
    std::size_t last = end;
    if (last > begin && text[last - 1] == '\r') --last;
    if (last == begin || text[last - 1] != '\\') return end;
    at = end + 1;
  }
}

std::vector<std::string> words(std::string_view text) {
  std::vector<std::string> out;
  std::size_t at = 0;
  while (at < text.size()) {
    at = text.find_first_not_of(" \t\r\n\\|", at);
    if (at == std::string_view::npos) break;
    const std::size_t end = std::min(text.find_first_of(" \t\r\n\\|", at), text.size());
    out.emplace_back(text.substr(at, end - at));
    at = end;
  }
  return out;
}

// The colon that ends the targets; npos when the line is an assignment, a directive or something else.
std::size_t rule_colon(std::string_view line) {
  int depth = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (c == '(' || c == '{') ++depth;
    if ((c == ')' || c == '}') && depth > 0) --depth;
    if (depth > 0) continue;
    if (c == '#' || c == '=') return std::string_view::npos;
    if (c != ':') continue;
    const std::string_view rest = line.substr(i + 1);
    const bool assignment = rest.starts_with('=') || rest.starts_with(":=") || rest.starts_with("::=");
    return assignment ? std::string_view::npos : i;
  }
  return std::string_view::npos;
}

RecipeLine recipe_line(std::string_view text, std::size_t begin, std::size_t end) {
  while (begin < end && std::string_view(" \t@-+").find(text[begin]) != std::string_view::npos) ++begin;
  while (end > begin && (text[end - 1] == '\r' || text[end - 1] == ' ')) --end;
  return {begin, end};
}

}  // namespace

std::vector<MakefileRule> read_makefile_rules(std::string_view text) {
  std::vector<MakefileRule> out;
  bool in_rule = false;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = logical_end(text, begin);
    const std::string_view line = text.substr(begin, end - begin);
    if (line.starts_with('\t')) {
      const RecipeLine recipe = recipe_line(text, begin, end);
      if (in_rule && recipe.begin < recipe.end && text[recipe.begin] != '#') out.back().recipe.push_back(recipe);
    } else if (const std::size_t colon = rule_colon(line); colon != std::string_view::npos) {
      if (out.size() >= max_makefile_rules) return out;
      MakefileRule rule;
      rule.targets = words(line.substr(0, colon));
      std::size_t from = colon + 1;
      if (from < line.size() && line[from] == ':') ++from;
      const std::size_t recipe = std::min(line.find(';', from), line.size());
      const std::size_t comment = std::min(line.find('#', from), recipe);
      rule.prerequisites = words(line.substr(from, comment - from));
      if (recipe < line.size()) rule.recipe.push_back(recipe_line(text, begin + recipe + 1, end));
      // `target: NAME = value` sets a variable for the target and runs nothing.
      const bool variable = line.substr(from, comment - from).find('=') != std::string_view::npos;
      in_rule = !variable && !rule.targets.empty();
      if (in_rule) out.push_back(std::move(rule));
    } else if (line.find_first_not_of(" \t\r") != std::string_view::npos && line.front() != '#' &&
               !line.starts_with("if") && !line.starts_with("else") && !line.starts_with("endif")) {
      in_rule = false;
    }
    begin = end + 1;
  }
  return out;
}

}  // namespace assay::formats

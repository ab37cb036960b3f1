#include "analyzer/formats/yaml_words.h"

#include <fmt/core.h>

namespace assay::formats {

std::string yaml_word(const YamlNode& node) {
  constexpr std::string_view space = " \t\r\n";
  const std::string_view text = node.text();
  const std::size_t first = text.find_first_not_of(space);
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(space) - first + 1));
}

std::vector<std::string> yaml_words(const YamlNode& node) {
  std::vector<std::string> out;
  for (const YamlNode& item : node.one_or_many()) out.push_back(yaml_word(item));
  return out;
}

std::string yaml_place(const YamlNode& node) {
  const Position at = node.exists() ? node.span().begin : Position{1, 1};
  return fmt::format("{}:{}", at.line, at.column);
}

}  // namespace assay::formats

#include "analyzer/buildlog/json_log.h"

#include <array>
#include <cstdint>
#include <unordered_map>

#include "analyzer/formats/json_tree.h"

namespace assay::buildlog {
namespace {

using formats::JsonNode;

bool is_circleci(const JsonNode& root) {
  for (const JsonNode& one : root.items()) {
    const std::string_view type = one.at("type").string();
    return one.at("message").exists() && one.at("time").is_string() && (type == "out" || type == "err");
  }
  return false;
}

bool is_buildkit(const JsonNode& root) {
  for (const std::string_view list : {"vertexes", "logs", "statuses"}) {
    for (const JsonNode& one : root.at(list).items())
      return one.at("digest").is_string() || one.at("vertex").is_string();
  }
  return false;
}

int value_of(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  return c == '+' ? 62 : c == '/' ? 63 : -1;
}

std::string unwrapped(std::string_view text) {
  std::string out;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    const int value = value_of(c);
    if (value < 0) break;
    bits = (bits << 6U) | static_cast<std::uint32_t>(value);
    if (++count % 4 != 1) out.push_back(static_cast<char>(bits >> (count % 4 == 2 ? 4U : count % 4 == 3 ? 2U : 0U)));
  }
  return out;
}

std::string_view first_line(std::string_view text) {
  return text.substr(0, text.find('\n'));
}

void circleci(const JsonNode& root, JsonLog& log) {
  for (const JsonNode& one : root.items()) {
    const JsonNode message = one.at("message");
    log.messages.push_back({.at = message.span(),
                            .text = std::string(message.string()),
                            .time = std::string(one.at("time").string()),
                            .step = {}});
    if (one.at("truncated").is_true()) log.complete = false;
  }
}

Span moved(Span span, std::uint32_t lines) {
  span.begin.line += lines;
  span.end.line += lines;
  return span;
}

void buildkit(std::string_view bytes, JsonLog& log) {
  std::unordered_map<std::string, std::string> names;
  for (std::uint32_t line = 0; !bytes.empty(); ++line) {
    const std::string_view text = first_line(bytes);
    bytes.remove_prefix(std::min(bytes.size(), text.size() + 1));
    if (text.find('{') == std::string_view::npos) continue;
    const formats::JsonTree tree(text);
    if (!tree.well_formed()) log.complete = false;
    for (const JsonNode& vertex : tree.root().at("vertexes").items()) {
      const auto [place, fresh] =
          names.emplace(std::string(vertex.at("digest").string()), std::string(vertex.at("name").string()));
      if (fresh)
        log.messages.push_back({.at = moved(vertex.at("name").span(), line),
                                .text = {},
                                .time = std::string(vertex.at("started").string()),
                                .step = place->second});
      if (!vertex.at("error").string().empty())
        log.messages.push_back({.at = moved(vertex.at("error").span(), line),
                                .text = "ERROR: " + std::string(vertex.at("error").string()),
                                .time = {},
                                .step = place->second});
    }
    for (const JsonNode& one : tree.root().at("logs").items()) {
      const auto name = names.find(std::string(one.at("vertex").string()));
      log.messages.push_back({.at = moved(one.at("data").span(), line),
                              .text = unwrapped(one.at("data").string()),
                              .time = std::string(one.at("timestamp").string()),
                              .step = name == names.end() ? std::string() : name->second});
    }
  }
}

}  // namespace

bool looks_like_json_log(std::string_view head) {
  const std::size_t first = head.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
  if (first == std::string_view::npos) return false;
  if (head[first] == '[') {
    if (head.find("\"message\"") == std::string_view::npos || head.find("\"type\"") == std::string_view::npos)
      return false;
    return is_circleci(formats::JsonTree(head).root());
  }
  if (head[first] != '{' ||
      (head.find("\"vertexes\"") == std::string_view::npos && head.find("\"logs\"") == std::string_view::npos))
    return false;
  return is_buildkit(formats::JsonTree(first_line(head.substr(first))).root());
}

JsonLog read_json_log(std::string_view bytes) {
  JsonLog log;
  const std::size_t first = bytes.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
  if (first != std::string_view::npos && bytes[first] == '[') {
    log.system = System::circleci;
    const formats::JsonTree tree(bytes);
    log.complete = tree.well_formed();
    circleci(tree.root(), log);
  } else {
    log.system = System::buildkit;
    buildkit(bytes, log);
  }
  return log;
}

}  // namespace assay::buildlog

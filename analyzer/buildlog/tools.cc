#include "analyzer/buildlog/tools.h"

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "analyzer/buildlog/commands.h"

namespace assay::buildlog {
namespace {

bool digit(char c) {
  return c >= '0' && c <= '9';
}

// All prefixes, ordered by first byte.
class Directory {
 public:
  Directory() {
    for (const ToolTable table : {node_lines(), python_lines(), native_lines(), jvm_lines(), image_lines(),
                                  delivery_lines(), check_lines(), release_lines(), compile_lines(), test_lines()}) {
      for (std::size_t i = 0; i < table.count; ++i) {
        by_first_[static_cast<unsigned char>(table.first[i].prefix[0])].push_back(table.first[i]);
      }
    }
  }
  const std::vector<ToolPrefix>& of(char first) const { return by_first_[static_cast<unsigned char>(first)]; }

 private:
  std::array<std::vector<ToolPrefix>, 256> by_first_;
};

const Directory& directory() {
  static const Directory made;
  return made;
}

// "#12 3.456 text" and "#12 text" of BuildKit.
bool take_buildkit(std::string_view& text) {
  if (text.size() < 4 || text[0] != '#' || !digit(text[1])) return false;
  std::size_t at = 1;
  while (at < text.size() && digit(text[at])) ++at;
  if (at >= text.size() || text[at] != ' ') return false;
  std::string_view rest = trimmed_left(text.substr(at));
  std::size_t number = 0;
  while (number < rest.size() && (digit(rest[number]) || rest[number] == '.')) ++number;
  if (number > 0 && number < rest.size() && rest[number] == ' ') rest = trimmed_left(rest.substr(number));
  text = rest;
  return true;
}

}  // namespace

void read_tool_line(const Line& line, Journal& journal) {
  std::string_view text = trimmed(line.text);
  if (text.empty()) return;
  if (text[0] == '#') {
    if (!take_buildkit(text) || text.empty()) return;
  } else if (text[0] == '[') {
    if (take(text, "[INFO] ")) {
      text = trimmed_left(text);
      if (text.empty()) return;
    } else if (text.starts_with("[command]")) {
      read_command(line, text.substr(9), CommandSource::toolkit, journal);
      return;
    }
  } else if (text[0] == '$' || text[0] == '+') {
    read_echoed_command(line, text, journal);
  }
  for (const ToolPrefix& entry : directory().of(text[0])) {
    const std::size_t last = entry.prefix.size() - 1;
    // The last character tells most prefixes apart without comparing the rest.
    if (text.size() <= last || text[last] != entry.prefix[last]) continue;
    if (text.starts_with(entry.prefix)) entry.read(line, text.substr(entry.prefix.size()), journal);
  }
}

void package(const Line& line, std::string_view part, std::string_view kind, std::string_view ecosystem,
             std::string_view name, std::string_view version, Journal& journal) {
  if (name.empty() || name.size() > 214 || version.size() > 100) return;
  std::string normal =
      ecosystem == "golang" || ecosystem == "maven" || ecosystem == "gem" ? std::string(name) : lower(name);
  if (ecosystem == "pypi") {
    for (char& c : normal) {
      if (c == '_' || c == '.') c = '-';
    }
  }
  journal.event_once(line, part,
                     {.kind = std::string(kind),
                      .ecosystem = std::string(ecosystem),
                      .name = std::move(normal),
                      .version = std::string(version)});
}

bool starts_like_version(std::string_view text) {
  if (text.starts_with('v')) text.remove_prefix(1);
  return !text.empty() && digit(text[0]);
}

bool split_at_version(std::string_view text, std::string_view& name, std::string_view& version) {
  const std::size_t at = text.find('@', 1);
  if (at == std::string_view::npos) return false;
  name = text.substr(0, at);
  version = text.substr(at + 1);
  take(version, "npm:");
  while (!version.empty() && std::strchr(":,;)\"'`", version.back()) != nullptr) version.remove_suffix(1);
  return !name.empty() && starts_like_version(version);
}

bool split_dash_version(std::string_view text, std::string_view& name, std::string_view& version) {
  for (std::size_t at = text.find('-', 1); at != std::string_view::npos; at = text.find('-', at + 1)) {
    if (at + 1 < text.size() && digit(text[at + 1])) {
      name = text.substr(0, at);
      version = text.substr(at + 1);
      return true;
    }
  }
  return false;
}

}  // namespace assay::buildlog

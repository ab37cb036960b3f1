#include <charconv>
#include <optional>

#include "analyzer/product/privilege_sink.h"

namespace assay::product {
namespace {

struct Line {
  std::size_t begin = 0;  // of the content, without leading space
  std::string_view text;  // without surrounding space
};

// Calls each(line) for every line that is neither empty nor a comment.
template <class Each>
void for_each_line(std::string_view text, std::string_view comment_starts, Each each) {
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    Line line{begin, text.substr(begin, end - begin)};
    begin = end + 1;
    const std::size_t content = line.text.find_first_not_of(" \t\r");
    if (content == std::string_view::npos) continue;
    line.begin += content;
    line.text.remove_prefix(content);
    line.text.remove_suffix(line.text.size() - line.text.find_last_not_of(" \t\r") - 1);
    if (comment_starts.find(line.text.front()) == std::string_view::npos) each(line);
  }
}

bool part_of_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

// The first whole occurrence: "sc create" is not in "misc create".
std::size_t find_whole(std::string_view text, std::string_view word) {
  for (std::size_t at = find_word(text, word); at != std::string_view::npos; at = find_word(text, word, at + 1)) {
    if (at == 0 || !part_of_name(word.front()) || !part_of_name(text[at - 1])) return at;
  }
  return std::string_view::npos;
}

std::optional<std::string_view> after_key(std::string_view line, std::string_view key) {
  const std::size_t equals = line.find('=');
  if (equals == std::string_view::npos) return std::nullopt;
  std::string_view name = line.substr(0, equals);
  name.remove_suffix(name.size() - name.find_last_not_of(" \t") - 1);
  if (name != key) return std::nullopt;
  std::string_view value = line.substr(equals + 1);
  value.remove_prefix(std::min(value.find_first_not_of(" \t"), value.size()));
  return value;
}

bool truth(std::string_view value) {
  return value == "yes" || value == "true" || value == "1" || value == "on";
}

}  // namespace

// systemd.exec(5), systemd.service(5): a service without User= and DynamicUser= runs as root.
void read_systemd(std::string_view text, PrivilegeSink& sink) {
  struct Place {
    std::size_t begin = 0, end = 0;
  };
  std::string_view section;
  std::optional<Place> service;
  std::optional<Place> user_at;
  std::optional<Place> bounded_at;
  std::string_view user;
  std::string_view bounded;
  bool dynamic = false;
  bool updates = false;
  Place updates_at;
  for_each_line(text, "#;", [&](const Line& line) {
    const Place place{line.begin, line.begin + line.text.size()};
    if (line.text.front() == '[') {
      section = line.text;
      if (section == "[Service]") service = place;
      return;
    }
    if (const auto described = after_key(line.text, "Description")) {
      const bool says_so = find_word(*described, "updat") != std::string_view::npos ||
                           find_word(*described, "upgrad") != std::string_view::npos;
      if (says_so && find_word(*described, "auto") != std::string_view::npos) updates = true, updates_at = place;
      if (says_so && find_word(*described, "updater") != std::string_view::npos) updates = true, updates_at = place;
    }
    if (section != "[Service]") return;
    if (const auto value = after_key(line.text, "User")) user = *value, user_at = place;
    if (const auto value = after_key(line.text, "DynamicUser")) dynamic = truth(*value);
    if (const auto value = after_key(line.text, "CapabilityBoundingSet")) bounded = *value, bounded_at = place;
    if (const auto value = after_key(line.text, "AmbientCapabilities")) {
      for (const PrivilegeWord& word : capability_words()) {
        const std::size_t at = find_word(*value, "CAP_" + std::string(word.word));
        if (at == std::string_view::npos) continue;
        const std::size_t after = at + 4 + word.word.size();
        if (after < value->size() && part_of_name((*value)[after])) continue;
        sink.found(place.begin, place.end, word.dimension, word.level,
                   fmt::format("the systemd service has {}", word.reason));
      }
    }
  });
  if (!service) return;
  const bool root = !dynamic && (user.empty() || user == "root" || user == "0");
  if (root) {
    const Place at = user_at.value_or(*service);
    // A bounding set without the great capabilities makes root a smaller thing; '~' lists what is taken away.
    const bool cut =
        bounded_at && !bounded.starts_with('~') && find_word(bounded, "CAP_SYS_ADMIN") == std::string_view::npos;
    sink.found(at.begin, at.end, "AGT", cut ? 2 : 3,
               fmt::format("the systemd service runs as root{}{}", user_at ? "" : ", because no User is set",
                           cut ? ", with fewer capabilities" : ""));
  }
  if (updates)
    sink.found(updates_at.begin, updates_at.end, "UPD", root ? 4 : 3, "a service updates the product by itself");
}

// sudoers(5): who hosts=(runas) commands.
void read_sudoers(std::string_view text, PrivilegeSink& sink) {
  for_each_line(text, "#@", [&](const Line& line) {
    if (line.text.starts_with("Defaults") || line.text.find("_Alias") != std::string_view::npos) return;
    const std::size_t equals = line.text.find('=');
    if (equals == std::string_view::npos) return;
    const std::string_view who = line.text.substr(0, line.text.find_first_of(" \t"));
    if (who == "root" || who == "%sudo" || who == "%wheel" || who == "%admin") return;
    std::string_view what = line.text.substr(equals + 1);
    const bool silent = what.find("NOPASSWD") != std::string_view::npos;
    const std::size_t last = what.find_last_of(": )\t");
    const bool all = (last == std::string_view::npos ? what : what.substr(last + 1)) == "ALL";
    sink.found(line.begin, line.begin + line.text.size(), all ? "RCE" : "AGT", all ? 3 : (silent ? 2 : 1),
               fmt::format("{} may run {} as another user{}", who, all ? "any command" : "named commands",
                           silent ? " without a password" : ""));
  });
}

void read_script(std::string_view text, PrivilegeSink& sink) {
  for_each_line(text, "#;", [&](const Line& line) {
    if (line.text.starts_with("rem ") || line.text.starts_with("REM ") || line.text.starts_with("::")) return;
    for (const PrivilegeWord& word : script_words()) {
      const std::size_t at = find_whole(line.text, word.word);
      if (at == std::string_view::npos) continue;
      if (!word.also.empty() && find_word(line.text, word.also) == std::string_view::npos) continue;
      if (!word.unless.empty() && find_word(line.text, word.unless) != std::string_view::npos) continue;
      // "chmod 4755" is setuid, "chmod 444" is not: four digits.
      if (word.word == "chmod 4") {
        const std::string_view digits = line.text.substr(at + 6);
        if (digits.size() < 4 || digits.substr(0, 4).find_first_not_of("01234567") != std::string_view::npos) continue;
      }
      sink.found(line.begin + at, line.begin + at + word.word.size(), word.dimension, word.level,
                 std::string(word.reason));
    }
  });
}

namespace {

// A number of an INF file: decimal or 0x…, ended by space or a comment; nothing for anything else, like a %string%.
std::optional<unsigned> inf_number(std::string_view text) {
  text = text.substr(0, text.find_first_of(" \t;"));
  const bool hex = text.starts_with("0x") || text.starts_with("0X");
  if (hex) text.remove_prefix(2);
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, hex ? 16 : 10);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

// Driver INF files, service-install sections: ServiceType 1 is a kernel driver, 2 a file system driver; StartType 0 is
// boot, 1 system.
void read_inf(std::string_view text, PrivilegeSink& sink) {
  for_each_line(text, ";", [&](const Line& line) {
    const auto number = [&](std::string_view key) {
      const auto value = after_key(line.text, key);
      return value ? inf_number(*value) : std::nullopt;
    };
    const std::optional<unsigned> type = number("ServiceType");
    if (type == 1U || type == 2U) {
      sink.found(line.begin, line.begin + line.text.size(), "KRN", 4, "the driver file installs a kernel driver");
    }
    const std::optional<unsigned> start = number("StartType");
    if (start == 0U || start == 1U) {
      sink.found(line.begin, line.begin + line.text.size(), "KRN", 4, "the driver starts with the system");
    }
  });
}

namespace {

std::string_view attribute(std::string_view element, std::string_view name) {
  for (std::size_t at = find_word(element, name); at != std::string_view::npos; at = find_word(element, name, at + 1)) {
    if (at == 0 || part_of_name(element[at - 1])) continue;
    std::size_t value = element.find_first_not_of(" \t\r\n", at + name.size());
    if (value == std::string_view::npos || element[value] != '=') continue;
    value = element.find_first_of("\"'", value);
    if (value == std::string_view::npos) return {};
    const std::size_t end = element.find(element[value], value + 1);
    return end == std::string_view::npos ? std::string_view() : element.substr(value + 1, end - value - 1);
  }
  return {};
}

void read_element(std::string_view element, std::size_t begin, PrivilegeSink& sink) {
  if (element.starts_with("<ServiceInstall") && !element.starts_with("<ServiceInstalled")) {
    const std::string_view account = attribute(element, "Account");
    const std::string_view type = attribute(element, "Type");
    const std::string_view start = attribute(element, "Start");
    if (same_word(type, "kernelDriver") || same_word(type, "systemDriver") || same_word(start, "boot") ||
        same_word(start, "system")) {
      sink.found(begin, begin + element.size(), "KRN", 4, "the installer registers a kernel driver");
    } else if (account.empty() || same_word(account, "LocalSystem") || same_word(account, "NT AUTHORITY\\SYSTEM")) {
      sink.found(begin, begin + element.size(), "AGT", 3,
                 fmt::format("the installer registers a Windows service as LocalSystem{}",
                             account.empty() ? ", because no Account is set" : ""));
    }
  }
  for (const PrivilegeWord& word : xml_words()) {
    const std::size_t at = find_word(element, word.word);
    if (at != std::string_view::npos)
      sink.found(begin + at, begin + at + word.word.size(), word.dimension, word.level, std::string(word.reason));
  }
}

}  // namespace

// Elements and texts in order, comments skipped. No tree is needed: every fact stands in one start tag or one text.
void read_xml(std::string_view text, PrivilegeSink& sink) {
  const bool launchd = text.find("<key>ProgramArguments</key>") != std::string_view::npos ||
                       text.find("<key>Program</key>") != std::string_view::npos;
  const std::size_t label = text.find("<key>Label</key>");
  const std::size_t user = text.find("<key>UserName</key>");
  if (launchd && label != std::string_view::npos) {
    const std::size_t name = user == std::string_view::npos ? user : text.find("<string>", user);
    if (name == std::string_view::npos || text.substr(name + 8).starts_with("root<")) {
      const std::size_t at = user == std::string_view::npos ? label : user;
      sink.found(at, text.find("</key>", at) + 6, "AGT", 3, "the launch daemon runs as root");
    }
  }
  for (std::size_t at = text.find('<'); at < text.size(); at = text.find('<', at)) {
    if (text.substr(at).starts_with("<!--")) {
      const std::size_t end = text.find("-->", at + 4);
      if (end == std::string_view::npos) return;
      at = end + 3;
      continue;
    }
    // A start tag together with the text after it: entitlements stand in <key>text</key>.
    const std::size_t close = text.find('>', at);
    if (close == std::string_view::npos) return;
    const std::size_t next = std::min(text.find('<', close), text.size());
    read_element(text.substr(at, next - at), at, sink);
    at = next;
  }
}

}  // namespace assay::product

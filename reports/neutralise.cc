#include "reports/neutralise.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

#include "analyzer/base/utf8.h"

namespace assay::reports {
namespace {

struct Range {
  char32_t first, last;
};
constexpr std::array hidden_ranges = {
    Range{0x0000, 0x001F},   Range{0x007F, 0x009F},   Range{0x00AD, 0x00AD}, Range{0x034F, 0x034F},
    Range{0x061C, 0x061C},   Range{0x115F, 0x1160},   Range{0x17B4, 0x17B5}, Range{0x180B, 0x180F},
    Range{0x200B, 0x200F},   Range{0x2028, 0x202E},   Range{0x2060, 0x206F}, Range{0x2800, 0x2800},
    Range{0x3164, 0x3164},   Range{0xE000, 0xF8FF},   Range{0xFE00, 0xFE0F}, Range{0xFEFF, 0xFEFF},
    Range{0xFFA0, 0xFFA0},   Range{0xFFF0, 0xFFFC},   Range{0xFFFE, 0xFFFF}, Range{0x1BCA0, 0x1BCA3},
    Range{0x1D173, 0x1D17A}, Range{0xE0000, 0x10FFFF}};

bool is_plain_uri_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~' || c == '/' || c == '!';
}

// Calls each(code point, bytes it was made of) for the whole text.
template <class Each>
void for_each_code_point(std::string_view text, Each each) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t start = at;
    const char32_t code_point = utf8::next(text, at);
    each(code_point, text.substr(start, at - start));
  }
}

unsigned char byte_of(std::string_view bytes) {
  return static_cast<unsigned char>(bytes.front());
}

// Visible text with a replacement for some ASCII characters; `replace` returns "" for those that stay.
template <class Replace>
std::string visible_with(std::string_view text, Replace replace) {
  std::string out;
  out.reserve(text.size() + text.size() / 8);
  for_each_code_point(text, [&](char32_t code_point, std::string_view bytes) {
    const std::string_view other = code_point < 0x80 ? replace(static_cast<char>(code_point)) : std::string_view{};
    if (!other.empty()) {
      out += other;
    } else {
      append_visible(out, code_point, byte_of(bytes), true);
    }
  });
  return out;
}

std::string_view html_entity(char c) {
  switch (c) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    case '\'':
      return "&#39;";
    case '`':
      return "&#96;";
    default:
      return {};
  }
}

}  // namespace

bool is_hidden(char32_t code_point) {
  const auto* after = std::upper_bound(hidden_ranges.begin(), hidden_ranges.end(), code_point,
                                       [](char32_t value, const Range& range) { return value < range.first; });
  return after != hidden_ranges.begin() && code_point <= std::prev(after)->last;
}

void append_visible(std::string& out, char32_t code_point, unsigned char byte, bool unicode) {
  const std::string_view open = unicode ? "‹" : "<";
  const std::string_view close = unicode ? "›" : ">";
  if (code_point == utf8::invalid) {
    fmt::format_to(std::back_inserter(out), "{}x{:02X}{}", open, byte, close);
  } else if (is_hidden(code_point) || (!unicode && code_point >= 0x80)) {
    fmt::format_to(std::back_inserter(out), "{}U+{:04X}{}", open, static_cast<std::uint32_t>(code_point), close);
  } else {
    utf8::append(out, code_point);
  }
}

std::string visible(std::string_view text, bool unicode) {
  std::string out;
  out.reserve(text.size());
  for_each_code_point(text, [&](char32_t code_point, std::string_view bytes) {
    append_visible(out, code_point, byte_of(bytes), unicode);
  });
  return out;
}

std::string ci_log(std::string_view output) {
  std::string out;
  out.reserve(output.size());
  bool at_line_start = true;
  for (std::size_t i = 0; i < output.size(); ++i) {
    const char c = output[i];
    if (c == ':' && at_line_start && i + 1 < output.size() && output[i + 1] == ':') {
      out += ":\\";
      at_line_start = false;
      continue;
    }
    if (c == '#' && i + 1 < output.size() && output[i + 1] == '#') {
      std::size_t end = i + 2;
      while (end < output.size() && ((output[end] | 0x20) >= 'a' && (output[end] | 0x20) <= 'z')) ++end;
      out += end < output.size() && output[end] == '[' ? "#\\" : "#";
      at_line_start = false;
      continue;
    }
    out += c;
    if (c == '\n' || c == '\r') {
      at_line_start = true;
    } else if (c != ' ' && c != '\t') {
      at_line_start = false;
    }
  }
  return out;
}

std::string html_text(std::string_view text) {
  return visible_with(text, html_entity);
}

std::string markdown_text(std::string_view text) {
  return visible_with(text, [](char c) -> std::string_view {
    switch (c) {
      case '\n':
      case '\r':
      case '\t':
        return " ";
      case '&':
        return "&amp;";
      case '<':
        return "&lt;";
      case '>':
        return "&gt;";
      case '@':
        return "@<!-- -->";
      case '#':
        return "\\#<!-- -->";
      case ':':
        return "&#58;";
      case '\\':
        return "\\\\";
      case '`':
        return "\\`";
      case '*':
        return "\\*";
      case '_':
        return "\\_";
      case '[':
        return "\\[";
      case ']':
        return "\\]";
      case '!':
        return "\\!";
      case '|':
        return "\\|";
      case '~':
        return "\\~";
      case '$':
        return "&#36;";
      case '-':
        return "\\-";
      case '+':
        return "\\+";
      case '=':
        return "\\=";
      case '.':
        return "\\.";
      case '(':
        return "\\(";
      case ')':
        return "\\)";
      default:
        return {};
    }
  });
}

std::string markdown_code(std::string_view text) {
  std::string body =
      visible_with(text, [](char c) -> std::string_view { return c == '|' ? "\\|" : std::string_view{}; });
  std::size_t longest = 0;
  std::size_t run = 0;
  for (const char c : body) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  if (body.empty()) return "` `";
  const std::string fence(longest + 1, '`');
  return longest == 0 ? fence + body + fence : fence + " " + body + " " + fence;
}

std::string xml_text(std::string_view text) {
  return visible_with(text, html_entity);
}

std::string csv_cell(std::string_view text) {
  std::string body =
      visible_with(text, [](char c) -> std::string_view { return c == '"' ? "\"\"" : std::string_view{}; });
  // Looked at before escaping too: a leading tab or carriage return would make some programs strip it and evaluate the
  // rest.
  std::size_t at = text.find_first_not_of(" \t\r\n");
  if (at == std::string_view::npos) at = 0;
  const std::string_view start = text.substr(std::min(at, text.size()));
  const bool formula =
      !text.empty() &&
      (std::string_view("=+-@\t\r|%").find(text.front()) != std::string_view::npos ||
       (!start.empty() && std::string_view("=+-@").find(start.front()) != std::string_view::npos) ||
       start.starts_with("＝") || start.starts_with("＋") || start.starts_with("－") || start.starts_with("＠"));
  return fmt::format("\"{}{}\"", formula ? "'" : "", body);
}

std::string uri_path(std::string_view path) {
  while (path.starts_with('/')) path.remove_prefix(1);
  if (path.empty()) return ".";
  std::string out;
  out.reserve(path.size());
  for (const char c : path) {
    if (is_plain_uri_byte(c)) {
      out += c;
    } else {
      fmt::format_to(std::back_inserter(out), "%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

std::string sarif_message(std::string_view text) {
  std::string out;
  for_each_code_point(text, [&](char32_t code_point, std::string_view bytes) {
    if (code_point == '\n' || code_point == '\t') {
      out += bytes;
      return;
    }
    if (code_point == '(' && out.ends_with(']')) out += ' ';
    append_visible(out, code_point, byte_of(bytes), true);
  });
  return out;
}

}  // namespace assay::reports

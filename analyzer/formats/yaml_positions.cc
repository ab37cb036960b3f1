#include <algorithm>

#include "analyzer/base/utf8.h"
#include "analyzer/formats/yaml_data.h"

namespace assay::formats {
namespace {

bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

// Length in bytes of the line break at `at`, 0 when there is none (YAML 1.1: CR, LF, CRLF, NEL, LS, PS).
std::size_t break_length(std::string_view text, std::size_t at) {
  if (at >= text.size()) return 0;
  if (text[at] == '\n') return 1;
  if (text[at] == '\r') return at + 1 < text.size() && text[at + 1] == '\n' ? 2 : 1;
  if (text.compare(at, 2, "\xC2\x85") == 0) return 2;
  if (text.compare(at, 3, "\xE2\x80\xA8") == 0 || text.compare(at, 3, "\xE2\x80\xA9") == 0) return 3;
  return 0;
}

std::size_t encoded_length(std::string_view hex) {
  std::uint32_t value = 0;
  for (const char c : hex) {
    const auto digit = c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
    value = value * 16 + static_cast<std::uint32_t>(digit);
  }
  if (value < 0x80) return 1;
  if (value < 0x800) return 2;
  return value < 0x10000 ? 3 : 4;
}

// Reports, for each stretch of output bytes, where it stands in the source.
class Stretches {
 public:
  template <class Keep>
  void put(std::size_t source, std::size_t length, Keep&& keep) {
    if (length == 0) return;
    if (!started_ || source != next_source_) keep(text_, source);
    started_ = true;
    text_ += length;
    next_source_ = source + length;
  }

 private:
  bool started_ = false;
  std::size_t text_ = 0;
  std::size_t next_source_ = 0;
};

// Skips `&anchor`, `!tag`, white space and comments before the scalar itself.
std::size_t skip_properties(std::string_view text, std::size_t at, std::size_t end) {
  while (at < end) {
    const char c = text[at];
    if (c == '&' || c == '!') {
      while (at < end && !is_blank(text[at]) && break_length(text, at) == 0) ++at;
    } else if (c == '#') {
      while (at < end && break_length(text, at) == 0) ++at;
    } else if (is_blank(c) || c == '\n' || c == '\r') {
      ++at;
    } else {
      break;
    }
  }
  return at;
}

template <class Keep>
void walk_flow(std::string_view text, std::size_t at, std::size_t end, YamlData::Style style, Keep&& keep) {
  Stretches out;
  const bool quoted_twice = style == YamlData::Style::double_quoted;
  while (at < end) {
    const char c = text[at];
    if (is_blank(c) || break_length(text, at) > 0) {
      std::size_t after = at;
      while (after < end && is_blank(text[after])) ++after;
      if (after >= end || break_length(text, after) == 0) {
        out.put(at, after - at, keep);
        at = after;
        continue;
      }
      const std::size_t first = after;
      after += break_length(text, after);
      std::size_t more = 0;
      while (after < end) {
        if (is_blank(text[after])) {
          ++after;
        } else if (const std::size_t length = break_length(text, after); length > 0) {
          out.put(after, length == 3 ? 3 : 1, keep);
          after += length;
          ++more;
        } else {
          break;
        }
      }
      if (more == 0) out.put(first, 1, keep);
      at = after;
    } else if (quoted_twice && c == '\\' && at + 1 < end) {
      if (const std::size_t length = break_length(text, at + 1); length > 0) {
        at += 1 + length;
        while (at < end && is_blank(text[at])) ++at;
        continue;
      }
      const char kind = text[at + 1];
      const std::size_t digits = kind == 'x' ? 2 : kind == 'u' ? 4 : kind == 'U' ? 8 : 0;
      std::size_t produced = kind == 'N' || kind == '_' ? 2 : kind == 'L' || kind == 'P' ? 3 : 1;
      if (digits > 0) produced = encoded_length(text.substr(at + 2, digits));
      out.put(at, produced, keep);
      at += 2 + digits;
      // The next byte does not follow the escape's bytes one for one: a new stretch begins by itself unless lengths
      // agree.
    } else if (style == YamlData::Style::single_quoted && c == '\'' && at + 1 < end && text[at + 1] == '\'') {
      out.put(at, 1, keep);
      at += 2;
    } else {
      out.put(at, 1, keep);
      ++at;
    }
  }
}

std::size_t leading_spaces(std::string_view line) {
  const std::size_t count = line.find_first_not_of(' ');
  return count == std::string_view::npos ? line.size() : count;
}

template <class Keep>
void walk_block(std::string_view text, std::size_t at, std::size_t end, bool literal, std::string_view value,
                Keep&& keep) {
  while (at < end && break_length(text, at) == 0) ++at;
  at += break_length(text, at);
  std::size_t indent = 0;
  bool indent_known = false;
  bool first_line = true;
  bool leading_blank = false;
  std::size_t pending_break = 0;  // where the break before stands, its output not yet written
  bool pending = false;
  std::vector<std::size_t> blank_lines;
  Stretches out;
  while (at < end) {
    std::size_t line_end = at;
    while (line_end < end && break_length(text, line_end) == 0) ++line_end;
    const std::string_view line = text.substr(at, line_end - at);
    const std::size_t spaces = leading_spaces(line);
    if (!indent_known && spaces < line.size()) {
      // The value keeps what stands beyond the indentation.
      const std::size_t begin = value.find_first_not_of('\n');
      const std::size_t kept = begin == std::string_view::npos ? 0 : leading_spaces(value.substr(begin));
      indent = spaces > kept ? spaces - kept : 0;
      indent_known = true;
    }
    const bool content = indent_known && line.size() > indent && spaces >= indent;
    if (!content) {
      blank_lines.push_back(line_end);
    } else {
      const std::size_t from = at + indent;
      const bool blank = is_blank(text[from]);
      if (!first_line && pending) {
        const bool fold = !literal && !leading_blank && !blank;
        if (!fold || blank_lines.empty()) out.put(pending_break, 1, keep);
      }
      for (const std::size_t place : blank_lines) out.put(place, 1, keep);
      blank_lines.clear();
      out.put(from, line_end - from, keep);
      leading_blank = blank;
      pending = true;
      pending_break = line_end;
      first_line = false;
    }
    const std::size_t length = break_length(text, line_end);
    if (length == 0) return;
    at = line_end + length;
  }
  if (pending) out.put(pending_break, 1, keep);
}

}  // namespace

std::size_t TextPositions::source_offset(std::size_t offset) const {
  auto after = std::upper_bound(stretches_.begin(), stretches_.end(), offset,
                                [](std::size_t wanted, const Stretch& stretch) { return wanted < stretch.text; });
  if (after == stretches_.begin()) return stretches_.empty() ? end_ : stretches_.front().source;
  const Stretch& stretch = *std::prev(after);
  std::size_t source = stretch.source + (offset - stretch.text);
  if (after != stretches_.end() && after->source > stretch.source) source = std::min(source, after->source);
  return std::min(source, end_);
}

Position TextPositions::at(std::size_t offset) const {
  return data_ == nullptr ? Position{} : data_->position(source_offset(offset));
}

Span TextPositions::span(std::size_t begin, std::size_t end) const {
  if (data_ == nullptr) return {};
  if (end <= begin) return {at(begin), at(begin)};
  // The end stands after the last character, not before the next one: it may be lines away.
  std::size_t last = source_offset(end - 1);
  last = std::min(last + 1, end_);
  while (last < end_ && (static_cast<unsigned char>(data_->text[last]) & 0xC0U) == 0x80U) ++last;
  return {at(begin), data_->position(last)};
}

TextPositions YamlNode::positions() const {
  TextPositions out;
  if (data_ == nullptr) return out;
  out.data_ = data_;
  const YamlData::Node& own = data_->nodes[index_];
  if (own.alias_of != 0) {  // an alias has no text of its own: everything stands at the alias
    out.end_ = own.begin;
    return out;
  }
  const YamlData::Node& node = own;
  out.end_ = node.end;
  if (node.kind != YamlKind::scalar) {
    out.end_ = node.begin;
    return out;
  }
  const std::string_view text = data_->text;
  const std::size_t begin = skip_properties(text, node.begin, node.end);
  const auto keep = [&](std::size_t at, std::size_t source) { out.stretches_.push_back({at, source}); };
  switch (node.style) {
    case YamlData::Style::literal:
    case YamlData::Style::folded:
      walk_block(text, begin, node.raw_end, node.style == YamlData::Style::literal, node.value, keep);
      break;
    case YamlData::Style::single_quoted:
    case YamlData::Style::double_quoted:
      if (node.end > begin + 1) walk_flow(text, begin + 1, node.end - 1, node.style, keep);
      out.end_ = node.end > begin ? node.end - 1 : node.end;
      break;
    default:
      walk_flow(text, begin, node.end, node.style, keep);
  }
  if (out.stretches_.empty()) out.stretches_.push_back({0, std::min(begin, node.end)});
  return out;
}

Position YamlNode::position_of(std::size_t offset) const {
  return positions().at(offset);
}

}  // namespace assay::formats

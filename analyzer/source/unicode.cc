#include "analyzer/source/unicode.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/base/limits.h"
#include "analyzer/base/utf8.h"
#include "analyzer/source/characters.h"
#include "analyzer/source/plain_text.h"
#include "analyzer/source/position_cursor.h"
#include "analyzer/source/text_context.h"

namespace assay::source {
namespace {

constexpr std::size_t code_points_shown = 8;
constexpr std::size_t off_screen_blanks = 201;
constexpr std::size_t off_screen_code = 8;  // bytes after the blanks that make them worth a look
constexpr std::size_t longest_word = 256;

struct Anomaly {
  std::string_view kind;
  std::size_t begin = 0;
  std::size_t end = 0;
  std::int64_t count = 0;
  std::string code_points{};
  std::string_view script{};
  bool justified = false;
  bool only_in_code = false;  // justified everywhere else
};

char32_t code_point_before(std::string_view text, std::size_t offset) {
  std::size_t begin = offset;
  for (int i = 0; i < 4 && begin > 0; ++i) {
    --begin;
    if ((static_cast<unsigned char>(text[begin]) & 0xC0U) != 0x80U) break;
  }
  if (begin == offset) return 0;
  std::size_t at = begin;
  const char32_t value = utf8::next(text, at);
  return at == offset && value != utf8::invalid ? value : 0;
}

char32_t code_point_at(std::string_view text, std::size_t offset) {
  if (offset >= text.size()) return 0;
  const char32_t value = utf8::next(text, offset);
  return value == utf8::invalid ? 0 : value;
}

// What one line says about reading direction and scripts; kept for the last line asked, so many anomalies on one long
// line cost one pass.
class LineFacts {
 public:
  explicit LineFacts(std::string_view text) : text_(text) {}

  bool right_to_left(std::size_t offset) { return load(offset), right_to_left_; }
  bool closed(std::size_t offset) { return load(offset), closed_; }
  bool cyrillic(std::size_t offset) { return load(offset), cyrillic_; }
  bool greek(std::size_t offset) { return load(offset), greek_; }
  std::size_t begin(std::size_t offset) { return load(offset), begin_; }

 private:
  void load(std::size_t offset) {
    if (loaded_ && offset >= begin_ && offset < end_) return;
    loaded_ = true;
    const std::size_t feed = offset == 0 ? std::string_view::npos : text_.rfind('\n', offset - 1);
    begin_ = feed == std::string_view::npos ? 0 : feed + 1;
    end_ = std::min(text_.find('\n', offset), text_.size() - 1) + 1;
    right_to_left_ = cyrillic_ = greek_ = false;
    int embeddings = 0;
    int isolates = 0;
    std::size_t cyrillic_run = 0;
    std::size_t greek_run = 0;
    for (std::size_t at = begin_; at < end_;) {
      const char32_t c = utf8::next(text_, at);
      if (c < 0x80 || c == utf8::invalid) {
        cyrillic_run = greek_run = 0;
        continue;
      }
      const LetterScript script = letter_script(c);
      cyrillic_run = script == LetterScript::cyrillic ? cyrillic_run + 1 : 0;
      greek_run = script == LetterScript::greek ? greek_run + 1 : 0;
      cyrillic_ = cyrillic_ || cyrillic_run >= 3;
      greek_ = greek_ || greek_run >= 3;
      if (c < 0x0590) continue;
      if ((c >= 0x202A && c <= 0x202B) || (c >= 0x202D && c <= 0x202E)) ++embeddings;
      if (c == 0x202C && embeddings > 0) --embeddings;
      if (c >= 0x2066 && c <= 0x2068) ++isolates;
      if (c == 0x2069 && isolates > 0) --isolates;
      right_to_left_ = right_to_left_ || is_right_to_left_letter(c);
    }
    closed_ = embeddings == 0 && isolates == 0;
  }

  std::string_view text_;
  bool loaded_ = false;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  bool right_to_left_ = false;
  bool closed_ = true;
  bool cyrillic_ = false;
  bool greek_ = false;
};

class Scan {
 public:
  Scan(const intake::Input& input) : input_(input), text_(input.bytes), line_(input.bytes) {}

  void hidden_characters();
  void off_screen();
  std::vector<Anomaly> take();
  bool full() const { return full_; }

 private:
  void run(std::size_t& at, char32_t first, Hidden kind);
  void word_around(std::size_t& at);
  bool ordinary(Hidden kind, std::size_t begin, std::size_t end, std::size_t count, char32_t first);
  void keep(Anomaly anomaly) {
    if (found_.size() >= limits::max_matches_per_file) {
      full_ = true;
    } else {
      found_.push_back(std::move(anomaly));
    }
  }

  const intake::Input& input_;
  std::string_view text_;
  LineFacts line_;
  std::vector<Anomaly> found_;
  bool braille_ = false;
  bool full_ = false;
};

// Whether writing systems, emoji and editors produce this run every day.
bool Scan::ordinary(Hidden kind, std::size_t begin, std::size_t end, std::size_t count, char32_t first) {
  const char32_t before = code_point_before(text_, begin);
  const char32_t after = code_point_at(text_, end);
  switch (kind) {
    case Hidden::variation_selector:
      if (count > 2) return false;
      if (count == 2)
        return first == 0xFE0F && is_emoji_part(before);  // editors double the emoji selector now and then
      return before >= 0x80 || (before >= '0' && before <= '9') || before == '#' || before == '*';
    case Hidden::tag:
      // A region's flag: black flag, letters and digits as tags, cancel tag.
      return before == 0x1F3F4 && count <= 8 && code_point_before(text_, end) == 0xE007F;
    case Hidden::implicit_mark:
      return line_.right_to_left(begin) || has(input_.artifact.roles, Role::locale);
    case Hidden::invisible:
      break;
    default:
      return false;
  }
  if (first == 0xFEFF && count == 1) return begin == line_.begin(begin);
  if (first == 0x2800)
    return is_emoji_part(before) || (before > 0x2800 && before <= 0x28FF) || (after > 0x2800 && after <= 0x28FF);
  if (first == 0x3164 || first == 0x115F || first == 0x1160 || first == 0xFFA0) {
    return count == 1 && before >= 0x1100 && letter_script(before) == LetterScript::other;
  }
  if (count > 2) return false;
  if (is_emoji_part(before) || is_emoji_part(after)) return first == 0x200D || first == 0x200B;
  if (joins(before) || joins(after)) return true;
  return breaks_without_spaces(before) || breaks_without_spaces(after);
}

void Scan::run(std::size_t& at, char32_t first, Hidden kind) {
  std::size_t begin = at;
  Anomaly anomaly{.kind = word(kind), .begin = begin};
  std::size_t end = begin;
  std::size_t count = 0;
  while (end < text_.size()) {
    std::size_t next = end;
    const char32_t c = utf8::next(text_, next);
    if (c == utf8::invalid || hidden(c) != kind) break;
    if (count < code_points_shown) {
      if (count > 0) anomaly.code_points += ' ';
      append_code_point(anomaly.code_points, c);
    }
    ++count;
    end = next;
  }
  at = end;
  if (ordinary(kind, begin, end, count, first)) return;
  anomaly.end = end;
  anomaly.count = static_cast<std::int64_t>(count);
  if (line_.right_to_left(begin)) anomaly.script = "right-to-left";
  if (kind == Hidden::bidi_control) {
    anomaly.justified = line_.right_to_left(begin) && line_.closed(begin);
    anomaly.only_in_code = true;
  }
  if (kind == Hidden::invisible && first == 0x2800) anomaly.script = "braille";
  keep(std::move(anomaly));
}

// The word around a Cyrillic or Greek letter at `at`; moves `at` behind it.
void Scan::word_around(std::size_t& at) {
  const std::size_t first = at;
  std::size_t begin = at;
  while (begin > 0 && first - begin < longest_word / 2) {
    const char before = text_[begin - 1];
    if (letter_script(static_cast<unsigned char>(before)) != LetterScript::latin) break;
    --begin;
  }
  std::size_t latin = 0;
  std::size_t longest_latin = 0;
  std::size_t foreign = 0;
  LetterScript script = LetterScript::none;
  bool alike = true;
  std::size_t end = begin;
  while (end < text_.size() && end - begin < longest_word) {
    std::size_t next = end;
    const char32_t c = utf8::next(text_, next);
    const LetterScript here = c == utf8::invalid ? LetterScript::none : letter_script(c);
    if (here == LetterScript::none) break;
    if (here == LetterScript::latin) {
      longest_latin = std::max(longest_latin, ++latin);
    } else {
      latin = 0;
      ++foreign;
      alike = alike && looks_latin(c) && (script == LetterScript::none || script == here);
      script = here;
    }
    end = next;
  }
  at = std::max(end, first + 1);
  const std::size_t needed = script == LetterScript::greek ? 3 : 2;
  if (foreign == 0 || !alike || longest_latin < needed || !is_code(input_.artifact.language)) return;
  Anomaly anomaly{.kind = "mixed-script-identifier",
                  .begin = begin,
                  .end = end,
                  .count = static_cast<std::int64_t>(foreign),
                  .script = script == LetterScript::greek ? "Greek, Latin" : "Cyrillic, Latin"};
  std::size_t shown = 0;
  for (std::size_t i = begin; i < end && shown < code_points_shown;) {
    const char32_t c = utf8::next(text_, i);
    if (c < 0x80 || !looks_latin(c)) continue;
    if (shown++ > 0) anomaly.code_points += ' ';
    append_code_point(anomaly.code_points, c);
  }
  anomaly.justified = script == LetterScript::greek ? line_.greek(begin) : line_.cyrillic(begin);
  anomaly.only_in_code = true;
  keep(std::move(anomaly));
}

void Scan::hidden_characters() {
  std::size_t at = text_.starts_with("\xEF\xBB\xBF") ? 3 : 0;
  while (!full_) {
    at = find_non_ascii(text_, at);
    if (at >= text_.size()) return;
    std::size_t next = at;
    const char32_t c = utf8::next(text_, next);
    if (c == utf8::invalid) {
      at = next;
      continue;
    }
    if (c > 0x2800 && c <= 0x28FF) braille_ = true;
    if (const Hidden kind = hidden(c); kind != Hidden::none) {
      run(at, c, kind);
    } else if (c >= 0x0370 && c < 0x0530) {
      word_around(at);
    } else {
      at = next;
    }
  }
}

void Scan::off_screen() {
  if (!is_code(input_.artifact.language) || has(input_.artifact.roles, Role::minified)) return;
  std::size_t at = 0;
  while (!full_) {
    const std::size_t begin = find_blank_run(text_, off_screen_blanks, at);
    if (begin == std::string_view::npos) return;
    std::size_t end = begin;
    while (end < text_.size() && (text_[end] == ' ' || text_[end] == '\t')) ++end;
    at = end;
    const std::string_view window = text_.substr(end, limits::max_line_bytes_shown);
    const std::string_view rest = window.substr(0, window.find('\n'));
    const bool code = rest.size() >= off_screen_code && rest.find_first_of("(=;{") != std::string_view::npos;
    if (!code) continue;
    const bool remark =
        rest.starts_with("//") || rest.starts_with("#") || rest.starts_with("*/") || rest.starts_with("--");
    keep({.kind = "off-screen",
          .begin = end,
          .end = end + rest.size(),
          .count = static_cast<std::int64_t>(end - begin),
          .justified = remark});
  }
}

std::vector<Anomaly> Scan::take() {
  if (braille_) std::erase_if(found_, [](const Anomaly& one) { return one.script == "braille"; });
  std::sort(found_.begin(), found_.end(), [](const Anomaly& a, const Anomaly& b) { return a.begin < b.begin; });
  return std::move(found_);
}

}  // namespace

ReadOutcome read_unicode(const intake::Input& input, evidence::Rows& rows) {
  ReadOutcome outcome;
  Scan scan(input);
  scan.hidden_characters();
  scan.off_screen();
  const std::vector<Anomaly> found = scan.take();
  if (scan.full()) outcome.partly("more than limits::max_matches_per_file unusual characters; the rest is not listed");
  if (found.empty()) return outcome;
  PositionCursor positions(input.bytes);
  ContextCursor contexts(input.bytes, input.artifact.language);
  for (const Anomaly& one : found) {
    const TextContext context = contexts.at(one.begin);
    const bool in_code = context == TextContext::code;
    rows.add(evidence::UnicodeAnomalyRow{.at = rows.locate(positions.span(one.begin, one.end)),
                                         .kind = std::string(one.kind),
                                         .count = one.count,
                                         .code_points = one.code_points,
                                         .context = std::string(word(context)),
                                         .script = std::string(one.script),
                                         .justified = evidence::tri(one.justified && !(one.only_in_code && in_code)),
                                         .path = input.artifact.path});
  }
  return outcome;
}

}  // namespace assay::source

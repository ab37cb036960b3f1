#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "analyzer/model/artifact.h"

namespace assay::source {

enum class TextContext : std::uint8_t { code, comment, string, text };

// The word in evidence: "identifier" for code (what stands there is or joins a token), "comment", "string", "text".
std::string_view word(TextContext context);

// A language whose text a machine runs or compiles; data and markup languages are not.
bool is_code(Language language);

// Whether offsets asked for in rising order stand in code, in a comment or in a string, by a lexer that knows the
// comment and quote marks of the language and nothing else: regular-expression literals and nested templates may
// mislead it until the end of the line. Text of languages that are not code is `text` throughout. One pass; not for
// sharing.
class ContextCursor {
 public:
  ContextCursor(std::string_view text, Language language);

  TextContext at(std::size_t offset);

 private:
  enum class State : std::uint8_t { code, line_comment, block_comment, quoted, triple_quoted };

  bool opens(std::string_view mark) const { return text_.substr(offset_).starts_with(mark); }
  void step();

  std::string_view text_;
  std::string_view line_mark_;    // "//", "#", "--"; empty when none
  std::string_view second_mark_;  // a language with two
  std::string_view block_begin_;
  std::string_view block_end_;
  bool known_ = false;
  bool triple_ = false;
  bool backtick_ = false;
  State state_ = State::code;
  char quote_ = 0;
  std::size_t offset_ = 0;
};

}  // namespace assay::source

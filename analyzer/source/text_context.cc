#include "analyzer/source/text_context.h"

namespace assay::source {

std::string_view word(TextContext context) {
  switch (context) {
    case TextContext::code:
      return "identifier";
    case TextContext::comment:
      return "comment";
    case TextContext::string:
      return "string";
    case TextContext::text:
      break;
  }
  return "text";
}

bool is_code(Language language) {
  switch (language) {
    case Language::none:
    case Language::yaml:
    case Language::json:
    case Language::toml:
    case Language::xml:
    case Language::html:
    case Language::css:
    case Language::markdown:
      return false;
    default:
      return true;
  }
}

ContextCursor::ContextCursor(std::string_view text, Language language) : text_(text), known_(is_code(language)) {
  switch (language) {
    case Language::python:
      triple_ = true;
      line_mark_ = "#";
      break;
    case Language::shell:
    case Language::perl:
    case Language::ruby:
    case Language::make:
    case Language::cmake:
    case Language::gyp:
      line_mark_ = "#";
      break;
    case Language::powershell:
      line_mark_ = "#";
      block_begin_ = "<#";
      block_end_ = "#>";
      break;
    case Language::m4:
      line_mark_ = "dnl";
      second_mark_ = "#";
      break;
    case Language::lua:
      line_mark_ = "--";
      break;
    case Language::sql:
      line_mark_ = "--";
      block_begin_ = "/*";
      block_end_ = "*/";
      break;
    case Language::batch:
      line_mark_ = "::";
      break;
    case Language::php:
      second_mark_ = "#";
      [[fallthrough]];
    default:
      line_mark_ = "//";
      block_begin_ = "/*";
      block_end_ = "*/";
      break;
  }
  backtick_ = language == Language::javascript || language == Language::typescript || language == Language::go;
}

void ContextCursor::step() {
  const char c = text_[offset_];
  switch (state_) {
    case State::code:
      if (!line_mark_.empty() && (opens(line_mark_) || (!second_mark_.empty() && opens(second_mark_)))) {
        state_ = State::line_comment;
      } else if (!block_begin_.empty() && opens(block_begin_)) {
        state_ = State::block_comment;
        offset_ += block_begin_.size() - 1;
      } else if (triple_ && (opens("\"\"\"") || opens("'''"))) {
        state_ = State::triple_quoted;
        quote_ = c;
        offset_ += 2;
      } else if (c == '"' || c == '\'' || (c == '`' && backtick_)) {
        state_ = State::quoted;
        quote_ = c;
      }
      break;
    case State::line_comment:
      if (c == '\n') state_ = State::code;
      break;
    case State::block_comment:
      if (opens(block_end_)) {
        state_ = State::code;
        offset_ += block_end_.size() - 1;
      }
      break;
    case State::quoted:
      if (c == '\\') {
        ++offset_;
      } else if (c == quote_ || (c == '\n' && quote_ != '`')) {
        state_ = State::code;
      }
      break;
    case State::triple_quoted:
      if (c == '\\') {
        ++offset_;
      } else if (c == quote_ && offset_ + 2 < text_.size() && text_[offset_ + 1] == c && text_[offset_ + 2] == c) {
        state_ = State::code;
        offset_ += 2;
      }
      break;
  }
  ++offset_;
}

TextContext ContextCursor::at(std::size_t offset) {
  if (!known_) return TextContext::text;
  while (offset_ < offset && offset_ < text_.size()) step();
  switch (state_) {
    case State::code:
      return TextContext::code;
    case State::line_comment:
    case State::block_comment:
      return TextContext::comment;
    case State::quoted:
    case State::triple_quoted:
      break;
  }
  return TextContext::string;
}

}  // namespace assay::source

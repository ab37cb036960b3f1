#include "analyzer/pipeline/github/expression.h"

#include <algorithm>

#include "analyzer/base/limits.h"

namespace assay::pipeline::github {
namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return out;
}

bool is_name_start(char c) {
  return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_name(char c) {
  return is_name_start(c) || is_digit(c) || c == '-';
}

// Functions whose result holds no character of their arguments.
bool hides_arguments(std::string_view function) {
  for (const std::string_view name :
       {"contains", "startswith", "endswith", "hashfiles", "always", "success", "failure", "cancelled"}) {
    if (function == name) return true;
  }
  return false;
}

class Parser {
 public:
  Parser(std::string_view text, Expression& out) : text_(text), out_(out) {}

  void run() {
    const bool good = either(0);
    blanks();
    out_.parsed = good && at_ == text_.size();
    out_.constant = out_.parsed && out_.accesses.empty() && opaque_ == 0;
    if (out_.constant || !out_.parsed) out_.constant_parts.clear();
  }

 private:
  void blanks() {
    while (at_ < text_.size() && std::string_view(" \t\r\n").find(text_[at_]) != std::string_view::npos) ++at_;
  }
  bool take(std::string_view token) {
    blanks();
    if (text_.compare(at_, token.size(), token) != 0) return false;
    at_ += token.size();
    return true;
  }
  // What was seen when a part of the expression began.
  struct Mark {
    std::size_t begin;
    std::size_t accesses;
    std::size_t operations;
    std::size_t opaque;
  };
  Mark mark() {
    blanks();
    return {at_, out_.accesses.size(), operations_, opaque_};
  }
  // Keeps the part as constant when it computes something of nothing but literals; smaller ones inside it go.
  bool close(const Mark& from) {
    const bool computes = operations_ > from.operations;
    if (!computes || out_.accesses.size() > from.accesses || opaque_ > from.opaque) return true;
    while (!out_.constant_parts.empty() && out_.constant_parts.back().begin >= from.begin)
      out_.constant_parts.pop_back();
    out_.constant_parts.push_back({from.begin, at_});
    return true;
  }

  // The operand that began with access number `from` gives no characters to the result.
  void hide(std::size_t from) {
    for (std::size_t i = from; i < out_.accesses.size(); ++i) out_.accesses[i].flows = false;
  }

  bool either(std::size_t depth) {
    if (depth > limits::max_expression_depth) return false;
    const Mark from = mark();
    if (!both(depth)) return false;
    while (take("||")) {
      ++operations_;
      if (!both(depth)) return false;
    }
    return close(from);
  }

  bool both(std::size_t depth) {
    std::size_t last = out_.accesses.size();
    const Mark from = mark();
    if (!equality(depth)) return false;
    while (take("&&")) {
      ++operations_;
      hide(last);  // a left side shows only when it is false, null, 0 or ''
      last = out_.accesses.size();
      if (!equality(depth)) return false;
    }
    return close(from);
  }

  bool equality(std::size_t depth) {
    const Mark from = mark();
    if (!comparison(depth)) return false;
    bool any = false;
    while (take("==") || take("!=")) {
      any = true;
      ++operations_;
      if (!comparison(depth)) return false;
    }
    if (any) hide(from.accesses);
    return close(from);
  }

  bool comparison(std::size_t depth) {
    const Mark from = mark();
    if (!negation(depth)) return false;
    bool any = false;
    while (take("<=") || take(">=") || take("<") || take(">")) {
      any = true;
      ++operations_;
      if (!negation(depth)) return false;
    }
    if (any) hide(from.accesses);
    return close(from);
  }

  bool negation(std::size_t depth) {
    const std::size_t from = out_.accesses.size();
    bool any = false;
    while (true) {
      blanks();
      if (at_ >= text_.size() || text_[at_] != '!' || text_.compare(at_, 2, "!=") == 0) break;
      ++at_;
      ++operations_;
      any = true;
    }
    if (!value(depth)) return false;
    if (any) hide(from);
    return true;
  }

  bool value(std::size_t depth) {
    blanks();
    if (at_ >= text_.size()) return false;
    const char c = text_[at_];
    if (c == '(') {
      ++at_;
      if (!either(depth + 1) || !take(")")) return false;
      return trailing(depth, nullptr);
    }
    if (c == '\'') return text_literal(nullptr);
    if (is_digit(c) || c == '-' || c == '+' || c == '.') return number();
    if (is_name_start(c)) return named(depth);
    return false;
  }

  bool text_literal(std::string* value) {
    ++at_;
    while (at_ < text_.size()) {
      if (text_[at_] == '\'') {
        if (at_ + 1 >= text_.size() || text_[at_ + 1] != '\'') {
          ++at_;
          return true;
        }
        ++at_;
      }
      if (value != nullptr) *value += text_[at_];
      ++at_;
    }
    return false;
  }

  bool number() {
    const std::size_t begin = at_;
    if (text_[at_] == '-' || text_[at_] == '+') ++at_;
    while (at_ < text_.size() && (is_name(text_[at_]) || text_[at_] == '.' || text_[at_] == '+')) ++at_;
    const std::string word = lower(text_.substr(begin, at_ - begin));
    return std::any_of(word.begin(), word.end(), is_digit) || word.ends_with("infinity") || word == "nan";
  }

  bool named(std::size_t depth) {
    const std::size_t begin = at_;
    while (at_ < text_.size() && is_name(text_[at_])) ++at_;
    const std::string word = lower(text_.substr(begin, at_ - begin));
    const std::size_t after = at_;
    blanks();
    if (at_ < text_.size() && text_[at_] == '(') return call(word, depth);
    at_ = after;
    if (word == "true" || word == "false" || word == "null" || word == "infinity" || word == "nan") return true;
    Access access;
    access.parts.push_back(word);
    access.begin = begin;
    access.end = at_;
    const std::size_t index = out_.accesses.size();
    out_.accesses.push_back(std::move(access));
    const bool good = trailing(depth, &index);
    finish(out_.accesses[index]);
    return good;
  }

  bool call(const std::string& function, std::size_t depth) {
    ++at_;
    const std::size_t from = out_.accesses.size();
    ++operations_;
    // What a run decides is no constant; fromJSON is how people write lists.
    const bool opaque = function == "always" || function == "success" || function == "failure" ||
                        function == "cancelled" || function == "hashfiles";
    if (opaque || function == "fromjson") ++opaque_;
    std::size_t argument = 0;
    std::size_t start = from;
    if (!take(")")) {
      do {
        start = out_.accesses.size();
        if (!either(depth + 1)) return false;
        // case(condition, value, …, default): conditions stand at even places, the default is the last.
        blanks();
        if (function == "case" && argument % 2 == 0 && at_ < text_.size() && text_[at_] == ',') hide(start);
        ++argument;
      } while (take(","));
      if (!take(")")) return false;
    }
    if (hides_arguments(function)) hide(from);
    return trailing(depth, nullptr);
  }

  // .name  .*  [ … ], of the access number *index when it is still a plain path.
  bool trailing(std::size_t depth, const std::size_t* index) {
    while (true) {
      const std::size_t before = at_;
      blanks();
      if (at_ < text_.size() && text_[at_] == '.') {
        ++at_;
        blanks();
        std::string part;
        if (at_ < text_.size() && text_[at_] == '*') {
          part = "*";
          ++at_;
        } else {
          if (at_ >= text_.size() || !is_name_start(text_[at_])) return false;
          while (at_ < text_.size() && is_name(text_[at_])) part += text_[at_++];
        }
        extend(index, std::move(part));
      } else if (at_ < text_.size() && text_[at_] == '[') {
        ++at_;
        if (!bracket(depth, index)) return false;
      } else {
        at_ = before;
        return true;
      }
    }
  }

  bool bracket(std::size_t depth, const std::size_t* index) {
    blanks();
    std::string part;
    const std::size_t begin = at_;
    if (at_ < text_.size() && text_[at_] == '*') {
      ++at_;
      part = "*";
    } else if (at_ < text_.size() && text_[at_] == '\'' && text_literal(&part)) {
      blanks();
      if (at_ >= text_.size() || text_[at_] != ']') part.clear(), at_ = begin;
    } else {
      at_ = begin;
    }
    if (at_ == begin) {
      const std::size_t from = out_.accesses.size();
      const bool numeric = at_ < text_.size() && is_digit(text_[at_]);
      if (!either(depth + 1)) return false;
      hide(from);
      part = numeric && out_.accesses.size() == from ? "*" : "[]";
    }
    if (!take("]")) return false;
    extend(index, std::move(part));
    return true;
  }

  void extend(const std::size_t* index, std::string part) {
    if (index == nullptr) return;
    Access& access = out_.accesses[*index];
    access.parts.push_back(std::move(part));
    access.end = at_;
  }

  static void finish(Access& access) {
    const std::string& root = access.parts.front();
    for (std::size_t i = 1; i < access.parts.size(); ++i) {
      if (root == "github") access.parts[i] = lower(access.parts[i]);
      if (i == 1 && (root == "secrets" || root == "vars")) access.parts[i] = upper(access.parts[i]);
    }
    for (const std::string& part : access.parts) {
      if (!access.name.empty() && part != "[]") access.name += '.';
      access.name += part;
    }
  }

  std::string_view text_;
  Expression& out_;
  std::size_t at_ = 0;
  std::size_t operations_ = 0;  // operators and calls so far
  std::size_t opaque_ = 0;      // calls whose result is not in the text, or is wanted as it is
};

}  // namespace

Expression parse_expression(std::string_view text) {
  Expression out;
  if (text.size() > limits::max_expression_bytes) return out;
  Parser(text, out).run();
  return out;
}

std::vector<Fence> find_fences(std::string_view text) {
  std::vector<Fence> out;
  std::size_t at = text.find("${{");
  while (at != std::string_view::npos) {
    Fence fence;
    fence.outer_begin = at;
    fence.begin = at + 3;
    std::size_t close = fence.begin;
    bool quoted = false;
    while (close < text.size() && (quoted || text.compare(close, 2, "}}") != 0)) {
      if (text[close] == '\'') quoted = !quoted;
      ++close;
    }
    if (close >= text.size()) {  // never closed: nothing more can be
      fence.closed = false;
      fence.end = fence.outer_end = text.size();
      out.push_back(fence);
      break;
    }
    fence.end = close;
    fence.outer_end = close + 2;
    out.push_back(fence);
    at = text.find("${{", fence.outer_end);
  }
  return out;
}

}  // namespace assay::pipeline::github

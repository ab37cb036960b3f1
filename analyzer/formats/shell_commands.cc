#include "analyzer/formats/shell_commands.h"

#include <algorithm>
#include <array>
#include <utility>

namespace assay::formats {
namespace {

constexpr std::size_t max_commands = 20'000;
constexpr std::size_t max_nesting = 8;

struct Range {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::size_t depth = 0;
};

struct HereDocument {
  std::string delimiter;
  bool strip_tabs = false;
};

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r';
}

bool is_name(std::string_view text) {
  if (text.empty() || (text[0] >= '0' && text[0] <= '9')) return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  });
}

bool is_assignment(const ShellWord& word) {
  std::size_t equals = word.text.find('=');
  if (equals == std::string::npos || equals == 0 || word.quoted) return false;
  if (word.text[equals - 1] == '+') --equals;
  std::string_view name = std::string_view(word.text).substr(0, equals);
  if (const std::size_t index = name.find('['); index != std::string_view::npos) name = name.substr(0, index);
  return is_name(name);
}

template <std::size_t N>
bool one_of(std::string_view word, const std::array<std::string_view, N>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

constexpr std::array<std::string_view, 10> leading_keywords{"if",    "then",  "else", "elif", "do",
                                                            "while", "until", "!",    "{",    "time"};
constexpr std::array<std::string_view, 4> closing_keywords{"fi", "done", "esac", "}"};

class Splitter {
 public:
  Splitter(std::string_view text, ShellDialect dialect, ShellScript& out) : text_(text), dialect_(dialect), out_(out) {}

  void run() {
    pending_.push_back({0, text_.size(), 0});
    for (std::size_t i = 0; i < pending_.size() && out_.commands.size() < max_commands; ++i) {
      const Range range = pending_[i];
      split(range);
    }
    if (out_.commands.size() >= max_commands) out_.complete = false;
    std::stable_sort(out_.commands.begin(), out_.commands.end(),
                     [](const ShellCommand& a, const ShellCommand& b) { return a.begin < b.begin; });
  }

 private:
  bool posix() const { return dialect_ == ShellDialect::posix; }
  char escape() const { return posix() ? '\\' : dialect_ == ShellDialect::powershell ? '`' : '^'; }

  void split(Range range) {
    at_ = range.begin;
    end_ = range.end;
    depth_ = range.depth;
    command_ = {};
    documents_.clear();
    case_depth_ = 0;
    in_pattern_ = false;
    pipe_position_ = 0;
    ++pipeline_;
    while (at_ < end_ && out_.commands.size() < max_commands) step();
    finish();
  }

  void step() {
    const char c = text_[at_];
    if (is_blank(c)) {
      ++at_;
    } else if (c == '\n') {
      ++at_;
      finish();
      next_pipeline();
      read_documents();
    } else if (comment_here()) {
      skip_comment();
    } else if (c == escape() && at_ + 1 < end_ && newline_at(at_ + 1)) {
      at_ = text_.find('\n', at_) + 1;
    } else if (c == '|') {
      bar();
    } else if (c == ';' || c == '&') {
      separator(c);
    } else if (c == '(' || c == ')') {
      parenthesis(c);
    } else if ((c == '<' || c == '>') && !process_substitution_at(at_)) {
      redirect("");
    } else {
      word();
    }
  }

  bool newline_at(std::size_t at) const {
    return at < end_ && (text_[at] == '\n' || (text_[at] == '\r' && at + 1 < end_ && text_[at + 1] == '\n'));
  }
  bool process_substitution_at(std::size_t at) const { return posix() && at + 1 < end_ && text_[at + 1] == '('; }

  bool comment_here() const {
    if (dialect_ == ShellDialect::batch) {
      if (!command_.words.empty()) return false;
      const std::string_view rest = text_.substr(at_, std::min<std::size_t>(4, end_ - at_));
      return rest.starts_with("::") || rest.starts_with("REM ") || rest.starts_with("rem ");
    }
    if (text_[at_] == '#')
      return at_ == 0 || is_blank(text_[at_ - 1]) ||
             std::string_view("\n;&|(){").find(text_[at_ - 1]) != std::string_view::npos;
    return dialect_ == ShellDialect::powershell && text_.substr(at_, 2) == "<#";
  }

  void skip_comment() {
    const bool bracketed = dialect_ == ShellDialect::powershell && text_[at_] == '<';
    const std::size_t close = bracketed ? text_.find("#>", at_) : text_.find('\n', at_);
    at_ = close == std::string_view::npos ? end_ : std::min(end_, close + (bracketed ? 2 : 0));
  }

  void next_pipeline() {
    // A pipe at the end of a line goes on in the next.
    if (after_bar_) return;
    ++pipeline_;
    pipe_position_ = 0;
  }

  void bar() {
    const bool list = at_ + 1 < end_ && text_[at_ + 1] == '|';
    const bool both = at_ + 1 < end_ && text_[at_ + 1] == '&';
    at_ += list || both ? 2 : 1;
    if (in_pattern_) {
      command_ = {};
      return;
    }
    finish();
    if (list) {
      after_or_ = true;
      next_pipeline();
    } else {
      ++pipe_position_;
      after_bar_ = true;
    }
  }

  void separator(char c) {
    if (c == '&' && at_ + 1 < end_ && text_[at_ + 1] == '>') {
      at_ += 1;
      redirect("&");
      return;
    }
    const bool twice = at_ + 1 < end_ && text_[at_ + 1] == c;
    at_ += twice ? 2 : 1;
    if (dialect_ == ShellDialect::batch && c == ';') return;
    if (dialect_ == ShellDialect::powershell && c == '&' && !twice && command_.words.empty()) return;  // call operator
    finish();
    next_pipeline();
    if (c == ';' && twice && case_depth_ > 0) in_pattern_ = true;
  }

  void parenthesis(char c) {
    ++at_;
    if (c == ')' && in_pattern_) {
      command_ = {};
      in_pattern_ = false;
      return;
    }
    if (c == '(' && command_.words.size() == 1 && posix()) {
      std::size_t close = at_;
      while (close < end_ && is_blank(text_[close])) ++close;
      if (close < end_ && text_[close] == ')') {  // a function definition
        at_ = close + 1;
        command_ = {};
        return;
      }
    }
    if (in_pattern_) return;
    finish();
    next_pipeline();
  }

  void redirect(std::string sign) {
    const std::size_t begin = at_;
    touch(begin);
    while (at_ < end_ && (text_[at_] == '<' || text_[at_] == '>') && sign.size() < 3) sign += text_[at_++];
    if (at_ < end_ && (text_[at_] == '&' || text_[at_] == '|')) sign += text_[at_++];
    const bool here = sign == "<<" && posix();
    HereDocument document;
    if (here && at_ < end_ && text_[at_] == '-') {
      document.strip_tabs = true;
      ++at_;
    }
    while (at_ < end_ && is_blank(text_[at_])) ++at_;
    ShellWord target = read_word();
    command_.end = at_;
    if (here) {
      document.delimiter = target.text;
      documents_.push_back(std::move(document));
    }
    command_.redirects.push_back({std::move(sign), std::move(target.text)});
  }

  void touch(std::size_t begin) {
    after_bar_ = false;
    if (command_.words.empty() && command_.assignments.empty() && command_.redirects.empty()) command_.begin = begin;
  }

  void word() {
    const std::size_t begin = at_;
    if (text_[at_] >= '0' && text_[at_] <= '9' && at_ + 1 < end_ && (text_[at_ + 1] == '<' || text_[at_ + 1] == '>') &&
        (at_ == 0 || is_blank(text_[at_ - 1]))) {
      std::string sign(1, text_[at_++]);
      redirect(std::move(sign));
      return;
    }
    ShellWord word = read_word();
    if (at_ == begin) {  // nothing taken: never loop
      ++at_;
      return;
    }
    const bool bare = !word.quoted && !word.expands;
    if (command_.words.empty() && bare && posix()) {
      if (one_of(word.text, leading_keywords) && command_.assignments.empty()) return;
      if (one_of(word.text, closing_keywords)) {
        if (word.text == "esac" && case_depth_ > 0) {
          --case_depth_;
          in_pattern_ = false;
        }
        return;
      }
    }
    touch(word.begin);
    command_.end = word.end;
    if (command_.words.empty() && posix() && is_assignment(word)) {
      command_.assignments.push_back(std::move(word));
      return;
    }
    if (posix() && bare && word.text == "in" && command_.words.size() == 2 && command_.words[0].text == "case") {
      ++case_depth_;
      in_pattern_ = true;
      command_ = {};
      return;
    }
    command_.words.push_back(std::move(word));
  }

  // Everything up to an unquoted blank or operator.
  ShellWord read_word() {
    ShellWord word;
    word.begin = at_;
    bool plain_part = false;
    bool quoted_part = false;
    while (at_ < end_) {
      const char c = text_[at_];
      if (text_.compare(at_, 3, "${{") == 0) {
        copy_expression(word);
        plain_part = true;
      } else if (c == '\'' && dialect_ != ShellDialect::batch) {
        quoted_part = true;
        single_quoted(word);
      } else if (c == '"') {
        quoted_part = true;
        double_quoted(word);
      } else if (c == escape() && at_ + 1 < end_) {
        plain_part = true;
        ++at_;
        if (newline_at(at_)) {
          at_ = text_.find('\n', at_) + 1;
        } else {
          word.text += text_[at_++];
        }
      } else if (c == '$' || (c == '`' && posix())) {
        plain_part = true;
        expansion(word);
      } else if ((c == '<' || c == '>') && process_substitution_at(at_)) {
        plain_part = true;
        word.text += c;
        ++at_;
        parenthesised(word);
      } else if (is_blank(c) || std::string_view("\n|&;<>()").find(c) != std::string_view::npos) {
        break;
      } else {
        plain_part = true;
        word.text += c;
        ++at_;
      }
    }
    word.end = at_;
    word.quoted = quoted_part && !plain_part;
    return word;
  }

  void copy_expression(ShellWord& word) {
    const std::size_t close = text_.find("}}", at_);
    const std::size_t stop = close == std::string_view::npos || close + 2 > end_ ? end_ : close + 2;
    word.text.append(text_.substr(at_, stop - at_));
    word.expands = true;
    at_ = stop;
  }

  void single_quoted(ShellWord& word) {
    const std::size_t close = text_.find('\'', at_ + 1);
    if (close == std::string_view::npos || close >= end_) {
      out_.complete = false;
      word.text.append(text_.substr(at_ + 1, end_ - at_ - 1));
      at_ = end_;
      return;
    }
    const std::string_view inside = text_.substr(at_ + 1, close - at_ - 1);
    if (inside.find("${{") != std::string_view::npos) word.expands = true;
    word.text.append(inside);
    at_ = close + 1;
  }

  void double_quoted(ShellWord& word) {
    ++at_;
    while (at_ < end_ && text_[at_] != '"') {
      const char c = text_[at_];
      if (text_.compare(at_, 3, "${{") == 0) {
        copy_expression(word);
      } else if (c == escape() && at_ + 1 < end_ && dialect_ != ShellDialect::batch) {
        const char next = text_[at_ + 1];
        const bool special = !posix() || std::string_view("$`\"\\\n").find(next) != std::string_view::npos;
        if (!special) word.text += c;
        if (next != '\n') word.text += next;
        at_ += 2;
      } else if (c == '$' || (c == '`' && posix())) {
        expansion(word);
      } else {
        word.text += c;
        ++at_;
      }
    }
    if (at_ >= end_) out_.complete = false;
    at_ = std::min(end_, at_ + 1);
  }

  void expansion(ShellWord& word) {
    word.expands = true;
    if (text_[at_] == '`') {
      std::size_t close = at_ + 1;
      while (close < end_ && text_[close] != '`') close += text_[close] == '\\' && close + 1 < end_ ? 2 : 1;
      close = std::min(close, end_);
      descend(at_ + 1, close);
      word.text.append(text_.substr(at_, std::min(end_, close + 1) - at_));
      at_ = std::min(end_, close + 1);
      return;
    }
    word.text += text_[at_++];
    if (at_ >= end_) return;
    if (text_[at_] == '(') {
      parenthesised(word);
    } else if (text_[at_] == '{') {
      std::size_t close = text_.find('}', at_);
      close = close == std::string_view::npos || close >= end_ ? end_ : close + 1;
      word.text.append(text_.substr(at_, close - at_));
      at_ = close;
    }
  }

  // At '(': copies to the matching ')' and remembers the inside.
  void parenthesised(ShellWord& word) {
    const std::size_t begin = at_;
    std::size_t open = 0;
    char quote = 0;
    std::size_t at = at_;
    for (; at < end_; ++at) {
      const char c = text_[at];
      if (quote != 0) {
        if (c == '\\' && quote == '"') {
          ++at;
        } else if (c == quote) {
          quote = 0;
        }
      } else if (c == '\\') {
        ++at;
      } else if (c == '\'' || c == '"') {
        quote = c;
      } else if (c == '(') {
        ++open;
      } else if (c == ')' && --open == 0) {
        break;
      }
    }
    const std::size_t close = std::min(at, end_);
    if (close >= end_) out_.complete = false;
    if (text_.compare(begin, 2, "((") != 0) descend(begin + 1, close);
    const std::size_t stop = std::min(end_, close + 1);
    word.text.append(text_.substr(begin, stop - begin));
    word.expands = true;
    at_ = stop;
  }

  void descend(std::size_t begin, std::size_t end) {
    if (begin >= end) return;
    if (depth_ + 1 > max_nesting || pending_.size() >= max_commands) {
      out_.complete = false;
      return;
    }
    pending_.push_back({begin, end, depth_ + 1});
  }

  void read_documents() {
    for (const HereDocument& document : documents_) {
      std::string body;
      bool closed = false;
      while (at_ < end_ && !closed) {
        std::size_t line_end = text_.find('\n', at_);
        if (line_end == std::string_view::npos || line_end > end_) line_end = end_;
        std::string_view line = text_.substr(at_, line_end - at_);
        if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
        if (document.strip_tabs) line.remove_prefix(std::min(line.find_first_not_of('\t'), line.size()));
        closed = line == document.delimiter;
        if (!closed) body.append(line).append("\n");
        at_ = std::min(end_, line_end + 1);
      }
      if (!closed) out_.complete = false;
      if (!out_.commands.empty()) out_.commands.back().here_document += body;
    }
    documents_.clear();
  }

  void finish() {
    ShellCommand done = std::exchange(command_, {});
    if (in_pattern_) return;
    if (done.words.empty() && done.assignments.empty() && done.redirects.empty()) return;
    if (!done.words.empty() && posix() && !done.words[0].quoted) {
      const std::string& first = done.words[0].text;
      if (first == "for" || first == "select" || first == "function" || first == "case") return;
    }
    done.pipeline = pipeline_;
    done.pipe_position = pipe_position_;
    done.substituted = depth_ > 0;
    done.after_or = std::exchange(after_or_, false);
    out_.commands.push_back(std::move(done));
  }

  std::string_view text_;
  ShellDialect dialect_;
  ShellScript& out_;
  std::vector<Range> pending_;
  std::size_t at_ = 0;
  std::size_t end_ = 0;
  std::size_t depth_ = 0;
  ShellCommand command_;
  std::vector<HereDocument> documents_;
  std::uint32_t case_depth_ = 0;
  bool in_pattern_ = false;
  bool after_bar_ = false;
  bool after_or_ = false;
  std::uint32_t pipeline_ = 0;
  std::uint32_t pipe_position_ = 0;
};

}  // namespace

ShellScript split_shell(std::string_view script, ShellDialect dialect) {
  ShellScript out;
  Splitter(script, dialect, out).run();
  return out;
}

}  // namespace assay::formats

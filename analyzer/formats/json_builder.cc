#include "analyzer/formats/json_builder.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstring>
#include <limits>

#include "analyzer/base/limits.h"
#include "analyzer/base/utf8.h"
#include "analyzer/formats/json_escape.h"

namespace assay::formats {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

bool is_space(char c) {
  return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Whether any of eight bytes is '"', '\\', a control character or above 0x7F.
bool needs_a_look(const char* at) {
  std::uint64_t word = 0;
  std::memcpy(&word, at, sizeof word);
  constexpr std::uint64_t ones = 0x0101010101010101ULL;
  constexpr std::uint64_t highs = 0x8080808080808080ULL;
  const auto has_zero = [](std::uint64_t x) { return (x - ones) & ~x & highs; };
  const std::uint64_t quote = has_zero(word ^ (ones * 0x22));
  const std::uint64_t slash = has_zero(word ^ (ones * 0x5C));
  const std::uint64_t control = (word - ones * 0x20) & ~word & highs;
  return (quote | slash | control | (word & highs)) != 0;
}

}  // namespace

// Fills a JsonTree. One object a parse.
class JsonBuilder {
 public:
  explicit JsonBuilder(JsonTree& tree) : tree_(tree), text_(tree.text_) {}

  void build() {
    if (text_.size() >= std::numeric_limits<std::uint32_t>::max()) {
      problem(0, "the text is longer than 4 GiB and was not read");
      return;
    }
    if (text_.starts_with(byte_order_mark)) at_ = byte_order_mark.size();
    tree_.nodes_.reserve(text_.size() / 24 + 16);
    skip_space();
    if (at_ == text_.size()) {
      problem(at_, "there is no value");
      return;
    }
    value();
    while (!open_.empty()) inside();
    skip_space();
    if (at_ < text_.size()) problem(at_, "text follows the end of the document");
  }

 private:
  struct Frame {
    std::uint32_t node;
    bool object;
  };

  void problem(std::size_t offset, std::string message) {
    ++tree_.problem_count_;
    if (tree_.problems_.size() < JsonTree::max_problems) tree_.problems_.push_back({offset, std::move(message)});
  }

  std::uint32_t push(JsonKind kind, std::size_t begin, std::size_t end) {
    const auto index = static_cast<std::uint32_t>(tree_.nodes_.size());
    tree_.nodes_.push_back({static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end), index + 1, 0, kind});
    return index;
  }

  bool ended() const { return at_ >= text_.size(); }

  void skip_space() {
    while (at_ < text_.size()) {
      if (is_space(text_[at_])) {
        ++at_;
      } else if (text_[at_] == '/' && at_ + 1 < text_.size() && (text_[at_ + 1] == '/' || text_[at_ + 1] == '*')) {
        comment();
      } else {
        return;
      }
    }
  }

  void comment() {
    problem(at_, "a comment, which JSON does not have");
    const bool line = text_[at_ + 1] == '/';
    const std::size_t end = text_.find(line ? "\n" : "*/", at_ + 2);
    at_ = end == std::string_view::npos ? text_.size() : end + (line ? 1 : 2);
  }

  // One step inside the innermost open container: a member, an item, or its end.
  void inside() {
    skip_space();
    const Frame frame = open_.back();
    if (tree_.nodes_.size() > limits::max_json_nodes) {
      problem(at_, "more values than max_json_nodes; the rest was not read");
      at_ = text_.size();
      while (!open_.empty()) close(at_);
      return;
    }
    if (ended()) {
      problem(at_, fmt::format("the text ends inside {}", frame.object ? "an object" : "an array"));
      while (!open_.empty()) close(at_);
      return;
    }
    const char c = text_[at_];
    if (c == '}' || c == ']') {
      if (expect_more_) problem(at_, "a comma with nothing after it");
      end_of_container(c);
      return;
    }
    if (c == ',') {
      if (expect_more_ || tree_.nodes_[frame.node].extra == 0) problem(at_, "a comma with nothing before it");
      ++at_;
      expect_more_ = true;
      return;
    }
    if (!expect_more_ && tree_.nodes_[frame.node].extra != 0) problem(at_, "a comma is missing");
    expect_more_ = false;
    if (frame.object) {
      member(frame);
    } else {
      ++tree_.nodes_[frame.node].extra;
      value();
    }
  }

  void member(const Frame& frame) {
    if (text_[at_] != '"') {
      problem(at_, "a key in double quotes is expected");
      skip_junk();
      return;
    }
    ++tree_.nodes_[frame.node].extra;
    string();
    skip_space();
    if (!ended() && text_[at_] == ':') {
      ++at_;
      skip_space();
    } else {
      problem(at_, "a colon is missing after a key");
      if (ended() || text_[at_] == ',' || text_[at_] == '}' || text_[at_] == ']') {
        push(JsonKind::bad, at_, at_);
        return;
      }
    }
    value();
  }

  void value() {
    if (ended()) {
      push(JsonKind::bad, at_, at_);
      return;
    }
    switch (text_[at_]) {
      case '{':
        open(true);
        return;
      case '[':
        open(false);
        return;
      case '"':
        string();
        return;
      case 't':
        literal("true", JsonKind::boolean);
        return;
      case 'f':
        literal("false", JsonKind::boolean);
        return;
      case 'n':
        literal("null", JsonKind::null);
        return;
      default:
        if (text_[at_] == '-' || is_digit(text_[at_])) {
          number();
        } else {
          bad_value();
        }
    }
  }

  void open(bool object) {
    if (open_.size() >= limits::max_json_depth) {
      skip_container();
      return;
    }
    const std::uint32_t node = push(object ? JsonKind::object : JsonKind::array, at_, at_ + 1);
    open_.push_back({node, object});
    expect_more_ = false;
    ++at_;
  }

  // Nested too deep: over it to its end, strings respected.
  void skip_container() {
    const std::size_t begin = at_;
    problem(begin, "nested deeper than max_json_depth; this value was not read");
    std::size_t depth = 0;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '"') {
        ++at_;
        while (at_ < text_.size() && text_[at_] != '"') at_ += text_[at_] == '\\' ? 2U : 1U;
        at_ = std::min(at_, text_.size());
        if (ended()) break;
      } else if (c == '{' || c == '[') {
        ++depth;
      } else if (c == '}' || c == ']') {
        --depth;
      }
      ++at_;
      if (depth == 0) break;
    }
    push(JsonKind::bad, begin, at_);
  }

  void end_of_container(char bracket) {
    const bool object = bracket == '}';
    if (open_.back().object != object) {
      problem(at_, fmt::format("'{}' where '{}' is expected", bracket, object ? ']' : '}'));
      const auto same =
          std::find_if(open_.rbegin(), open_.rend(), [&](const Frame& frame) { return frame.object == object; });
      if (same == open_.rend()) {
        ++at_;
        return;
      }
      while (open_.back().object != object) close(at_);
    }
    ++at_;
    close(at_);
  }

  void close(std::size_t end) {
    const Frame frame = open_.back();
    open_.pop_back();
    expect_more_ = false;
    JsonTree::Node& node = tree_.nodes_[frame.node];
    node.end = static_cast<std::uint32_t>(end);
    node.next = static_cast<std::uint32_t>(tree_.nodes_.size());
    if (frame.object && node.extra > 1) find_duplicates(frame.node);
  }

  std::string_view string_at(std::uint32_t index) const {
    const JsonTree::Node& node = tree_.nodes_[index];
    return node.extra != 0 ? tree_.decoded_[node.extra - 1] : text_.substr(node.begin + 1, node.end - node.begin - 2);
  }

  void find_duplicates(std::uint32_t object) {
    keys_.clear();
    const std::uint32_t end = tree_.nodes_[object].next;
    for (std::uint32_t key = object + 1; key < end; key = tree_.nodes_[key + 1].next)
      keys_.push_back({string_at(key), key});
    if (keys_.size() <= 16) {
      for (std::size_t i = 1; i < keys_.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
          if (keys_[i].first == keys_[j].first) {
            tree_.duplicates_.push_back(keys_[i].second);
            break;
          }
        }
      }
      return;
    }
    std::sort(keys_.begin(), keys_.end());
    for (std::size_t i = 1; i < keys_.size(); ++i) {
      if (keys_[i].first == keys_[i - 1].first) tree_.duplicates_.push_back(keys_[i].second);
    }
  }

  // Over something that is no member, to the next place where one may begin.
  void skip_junk() {
    ++at_;
    while (at_ < text_.size() && text_[at_] != ',' && text_[at_] != '}' && text_[at_] != ']' && text_[at_] != '\n' &&
           text_[at_] != '"') {
      ++at_;
    }
  }

  void bad_value() {
    const std::size_t begin = at_;
    problem(begin, "this is no JSON value");
    while (at_ < text_.size() && text_[at_] != ',' && text_[at_] != '}' && text_[at_] != ']' && text_[at_] != '\n')
      ++at_;
    push(JsonKind::bad, begin, at_);
  }

  void literal(std::string_view word, JsonKind kind) {
    const std::size_t end = at_ + word.size();
    const bool whole =
        text_.substr(at_, word.size()) == word && (end >= text_.size() || is_space(text_[end]) || text_[end] == ',' ||
                                                   text_[end] == '}' || text_[end] == ']' || text_[end] == '/');
    if (!whole) {
      bad_value();
      return;
    }
    push(kind, at_, end);
    at_ = end;
  }

  void number() {
    const std::size_t begin = at_;
    std::size_t at = at_;
    const auto digits = [&] {
      const std::size_t first = at;
      while (at < text_.size() && is_digit(text_[at])) ++at;
      return at > first;
    };
    if (text_[at] == '-') ++at;
    const std::size_t whole = at;
    bool good = digits() && (text_[whole] != '0' || at == whole + 1);
    if (at < text_.size() && text_[at] == '.') {
      ++at;
      good = digits() && good;
    }
    if (at < text_.size() && (text_[at] == 'e' || text_[at] == 'E')) {
      ++at;
      if (at < text_.size() && (text_[at] == '+' || text_[at] == '-')) ++at;
      good = digits() && good;
    }
    const bool ends =
        at >= text_.size() || is_space(text_[at]) || text_[at] == ',' || text_[at] == '}' || text_[at] == ']';
    if (!good || !ends) {
      bad_value();
      return;
    }
    push(JsonKind::number, begin, at);
    at_ = at;
  }

  void string() {
    const std::size_t begin = at_;
    std::size_t at = at_ + 1;
    bool plain = true;
    bool control = false;
    bool high = false;
    while (true) {
      while (at + 8 <= text_.size() && !needs_a_look(text_.data() + at)) at += 8;
      if (at >= text_.size()) {
        problem(begin, "a string does not end");
        at = text_.size();
        break;
      }
      const char c = text_[at];
      if (c == '"') break;
      if (c == '\\') {
        plain = false;
        at += 2;
        if (at > text_.size()) at = text_.size();
        continue;
      }
      if (static_cast<unsigned char>(c) < 0x20) control = true;
      if (static_cast<unsigned char>(c) >= 0x80) high = true;
      ++at;
    }
    const bool closed = at < text_.size();
    const std::size_t end = closed ? at + 1 : at;
    if (control) problem(begin, "a string holds control characters");
    const std::string_view inner = text_.substr(begin + 1, at - begin - 1);
    if (high && !utf8::is_valid(inner)) {
      problem(begin, "a string is not UTF-8");
      plain = false;
    }
    const std::uint32_t node = push(JsonKind::string, begin, end);
    at_ = end;
    if (plain && closed) return;
    auto text = std::make_unique<std::string>(unescaped_json(
        inner, [&](std::size_t offset, std::string what) { problem(begin + 1 + offset, std::move(what)); }));
    tree_.decoded_.push_back(*text);
    tree_.storage_.push_back(std::move(text));
    tree_.nodes_[node].extra = static_cast<std::uint32_t>(tree_.decoded_.size());
  }

  JsonTree& tree_;
  std::string_view text_;
  std::size_t at_ = 0;
  bool expect_more_ = false;  // a comma was read and nothing after it yet
  std::vector<Frame> open_;
  std::vector<std::pair<std::string_view, std::uint32_t>> keys_;
};

void build_json_tree(JsonTree& tree) {
  JsonBuilder(tree).build();
}

}  // namespace assay::formats

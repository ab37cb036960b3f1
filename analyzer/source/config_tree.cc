#include "analyzer/source/config_tree.h"

#include "analyzer/base/limits.h"
#include "analyzer/base/utf8.h"

namespace assay::source {
namespace {

constexpr std::size_t max_nodes = 100'000;

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

class ConfigParser {
 public:
  explicit ConfigParser(std::string_view text) : text_(text) {}

  ConfigTree run() {
    tree_.nodes_.push_back({});
    while (true) {
      skip_space();
      if (at_ >= text_.size() || tree_.nodes_.size() >= max_nodes) break;
      token();
    }
    if (!open_.empty() || at_ < text_.size()) tree_.complete_ = false;
    return std::move(tree_);
  }

 private:
  struct Open {
    std::int32_t node;  // the container itself
    bool object;
    std::size_t index;  // next item of an array
    bool has_key;
    std::string key;
  };

  void skip_space() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
        ++at_;
      } else if (c == '#' || text_.substr(at_).starts_with("//")) {
        at_ = std::min(text_.find('\n', at_), text_.size());
      } else if (text_.substr(at_).starts_with("/*")) {
        const std::size_t close = text_.find("*/", at_ + 2);
        at_ = close == std::string_view::npos ? text_.size() : close + 2;
      } else if (text_.substr(at_).starts_with("\xEF\xBB\xBF")) {
        at_ += 3;
      } else {
        return;
      }
    }
  }

  std::int32_t child() {
    std::string key;
    std::int32_t parent = 0;
    if (!open_.empty()) {
      Open& top = open_.back();
      parent = top.node;
      key = top.object ? std::move(top.key) : std::to_string(top.index++);
      top.has_key = false;
      top.key.clear();
    }
    const std::uint32_t depth = tree_.nodes_[static_cast<std::size_t>(parent)].depth + (open_.empty() ? 0U : 1U);
    tree_.nodes_.push_back({parent, depth, std::move(key)});
    return static_cast<std::int32_t>(tree_.nodes_.size() - 1);
  }

  void token() {
    const char c = text_[at_];
    if (c == '{' || c == '[') {
      ++at_;
      if (open_.size() >= limits::max_json_depth) {
        tree_.complete_ = false;
        at_ = text_.size();
        return;
      }
      const std::int32_t node = child();
      open_.push_back({node, c == '{', 0, false, {}});
    } else if (c == '}' || c == ']') {
      ++at_;
      if (open_.empty() || open_.back().object != (c == '}')) {
        tree_.complete_ = false;
      } else {
        open_.pop_back();
      }
    } else if (c == ',' || c == ':') {
      ++at_;
    } else {
      scalar();
    }
  }

  void scalar() {
    ConfigTree::Leaf leaf;
    leaf.begin = at_;
    if (text_[at_] == '"' || text_[at_] == '\'') {
      leaf.quoted = true;
      string(leaf.text);
      leaf.end = at_;
      // gyp: neighbouring strings are one.
      for (skip_space(); at_ < text_.size() && (text_[at_] == '"' || text_[at_] == '\''); skip_space()) {
        string(leaf.text);
        leaf.end = at_;
      }
    } else {
      while (at_ < text_.size() && std::string_view(",:{}[] \t\r\n\"'").find(text_[at_]) == std::string_view::npos)
        ++at_;
      leaf.text = std::string(text_.substr(leaf.begin, at_ - leaf.begin));
      leaf.end = at_;
    }
    if (!open_.empty() && open_.back().object && !open_.back().has_key) {
      open_.back().has_key = true;
      open_.back().key = std::move(leaf.text);
      return;
    }
    leaf.node = child();
    tree_.leaves_.push_back(std::move(leaf));
  }

  void string(std::string& out) {
    const char quote = text_[at_++];
    while (at_ < text_.size() && text_[at_] != quote) {
      if (text_[at_] == '\n') {  // no string of these formats spans lines; do not swallow the rest of the file
        tree_.complete_ = false;
        return;
      }
      if (text_[at_] == '\\' && at_ + 1 < text_.size()) {
        escape(out);
      } else {
        out.push_back(text_[at_++]);
      }
    }
    if (at_ < text_.size()) {
      ++at_;
    } else {
      tree_.complete_ = false;
    }
  }

  char32_t four_digits(std::size_t from) const {
    char32_t value = 0;
    for (std::size_t i = from; i < from + 4; ++i) {
      const int digit = i < text_.size() ? hex_value(text_[i]) : -1;
      if (digit < 0) return utf8::invalid;
      value = value * 16 + static_cast<char32_t>(digit);
    }
    return value;
  }

  void escape(std::string& out) {
    const char c = text_[at_ + 1];
    at_ += 2;
    switch (c) {
      case 'n':
        out.push_back('\n');
        return;
      case 't':
        out.push_back('\t');
        return;
      case 'r':
        out.push_back('\r');
        return;
      case 'b':
        out.push_back('\b');
        return;
      case 'f':
        out.push_back('\f');
        return;
      case 'u':
        break;
      default:
        out.push_back(c);
        return;
    }
    char32_t value = four_digits(at_);
    if (value == utf8::invalid) return;
    at_ += 4;
    if (value >= 0xD800 && value < 0xDC00 && text_.substr(at_).starts_with("\\u")) {
      const char32_t low = four_digits(at_ + 2);
      if (low >= 0xDC00 && low < 0xE000) {
        value = 0x10000 + ((value - 0xD800) << 10U) + (low - 0xDC00);
        at_ += 6;
      }
    }
    utf8::append(out, value >= 0xD800 && value < 0xE000 ? 0xFFFD : value);
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<Open> open_;
  ConfigTree tree_;
};

ConfigTree ConfigTree::parse(std::string_view text) {
  return ConfigParser(text).run();
}

bool ConfigTree::at(const Leaf& leaf, std::initializer_list<std::string_view> path) const {
  if (depth(leaf) != path.size()) return false;
  std::int32_t node = leaf.node;
  for (auto part = std::rbegin(path); part != std::rend(path); ++part) {
    const Node& here = nodes_[static_cast<std::size_t>(node)];
    if (*part != "*" && *part != here.key) return false;
    node = here.parent;
  }
  return true;
}

std::string_view ConfigTree::key(const Leaf& leaf, std::size_t up) const {
  std::int32_t node = leaf.node;
  for (; up > 0 && node >= 0; --up) node = nodes_[static_cast<std::size_t>(node)].parent;
  return node < 0 ? std::string_view() : std::string_view(nodes_[static_cast<std::size_t>(node)].key);
}

std::int32_t ConfigTree::holder(const Leaf& leaf, std::size_t up) const {
  std::int32_t node = nodes_[static_cast<std::size_t>(leaf.node)].parent;
  for (; up > 0 && node >= 0; --up) node = nodes_[static_cast<std::size_t>(node)].parent;
  return node;
}

std::size_t ConfigTree::depth(const Leaf& leaf) const {
  return nodes_[static_cast<std::size_t>(leaf.node)].depth;
}

}  // namespace assay::source

#include "sbom-import/toml_tree.h"

#include "analyzer/base/utf8.h"

namespace assay::sbom {
namespace {

std::string key_of(std::uint32_t parent, std::string_view key) {
  std::string out(reinterpret_cast<const char*>(&parent), sizeof parent);
  return out.append(key);
}

bool is_bare(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
         static_cast<unsigned char>(c) >= 0x80;
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

std::string unescaped(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      out += text[i];
      continue;
    }
    const char c = text[++i];
    switch (c) {
      case 'b':
        out += '\b';
        break;
      case 't':
        out += '\t';
        break;
      case 'n':
        out += '\n';
        break;
      case 'f':
        out += '\f';
        break;
      case 'r':
        out += '\r';
        break;
      case 'u':
      case 'U': {
        const std::size_t digits = c == 'u' ? 4 : 8;
        char32_t value = 0;
        std::size_t read = 0;
        while (read < digits && i + 1 < text.size() && hex_value(text[i + 1]) >= 0) {
          value = value * 16 + static_cast<char32_t>(hex_value(text[++i]));
          ++read;
        }
        const bool scalar = read == digits && value <= 0x10FFFF && (value < 0xD800 || value > 0xDFFF);
        utf8::append(out, scalar ? value : 0xFFFD);
        break;
      }
      case ' ':
      case '\t':
      case '\r':
      case '\n':  // a line that goes on
        while (i + 1 < text.size() && std::string_view(" \t\r\n").find(text[i + 1]) != std::string_view::npos) ++i;
        break;
      default:
        out += c;
    }
  }
  return out;
}

}  // namespace

TomlKind TomlNode::kind() const {
  return tree_ == nullptr ? TomlKind::missing : tree_->nodes_[index_].kind;
}
std::string_view TomlNode::text() const {
  return tree_ == nullptr ? std::string_view{} : tree_->nodes_[index_].text;
}
std::string_view TomlNode::place() const {
  return tree_ == nullptr ? std::string_view{} : tree_->nodes_[index_].place;
}
std::string_view TomlNode::key() const {
  return tree_ == nullptr ? std::string_view{} : tree_->nodes_[index_].key;
}

TomlNode TomlNode::at(std::string_view key) const {
  if (!is_table()) return {};
  const std::uint32_t found = tree_->find(index_, key);
  return found == 0 ? TomlNode{} : TomlNode{tree_, found};
}

std::vector<TomlNode> TomlNode::children() const {
  std::vector<TomlNode> out;
  if (tree_ == nullptr) return out;
  const TomlTree::Node& node = tree_->nodes_[index_];
  out.reserve(node.children.size());
  for (const std::uint32_t child : node.children) out.push_back({tree_, child});
  return out;
}

std::uint32_t TomlTree::find(std::uint32_t parent, std::string_view key) const {
  const auto found = by_key_.find(key_of(parent, key));
  return found == by_key_.end() ? 0 : found->second;
}

std::uint32_t TomlTree::add(std::uint32_t parent, std::string_view key, std::string_view key_text, Node node) {
  node.key = key;
  const bool named = nodes_[parent].kind == TomlKind::table;
  const auto index = static_cast<std::uint32_t>(nodes_.size());
  if (named) {
    const auto [at, is_new] = by_key_.emplace(key_of(parent, key_text), index);
    if (!is_new) {
      node.children = {};
      nodes_[at->second] = std::move(node);
      return at->second;
    }
  }
  nodes_.push_back(std::move(node));
  nodes_[parent].children.push_back(index);
  return index;
}

class TomlParser {
 public:
  explicit TomlParser(TomlTree& tree) : tree_(tree), text_(tree.source_) {}

  void run() {
    if (text_.starts_with("\xEF\xBB\xBF")) at_ = 3;
    while (true) {
      skip(true);
      if (at_ >= text_.size()) return;
      const std::size_t begin = at_;
      if (!(text_[at_] == '[' ? header() : pair(table_)) || !line_ends()) {
        at_ = std::max(at_, begin);
        const std::size_t end = std::min(text_.find('\n', at_), text_.size());
        if (tree_.problems_.size() < 100) tree_.problems_.push_back(text_.substr(begin, end - begin));
        at_ = end;
      }
    }
  }

 private:
  struct Key {
    std::string_view place;
    std::string_view text;
  };

  void skip(bool lines) {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == ' ' || c == '\t' || c == '\r' || (lines && c == '\n')) {
        ++at_;
      } else if (c == '#') {
        at_ = std::min(text_.find('\n', at_), text_.size());
      } else {
        return;
      }
    }
  }

  bool line_ends() {
    skip(false);
    return at_ >= text_.size() || text_[at_] == '\n';
  }

  bool take(char c) {
    skip(false);
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  std::string_view kept(std::string text) { return tree_.storage_.emplace_back(std::move(text)); }

  // a."b c".d
  bool keys(std::vector<Key>& out) {
    do {
      skip(false);
      if (at_ >= text_.size()) return false;
      if (text_[at_] == '"' || text_[at_] == '\'') {
        Key key;
        if (!quoted(key.place, key.text)) return false;
        out.push_back(key);
      } else {
        const std::size_t begin = at_;
        while (at_ < text_.size() && is_bare(text_[at_])) ++at_;
        if (begin == at_) return false;
        out.push_back({text_.substr(begin, at_ - begin), text_.substr(begin, at_ - begin)});
      }
    } while (out.size() < TomlTree::max_depth && take('.'));
    return true;
  }

  // The table below `from` at `key`, made when missing; of an array of tables its last.
  std::uint32_t step(std::uint32_t from, const Key& key) {
    std::uint32_t found = tree_.find(from, key.text);
    if (found == 0) return tree_.add(from, key.place, key.text, {.place = key.place});
    const TomlTree::Node& node = tree_.nodes_[found];
    if (node.kind == TomlKind::array && !node.children.empty()) found = node.children.back();
    if (tree_.nodes_[found].kind == TomlKind::table) return found;
    return tree_.add(from, key.place, key.text, {.place = key.place});
  }

  bool header() {
    ++at_;
    const bool many = at_ < text_.size() && text_[at_] == '[';
    if (many) ++at_;
    std::vector<Key> path;
    if (!keys(path) || !take(']') || (many && !take(']'))) return false;
    std::uint32_t table = 0;
    for (std::size_t i = 0; i + 1 < path.size(); ++i) table = step(table, path[i]);
    const Key& last = path.back();
    if (!many) {
      table_ = step(table, last);
      return true;
    }
    std::uint32_t list = tree_.find(table, last.text);
    if (list == 0 || tree_.nodes_[list].kind != TomlKind::array)
      list = tree_.add(table, last.place, last.text, {.kind = TomlKind::array, .place = last.place});
    table_ = tree_.add(list, last.place, {}, {.place = last.place});
    return true;
  }

  bool pair(std::uint32_t table) {
    std::vector<Key> path;
    if (!keys(path) || !take('=')) return false;
    for (std::size_t i = 0; i + 1 < path.size(); ++i) table = step(table, path[i]);
    return value(table, path.back());
  }

  bool quoted(std::string_view& place, std::string_view& text) {
    const char quote = text_[at_];
    const std::string_view triple = text_.substr(at_, 3);
    const bool block = triple.size() == 3 && triple[1] == quote && triple[2] == quote;
    std::size_t begin = at_ + (block ? 3 : 1);
    if (block && begin < text_.size() && text_[begin] == '\r') ++begin;
    if (block && begin < text_.size() && text_[begin] == '\n') ++begin;
    std::size_t end = begin;
    bool escapes = false;
    while (true) {
      if (end >= text_.size() || (!block && text_[end] == '\n')) {
        at_ = end;
        return false;
      }
      if (text_[end] == '\\' && quote == '"') {
        escapes = true;
        end += 2;
        continue;
      }
      if (text_[end] == quote) {
        if (!block) break;
        if (text_.substr(end, 3) == triple) {
          while (end + 3 < text_.size() && text_[end + 3] == quote) ++end;
          break;
        }
      }
      ++end;
    }
    place = text_.substr(begin, end - begin);
    text = escapes ? kept(unescaped(place)) : place;
    at_ = end + (block ? 3 : 1);
    return true;
  }

  bool value(std::uint32_t parent, const Key& key) {
    skip(false);
    if (at_ >= text_.size() || depth_ > TomlTree::max_depth) return false;
    const char first = text_[at_];
    if (first == '"' || first == '\'') {
      TomlTree::Node node{.kind = TomlKind::string};
      if (!quoted(node.place, node.text)) return false;
      tree_.add(parent, key.place, key.text, std::move(node));
      return true;
    }
    if (first == '[' || first == '{') {
      const bool list = first == '[';
      const std::uint32_t node = tree_.add(parent, key.place, key.text,
                                           {.kind = list ? TomlKind::array : TomlKind::table,
                                            .place = key.place.empty() ? text_.substr(at_, 1) : key.place});
      ++at_;
      ++depth_;
      const bool good = contents(node, list);
      --depth_;
      return good;
    }
    const std::size_t begin = at_;
    while (at_ < text_.size() && std::string_view(",]}#\r\n").find(text_[at_]) == std::string_view::npos) ++at_;
    std::string_view raw = text_.substr(begin, at_ - begin);
    while (!raw.empty() && (raw.back() == ' ' || raw.back() == '\t')) raw.remove_suffix(1);
    if (raw.empty()) return false;
    tree_.add(parent, key.place, key.text, {.kind = TomlKind::other, .place = raw, .text = raw});
    return true;
  }

  bool contents(std::uint32_t node, bool list) {
    const char close = list ? ']' : '}';
    while (true) {
      skip(true);
      if (at_ >= text_.size()) return false;
      if (text_[at_] == close) {
        ++at_;
        return true;
      }
      if (!(list ? value(node, {}) : pair(node))) return false;
      skip(true);
      if (at_ < text_.size() && text_[at_] == ',') ++at_;
    }
  }

  TomlTree& tree_;
  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t depth_ = 0;
  std::uint32_t table_ = 0;
};

TomlTree::TomlTree(std::string_view text) : source_(text) {
  nodes_.emplace_back();
  TomlParser(*this).run();
}

}  // namespace assay::sbom

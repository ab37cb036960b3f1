#include "analyzer/formats/yaml_tree.h"

#include <algorithm>
#include <unordered_set>

#include "analyzer/base/limits.h"
#include "analyzer/base/utf16.h"
#include "analyzer/base/utf8.h"
#include "analyzer/formats/yaml_data.h"

namespace assay::formats {
namespace {

constexpr std::string_view merge_key = "<<";

// YAML 1.1 section 5.1, as libyaml enforces it.
bool is_allowed(char32_t c) {
  if (c == 0x09 || c == 0x0A || c == 0x0D || c == 0x85) return true;
  return (c >= 0x20 && c <= 0x7E) || (c >= 0xA0 && c <= 0xD7FF) || (c >= 0xE000 && c <= 0xFFFD && c != 0xFEFF) ||
         (c >= 0x10000 && c <= 0x10FFFF);
}

struct Prepared {
  std::unique_ptr<YamlData> data = std::make_unique<YamlData>();
  bool clean = true;
  Error error;
};

Prepared prepare(std::string_view text) {
  Prepared out;
  if (const utf16::Order order = utf16::order(text); order != utf16::Order::none) {
    out.data->owned = utf16::to_utf8(text, order);
    text = out.data->owned;
  } else if (text.starts_with("\xEF\xBB\xBF")) {
    text.remove_prefix(3);
  }
  const auto plain = [](char c) { return (c >= 0x20 && c <= 0x7E) || c == '\n' || c == '\t' || c == '\r'; };
  std::string mended;
  std::size_t copied = 0;
  for (std::size_t at = 0; at < text.size();) {
    if (plain(text[at])) {
      ++at;
      continue;
    }
    const std::size_t begin = at;
    const char32_t c = utf8::next(text, at);
    if (c != utf8::invalid && is_allowed(c)) continue;
    if (out.clean) {
      out.clean = false;
      const Position place = LineIndex(text).position(begin);
      out.error = {ErrorCode::syntax, c == utf8::invalid ? "not UTF-8" : "a control character YAML does not allow",
                   std::to_string(place.line) + ":" + std::to_string(place.column)};
    }
    mended.append(text.substr(copied, begin - copied));
    mended += "\xEF\xBF\xBD";
    copied = at;
  }
  if (!out.clean) {
    mended.append(text.substr(copied));
    out.data->owned = std::move(mended);
    text = out.data->owned;
  }
  out.data->text = text;
  return out;
}

}  // namespace

void YamlData::index_text() {
  lines = LineIndex(text);
  std::size_t character = 0;
  ascii = std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  if (ascii) return;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if ((static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U) continue;
    if (character % checkpoint_every == 0) checkpoints.push_back(at);
    ++character;
  }
}

std::size_t YamlData::byte_of_character(std::size_t character) const {
  if (ascii) return std::min(character, text.size());
  const std::size_t block = character / checkpoint_every;
  if (block >= checkpoints.size()) return text.size();
  std::size_t at = checkpoints[block];
  for (std::size_t left = character % checkpoint_every; left > 0 && at < text.size(); --left) {
    ++at;
    while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U) ++at;
  }
  return at;
}

std::size_t YamlData::character_of_byte(std::size_t offset) const {
  offset = std::min(offset, text.size());
  if (ascii) return offset;
  const auto after = std::upper_bound(checkpoints.begin(), checkpoints.end(), offset);
  if (after == checkpoints.begin()) return 0;
  std::size_t character = static_cast<std::size_t>(after - checkpoints.begin() - 1) * checkpoint_every;
  for (std::size_t at = *std::prev(after); at < offset; ++at) {
    if ((static_cast<unsigned char>(text[at]) & 0xC0U) != 0x80U) ++character;
  }
  return character;
}

Position YamlData::position(std::size_t offset) const {
  offset = std::min(offset, text.size());
  std::uint32_t low = 1;
  std::uint32_t high = lines.line_count();
  while (low < high) {
    const std::uint32_t middle = low + (high - low + 1) / 2;
    if (lines.line_start(middle) <= offset) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  const std::size_t column = character_of_byte(offset) - character_of_byte(lines.line_start(low)) + 1;
  return {low, static_cast<std::uint32_t>(column)};
}

const YamlData::Node& YamlData::meant(std::uint32_t index) const {
  const Node& node = nodes[index];
  return node.alias_of == 0 ? node : nodes[node.alias_of];
}

YamlKind YamlNode::kind() const {
  return data_ == nullptr ? YamlKind::missing : data_->meant(index_).kind;
}

std::string_view YamlNode::text() const {
  return data_ == nullptr ? std::string_view{} : data_->meant(index_).value;
}

bool YamlNode::quoted() const {
  if (data_ == nullptr) return false;
  const YamlData::Style style = data_->meant(index_).style;
  return style == YamlData::Style::single_quoted || style == YamlData::Style::double_quoted;
}

bool YamlNode::block() const {
  if (data_ == nullptr) return false;
  const YamlData::Style style = data_->meant(index_).style;
  return style == YamlData::Style::literal || style == YamlData::Style::folded;
}

std::string_view YamlNode::tag() const {
  if (data_ == nullptr) return {};
  const std::uint32_t tag = data_->meant(index_).tag;
  return tag == 0 ? std::string_view{} : std::string_view(data_->strings[tag - 1]);
}

YamlNode YamlNode::at(std::string_view key) const {
  if (data_ == nullptr) return {};
  const YamlData::Node& node = data_->meant(index_);
  if (node.kind != YamlKind::mapping) return {};
  bool merges = false;
  for (std::uint32_t i = node.child_count; i >= 2; i -= 2) {
    const YamlData::Node& own = data_->meant(data_->children[node.first_child + i - 2]);
    if (own.kind != YamlKind::scalar) continue;
    if (own.value == key) return data_->node(data_->children[node.first_child + i - 1]);
    merges = merges || own.value == merge_key;
  }
  if (!merges) return {};
  for (std::uint32_t i = 0; i < node.child_count; i += 2) {
    if (data_->meant(data_->children[node.first_child + i]).value != merge_key) continue;
    for (const YamlNode& source : data_->node(data_->children[node.first_child + i + 1]).one_or_many()) {
      if (const YamlNode found = source.at(key); found.data_ != nullptr) return found;
    }
  }
  return {};
}

std::vector<std::pair<YamlNode, YamlNode>> YamlNode::entries() const {
  std::vector<std::pair<YamlNode, YamlNode>> out;
  if (data_ == nullptr) return out;
  const YamlData::Node& node = data_->meant(index_);
  if (node.kind != YamlKind::mapping) return out;
  std::vector<YamlNode> merged;
  for (std::uint32_t i = 0; i < node.child_count; i += 2) {
    const YamlNode key = data_->node(data_->children[node.first_child + i]);
    const YamlNode value = data_->node(data_->children[node.first_child + i + 1]);
    const bool merge = key.is_scalar() && key.text() == merge_key && !key.quoted();
    if (merge && (value.is_mapping() || value.is_sequence())) {
      for (const YamlNode& source : value.one_or_many()) merged.push_back(source);
    } else {
      out.emplace_back(key, value);
    }
  }
  if (merged.empty()) return out;
  std::unordered_set<std::string_view> own;
  for (const auto& [key, value] : out) own.insert(key.text());
  for (const YamlNode& source : merged) {
    for (const auto& entry : source.entries()) {
      if (own.insert(entry.first.text()).second) out.push_back(entry);
    }
  }
  return out;
}

std::vector<YamlNode> YamlNode::items() const {
  std::vector<YamlNode> out;
  if (data_ == nullptr) return out;
  const YamlData::Node& node = data_->meant(index_);
  if (node.kind != YamlKind::sequence) return out;
  out.reserve(node.child_count);
  for (std::uint32_t i = 0; i < node.child_count; ++i)
    out.push_back(data_->node(data_->children[node.first_child + i]));
  return out;
}

std::vector<YamlNode> YamlNode::one_or_many() const {
  if (is_sequence()) return items();
  if (!exists()) return {};
  return {*this};
}

Span YamlNode::span() const {
  if (data_ == nullptr) return {};
  const YamlData::Node& node = data_->nodes[index_];
  return {data_->position(node.begin), data_->position(node.end)};
}

std::string_view YamlNode::comment() const {
  if (data_ == nullptr) return {};
  const YamlData::Node* node = &data_->nodes[index_];
  std::size_t last = index_;
  while (node->child_count > 0 && node->style == YamlData::Style::collection && node->alias_of == 0 &&
         data_->children[node->first_child + node->child_count - 1] > last) {
    last = data_->children[node->first_child + node->child_count - 1];
    node = &data_->nodes[last];
  }
  const bool is_block = node->style == YamlData::Style::literal || node->style == YamlData::Style::folded;
  std::size_t at = is_block ? node->begin : node->end;
  const std::size_t line_end = std::min(data_->text.find_first_of("\r\n", at), data_->text.size());
  for (; at < line_end; ++at) {
    const char before = at == 0 ? '\n' : data_->text[at - 1];
    if (data_->text[at] != '#' || (before != ' ' && before != '\t')) continue;
    std::string_view comment = data_->text.substr(at, line_end - at);
    comment.remove_prefix(std::min(comment.find_first_not_of("# \t"), comment.size()));
    const std::size_t end = comment.find_last_not_of(" \t");
    return comment.substr(0, end == std::string_view::npos ? 0 : end + 1);
  }
  return {};
}

YamlTree::YamlTree(std::unique_ptr<YamlData> data) : data_(std::move(data)) {}
YamlTree::YamlTree(YamlTree&&) noexcept = default;
YamlTree& YamlTree::operator=(YamlTree&&) noexcept = default;
YamlTree::~YamlTree() = default;

Result<YamlTree> YamlTree::parse(std::string_view text) {
  Prepared prepared = prepare(text);
  if (!prepared.clean) return tl::unexpected<Error>(std::move(prepared.error));
  Error error;
  if (!read_yaml_events(*prepared.data, false, error)) return tl::unexpected<Error>(std::move(error));
  return YamlTree(std::move(prepared.data));
}

YamlTree::Salvaged YamlTree::salvage(std::string_view text) {
  Prepared prepared = prepare(text);
  Error error;
  const bool whole = read_yaml_events(*prepared.data, true, error);
  Salvaged out{.tree = YamlTree(std::move(prepared.data)), .complete = whole && prepared.clean, .error = {}};
  if (!prepared.clean) out.error = std::move(prepared.error);
  if (!whole) out.error = std::move(error);
  return out;
}

YamlNode YamlTree::root() const {
  return data_->roots.empty() ? YamlNode{} : data_->node(data_->roots.front());
}

std::vector<YamlNode> YamlTree::documents() const {
  std::vector<YamlNode> out;
  for (const std::uint32_t root : data_->roots) out.push_back(data_->node(root));
  return out;
}

std::vector<YamlNode> YamlTree::duplicates() const {
  std::vector<YamlNode> out;
  for (const std::uint32_t key : data_->duplicates) out.push_back(data_->node(key));
  return out;
}

std::string_view YamlTree::source() const {
  return data_->text;
}
const LineIndex& YamlTree::lines() const {
  return data_->lines;
}

}  // namespace assay::formats

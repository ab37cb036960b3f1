#include "analyzer/formats/json_tree.h"

#include <algorithm>
#include <charconv>

#include "analyzer/formats/json_builder.h"

namespace assay::formats {

JsonTree::JsonTree(std::string_view text) : text_(text), grid_(text) {
  build_json_tree(*this);
}
JsonTree::JsonTree(std::string_view text, const std::vector<TranscribedPlace>& places)
    : text_(text), grid_(text), places_(&places) {
  build_json_tree(*this);
}
JsonTree::~JsonTree() = default;

Span JsonTree::span(std::size_t begin, std::size_t end) const {
  if (places_ == nullptr) return grid_.span(begin, end);
  const auto after =
      std::upper_bound(places_->begin(), places_->end(), begin,
                       [](std::size_t offset, const TranscribedPlace& place) { return offset < place.offset; });
  return after == places_->begin() ? Span{} : std::prev(after)->span;
}

std::vector<JsonNode> JsonTree::duplicates() const {
  std::vector<std::uint32_t> sorted = duplicates_;
  std::sort(sorted.begin(), sorted.end());
  std::vector<JsonNode> out;
  out.reserve(sorted.size());
  for (const std::uint32_t index : sorted) out.push_back({this, index});
  return out;
}

JsonKind JsonNode::kind() const {
  return tree_ == nullptr ? JsonKind::missing : tree_->nodes_[index_].kind;
}

std::string_view JsonNode::source() const {
  if (tree_ == nullptr) return {};
  const JsonTree::Node& node = tree_->nodes_[index_];
  return tree_->text_.substr(node.begin, node.end - node.begin);
}

std::string_view JsonNode::text() const {
  if (tree_ == nullptr) return {};
  const JsonTree::Node& node = tree_->nodes_[index_];
  switch (node.kind) {
    case JsonKind::string:
      if (node.extra != 0) return tree_->decoded_[node.extra - 1];
      return tree_->text_.substr(node.begin + 1, node.end - node.begin - 2);
    case JsonKind::number:
    case JsonKind::boolean:
    case JsonKind::null:
      return source();
    default:
      return {};
  }
}

bool JsonNode::is_true() const {
  return kind() == JsonKind::boolean && source() == "true";
}

std::optional<std::int64_t> JsonNode::integer() const {
  if (kind() != JsonKind::number) return std::nullopt;
  const std::string_view digits = source();
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

JsonNode JsonNode::at(std::string_view key) const {
  JsonNode found;
  for (const auto [name, value] : members()) {
    if (name.text() == key) found = value;
  }
  return found;
}

std::size_t JsonNode::size() const {
  const JsonKind what = kind();
  return what == JsonKind::array || what == JsonKind::object ? tree_->nodes_[index_].extra : 0;
}

JsonNode::Items JsonNode::items() const {
  if (!is_array()) return {tree_, 0, 0};
  return {tree_, index_ + 1, tree_->nodes_[index_].next};
}

JsonNode::Members JsonNode::members() const {
  if (!is_object()) return {tree_, 0, 0};
  return {tree_, index_ + 1, tree_->nodes_[index_].next};
}

JsonNode::Items::iterator& JsonNode::Items::iterator::operator++() {
  index_ = tree_->nodes_[index_].next;
  return *this;
}

JsonNode::Members::iterator& JsonNode::Members::iterator::operator++() {
  index_ = tree_->nodes_[index_ + 1].next;
  return *this;
}

std::size_t JsonNode::offset() const {
  return tree_ == nullptr ? 0 : tree_->nodes_[index_].begin;
}

Span JsonNode::span() const {
  if (tree_ == nullptr) return {};
  const JsonTree::Node& node = tree_->nodes_[index_];
  return tree_->span(node.begin, node.end);
}

}  // namespace assay::formats

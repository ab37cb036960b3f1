#include <yaml.h>

#include <algorithm>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "analyzer/base/limits.h"
#include "analyzer/formats/yaml_data.h"

namespace assay::formats {
namespace {

using Style = YamlData::Style;

bool is_null_word(std::string_view word) {
  return word.empty() || word == "~" || word == "null" || word == "Null" || word == "NULL";
}

std::string_view view(const yaml_char_t* text) {
  return text == nullptr ? std::string_view{} : std::string_view(reinterpret_cast<const char*>(text));
}

struct Parser {
  yaml_parser_t state{};
  bool ready = false;
  Parser() : ready(yaml_parser_initialize(&state) == 1) {}
  Parser(const Parser&) = delete;
  Parser& operator=(const Parser&) = delete;
  ~Parser() {
    if (ready) yaml_parser_delete(&state);
  }
};

struct Event {
  yaml_event_t event{};
  Event() = default;
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;
  ~Event() { yaml_event_delete(&event); }
};

class Reader {
 public:
  Reader(YamlData& data, bool lenient) : data_(data), lenient_(lenient) {}

  bool run(Error& error) {
    Parser parser;
    if (!parser.ready) {
      error = {ErrorCode::internal, "libyaml could not be started", {}};
      return false;
    }
    yaml_parser_set_encoding(&parser.state, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser.state, reinterpret_cast<const unsigned char*>(data_.text.data()),
                                 data_.text.size());
    bool good = true;
    while (true) {
      Event event;
      if (yaml_parser_parse(&parser.state, &event.event) == 0) {
        const std::string context = parser.state.context == nullptr ? "" : std::string(parser.state.context) + ": ";
        error = at(parser.state.problem_mark.index, ErrorCode::syntax,
                   context + (parser.state.problem == nullptr ? "cannot be read" : parser.state.problem));
        good = false;
        break;
      }
      if (event.event.type == YAML_STREAM_END_EVENT) break;
      if (!take(event.event)) {
        error = error_;
        good = false;
        break;
      }
    }
    while (!open_.empty()) close(data_.text.size());
    if (good && bounded_) {
      error = error_;
      good = false;
    }
    return good;
  }

 private:
  struct Open {
    std::uint32_t node = 0;
    std::size_t pending_from = 0;  // into pending_
    std::size_t size = 1;          // nodes below it, aliases expanded
    std::size_t height = 1;
  };
  struct Extent {
    std::size_t size = 1;
    std::size_t height = 1;
  };

  Error at(std::size_t character, ErrorCode code, std::string message) const {
    const Position place = data_.position(data_.byte_of_character(character));
    return {code, std::move(message), std::to_string(place.line) + ":" + std::to_string(place.column)};
  }

  std::string_view keep(std::string_view value, std::size_t begin) {
    const std::string_view here = data_.text.substr(std::min(begin, data_.text.size()), value.size());
    if (here == value) return here;
    return data_.strings.emplace_back(value);
  }

  std::uint32_t keep_tag(std::string_view tag) {
    if (tag.empty()) return 0;
    data_.strings.emplace_back(tag);
    return static_cast<std::uint32_t>(data_.strings.size());
  }

  std::size_t trimmed(std::size_t begin, std::size_t end) const {
    while (end > begin && std::string_view(" \t\r\n").find(data_.text[end - 1]) != std::string_view::npos) --end;
    return end;
  }

  std::uint32_t add(const yaml_event_t& event, YamlKind kind, Style style) {
    YamlData::Node node;
    node.kind = kind;
    node.style = style;
    node.begin = data_.byte_of_character(event.start_mark.index);
    node.raw_end = data_.byte_of_character(event.end_mark.index);
    node.end = trimmed(node.begin, node.raw_end);
    data_.nodes.push_back(node);
    extents_.resize(data_.nodes.size());
    closed_.resize(data_.nodes.size());
    flow_.resize(data_.nodes.size());
    return static_cast<std::uint32_t>(data_.nodes.size() - 1);
  }

  void hang(std::uint32_t node, Extent extent) {
    if (open_.empty()) {
      data_.roots.push_back(node);
      return;
    }
    pending_.push_back(node);
    Open& parent = open_.back();
    parent.size += extent.size;
    parent.height = std::max(parent.height, extent.height + 1);
  }

  void close(std::size_t raw_end) {
    const Open top = open_.back();
    open_.pop_back();
    YamlData::Node& node = data_.nodes[top.node];
    std::size_t count = pending_.size() - top.pending_from;
    if (node.kind == YamlKind::mapping) count -= count % 2;
    node.first_child = static_cast<std::uint32_t>(data_.children.size());
    node.child_count = static_cast<std::uint32_t>(count);
    const auto first = pending_.begin() + static_cast<std::ptrdiff_t>(top.pending_from);
    data_.children.insert(data_.children.end(), first, first + static_cast<std::ptrdiff_t>(count));
    pending_.resize(top.pending_from);
    node.raw_end = raw_end;
    const bool flow = flow_[top.node];
    node.end = trimmed(node.begin, raw_end);
    if (!flow && count > 0) node.end = std::max(node.begin, data_.nodes[data_.children.back()].end);
    if (node.kind == YamlKind::mapping) note_duplicates(node);
    extents_[top.node] = {top.size, top.height};
    closed_[top.node] = true;
    hang(top.node, extents_[top.node]);
  }

  void note_duplicates(const YamlData::Node& node) {
    std::unordered_set<std::string_view> seen;
    const bool few = node.child_count <= 16;
    for (std::uint32_t i = 0; i < node.child_count; i += 2) {
      const std::uint32_t key = data_.children[node.first_child + i];
      const YamlData::Node& meant = data_.meant(key);
      if (meant.kind != YamlKind::scalar || meant.value == "<<") continue;
      bool twice = false;
      if (few) {
        for (std::uint32_t k = 0; k < i && !twice; k += 2) {
          const YamlData::Node& other = data_.meant(data_.children[node.first_child + k]);
          twice = other.kind == YamlKind::scalar && other.value == meant.value;
        }
      } else {
        twice = !seen.insert(meant.value).second;
      }
      if (twice) data_.duplicates.push_back(key);
    }
  }

  bool take_alias(const yaml_event_t& event) {
    const auto found = anchors_.find(std::string(view(event.data.alias.anchor)));
    const std::uint32_t target = found == anchors_.end() ? 0 : found->second;
    const std::uint32_t index = add(event, YamlKind::missing, Style::plain);
    // An anchor still open would make a cycle.
    const bool cycle = target != 0 && data_.nodes[target].style == Style::collection && !closed_[target];
    if (target == 0 || cycle) {
      hang(index, {});
      if (target != 0 || lenient_) return true;
      error_ = at(event.start_mark.index, ErrorCode::syntax, "alias without anchor");
      return false;
    }
    const Extent extent = extents_[target];
    expanded_ += extent.size;
    if (open_.size() + extent.height > limits::max_yaml_depth || expanded_ > limits::max_yaml_nodes) {
      expanded_ -= extent.size;
      if (!bounded_) {
        error_ = at(event.start_mark.index, ErrorCode::limit,
                    "aliases expand beyond limits::max_yaml_nodes or max_yaml_depth");
      }
      bounded_ = true;
      hang(index, {});
      return lenient_;
    }
    data_.nodes[index].alias_of = target;
    hang(index, extent);
    return true;
  }

  bool take(const yaml_event_t& event) {
    switch (event.type) {
      case YAML_DOCUMENT_START_EVENT:
        anchors_.clear();
        return true;
      case YAML_ALIAS_EVENT:
        return count(event) && take_alias(event);
      case YAML_SCALAR_EVENT:
        return count(event) && take_scalar(event);
      case YAML_SEQUENCE_START_EVENT:
        return count(event) &&
               open(event, YamlKind::sequence, view(event.data.sequence_start.anchor),
                    view(event.data.sequence_start.tag), event.data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE);
      case YAML_MAPPING_START_EVENT:
        return count(event) &&
               open(event, YamlKind::mapping, view(event.data.mapping_start.anchor), view(event.data.mapping_start.tag),
                    event.data.mapping_start.style == YAML_FLOW_MAPPING_STYLE);
      case YAML_SEQUENCE_END_EVENT:
      case YAML_MAPPING_END_EVENT:
        close(data_.byte_of_character(event.end_mark.index));
        return true;
      default:
        return true;
    }
  }

  bool count(const yaml_event_t& event) {
    if (++expanded_ <= limits::max_yaml_nodes && data_.nodes.size() <= limits::max_yaml_nodes) return true;
    error_ = at(event.start_mark.index, ErrorCode::limit, "more nodes than limits::max_yaml_nodes");
    return false;
  }

  bool open(const yaml_event_t& event, YamlKind kind, std::string_view anchor, std::string_view tag, bool flow) {
    if (open_.size() >= limits::max_yaml_depth) {
      error_ = at(event.start_mark.index, ErrorCode::limit, "nested deeper than limits::max_yaml_depth");
      return false;
    }
    const std::uint32_t index = add(event, kind, Style::collection);
    data_.nodes[index].tag = keep_tag(tag);
    flow_[index] = flow;
    if (!anchor.empty()) anchors_[std::string(anchor)] = index;
    open_.push_back({.node = index, .pending_from = pending_.size()});
    return true;
  }

  bool take_scalar(const yaml_event_t& event) {
    const auto& scalar = event.data.scalar;
    Style style = Style::plain;
    if (scalar.style == YAML_SINGLE_QUOTED_SCALAR_STYLE) style = Style::single_quoted;
    if (scalar.style == YAML_DOUBLE_QUOTED_SCALAR_STYLE) style = Style::double_quoted;
    if (scalar.style == YAML_LITERAL_SCALAR_STYLE) style = Style::literal;
    if (scalar.style == YAML_FOLDED_SCALAR_STYLE) style = Style::folded;
    const std::string_view value(reinterpret_cast<const char*>(scalar.value), scalar.length);
    const bool null = style == Style::plain && is_null_word(value) && view(scalar.tag).empty();
    const std::uint32_t index = add(event, null ? YamlKind::null : YamlKind::scalar, style);
    YamlData::Node& node = data_.nodes[index];
    const std::size_t quote = style == Style::single_quoted || style == Style::double_quoted ? 1 : 0;
    if (!null) node.value = keep(value, node.begin + quote);
    node.tag = keep_tag(view(scalar.tag));
    if (!view(scalar.anchor).empty()) anchors_[std::string(view(scalar.anchor))] = index;
    hang(index, {});
    return true;
  }

  YamlData& data_;
  bool lenient_;
  bool bounded_ = false;
  Error error_;
  std::size_t expanded_ = 0;
  std::vector<Open> open_;
  std::vector<std::uint32_t> pending_;
  std::vector<Extent> extents_;
  std::unordered_map<std::string, std::uint32_t> anchors_;
  std::vector<bool> closed_;  // by node
  std::vector<bool> flow_;    // by node
};

}  // namespace

bool read_yaml_events(YamlData& data, bool lenient, Error& error) {
  data.index_text();
  return Reader(data, lenient).run(error);
}

}  // namespace assay::formats

#include "analyzer/product/policy.h"

#include <charconv>
#include <cstdlib>
#include <set>

#include "analyzer/formats/yaml_tree.h"

namespace assay::product {
namespace {

using formats::YamlNode;
using formats::YamlTree;

// Reads values out of one file and keeps the first thing that is wrong with it.
class Reading {
 public:
  explicit Reading(std::string file) : file_(std::move(file)) {}

  void wrong(const YamlNode& node, std::string message) {
    if (error_) return;
    const Position at = node.span().begin;
    error_ = Error{ErrorCode::usage, std::move(message),
                   file_ + ":" + std::to_string(at.line) + ":" + std::to_string(at.column)};
  }
  const std::optional<Error>& error() const { return error_; }

  std::string text(const YamlNode& parent, std::string_view key) {
    const YamlNode node = parent.at(key);
    if (!node.is_scalar() || node.text().empty()) {
      wrong(node.exists() ? node : parent, fmt::format("`{}` must be a text", key));
      return {};
    }
    return std::string(node.text());
  }
  std::string optional_text(const YamlNode& parent, std::string_view key) {
    return parent.at(key).exists() ? text(parent, key) : std::string();
  }
  double number(const YamlNode& node, std::string_view name, double least, double most) {
    double value = 0;
    const std::string_view digits = node.text();
    const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (!node.is_scalar() || problem != std::errc() || end != digits.data() + digits.size() || !(value >= least) ||
        !(value <= most)) {
      wrong(node, fmt::format("`{}` must be a number from {} to {}", name, least, most));
      return least;
    }
    return value;
  }
  double number(const YamlNode& parent, std::string_view key, double least, double most, std::optional<double> absent) {
    const YamlNode node = parent.at(key);
    if (!node.exists()) {
      if (!absent) wrong(parent, fmt::format("`{}` is missing", key));
      return absent.value_or(least);
    }
    return number(node, key, least, most);
  }
  std::vector<YamlNode> list(const YamlNode& parent, std::string_view key) {
    const YamlNode node = parent.at(key);
    if (!node.is_sequence()) wrong(node.exists() ? node : parent, fmt::format("`{}` must be a list", key));
    return node.items();
  }

 private:
  std::string file_;
  std::optional<Error> error_;
};

constexpr double large = 1e6;

int tier_number(std::string_view text) {
  return text.size() == 2 && text[0] == 'T' && text[1] >= '0' && text[1] <= '3' ? text[1] - '0' : -1;
}

void read_privileges(const YamlNode& root, Reading& in, ScoringPolicy& policy) {
  policy.version = "privilege-weights " + in.text(root, "version");
  policy.exposure_unknown = in.number(root, "exposure_unknown", 0, 1, {});
  policy.exposure_floor = in.number(root, "exposure_floor", 0, 1, {});
  const YamlNode tiers = root.at("tiers");
  policy.tiers = {in.number(tiers, "T0", 0, 1, {}), in.number(tiers, "T1", 0, 1, {}), in.number(tiers, "T2", 0, 1, {})};
  if (policy.tiers[0] < policy.tiers[1] || policy.tiers[1] < policy.tiers[2])
    in.wrong(tiers, "tiers must fall from T0 to T2");
  for (const YamlNode& node : in.list(root, "dimensions")) {
    Dimension dimension{.id = in.text(node, "id"),
                        .title = in.text(node, "title"),
                        .level_4 = in.text(node, "level_4"),
                        .turned = in.text(node, "turned"),
                        .weight = in.number(node, "weight", 0, 0.99, {})};
    for (const YamlNode& item : node.at("compensating").items()) {
      dimension.compensating.push_back({in.text(item, "what"), in.number(item, "exposure", 0, 1, {})});
    }
    if (policy.dimension(dimension.id)) in.wrong(node, fmt::format("dimension `{}` stands here twice", dimension.id));
    policy.dimensions.push_back(std::move(dimension));
  }
}

void read_stages(const YamlNode& root, Reading& in, ScoringPolicy& policy) {
  policy.version += ", stage-weights " + in.text(root, "version");
  policy.prior_alpha = in.number(root.at("prior"), "alpha", 0.01, large, {});
  policy.prior_beta = in.number(root.at("prior"), "beta", 0.01, large, {});
  policy.worst_quantile = in.number(root.at("bounds"), "worst", 0, 0.5, {});
  policy.best_quantile = in.number(root.at("bounds"), "best", 0.5, 1, {});
  for (const YamlNode& node : in.list(root, "stages")) {
    Stage stage{.id = in.text(node, "id"),
                .title = in.text(node, "title"),
                .door = in.text(node, "door"),
                .weight = in.number(node, "weight", 0, 0.99, {})};
    if (policy.stage(stage.id)) in.wrong(node, fmt::format("stage `{}` stands here twice", stage.id));
    policy.stages.push_back(std::move(stage));
  }
  for (const std::string_view name : {"E1", "E2", "E3", "E4", "EW"}) {
    const YamlNode node = root.at("evidence").at(name);
    EvidenceWeight weight{.count = in.number(node, "count", 0, large, {}),
                          .cap = in.number(node, "cap", 0, large, {}),
                          .half_life = in.number(node, "half_life", 0, large, 0.0)};
    for (const auto& [tier, count] : node.at("count_by_tier").entries()) {
      if (tier_number(tier.text()) < 0) in.wrong(tier, "a tier is T0, T1, T2 or T3");
      weight.count_by_tier[std::string(tier.text())] = in.number(count, tier.text(), 0, large);
    }
    policy.evidence.emplace(name, std::move(weight));
  }
  const YamlNode contradiction = root.at("contradiction");
  policy.undated_freshness = in.number(root, "undated_freshness", 0, 1, {});
  policy.contradiction_factor = in.number(contradiction, "factor", 0, 1, {});
  policy.says_at_least = in.number(contradiction, "says_at_least", 0, 1, {});
  policy.shown_at_most = in.number(contradiction, "shown_at_most", 0, 1, {});
  const YamlNode grade = root.at("grade");
  policy.grades = {in.number(grade, "A", 0, 1, {}), in.number(grade, "B", 0, 1, {}), in.number(grade, "C", 0, 1, {})};
  policy.fresh_at_least = in.number(root, "fresh_at_least", 0, 1, {});
  const std::vector<YamlNode> bands = in.list(root, "bands");
  if (bands.size() != 2) {
    in.wrong(root.at("bands"), "`bands` must be two numbers");
  } else {
    policy.bands = {in.number(bands[0], "bands", 0, 100), in.number(bands[1], "bands", 0, 100)};
  }
  policy.stability = in.number(root, "stability", 0, 1, {});
}

void read_controls(const YamlNode& root, Reading& in, ScoringPolicy& policy) {
  policy.version += ", required-evidence " + in.text(root, "version");
  for (const YamlNode& node : in.list(root, "controls")) {
    const std::string gate = in.optional_text(node, "gate");
    Control control{.id = in.text(node, "id"),
                    .stage = in.text(node, "stage"),
                    .title = in.text(node, "title"),
                    .question = in.text(node, "question"),
                    .contract = in.text(node, "contract"),
                    .weight = in.number(node, "weight", 0.01, 100, {}),
                    .from = tier_number(in.text(node, "from")),
                    .half_life = in.number(node, "half_life", 0, large, 0.0),
                    .stops = gate == "stop",
                    .not_applicable_when = in.optional_text(node, "not_applicable_when")};
    if (control.from < 0) in.wrong(node.at("from"), "`from` is T0, T1, T2 or T3");
    if (!gate.empty() && gate != "stop") in.wrong(node.at("gate"), "the only gate a control can have is `stop`");
    if (!policy.stage(control.stage)) in.wrong(node.at("stage"), fmt::format("there is no stage `{}`", control.stage));
    if (policy.control(control.id)) in.wrong(node, fmt::format("control `{}` stands here twice", control.id));
    policy.controls.push_back(std::move(control));
  }
}

void read_findings(const YamlNode& root, Reading& in, ScoringPolicy& policy) {
  policy.version += ", finding-evidence " + in.text(root, "version");
  const auto known_control = [&](const YamlNode& node) {
    std::string id = in.text(node, "control");
    if (!policy.control(id)) in.wrong(node.at("control"), fmt::format("there is no control `{}`", id));
    return id;
  };
  for (const YamlNode& node : in.list(root, "failures")) {
    FailureRule rule{.rule = in.optional_text(node, "rule"),
                     .stage = in.optional_text(node, "stage"),
                     .family = in.optional_text(node, "family"),
                     .control = known_control(node),
                     .value = in.number(node, "value", 0, 1, {}),
                     .stops = in.optional_text(node, "gate") == "stop",
                     .because = in.text(node, "because")};
    if (const YamlNode at = node.at("severity"); at.exists()) {
      Severity severity{};
      if (!from_word(at.text(), severity)) in.wrong(at, "severity is info, low, medium, high or critical");
      rule.severity = severity;
    }
    if (const YamlNode at = node.at("confidence"); at.exists()) {
      Confidence confidence{};
      if (!from_word(at.text(), confidence)) in.wrong(at, "confidence is low, medium or high");
      rule.confidence = confidence;
    }
    policy.failures.push_back(std::move(rule));
  }
  for (const YamlNode& node : in.list(root, "checks")) {
    policy.checks.push_back({.control = known_control(node),
                             .examined = in.text(node, "examined"),
                             .failed = in.optional_text(node, "failed"),
                             .because = in.text(node, "because"),
                             .value = in.number(node, "value", 0, 1, {})});
  }
}

int index_of(std::initializer_list<std::string_view> words, std::string_view word) {
  int index = 0;
  for (const std::string_view one : words) {
    if (one == word) return index;
    ++index;
  }
  return -1;
}

Result<void> read_decisions(std::string_view text, const std::string& file, ScoringPolicy& policy) {
  std::uint32_t line_number = 0;
  std::size_t rows = 0;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    ++line_number;
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty()) continue;
    const std::string where = file + ":" + std::to_string(line_number) + ":1";
    if (line_number == 1) {
      if (line != "gate,tier,grade,band,decision") {
        return fail(ErrorCode::usage, "the first line must be gate,tier,grade,band,decision", where);
      }
      continue;
    }
    std::vector<std::string_view> cells;
    for (std::size_t from = 0; from <= line.size();) {
      const std::size_t comma = std::min(line.find(',', from), line.size());
      cells.push_back(line.substr(from, comma - from));
      from = comma + 1;
    }
    if (cells.size() != 5 || cells[4].empty()) return fail(ErrorCode::usage, "a row has five cells", where);
    const int gate = index_of({"none", "contradiction", "stop"}, cells[0]);
    const int tier = tier_number(cells[1]);
    const int grade = index_of({"A", "B", "C", "D"}, cells[2]);
    const int band = index_of({"low", "middle", "high"}, cells[3]);
    if (gate < 0 || tier < 0 || grade < 0 || band < 0) {
      return fail(ErrorCode::usage,
                  "gate is none, contradiction or stop; tier T0 to T3; grade A to D; band low, middle or high", where);
    }
    std::string& cell = policy.decisions[static_cast<std::size_t>(gate)][static_cast<std::size_t>(tier)]
                                        [static_cast<std::size_t>(grade)][static_cast<std::size_t>(band)];
    if (!cell.empty()) return fail(ErrorCode::usage, "this combination stands here twice", where);
    cell = std::string(cells[4]);
    ++rows;
  }
  constexpr std::size_t wanted = 3 * 4 * 4 * 3;
  if (rows != wanted)
    return fail(ErrorCode::usage, fmt::format("the table needs {} rows and has {}", wanted, rows), file);
  return {};
}

template <class List>
auto find_by_id(const List& list, std::string_view id) -> decltype(list.data()) {
  for (const auto& item : list) {
    if (item.id == id) return &item;
  }
  return nullptr;
}

}  // namespace

const Dimension* ScoringPolicy::dimension(std::string_view id) const {
  return find_by_id(dimensions, id);
}
const Stage* ScoringPolicy::stage(std::string_view id) const {
  return find_by_id(stages, id);
}
const Control* ScoringPolicy::control(std::string_view id) const {
  return find_by_id(controls, id);
}

Result<ScoringPolicy> read_policy(const PolicyTexts& texts) {
  ScoringPolicy policy;
  using Section = void (*)(const YamlNode&, Reading&, ScoringPolicy&);
  const std::pair<std::pair<const char*, std::string_view>, Section> files[] = {
      {{"rules/policies/privilege-weights.yaml", texts.privilege_weights}, read_privileges},
      {{"rules/policies/stage-weights.yaml", texts.stage_weights}, read_stages},
      {{"rules/policies/required-evidence.yaml", texts.required_evidence}, read_controls},
      {{"rules/policies/finding-evidence.yaml", texts.finding_evidence}, read_findings},
  };
  for (const auto& [file, section] : files) {
    Result<YamlTree> tree = YamlTree::parse(file.second);
    if (!tree) return fail(tree.error().code, tree.error().message, std::string(file.first) + ":" + tree.error().where);
    Reading in(file.first);
    section(tree->root(), in, policy);
    if (in.error()) return tl::unexpected<Error>(*in.error());
  }
  ASSAY_CHECK(read_decisions(texts.decision_table, "rules/policies/decision-table.csv", policy));
  return policy;
}

}  // namespace assay::product

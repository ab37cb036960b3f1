#include "analyzer/product/product_file.h"

#include <charconv>
#include <optional>

#include "analyzer/formats/yaml_tree.h"
#include "analyzer/product/date.h"

namespace assay::product {
namespace {

using formats::YamlNode;
using formats::YamlTree;

using Words = std::vector<std::string_view>;

const Words& dimensions() {
  static const Words words = {"IDP", "DOM", "RCE", "HYP", "SEC", "CIC", "AGT", "NET",
                              "KRN", "BKP", "UPD", "API", "DAT", "MTN", "SUP"};
  return words;
}
const Words& stages() {
  static const Words words = {"SRC", "DEP", "BLD", "SGN", "DST", "OPS", "VUL", "RSP"};
  return words;
}

bool one_of(const Words& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

std::string joined(const Words& words) {
  std::string out;
  for (const std::string_view word : words) {
    if (!out.empty()) out += ", ";
    out += word;
  }
  return out;
}

constexpr std::size_t most_problems = 200;  // a person mends a few at a time

class Parser {
 public:
  Parser(const YamlTree& tree, std::string_view path, ProductFile& out) : tree_(tree), path_(path), out_(out) {}

  void run() {
    const YamlNode root = tree_.root();
    if (!root.is_mapping()) {
      problem(root.span(), "a product file is a mapping with `product:` and `answers:`; see docs/product.example.yaml");
      return;
    }
    only(root, {"product", "assessed_on", "evidence", "privileges", "answers"});
    for (const YamlNode& key : tree_.duplicates())
      problem(key.span(), fmt::format("`{}` stands here twice; keep one", key.text()));
    const bool answers_alone = root.entries().size() == 1 && root.at("answers").exists();
    if (!answers_alone) read_head(root);
    read_evidence(root.at("evidence"));
    for (const YamlNode& node : list(root.at("privileges"), "privileges")) read_privilege(node);
    for (const YamlNode& node : list(root.at("answers"), "answers")) read_answer(node);
  }

 private:
  void problem(Span at, std::string message) {
    if (out_.problems.size() >= most_problems) return;
    const Position begin = at.begin.line == 0 ? Position{1, 1} : at.begin;
    out_.problems.push_back(
        {ErrorCode::usage, std::move(message), fmt::format("{}:{}:{}", path_, begin.line, begin.column)});
  }

  void only(const YamlNode& node, const Words& allowed) {
    for (const auto& [key, value] : node.entries()) {
      if (!one_of(allowed, key.text())) {
        problem(key.span(), fmt::format("`{}` is not known here; this may hold {}", key.text(), joined(allowed)));
      }
    }
  }

  std::vector<YamlNode> list(const YamlNode& node, std::string_view name) {
    if (!node.exists() || node.kind() == formats::YamlKind::null) return {};
    if (!node.is_sequence()) {
      problem(node.span(), fmt::format("`{}` must be a list: begin each entry with '- '", name));
      return {};
    }
    std::vector<YamlNode> mappings;
    for (const YamlNode& item : node.items()) {
      if (item.is_mapping()) {
        mappings.push_back(item);
      } else {
        problem(item.span(), fmt::format("an entry of `{}` is a mapping like {{key: value}}", name));
      }
    }
    return mappings;
  }

  std::string text(const YamlNode& parent, std::string_view key) {
    const YamlNode node = parent.at(key);
    if (!node.exists() || node.kind() == formats::YamlKind::null) return {};
    if (!node.is_scalar()) {
      problem(node.span(), fmt::format("`{}` must be a text", key));
      return {};
    }
    return std::string(node.text());
  }

  std::string date(const YamlNode& parent, std::string_view key) {
    std::string value = text(parent, key);
    if (!value.empty() && (value.size() != 10 || !day_of(value))) {
      problem(parent.at(key).span(), fmt::format("`{}` is not a day; write it as yyyy-mm-dd, like 2026-05-01", value));
      return {};
    }
    return value;
  }

  std::optional<double> number(const YamlNode& node, std::string_view name, double least, double most) {
    double value = 0;
    const std::string_view digits = node.text();
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (!node.is_scalar() || digits.empty() || error != std::errc() || end != digits.data() + digits.size() ||
        !(value >= least && value <= most)) {
      problem(node.span(), fmt::format("`{}` must be a number from {} to {}", name, least, most));
      return std::nullopt;
    }
    return value;
  }

  void read_head(const YamlNode& root) {
    const YamlNode product = root.at("product");
    if (!product.is_mapping()) {
      problem(product.exists() ? product.span() : root.span(),
              "say what is under review: product: {name: …, vendor: …, version: …}");
    } else {
      only(product, {"name", "vendor", "version"});
      out_.name = text(product, "name");
      out_.vendor = text(product, "vendor");
      out_.version = text(product, "version");
      out_.at = product.at("name").exists() ? product.at("name").span() : product.span();
      if (out_.name.empty()) problem(product.span(), "the product needs a `name`");
    }
    out_.assessed_on = date(root, "assessed_on");
    if (!root.at("assessed_on").exists()) {
      problem(root.span(), "`assessed_on` is missing: the day the evidence was gathered, like 2026-05-01");
    }
  }

  void read_evidence(const YamlNode& node) {
    if (!node.exists() || node.kind() == formats::YamlKind::null) return;
    if (!node.is_mapping())
      return problem(node.span(), "`evidence` is a mapping like {repository: source/, sboms: [a.json]}");
    const Words kinds = {"repository", "sboms", "logs", "provenance", "questionnaire", "packages"};
    only(node, kinds);
    for (const auto& [key, value] : node.entries()) {
      if (!one_of(kinds, key.text())) continue;
      for (const YamlNode& item : value.one_or_many()) {
        if (!item.is_scalar() || item.text().empty()) {
          problem(item.span(), fmt::format("`{}` is a path or a list of paths", key.text()));
          continue;
        }
        out_.evidence.push_back({std::string(key.text()), std::string(item.text()), item.span()});
      }
    }
  }

  void read_privilege(const YamlNode& node) {
    only(node, {"dimension", "level", "exposure", "because"});
    DeclaredPrivilege privilege{
        .dimension = text(node, "dimension"), .because = text(node, "because"), .at = node.span()};
    if (!one_of(dimensions(), privilege.dimension)) {
      return problem(node.at("dimension").exists() ? node.at("dimension").span() : node.span(),
                     fmt::format("`dimension` must be one of {}", joined(dimensions())));
    }
    const std::optional<double> level = number(node.at("level").exists() ? node.at("level") : node, "level", 0, 4);
    if (!level) return;
    privilege.level = static_cast<int>(*level);
    if (*level != privilege.level)
      return problem(node.at("level").span(), "`level` is a whole number: 0, 1, 2, 3 or 4");
    if (const YamlNode exposure = node.at("exposure"); exposure.exists()) {
      const std::optional<double> value = number(exposure, "exposure", 0.1, 1);
      if (value && *value < 1 && privilege.because.empty()) {
        problem(exposure.span(),
                "an exposure below 1 needs `because`: which measure of yours holds the privilege back; it counts as 1 "
                "until then");
      } else {
        privilege.exposure = value.value_or(1);
      }
    }
    out_.privileges.push_back(std::move(privilege));
  }

  void read_answer(const YamlNode& node) {
    only(node,
         {"control", "stage", "question", "answer", "value", "known_by", "class", "dated", "reason", "withdrawn"});
    DeclaredAnswer answer{.control = text(node, "control"),
                          .stage = text(node, "stage"),
                          .question = text(node, "question"),
                          .answer = text(node, "answer"),
                          .evidence_class = class_of(node),
                          .dated = date(node, "dated"),
                          .reason = text(node, "reason"),
                          .at = node.span()};
    if (answer.control.empty())
      return problem(node.span(), "an answer needs the `control` it is about, like SRC-REVIEW");
    if (answer.stage.empty()) answer.stage = answer.control.substr(0, answer.control.find('-'));
    if (!one_of(stages(), answer.stage)) {
      return problem(node.at(node.at("stage").exists() ? "stage" : "control").span(),
                     fmt::format("`{}` names no stage: begin the control with one, or add `stage`: {}", answer.stage,
                                 joined(stages())));
    }
    if (answer.evidence_class.empty()) return;
    const bool has_value = answer.evidence_class != "EW" && answer.evidence_class != "NA";
    if (has_value) {
      const std::optional<double> value = value_of(node, answer.answer);
      if (!value) return;
      answer.value = *value;
    }
    if (answer.evidence_class == "E4" && answer.reason.empty()) {
      return problem(node.span(), "`known_by: checked` needs a `reason`: what you looked at and what you saw");
    }
    if (answer.evidence_class == "NA" && answer.reason.empty()) {
      problem(node.span(), "`not-applicable` without a `reason` counts as unanswered");
    }
    const std::string withdrawn = date(node, "withdrawn");
    if (!withdrawn.empty() && answer.evidence_class != "EW" && answer.value >= 0.5) {
      answer.reason = fmt::format("withdrawn by the vendor on {}", withdrawn);
      answer.evidence_class = "EW";
      answer.value = 0;
      answer.dated = withdrawn;
    }
    out_.answers.push_back(std::move(answer));
  }

  std::string class_of(const YamlNode& node) {
    constexpr std::pair<std::string_view, std::string_view> words[] = {{"told", "E1"},    {"signed", "E2"},
                                                                       {"audited", "E3"}, {"checked", "E4"},
                                                                       {"refused", "EW"}, {"not-applicable", "NA"}};
    const YamlNode given = node.at(node.at("class").exists() ? "class" : "known_by");
    for (const auto& [word, name] : words) {
      if (given.text() == word || given.text() == name) return std::string(name);
    }
    problem(given.exists() ? given.span() : node.span(),
            "`known_by` says how you know: told, signed, audited, checked, refused or not-applicable");
    return {};
  }

  std::optional<double> value_of(const YamlNode& node, std::string_view answer) {
    if (const YamlNode value = node.at("value"); value.exists()) return number(value, "value", 0, 1);
    std::string lower(answer);
    for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    if (one_of({"yes", "true"}, lower)) return 1.0;
    if (one_of({"no", "false"}, lower)) return 0.0;
    if (one_of({"partly", "partial", "alternate"}, lower)) return 0.5;
    problem(node.at("answer").exists() ? node.at("answer").span() : node.span(),
            "answer yes, no or partly, or add `value` from 0 (fails) to 1 (holds)");
    return std::nullopt;
  }

  const YamlTree& tree_;
  std::string_view path_;
  ProductFile& out_;
};

std::uint64_t place_order(const Error& error) {
  const std::size_t second = error.where.rfind(':');
  const std::size_t first = error.where.rfind(':', second - 1);
  std::uint64_t line = 0;
  std::uint64_t column = 0;
  std::from_chars(error.where.data() + first + 1, error.where.data() + second, line);
  std::from_chars(error.where.data() + second + 1, error.where.data() + error.where.size(), column);
  return (line << 32) | column;
}

}  // namespace

ProductFile parse_product_file(std::string_view bytes, std::string_view path) {
  ProductFile out;
  YamlTree::Salvaged read = YamlTree::salvage(bytes);
  Parser(read.tree, path, out).run();
  std::stable_sort(out.problems.begin(), out.problems.end(),
                   [](const Error& a, const Error& b) { return place_order(a) < place_order(b); });
  if (!read.complete) {
    Error error = read.error;
    error.where = std::string(path) + ":" + (error.where.empty() ? "1:1" : error.where);
    out.problems.insert(out.problems.begin(), std::move(error));
  }
  return out;
}

bool looks_like_product_file(std::string_view head) {
  bool product = false;
  bool other = false;
  while (!head.empty()) {
    const std::size_t end = std::min(head.find('\n'), head.size());
    const std::string_view line = head.substr(0, end);
    head.remove_prefix(std::min(end + 1, head.size()));
    product = product || line.starts_with("product:");
    other =
        other || line.starts_with("assessed_on:") || line.starts_with("privileges:") || line.starts_with("answers:");
  }
  return product && other;
}

ReadOutcome read_product(const intake::Input& input, evidence::Rows& rows) {
  ReadOutcome outcome;
  const ProductFile file = parse_product_file(input.bytes, input.artifact.path);
  if (!file.name.empty()) {
    rows.add(evidence::ProductRow{.at = rows.locate(file.at),
                                  .name = file.name,
                                  .vendor = file.vendor,
                                  .version = file.version,
                                  .assessed_on = file.assessed_on});
  }
  for (const DeclaredPrivilege& one : file.privileges) {
    rows.add(evidence::PrivilegeRow{.at = rows.locate(one.at),
                                    .dimension = one.dimension,
                                    .level = one.level,
                                    .exposure = one.exposure,
                                    .known_from = "declared",
                                    .reason = one.because});
  }
  for (const DeclaredAnswer& one : file.answers) {
    rows.add(evidence::ClaimRow{.at = rows.locate(one.at),
                                .control = one.control,
                                .stage = one.stage,
                                .question = one.question,
                                .answer = one.answer,
                                .value = one.value,
                                .evidence_class = one.evidence_class,
                                .dated = one.dated,
                                .reason = one.reason});
  }
  for (const Error& problem : file.problems) outcome.partly(problem.text());
  if (rows.empty() && !file.problems.empty()) outcome.not_at_all("nothing of it can be used");
  return outcome;
}

}  // namespace assay::product

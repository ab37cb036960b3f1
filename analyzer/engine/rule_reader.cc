#include "analyzer/engine/rule_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "analyzer/base/limits.h"
#include "analyzer/formats/yaml_words.h"

namespace assay::engine {
namespace {

using formats::yaml_place;
using formats::yaml_word;
using formats::yaml_words;
using formats::YamlNode;
using formats::YamlTree;

constexpr std::array<std::string_view, 21> keys_in_order = {
    "id",       "title",     "severity", "confidence",  "audience",    "maturity", "stage",
    "families", "incidents", "mappings", "equivalents", "why",         "fix",      "false_positives",
    "query",    "patterns",  "emit",     "message",     "fingerprint", "mend",     "tests"};
constexpr std::array<std::string_view, 7> stages = {"source", "dependency", "build",        "distribution",
                                                    "update", "developer",  "vendor-access"};
constexpr std::array<std::string_view, 15> families = {
    "account-takeover", "name-and-resolution", "poisoned-pipeline", "reference-rewrite", "build-environment",
    "update-channel",   "insider-handover",    "source-intrusion",  "self-propagation",  "developer-environment",
    "concealment",      "control-plane",       "execution-trigger", "secret-harvest",    "provenance-abuse"};

template <std::size_t N>
bool contains(const std::array<std::string_view, N>& table, std::string_view text) {
  return std::find(table.begin(), table.end(), text) != table.end();
}

class RuleFile {
 public:
  RuleFile(RuleReading& reading, std::string path) : reading_(reading), rule_(reading.rule), path_(std::move(path)) {}

  void read(const YamlTree& tree, const std::string& id) {
    const YamlNode root = tree.root();
    if (!root.is_mapping()) return complain(root, "a rule is a mapping of keys; see docs/writing-rules.md");
    for (const YamlNode& key : tree.duplicates()) complain(key, fmt::format("key '{}' stands twice", key.text()));
    check_keys(root);
    rule_.info.id = required(root, "id");
    if (rule_.info.id != id) complain(root.at("id"), fmt::format("the id must be '{}', the path of the file", id));
    read_info(root);
    read_match(root);
    for (const YamlNode& test : root.at("tests").items()) read_test(test);
    check_tests(root);
  }

 private:
  void complain(const YamlNode& node, std::string message) {
    reading_.errors.push_back({ErrorCode::rule, std::move(message), fmt::format("{}:{}", path_, yaml_place(node))});
  }

  std::string required(const YamlNode& root, std::string_view key) {
    const YamlNode node = root.at(key);
    std::string text = yaml_word(node);
    if (text.empty()) complain(node.exists() ? node : root, fmt::format("'{}' is missing or empty", key));
    return text;
  }

  template <class Enum>
  void read_word(const YamlNode& root, std::string_view key, Enum& into) {
    const std::string text = required(root, key);
    if (!text.empty() && !from_word(text, into)) complain(root.at(key), fmt::format("'{}' is not a {}", text, key));
  }

  void check_keys(const YamlNode& root) {
    std::size_t last = 0;
    for (const auto& [key, value] : root.entries()) {
      const auto found = std::find(keys_in_order.begin(), keys_in_order.end(), key.text());
      if (found == keys_in_order.end()) {
        complain(key, fmt::format("unknown key '{}'", key.text()));
        continue;
      }
      const auto index = static_cast<std::size_t>(found - keys_in_order.begin());
      if (index < last)
        complain(key, fmt::format("'{}' stands too late; the order is {}", key.text(), fmt::join(keys_in_order, ", ")));
      last = index;
    }
  }

  void read_info(const YamlNode& root) {
    RuleInfo& info = rule_.info;
    info.title = required(root, "title");
    read_word(root, "severity", info.severity);
    read_word(root, "confidence", info.confidence);
    read_word(root, "audience", info.audience);
    read_word(root, "maturity", info.maturity);
    info.stage = required(root, "stage");
    if (!contains(stages, info.stage))
      complain(root.at("stage"), fmt::format("'{}' is not a stage: {}", info.stage, fmt::join(stages, ", ")));
    info.families = yaml_words(root.at("families"));
    for (const YamlNode& family : root.at("families").one_or_many()) {
      if (!contains(families, family.text()))
        complain(family, fmt::format("'{}' is not a family: {}", family.text(), fmt::join(families, ", ")));
    }
    if (!root.at("incidents").exists()) complain(root, "'incidents' is missing; write [] when none is known");
    info.incidents = yaml_words(root.at("incidents"));
    for (const auto& [key, value] : root.at("mappings").entries())
      info.mappings[std::string(key.text())] = yaml_words(value);
    for (const auto& [key, value] : root.at("equivalents").entries())
      info.equivalents[std::string(key.text())] = yaml_words(value);
    info.why = required(root, "why");
    info.fix = required(root, "fix");
    info.false_positives = required(root, "false_positives");
  }

  void read_match(const YamlNode& root) {
    const YamlNode query = root.at("query");
    const YamlNode patterns = root.at("patterns");
    if (query.exists() == patterns.exists()) return complain(root, "a rule has either 'query' or 'patterns'");
    if (query.exists()) {
      rule_.query = yaml_word(query);
      rule_.query_line = query.span().begin.line + (query.block() ? 1 : 0);
      if (root.at("emit").exists()) complain(root.at("emit"), "'emit' belongs to pattern rules");
    } else {
      read_patterns(patterns);
      const std::string emit = required(root, "emit");
      rule_.emits_signal = emit == "signal";
      if (emit != "signal" && emit != "finding") complain(root.at("emit"), "'emit' is finding or signal");
    }
    if (!rule_.emits_signal) rule_.message = required(root, "message");
    if (rule_.emits_signal) rule_.message = yaml_word(root.at("message"));
    rule_.fingerprint = yaml_words(root.at("fingerprint"));
    rule_.mend = yaml_word(root.at("mend"));
  }

  void read_filter(const YamlNode& where, match::Filter& filter) {
    for (const auto& [key, value] : where.entries()) {
      for (const YamlNode& item : value.one_or_many()) {
        Language language{};
        Role role{};
        ArtifactKind kind{};
        const std::string_view text = item.text();
        if (key.text() == "language" && from_word(text, language)) {
          filter.languages |= 1ULL << static_cast<unsigned>(language);
        } else if (key.text() == "role" && from_word(text, role)) {
          filter.roles |= static_cast<std::uint32_t>(role);
        } else if (key.text() == "not_role" && from_word(text, role)) {
          filter.not_roles |= static_cast<std::uint32_t>(role);
        } else if (key.text() == "kind" && from_word(text, kind)) {
          filter.kinds |= 1U << static_cast<unsigned>(kind);
        } else {
          complain(item, fmt::format("'{}: {}' is not something a pattern can ask for", key.text(), text));
        }
      }
    }
  }

  void read_patterns(const YamlNode& block) {
    match::Filter filter;
    for (const auto& [key, value] : block.entries()) {
      if (key.text() != "where" && key.text() != "any")
        complain(key, fmt::format("unknown key '{}'; 'patterns' has 'where' and 'any'", key.text()));
    }
    read_filter(block.at("where"), filter);
    const std::vector<YamlNode> all = block.at("any").items();
    if (all.empty()) complain(block, "'patterns' needs at least one entry under 'any'");
    for (const YamlNode& node : all) read_pattern(node, filter);
  }

  void read_pattern(const YamlNode& node, const match::Filter& filter) {
    static constexpr std::array<std::string_view, 8> known = {"name", "regex", "literal", "list",
                                                              "case", "word",  "span",    "no_literal"};
    for (const auto& [key, value] : node.entries()) {
      if (!contains(known, key.text())) complain(key, fmt::format("unknown key '{}'", key.text()));
    }
    if (node.at("list").exists()) {
      rule_.lists.push_back({yaml_word(node.at("list")), filter});
      return;
    }
    match::Pattern pattern;
    pattern.rule = rule_.info.id;
    pattern.name = node.at("name").exists() ? yaml_word(node.at("name")) : rule_.info.id;
    pattern.filter = filter;
    pattern.no_literal = yaml_word(node.at("no_literal"));
    const bool caseless = node.at("case").text() == "insensitive";
    if (node.at("case").exists() && !caseless && node.at("case").text() != "sensitive")
      complain(node.at("case"), "'case' is sensitive or insensitive");
    const bool word = node.at("word").text() == "true";
    const std::string_view span = node.at("span").text();
    if (!span.empty() && span != "line" && span != "file") complain(node.at("span"), "'span' is line or file");
    pattern.reach = span == "file" ? match::Reach::file : match::Reach::line;
    if (node.at("literal").exists()) {
      pattern.expression = match::literal_expression(node.at("literal").text(), caseless, word);
    } else if (node.at("regex").exists()) {
      const std::string regex = yaml_word(node.at("regex"));
      pattern.expression = (caseless ? "(?i)" : "") + (word ? "\\b(?:" + regex + ")\\b" : regex);
    } else {
      return complain(node, "a pattern has 'regex', 'literal' or 'list'");
    }
    const Result<std::vector<std::string>> literals = match::required_literals(pattern.expression);
    if (!literals) return complain(node, literals.error().message);
    if (literals->empty() && pattern.no_literal.empty()) {
      return complain(node, fmt::format("no literal of {} characters that every match contains: the pattern would be "
                                        "tried on every line of every "
                                        "file; add one, or say why not with 'no_literal'",
                                        match::shortest_literal));
    }
    if (!literals->empty() && !pattern.no_literal.empty())
      complain(node.at("no_literal"), "the pattern has a literal; 'no_literal' is not needed");
    pattern.literals = *literals;
    rule_.patterns.push_back(std::move(pattern));
  }

  void read_files(const YamlNode& node, std::map<std::string, std::string>& into) {
    for (const auto& [key, value] : node.entries()) into[std::string(key.text())] = std::string(value.text());
  }

  void read_test(const YamlNode& node) {
    static constexpr std::array<std::string_view, 5> known = {"name", "files", "before", "history", "expect"};
    for (const auto& [key, value] : node.entries()) {
      if (!contains(known, key.text())) complain(key, fmt::format("unknown key '{}' in a test", key.text()));
    }
    RuleTest test;
    test.name = required(node, "name");
    read_files(node.at("files"), test.files);
    test.has_before = node.at("before").exists();
    read_files(node.at("before"), test.before);
    test.has_history = node.at("history").is_sequence();
    if (test.files.empty() && !test.has_history) complain(node, "a test needs 'files' or 'history'");
    if (!node.at("expect").exists()) complain(node, "'expect' is missing; write [] when nothing may be found");
    for (const YamlNode& item : node.at("expect").items()) {
      RuleTest::Expectation expectation;
      expectation.file = std::string(item.at("file").text());
      const std::string_view line = item.at("line").text();
      if (!line.empty()) {
        const auto [rest, code] = std::from_chars(line.data(), line.data() + line.size(), expectation.line);
        if (code != std::errc() || rest != line.data() + line.size()) complain(item.at("line"), "'line' is a number");
      }
      test.expect.push_back(std::move(expectation));
    }
    rule_.tests.push_back(std::move(test));
  }

  void check_tests(const YamlNode& root) {
    const auto finds = [](const RuleTest& test) { return !test.expect.empty(); };
    const bool positive = std::any_of(rule_.tests.begin(), rule_.tests.end(), finds);
    const bool negative =
        std::any_of(rule_.tests.begin(), rule_.tests.end(), [&](const RuleTest& test) { return !finds(test); });
    if (!positive || !negative)
      complain(root.at("tests").exists() ? root.at("tests") : root,
               "a rule needs a test that finds something and one, minimally different, that does not");
  }

  RuleReading& reading_;
  Rule& rule_;
  std::string path_;
};

}  // namespace

RuleReading read_rule(std::string_view text, const std::string& path, const std::string& id) {
  RuleReading reading;
  reading.rule.path = path;
  reading.rule.text = std::string(text);
  reading.rule.info.id = id;
  if (text.size() > limits::max_rule_bytes) {
    reading.errors.push_back(
        {ErrorCode::rule, fmt::format("larger than {} bytes (max_rule_bytes)", limits::max_rule_bytes), path});
    return reading;
  }
  const Result<YamlTree> tree = YamlTree::parse(text);
  if (!tree) {
    reading.errors.push_back({ErrorCode::rule, tree.error().message, path + ":" + tree.error().where});
    return reading;
  }
  RuleFile(reading, path).read(*tree, id);
  return reading;
}

}  // namespace assay::engine

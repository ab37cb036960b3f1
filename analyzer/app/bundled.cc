#include "analyzer/app/bundled.h"

#include <sqlite3.h>

#include "analyzer/app/rule_directory.h"
#include "analyzer/evidence/database.h"

extern "C" {
extern const char assay_rules_begin[];
extern const char assay_rules_end[];
extern const char assay_known_begin[];
extern const char assay_known_end[];
extern const char assay_policies_begin[];
extern const char assay_policies_end[];
}

namespace assay::app {
namespace {

// The rules in the bundle keep their text, so that they can be compiled again together with others.
Result<std::vector<engine::Rule>> bundled_rule_files() {
  ASSAY_TRY(const engine::Bundle bundle, engine::Bundle::load(bundled_rules()));
  std::vector<engine::Rule> rules;
  for (const engine::Rule& rule : bundle.rules())
    rules.push_back(engine::read_rule(rule.text, rule.path, rule.info.id).rule);
  return rules;
}

Result<std::vector<engine::Bundle::IndicatorValue>> bundled_indicators() {
  ASSAY_TRY(evidence::Database database, evidence::Database::create());
  ASSAY_CHECK(database.attach_image("known", bundled_known()));
  ASSAY_TRY(evidence::Statement statement, database.prepare("SELECT kind, value FROM known.indicator"));
  std::vector<engine::Bundle::IndicatorValue> values;
  while (true) {
    ASSAY_TRY(const bool more, statement.step());
    if (!more) return values;
    values.push_back({statement.shown(0), statement.shown(1)});
  }
}

}  // namespace

std::string_view bundled_rules() {
  return {assay_rules_begin, static_cast<std::size_t>(assay_rules_end - assay_rules_begin)};
}
std::string_view bundled_known() {
  return {assay_known_begin, static_cast<std::size_t>(assay_known_end - assay_known_begin)};
}

std::string_view bundled_policy(std::string_view name) {
  std::string_view rest(assay_policies_begin, static_cast<std::size_t>(assay_policies_end - assay_policies_begin));
  while (!rest.empty()) {
    const std::string_view header = rest.substr(0, rest.find('\n'));
    const std::size_t space = header.rfind(' ');
    const std::size_t size = std::stoul(std::string(header.substr(space + 1)));
    const std::string_view text = rest.substr(header.size() + 1, size);
    if (header.substr(0, space) == name) return text;
    rest.remove_prefix(header.size() + 1 + size);
  }
  return {};
}

Result<engine::Bundle> load_rules(const std::string& extra) {
  if (extra.empty()) return engine::Bundle::load(bundled_rules());
  RuleDirectory directory = read_rule_directory(extra);
  if (!directory.errors.empty()) return tl::unexpected<Error>(directory.errors.front());
  ASSAY_TRY(std::vector<engine::Rule> rules, bundled_rule_files());
  ASSAY_TRY(std::vector<engine::Bundle::IndicatorValue> indicators, bundled_indicators());
  std::move(directory.rules.begin(), directory.rules.end(), std::back_inserter(rules));
  return engine::Bundle::build(std::move(rules), indicators);
}

}  // namespace assay::app

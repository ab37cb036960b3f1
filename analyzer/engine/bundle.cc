#include "analyzer/engine/bundle.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "analyzer/base/digest.h"

namespace assay::engine {
namespace {

using nlohmann::json;

constexpr std::size_t shortest_indicator = 6;  // shorter ones would be found in any text

json to_json(const Rule& rule) {
  const RuleInfo& info = rule.info;
  return json::array({info.id,
                      info.title,
                      static_cast<int>(info.severity),
                      static_cast<int>(info.confidence),
                      static_cast<int>(info.audience),
                      static_cast<int>(info.maturity),
                      info.stage,
                      info.families,
                      info.incidents,
                      info.mappings,
                      info.equivalents,
                      info.why,
                      info.fix,
                      info.false_positives,
                      rule.query,
                      rule.emits_signal,
                      rule.message,
                      rule.fingerprint,
                      rule.mend,
                      rule.path,
                      rule.text,
                      rule.query_line});
}

Rule from_json(const json& row) {
  Rule rule;
  RuleInfo& info = rule.info;
  std::size_t i = 0;
  const auto take = [&](auto& into) { row.at(i++).get_to(into); };
  const auto take_enum = [&]<class Enum>(Enum& into) { into = static_cast<Enum>(row.at(i++).get<int>()); };
  take(info.id);
  take(info.title);
  take_enum(info.severity);
  take_enum(info.confidence);
  take_enum(info.audience);
  take_enum(info.maturity);
  take(info.stage);
  take(info.families);
  take(info.incidents);
  take(info.mappings);
  take(info.equivalents);
  take(info.why);
  take(info.fix);
  take(info.false_positives);
  take(rule.query);
  take(rule.emits_signal);
  take(rule.message);
  take(rule.fingerprint);
  take(rule.mend);
  take(rule.path);
  take(rule.text);
  take(rule.query_line);
  return rule;
}

}  // namespace

Result<Bundle> Bundle::build(std::vector<Rule> rules, const std::vector<IndicatorValue>& indicators) {
  Bundle bundle;
  std::map<std::string, Rule> by_id;
  for (Rule& rule : rules) by_id.insert_or_assign(rule.info.id, std::move(rule));
  std::string text;
  std::vector<match::Pattern> patterns;
  for (auto& [id, rule] : by_id) {
    text += rule.text;
    text += '\0';
    patterns.insert(patterns.end(), rule.patterns.begin(), rule.patterns.end());
    for (const ListPattern& list : rule.lists) {
      std::set<std::string> values;
      for (const IndicatorValue& indicator : indicators) {
        if (indicator.kind == list.kind && indicator.value.size() >= shortest_indicator) values.insert(indicator.value);
      }
      for (const std::string& value : values) {
        match::Pattern pattern;
        pattern.rule = id;
        pattern.name = list.kind;
        pattern.expression = match::literal_expression(value, true, true);
        pattern.filter = list.filter;
        patterns.push_back(std::move(pattern));
        text += value;
      }
    }
    bundle.rules_.push_back(std::move(rule));
  }
  ASSAY_TRY(match::PatternSet set, match::PatternSet::build(std::move(patterns)));
  bundle.patterns_ = std::make_unique<match::PatternSet>(std::move(set));
  bundle.digest_ = digest::sha256(text);
  return bundle;
}

Result<std::string> Bundle::serialise() const {
  json rules = json::array();
  for (const Rule& rule : rules_) rules.push_back(to_json(rule));
  ASSAY_TRY(const std::string patterns, patterns_->serialise());
  const json document = {
      {"digest", digest_}, {"rules", rules}, {"patterns", json::binary({patterns.begin(), patterns.end()})}};
  const std::vector<std::uint8_t> bytes = json::to_cbor(document);
  return std::string(bytes.begin(), bytes.end());
}

Result<Bundle> Bundle::load(std::string_view bytes) {
  try {
    const json document = json::from_cbor(bytes.begin(), bytes.end());
    Bundle bundle;
    bundle.digest_ = document.at("digest").get<std::string>();
    for (const json& row : document.at("rules")) bundle.rules_.push_back(from_json(row));
    const json::binary_t& patterns = document.at("patterns").get_binary();
    ASSAY_TRY(match::PatternSet set,
              match::PatternSet::load({reinterpret_cast<const char*>(patterns.data()), patterns.size()}));
    bundle.patterns_ = std::make_unique<match::PatternSet>(std::move(set));
    return bundle;
  } catch (const json::exception& error) {
    return fail(ErrorCode::internal, std::string("the rule bundle is damaged: ") + error.what());
  }
}

const Rule* Bundle::find(std::string_view id) const {
  const auto found = std::lower_bound(rules_.begin(), rules_.end(), id,
                                      [](const Rule& rule, std::string_view wanted) { return rule.info.id < wanted; });
  return found != rules_.end() && found->info.id == id ? &*found : nullptr;
}

}  // namespace assay::engine

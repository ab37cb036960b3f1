#include "analyzer/product/gather.h"

#include <tuple>

#include "analyzer/product/date.h"

namespace assay::product {
namespace {

using evidence::Database;
using evidence::Statement;

constexpr std::string_view place_columns = "a.path, l.line, l.column, l.end_line, l.end_column";

Location location_at(const Statement& row, int first) {
  const auto number = [&](int column) { return static_cast<std::uint32_t>(row.integer(first + column)); };
  return {std::string(row.text(first)), {{number(1), number(2)}, {number(3), number(4)}}};
}

std::optional<std::int64_t> age_of(std::string_view dated, std::string_view assessed_on) {
  const std::optional<std::int64_t> then = day_of(dated);
  const std::optional<std::int64_t> now = day_of(assessed_on);
  if (!then || !now) return std::nullopt;
  return std::max<std::int64_t>(0, *now - *then);
}

bool matches(std::string_view glob, std::string_view text) {
  std::size_t g = 0;
  std::size_t t = 0;
  std::size_t star = std::string_view::npos;
  std::size_t resume = 0;
  while (t < text.size()) {
    if (g < glob.size() && glob[g] == '*') {
      star = g++;
      resume = t;
    } else if (g < glob.size() && glob[g] == text[t]) {
      ++g;
      ++t;
    } else if (star != std::string_view::npos) {
      g = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (g < glob.size() && glob[g] == '*') ++g;
  return g == glob.size();
}

std::string_view how(std::string_view evidence_class) {
  if (evidence_class == "E1") return "told";
  if (evidence_class == "E2") return "told with a signature";
  if (evidence_class == "E3") return "audited";
  if (evidence_class == "E4") return "checked";
  if (evidence_class == "EW") return "refused to answer";
  return "not applicable";
}

// One sentence about a row of `claim`.
std::string claim_sentence(std::string_view evidence_class, std::string_view answer, std::string_view dated,
                           std::string_view reason) {
  std::string out(how(evidence_class));
  if (!answer.empty() && evidence_class != "EW") out += fmt::format(" “{}”", answer);
  out += dated.empty() ? " (no date)" : fmt::format(" ({})", dated);
  if (!reason.empty()) out += fmt::format(": {}", reason);
  return out;
}

Result<bool> any_row(Database& database, const std::string& sql) {
  ASSAY_TRY(Statement statement, database.prepare(sql));
  return statement.step();
}

Result<void> read_head(Database& database, Gathered& out) {
  ASSAY_TRY(Statement row,
            database.prepare("SELECT name, vendor, version, assessed_on FROM product ORDER BY product_id"));
  ASSAY_TRY(const bool found, row.step());
  if (!found) return {};
  out.name = std::string(row.text(0));
  out.vendor = std::string(row.text(1));
  out.version = std::string(row.text(2));
  out.assessed_on = std::string(row.text(3));
  return {};
}

Result<void> read_privileges(Database& database, const ScoringPolicy& policy, Gathered& out) {
  ASSAY_TRY(
      Statement row,
      database.prepare(fmt::format(
          "SELECT p.dimension, p.level, p.exposure, p.known_from, p.reason, ',' || a.role || ',', {} FROM privilege p "
          "LEFT JOIN location l ON l.location_id = p.at LEFT JOIN artifact a ON a.artifact_id = l.artifact_id "
          "ORDER BY p.dimension, p.level DESC, a.path, l.line, l.column, p.reason",
          place_columns)));
  struct Joined {
    int level = 0;
    double declared_exposure = 0;
    bool declared = false;
    int declared_level = 0;
  };
  std::map<std::string, Joined, std::less<>> joined;
  while (true) {
    ASSAY_TRY(const bool more, row.step());
    if (!more) break;
    SourcedPrivilege one{.held = {std::string(row.text(0)), static_cast<int>(row.integer(1)), row.real(2)},
                         .declared = row.text(3) == "declared",
                         .reason = std::string(row.text(4)),
                         .at = location_at(row, 6)};
    const std::string_view roles = row.text(5);
    const bool beside = roles.find(",test,") != roles.npos || roles.find(",documentation,") != roles.npos ||
                        roles.find(",vendored,") != roles.npos;
    if (!one.declared && beside) continue;
    if (policy.dimension(one.held.dimension) == nullptr) continue;
    Joined& all = joined[one.held.dimension];
    all.level = std::max(all.level, one.held.level);
    if (one.declared) {
      const double exposure =
          one.reason.empty() || one.held.exposure <= 0 ? policy.exposure_unknown : one.held.exposure;
      all.declared_exposure = std::max(all.declared_exposure, exposure);
      all.declared = true;
      all.declared_level = std::max(all.declared_level, one.held.level);
    }
    out.privileges.push_back(std::move(one));
  }
  // Exposure is the buyer's own affair: only what the buyer declared can lower it, for whatever the artefacts show.
  for (const auto& [dimension, all] : joined) {
    out.file.privileges.push_back(
        {dimension, all.level, all.declared ? all.declared_exposure : policy.exposure_unknown});
  }
  return {};
}

Result<void> read_claims(Database& database, std::string_view schema, const ScoringPolicy& policy, Gathered& out) {
  const bool earlier = schema != "main";
  ASSAY_TRY(
      Statement row,
      database.prepare(fmt::format(
          "SELECT c.control, c.stage, c.evidence_class, c.value, c.dated, c.answer, c.reason, c.question, {1} FROM "
          "{0}.claim c "
          "LEFT JOIN {0}.location l ON l.location_id = c.at LEFT JOIN {0}.artifact a ON a.artifact_id = l.artifact_id "
          "ORDER BY c.control, c.evidence_class, a.path, l.line, l.column, c.value, c.dated",
          schema, place_columns)));
  while (true) {
    ASSAY_TRY(const bool more, row.step());
    if (!more) return {};
    SourcedItem one{.item = {std::string(row.text(0)), std::string(row.text(1)), std::string(row.text(2)), row.real(3),
                             age_of(row.text(4), out.assessed_on)},
                    .sentence = claim_sentence(row.text(2), row.text(5), row.text(4), row.text(6)),
                    .question = std::string(row.text(7)),
                    .at = location_at(row, 8)};
    const Control* control = policy.control(one.item.control);
    if (control != nullptr) one.item.stage = control->stage;
    if (one.item.evidence_class == "NA") {
      if (earlier || control == nullptr || row.text(6).empty()) continue;
      bool confirmed = false;
      if (!control->not_applicable_when.empty()) {
        ASSAY_TRY(confirmed, any_row(database, control->not_applicable_when));
      }
      if (confirmed) {
        out.file.not_applicable.insert(control->id);
        out.items.push_back(std::move(one));
      } else {
        out.rejected.push_back(
            fmt::format("{} is called not applicable, which the evidence does not confirm", control->id));
      }
      continue;
    }
    if (earlier) {
      if (one.item.value >= 0.5 && one.item.evidence_class != "EW") continue;
      one.sentence = "in an earlier assessment " + one.sentence;
    }
    if (policy.evidence.contains(one.item.evidence_class)) out.items.push_back(std::move(one));
  }
}

void map_findings(const std::vector<Finding>& findings, const std::vector<RuleInfo>& rules, const ScoringPolicy& policy,
                  Gathered& out, std::set<std::string, std::less<>>& failing) {
  std::map<std::string_view, const RuleInfo*> by_id;
  for (const RuleInfo& rule : rules) by_id.emplace(rule.id, &rule);
  for (const Finding& finding : findings) {
    if (!finding.suppressions.empty()) continue;
    const auto rule = by_id.find(finding.rule);
    const FailureRule* fits = failure_of(finding, rule == by_id.end() ? nullptr : rule->second, policy);
    if (fits == nullptr) continue;
    failing.insert(fits->control);
    const std::string sentence = fmt::format("{}: {} ({})", fits->because, finding.message, finding.rule);
    if (fits->stops) {
      out.file.stop = true;
      out.stops.push_back(sentence);
    }
    out.items.push_back({.item = {fits->control, policy.control(fits->control)->stage, "E4", fits->value, 0},
                         .sentence = sentence,
                         .question = {},
                         .at = finding.at});
  }
}

Result<void> run_checks(Database& database, const ScoringPolicy& policy, Gathered& out,
                        const std::set<std::string, std::less<>>& failing) {
  for (const CheckRule& check : policy.checks) {
    ASSAY_TRY(const bool examined, any_row(database, check.examined));
    if (!examined) continue;
    const std::string& stage = policy.control(check.control)->stage;
    bool failed = false;
    if (!check.failed.empty()) {
      ASSAY_TRY(Statement row, database.prepare(check.failed));
      ASSAY_TRY(failed, row.step());
      if (failed) {
        Location at;
        if (const Result<Database::Place> place = database.place(row.integer(0))) at = {place->path, place->span};
        out.items.push_back({.item = {check.control, stage, "E4", 0, 0},
                             .sentence = std::string(row.text(1)),
                             .question = {},
                             .at = at});
      }
    }
    if (!failed && !failing.contains(check.control)) {
      out.items.push_back(
          {.item = {check.control, stage, "E4", check.value, 0}, .sentence = check.because, .question = {}, .at = {}});
    }
  }
  return {};
}

}  // namespace

const FailureRule* failure_of(const Finding& finding, const RuleInfo* rule, const ScoringPolicy& policy) {
  for (const FailureRule& entry : policy.failures) {
    if (!entry.rule.empty() && !matches(entry.rule, finding.rule)) continue;
    if (!entry.stage.empty() && (rule == nullptr || rule->stage != entry.stage)) continue;
    if (!entry.family.empty() && (rule == nullptr || std::find(rule->families.begin(), rule->families.end(),
                                                               entry.family) == rule->families.end())) {
      continue;
    }
    if (entry.severity && finding.severity < *entry.severity) continue;
    if (entry.confidence && finding.confidence < *entry.confidence) continue;
    return &entry;
  }
  return nullptr;
}

Result<Gathered> gather(Database& database, const std::vector<Finding>& findings, const std::vector<RuleInfo>& rules,
                        const ScoringPolicy& policy) {
  Gathered out;
  ASSAY_CHECK(read_head(database, out));
  ASSAY_CHECK(read_privileges(database, policy, out));
  ASSAY_CHECK(read_claims(database, "main", policy, out));
  if (database.has_schema("before")) ASSAY_CHECK(read_claims(database, "before", policy, out));
  std::set<std::string, std::less<>> failing;
  map_findings(findings, rules, policy, out, failing);
  ASSAY_CHECK(run_checks(database, policy, out, failing));
  std::stable_sort(out.items.begin(), out.items.end(), [](const SourcedItem& a, const SourcedItem& b) {
    const auto key = [](const SourcedItem& one) {
      return std::tie(one.item.control, one.item.evidence_class, one.item.value, one.at.path, one.at.span,
                      one.sentence);
    };
    return key(a) < key(b);
  });
  std::sort(out.stops.begin(), out.stops.end());
  for (const SourcedItem& one : out.items) {
    if (one.item.evidence_class != "NA") out.file.evidence.push_back(one.item);
  }
  return out;
}

}  // namespace assay::product

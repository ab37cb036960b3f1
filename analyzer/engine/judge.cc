#include "analyzer/engine/judge.h"

#include <fmt/format.h>

#include <tbb/enumerable_thread_specific.h>
#include <tbb/global_control.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <memory>
#include <tuple>
#include <unordered_set>

#include "analyzer/base/limits.h"
#include "analyzer/engine/fingerprint.h"

namespace assay::engine {
namespace {

constexpr std::size_t longest_value = 200;

// Cuts on a character boundary.
std::string shortened(std::string_view text) {
  if (text.size() <= longest_value) return std::string(text);
  std::size_t end = longest_value;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return std::string(text.substr(0, end)) + "…";
}

// Location ids to places, through one prepared statement.
class Places {
 public:
  explicit Places(evidence::Database& database) : database_(database) {}
  Result<Location> find(evidence::LocationId id) {
    if (!statement_) {
      ASSAY_TRY(statement_,
                database_.prepare(
                    "SELECT a.path, l.line, l.\"column\", l.end_line, l.end_column FROM location l JOIN artifact a "
                    "USING (artifact_id) WHERE l.location_id = ?"));
    }
    statement_->reset();
    statement_->bind(1, id);
    ASSAY_TRY(const bool found, statement_->step());
    Location location;
    if (!found) return whole(id);
    location.path = statement_->shown(0);
    const auto number = [&](int column) { return static_cast<std::uint32_t>(statement_->integer(column)); };
    location.span = {{number(1), number(2)}, {number(3), number(4)}};
    return location;
  }

 private:
  // An id without a row is an artifact as a whole: `artifact_id << 23`, for files that gave no location of their own.
  Result<Location> whole(evidence::LocationId id) {
    if (!artifact_) {
      ASSAY_TRY(artifact_, database_.prepare("SELECT path FROM artifact WHERE artifact_id = ?"));
    }
    artifact_->reset();
    artifact_->bind(1, id >> 23);
    ASSAY_TRY(const bool found, artifact_->step());
    Location location;
    if (found) location.path = artifact_->shown(0);
    return location;
  }

  evidence::Database& database_;
  std::optional<evidence::Statement> statement_;
  std::optional<evidence::Statement> artifact_;
};

Finding finding_of(const Rule& rule) {
  Finding finding;
  finding.rule = rule.info.id;
  finding.severity = rule.info.severity;
  finding.confidence = rule.info.confidence;
  finding.audience = rule.info.audience;
  finding.incidents = rule.info.incidents;
  return finding;
}

Result<void> read_row(evidence::Statement& row, const Rule& rule, Places& places, Finding& finding) {
  bool has_at = false;
  for (int i = 0; i < row.column_count(); ++i) {
    const std::string name(row.column_name(i));
    if (name == "at" || name.starts_with("at_")) {
      ASSAY_TRY(Location location, places.find(row.integer(i)));
      if (name == "at") {
        finding.at = std::move(location);
        has_at = true;
      } else if (!row.is_null(i)) {
        std::string label = name.substr(3);
        std::replace(label.begin(), label.end(), '_', ' ');
        finding.related.emplace_back(std::move(label), std::move(location));
      }
      continue;
    }
    if (name == "severity") from_word(row.text(i), finding.severity);
    if (name == "confidence") from_word(row.text(i), finding.confidence);
    // What is not confirmed may be shown, but must not stop anything.
    if (name == "certainty" && !row.text(i).empty() && row.text(i) != "confirmed")
      finding.severity = std::min(finding.severity, Severity::medium);
    if (name == "incident" && !row.text(i).empty()) finding.incidents = {row.shown(i)};
    finding.values[name] = shortened(row.text(i));
  }
  if (!has_at) return fail(ErrorCode::rule, "the query does not return 'at'", rule.path);
  return {};
}

Error rule_error(const Rule& rule, const Error& error) {
  return {ErrorCode::rule, error.message, fmt::format("{}:{}", rule.path, rule.query_line)};
}

constexpr std::string_view signal_query =
    "SELECT s.at, s.text, s.value, s.path, s.pattern, k.incident, k.certainty FROM signal s LEFT JOIN known.indicator "
    "k ON k.kind = s.pattern AND "
    "k.value = s.text COLLATE NOCASE WHERE s.rule = ? GROUP BY s.signal_id";
constexpr std::string_view plain_signal_query = "SELECT at, text, value, path, pattern FROM signal WHERE rule = ?";

}  // namespace

std::string fill(const std::string& pattern, const std::map<std::string, std::string>& values) {
  std::string out;
  for (std::size_t at = 0; at < pattern.size();) {
    const std::size_t open = pattern.find('{', at);
    const std::size_t close = open == std::string::npos ? open : pattern.find('}', open);
    if (close == std::string::npos) return out + pattern.substr(at);
    out += pattern.substr(at, open - at);
    const auto found = values.find(pattern.substr(open + 1, close - open - 1));
    out += found == values.end() ? pattern.substr(open, close - open + 1) : found->second;
    at = close + 1;
  }
  return out;
}

Result<void> check_query(evidence::Database& empty, const Rule& rule) {
  if (rule.is_pattern_rule()) return {};
  const Result<evidence::Statement> statement = empty.prepare(rule.query);
  if (!statement) return tl::unexpected<Error>(rule_error(rule, statement.error()));
  bool has_at = false;
  for (int i = 0; i < statement->column_count(); ++i) has_at = has_at || statement->column_name(i) == "at";
  if (!has_at)
    return fail(ErrorCode::rule, "the query does not return 'at'", fmt::format("{}:{}", rule.path, rule.query_line));
  return {};
}

namespace {

// What one rule said.
struct Answer {
  std::vector<Finding> findings;
  std::string incomplete;
  double seconds = 0;
};

// One connection and what it looks places up with: one thread's.
struct Bench {
  explicit Bench(evidence::Database& asked) : database(asked), places(asked) {}
  evidence::Database& database;
  Places places;
};

Result<Answer> ask(const Rule& rule, Bench& bench, const JudgeOptions& options) {
  Answer answer;
  const auto start = std::chrono::steady_clock::now();
  const std::string_view signals = bench.database.has_schema("known") ? signal_query : plain_signal_query;
  Result<evidence::Statement> statement =
      bench.database.prepare(rule.is_pattern_rule() ? signals : std::string_view(rule.query));
  if (!statement) return tl::unexpected<Error>(rule_error(rule, statement.error()));
  if (rule.is_pattern_rule()) statement->bind(1, std::string_view(rule.info.id));
  for (std::size_t count = 0;; ++count) {
    const Result<bool> more = statement->step();
    if (!more && more.error().code == ErrorCode::limit) {
      answer.incomplete = fmt::format("{}: {}", rule.info.id, more.error().message);
      break;
    }
    if (!more) return tl::unexpected<Error>(rule_error(rule, more.error()));
    if (!*more) break;
    if (count == limits::max_findings_per_rule) {
      answer.incomplete =
          fmt::format("{}: more than {} findings (max_findings_per_rule)", rule.info.id, limits::max_findings_per_rule);
      break;
    }
    Finding finding = finding_of(rule);
    ASSAY_CHECK(read_row(*statement, rule, bench.places, finding));
    if (finding.confidence < options.min_confidence) continue;
    finding.message = fill(rule.message, finding.values);
    answer.findings.push_back(std::move(finding));
  }
  answer.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return answer;
}

// Most subjects hold few signals: one look tells which pattern rules need no question at all.
Result<std::unordered_set<std::string>> rules_with_signals(evidence::Database& database) {
  std::unordered_set<std::string> ids;
  ASSAY_TRY(evidence::Statement rules, database.prepare("SELECT DISTINCT rule FROM signal"));
  while (true) {
    ASSAY_TRY(const bool more, rules.step());
    if (!more) return ids;
    ids.insert(rules.shown(0));
  }
}

// The rules to ask; the judgement says which were passed over and why.
Result<std::vector<const Rule*>> rules_to_ask(evidence::Database& database, const Bundle& bundle,
                                              const JudgeOptions& options, Judgement& judgement) {
  ASSAY_TRY(const std::unordered_set<std::string> signalled, rules_with_signals(database));
  std::vector<const Rule*> asked;
  for (const Rule& rule : bundle.rules()) {
    if (rule.emits_signal || static_cast<int>(rule.info.audience) > static_cast<int>(options.audience) ||
        rule.info.maturity == Maturity::deprecated)
      continue;
    bool absent = false;
    for (const std::string_view schema : {"before", "past", "known"}) {
      if (rule.query.find(std::string(schema) + ".") == std::string::npos || database.has_schema(schema)) continue;
      judgement.skipped.push_back(fmt::format("{}: needs '{}', which is not there", rule.info.id, schema));
      absent = true;
      break;
    }
    if (absent) continue;
    ++judgement.applied;
    if (!rule.is_pattern_rule() || signalled.contains(rule.info.id)) asked.push_back(&rule);
  }
  return asked;
}

std::vector<Result<Answer>> ask_in_turn(evidence::Database& database, const std::vector<const Rule*>& rules,
                                        const JudgeOptions& options) {
  Bench bench(database);
  std::vector<Result<Answer>> answers;
  answers.reserve(rules.size());
  for (const Rule* rule : rules) answers.push_back(ask(*rule, bench, options));
  return answers;
}

// Each thread asks through a connection of its own to the same bytes.
Result<std::vector<Result<Answer>>> ask_side_by_side(const evidence::Snapshot& snapshot,
                                                     const std::vector<const Rule*>& rules,
                                                     const JudgeOptions& options) {
  struct Connection {
    Result<evidence::Database> database;
    std::optional<Bench> bench;
    explicit Connection(const evidence::Snapshot& bytes) : database(evidence::Database::open(bytes)) {
      if (database) bench.emplace(*database);
    }
  };
  tbb::enumerable_thread_specific<std::unique_ptr<Connection>> connections;
  std::vector<Result<Answer>> answers(rules.size());
  tbb::parallel_for(std::size_t{0}, rules.size(), [&](std::size_t i) {
    std::unique_ptr<Connection>& mine = connections.local();
    if (mine == nullptr) mine = std::make_unique<Connection>(snapshot);
    if (mine->bench)
      answers[i] = ask(*rules[i], *mine->bench, options);
    else
      answers[i] = tl::unexpected<Error>(mine->database.error());
  });
  return answers;
}

}  // namespace

Result<Judgement> judge(evidence::Database& database, const Bundle& bundle, const JudgeOptions& options) {
  Judgement judgement;
  ASSAY_TRY(const std::vector<const Rule*> rules, rules_to_ask(database, bundle, options, judgement));
  std::vector<Result<Answer>> answers;
  ASSAY_TRY(const std::uint64_t size, database.size());
  if (size >= options.side_by_side_from &&
      tbb::global_control::active_value(tbb::global_control::max_allowed_parallelism) > 1) {
    ASSAY_TRY(const evidence::Snapshot snapshot, database.snapshot());
    ASSAY_TRY(answers, ask_side_by_side(snapshot, rules, options));
  } else {
    answers = ask_in_turn(database, rules, options);
  }
  for (std::size_t i = 0; i < rules.size(); ++i) {
    if (!answers[i]) return tl::unexpected<Error>(answers[i].error());
    std::move(answers[i]->findings.begin(), answers[i]->findings.end(), std::back_inserter(judgement.findings));
    if (!answers[i]->incomplete.empty()) judgement.incomplete.push_back(std::move(answers[i]->incomplete));
    if (options.time_rules) judgement.seconds.emplace_back(rules[i]->info.id, answers[i]->seconds);
  }
  const auto key = [](const Finding& f) { return std::tie(f.at.path, f.at.span, f.rule, f.message); };
  std::sort(judgement.findings.begin(), judgement.findings.end(),
            [&](const Finding& a, const Finding& b) { return key(a) < key(b); });
  judgement.findings.erase(std::unique(judgement.findings.begin(), judgement.findings.end(),
                                       [&](const Finding& a, const Finding& b) { return key(a) == key(b); }),
                           judgement.findings.end());
  add_fingerprints(judgement.findings, bundle);
  return judgement;
}

}  // namespace assay::engine

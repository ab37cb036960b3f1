#include "analyzer/app/examine.h"

#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <algorithm>
#include <chrono>
#include <iostream>
#include <iterator>
#include <set>
#include <unordered_set>

#include "analyzer/app/bundled.h"
#include "analyzer/app/gather.h"
#include "analyzer/app/lines.h"
#include "analyzer/app/past.h"
#include "analyzer/app/rule_directory.h"
#include "analyzer/app/version.h"
#include "analyzer/base/limits.h"
#include "analyzer/drift/compare.h"
#include "analyzer/engine/judge.h"
#include "analyzer/paths/find_paths.h"
#include "reports/render.h"

namespace assay::app {
namespace {

std::uint64_t peak_memory() {
  struct rusage usage {};
  if (getrusage(RUSAGE_SELF, &usage) != 0) return 0;
  return static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
}

// Names the stages as they pass; costs nothing unless asked for.
class Clock {
 public:
  explicit Clock(Report& report, bool wanted) : report_(report), wanted_(wanted) {}
  void passed(const std::string& stage) {
    if (!wanted_) return;
    const auto now = std::chrono::steady_clock::now();
    report_.timings.push_back({stage, std::chrono::duration<double>(now - last_).count(), peak_memory()});
    last_ = now;
  }

 private:
  Report& report_;
  bool wanted_;
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

// The ten dearest patterns and the ten dearest rules, behind the stages. Matching is the sum over the threads.
void add_costs(const match::ScanCost& matching, const engine::Bundle& bundle,
               std::vector<std::pair<std::string, double>> rules, Report& report) {
  constexpr std::size_t shown = 10;
  const auto add = [&](std::string_view what, std::vector<std::pair<std::string, double>> costs) {
    std::sort(costs.begin(), costs.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
    costs.resize(std::min(costs.size(), shown));
    for (auto& [name, seconds] : costs) report.timings.push_back({fmt::format("{} {}", what, name), seconds});
  };
  const std::vector<match::Pattern>& patterns = bundle.patterns().patterns();
  double confirming = 0;
  std::vector<std::pair<std::string, double>> dearest;
  for (std::size_t i = 0; i < matching.patterns.size(); ++i) {
    const match::ScanCost::OfPattern& spent = matching.patterns[i];
    confirming += spent.seconds;
    if (spent.confirmed > 0)
      dearest.emplace_back(fmt::format("{} {} ({} confirmations)", patterns[i].rule, patterns[i].name, spent.confirmed),
                           spent.seconds);
  }
  report.timings.push_back({"matching: literals, all threads", matching.prefilter_seconds});
  report.timings.push_back({"matching: expressions, all threads", confirming});
  add("pattern", std::move(dearest));
  add("rule", std::move(rules));
}

Result<std::unique_ptr<evidence::Database>> open_database(const ExamineOptions& options) {
  ASSAY_TRY(evidence::Database opened, evidence::Database::create());
  auto database = std::make_unique<evidence::Database>(std::move(opened));
  ASSAY_CHECK(database->attach_image("known", bundled_known()));
  if (!options.past.empty()) ASSAY_CHECK(database->attach_file("past", options.past));
  return database;
}

void describe_inputs(const Gathered& gathered, Report& report) {
  report.inputs = gathered.artifacts.size();
  report.bytes = gathered.bytes;
  for (const Artifact& artifact : gathered.artifacts) {
    ++report.inputs_by_kind[std::string(word(artifact.kind))];
    if (artifact.outcome.coverage == Coverage::read) continue;
    report.not_fully_read.push_back({artifact.path, artifact.kind, artifact.outcome.coverage,
                                     fmt::format("{}", fmt::join(artifact.outcome.gaps, "; "))});
  }
  std::sort(report.not_fully_read.begin(), report.not_fully_read.end(),
            [](const CoverageLine& a, const CoverageLine& b) { return a.path < b.path; });
}

Result<void> describe_known(evidence::Database& database, Report& report) {
  ASSAY_TRY(evidence::Statement statement, database.prepare("SELECT key, value FROM known.meta"));
  while (true) {
    ASSAY_TRY(const bool more, statement.step());
    if (!more) return {};
    if (statement.text(0) == "date") report.known_date = statement.shown(1);
    if (statement.text(0) == "digest") report.known_digest = statement.shown(1);
  }
}

// Findings that an earlier report already had are known, the others new.
Result<void> compare_with_baseline(const std::string& path, std::vector<Finding>& findings) {
  ASSAY_TRY(const std::string text, read_whole_file(path, limits::max_document_bytes));
  Result<Report> earlier = reports::read_json(text);
  if (!earlier) return fail(ErrorCode::usage, "not a report of Assay in JSON: " + earlier.error().text(), path);
  std::unordered_set<std::string> known;
  for (const Finding& finding : earlier->findings) known.insert(finding.fingerprint);
  for (Finding& finding : findings) {
    const bool is_known = known.contains(finding.fingerprint);
    finding.standing = is_known ? Standing::known : Standing::fresh;
    if (is_known) finding.suppressions.push_back({"was there before", "", path});
  }
  return {};
}

void name_rules(const engine::Bundle& bundle, Report& report) {
  std::set<std::string> used;
  for (const Finding& finding : report.findings) used.insert(finding.rule);
  for (const std::string& id : used) {
    if (const engine::Rule* rule = bundle.find(id)) report.rules.push_back(rule->info);
  }
}

bool is_directory(const std::string& path) {
  struct stat status {};
  return stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
}

std::string standard_input() {
  return {std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>()};
}

}  // namespace

Result<Source> open_source(const std::string& path) {
  Source source;
  source.name = path;
  if (path == "-") {
    std::vector<std::pair<std::string, std::string>> files;
    files.emplace_back("stdin", standard_input());
    source.tree = intake::in_memory(std::move(files));
    return source;
  }
  if (is_directory(path)) {
    const bool work_tree = is_directory(path + "/.git");
    const bool bare = !work_tree && is_directory(path + "/objects") && is_directory(path + "/refs");
    if (work_tree || bare) source.repository = path;
    if (bare) {
      Result<std::unique_ptr<intake::Tree>> tree = intake::open_revision(path, "HEAD");
      source.tree = tree ? std::move(*tree) : intake::in_memory({});
      return source;
    }
  }
  ASSAY_TRY(source.tree, intake::open_directory(path));
  return source;
}

Result<Subject> open_subject(const std::vector<std::string>& paths) {
  Subject subject;
  for (const std::string& path : paths) {
    ASSAY_TRY(Source source, open_source(path));
    if (paths.size() > 1) {
      source.prefix = path;
      while (source.prefix.size() > 1 && source.prefix.ends_with('/')) source.prefix.pop_back();
      // One file's own name is its last part already.
      if (!is_directory(path))
        source.prefix.resize(source.prefix.find_last_of('/') + 1);
      else
        source.prefix += '/';
    }
    subject.name += (subject.name.empty() ? "" : ", ") + path;
    subject.sources.push_back(std::move(source));
  }
  return subject;
}

Result<Examination> gather(const Subject& subject, const engine::Bundle& bundle, const ExamineOptions& options) {
  Examination examination;
  ASSAY_TRY(examination.database, open_database(options));
  ASSAY_CHECK(gather_into(*examination.database, "main", subject, bundle, options));
  return examination;
}

Result<Examination> examine(const Subject& subject, const Subject* before, const engine::Bundle& bundle,
                            const ExamineOptions& options) {
  Examination examination;
  Report& report = examination.report;
  Clock clock(report, options.stats);
  report.assay_version = version;
  report.subject = subject.name;
  report.rules_digest = bundle.digest();

  // Bytes to rows to tables. From here on nobody needs the formats.
  ASSAY_TRY(examination.database, open_database(options));
  evidence::Database& database = *examination.database;
  ASSAY_TRY(const Gathered gathered, gather_into(database, "main", subject, bundle, options));
  describe_inputs(gathered, report);
  if (before != nullptr) {
    ASSAY_CHECK(database.add_schema("before"));
    ASSAY_CHECK(gather_into(database, "before", *before, bundle, options));
    report.compared_with = before->name;
    drift::CompareOptions comparison;
    for (const engine::Rule& rule : bundle.rules()) {
      if (rule.emits_signal) comparison.gathering.push_back(rule.info.id);
    }
    ASSAY_TRY(report.changes, drift::compare(database, comparison));
  }
  ASSAY_CHECK(describe_known(database, report));
  clock.passed("read, match, load");

  // Tables to findings. From here on rules are not consulted.
  ASSAY_TRY(engine::Judgement judgement,
            engine::judge(
                database, bundle,
                {.audience = options.audience, .min_confidence = options.min_confidence, .time_rules = options.stats}));
  report.findings = std::move(judgement.findings);
  report.rules_applied = judgement.applied;
  report.rules_skipped = std::move(judgement.skipped);
  for (const std::string& rule : judgement.incomplete)
    report.not_fully_read.push_back({"(rule)", ArtifactKind::unknown, Coverage::partly_read, rule});
  clock.passed("judge");

  // Findings to paths.
  paths::FoundPaths found = paths::find_paths(database, report.findings);
  report.paths = std::move(found.paths);
  for (const std::string& missing : found.missing)
    report.not_fully_read.push_back({"(paths)", ArtifactKind::unknown, Coverage::partly_read, missing});
  clock.passed("paths");

  for (const Source& source : subject.sources) quote_lines(*source.tree, source.prefix, report.findings);
  fold_past_findings(subject, report.findings);
  if (!options.baseline.empty()) ASSAY_CHECK(compare_with_baseline(options.baseline, report.findings));
  if (!options.exceptions.empty()) {
    ASSAY_TRY(const std::string text, read_whole_file(options.exceptions, limits::max_text_bytes));
    ASSAY_TRY(std::vector<engine::Exception> exceptions, engine::read_exceptions(text, options.exceptions));
    for (std::string& note : engine::apply_exceptions(report.findings, exceptions, options.today))
      report.rules_skipped.push_back(std::move(note));
  }
  name_rules(bundle, report);
  settle(report, options);
  clock.passed("report");
  if (options.stats) add_costs(gathered.matching, bundle, std::move(judgement.seconds), report);
  return examination;
}

void settle(Report& report, const ExamineOptions& options) {
  Verdict& verdict = report.verdict;
  verdict = {};
  verdict.threshold = options.fail_on;
  for (const Finding& finding : report.findings) {
    if (finding.standing == Standing::gone) continue;
    if (finding.suppressions.empty())
      ++verdict.counted[static_cast<std::size_t>(finding.severity)];
    else
      ++verdict.suppressed;
  }
  Severity threshold = Severity::critical;
  const bool by_severity = from_word(options.fail_on, threshold);
  int failing = 0;
  for (std::size_t i = static_cast<std::size_t>(threshold); by_severity && i < verdict.counted.size(); ++i)
    failing += verdict.counted[i];
  int failing_paths = 0;
  for (const AttackPath& path : report.paths) {
    if (options.fail_on == "path" || (by_severity && path.severity >= threshold)) ++failing_paths;
  }
  const auto partly =
      std::count_if(report.not_fully_read.begin(), report.not_fully_read.end(), [](const CoverageLine& line) {
        return line.kind != ArtifactKind::symlink && line.kind != ArtifactKind::special;
      });
  int all = 0;
  for (const int count : verdict.counted) all += count;
  if (report.inputs == 0) {
    verdict.exit_code = 3;
    verdict.sentence = "Nothing to examine was found.";
    return;
  }
  if (failing + failing_paths > 0) {
    verdict.exit_code = 1;
    verdict.sentence = fmt::format("{} finding{} at or above {}", failing, failing == 1 ? "" : "s",
                                   options.fail_on == "path" ? "path" : options.fail_on);
    if (!report.paths.empty())
      verdict.sentence += fmt::format(", {} attack path{}", report.paths.size(), report.paths.size() == 1 ? "" : "s");
    verdict.sentence += ".";
  } else if (options.fail_on == "none" && (all > 0 || !report.paths.empty())) {
    verdict.sentence = fmt::format("{} finding{} and {} attack path{}; nothing was asked to fail.", all,
                                   all == 1 ? "" : "s", report.paths.size(), report.paths.size() == 1 ? "" : "s");
  } else {
    verdict.sentence =
        all == 0 ? "Nothing found"
                 : fmt::format("{} finding{}, none at or above {}", all, all == 1 ? "" : "s", options.fail_on);
    verdict.sentence += fmt::format(" in {} input{}", report.inputs, report.inputs == 1 ? "" : "s");
    verdict.sentence += partly == 0 ? "." : fmt::format("; {} could not be read fully.", partly);
  }
  if (verdict.exit_code == 0 && options.strict && partly > 0) verdict.exit_code = 5;
}

}  // namespace assay::app

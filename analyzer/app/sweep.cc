#include <fmt/format.h>
#include <tbb/info.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdio>

#include "analyzer/app/bundled.h"
#include "analyzer/app/command_line.h"
#include "analyzer/app/version.h"
#include "analyzer/base/digest.h"
#include "analyzer/fleet/hunt.h"
#include "analyzer/fleet/stored_changes.h"
#include "analyzer/fleet/sweep.h"
#include "reports/answers.h"

namespace assay::app {
namespace {

// Set by the signal handler: finish what is begun, start nothing more.
std::atomic<bool> stop_asked{false};
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler may only touch lock-free atomics");

void ask_to_stop(int) {
  stop_asked.store(true);
}

// A clone with its SBOM and log folders, as one subject. A folder that is not there is a line of the coverage, not the
// end.
Result<Subject> open_fleet_subject(const fleet::FleetSubject& listed) {
  Subject subject;
  subject.name = listed.name;
  ASSAY_TRY(Source clone, open_source(listed.path));
  subject.sources.push_back(std::move(clone));
  const auto add = [&](const std::vector<std::string>& paths, std::string_view prefix) -> Result<void> {
    for (const std::string& path : paths) {
      ASSAY_TRY(Source source, open_source(path));
      source.prefix = fmt::format("{}/", prefix);
      source.repository.clear();
      subject.sources.push_back(std::move(source));
    }
    return {};
  };
  ASSAY_CHECK(add(listed.sboms, "(sbom)"));
  ASSAY_CHECK(add(listed.logs, "(log)"));
  return subject;
}

void show_progress(std::size_t done, std::size_t all, const std::string& subject) {
  if (isatty(STDERR_FILENO) == 0) return;
  std::fputs(reports::progress_text(done, all, subject).c_str(), stderr);
}

}  // namespace

// assay sweep FLEET.yaml: every repository, only what changed, into one file that `hunt` asks.
int run_sweep(const std::string& fleet_file, const SweepCommand& command, const CommonOptions& options) {
  const Result<engine::Bundle> rules = load_rules(options.rules_directory);
  if (!rules) return report_error(rules.error());
  const Result<fleet::Fleet> listed = fleet::read_fleet_file(fleet_file);
  if (!listed) return report_error(listed.error());
  Result<fleet::Store> store = fleet::Store::open(command.store);
  if (!store) return report_error(store.error());

  std::signal(SIGINT, ask_to_stop);
  std::signal(SIGTERM, ask_to_stop);
  fleet::SweepOptions settings;
  settings.rules_digest = rules->digest();
  settings.known_digest = digest::sha256(bundled_known());
  settings.engine = version;
  settings.started = options.examine.today;
  settings.threads =
      options.jobs > 0 ? static_cast<unsigned>(options.jobs) : static_cast<unsigned>(tbb::info::default_concurrency());
  settings.shard = command.shard;
  settings.shards = command.shards;
  settings.examine_all = command.all;
  settings.stop = &stop_asked;
  settings.progress = show_progress;
  // The scanned repositories configure nothing: no baseline, exceptions or settings of theirs are looked for.
  ExamineOptions quiet = options.examine;
  quiet.progress = false;
  const auto examine_one = [&](const fleet::FleetSubject& one) -> Result<fleet::SubjectResult> {
    ASSAY_TRY(const Subject subject, open_fleet_subject(one));
    history::ChangeLedger ledger =
        history::ChangeLedger::from_bytes(fleet::remembered_changes(command.store, one.name, version));
    ExamineOptions settings_of_one = quiet;
    settings_of_one.ledger = &ledger;
    ASSAY_TRY(Examination examination, examine(subject, nullptr, *rules, settings_of_one));
    fleet::SubjectResult result;
    result.evidence = std::move(examination.database);
    result.findings = std::move(examination.report.findings);
    for (CoverageLine& line : examination.report.not_fully_read) result.unread.insert(std::move(line.path));
    if (ledger.size() > 0) result.changes = ledger.bytes();
    return result;
  };
  const Result<SweepSummary> summary = fleet::sweep(*listed, *store, settings, examine_one);
  if (!summary) return report_error(summary.error());
  const Result<std::vector<StoredFinding>> findings = store->findings();
  if (!findings) return report_error(findings.error());
  Severity from = Severity::high;
  from_word(options.examine.fail_on, from);
  write_text(reports::sweep_text(*summary, *findings, from));
  bool fresh = false;
  for (const StoredFinding& stored : *findings)
    fresh = fresh || (stored.standing == Standing::fresh && stored.finding.severity >= from &&
                      stored.finding.suppressions.empty());
  if (options.examine.fail_on != "none" && fresh) return 1;
  return options.examine.strict && !summary->failed.empty() ? 5 : 0;
}

// assay hunt INDICATOR…: who in the stored evidence is affected. Exit 1 when somebody is, 0 when nobody is, 5 under
// --strict when somebody could not be examined.
int run_hunt(const std::vector<std::string>& words, const HuntCommand& command) {
  const auto from = fleet::read_time(command.from);
  const auto until = fleet::read_time(command.until);
  for (const auto& [text, time] : {std::pair(command.from, from), std::pair(command.until, until)}) {
    if (!text.empty() && !time)
      return report_error(
          {ErrorCode::usage, "no date and no time with a zone, as 2026-03-31 or 2026-03-31T00:21Z", text});
  }
  const Result<fleet::Store> store = fleet::Store::open(command.store);
  if (!store) return report_error(store.error());
  std::vector<fleet::Indicator> indicators;
  for (const std::string& text : words) {
    const Result<std::vector<fleet::Indicator>> read = fleet::read_indicator(text, bundled_known());
    if (!read) return report_error({ErrorCode::usage, read.error().message, text});
    indicators.insert(indicators.end(), read->begin(), read->end());
  }
  for (fleet::Indicator& indicator : indicators) {
    if (from) indicator.window.from = from->first;
    if (until) indicator.window.until = until->last;
  }
  const Result<HuntReport> report = fleet::hunt(*store, indicators);
  if (!report) return report_error(report.error());
  write_text(command.format == "json" ? reports::hunt_json(*report) : reports::hunt_text(*report));
  if (report->affected > 0) return 1;
  return command.strict && report->not_examined > 0 ? 5 : 0;
}

}  // namespace assay::app

#include <fmt/format.h>
#include <tbb/info.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "analyzer/app/bundled.h"
#include "analyzer/app/command_line.h"
#include "analyzer/app/version.h"
#include "analyzer/base/digest.h"
#include "analyzer/fleet/hunt.h"
#include "analyzer/fleet/sweep.h"
#include "reports/neutralise.h"

namespace assay::app {
namespace {

// Set by the signal handler: finish what is begun, start nothing more.
std::atomic<bool> stop_asked{false};
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler may only touch lock-free atomics");

void ask_to_stop(int) { stop_asked.store(true); }

// A clone with its SBOM and log folders, as one subject. A folder that is not there is a line of the coverage, not the end.
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
  std::fprintf(stderr, "\r\033[K%zu of %zu  %s", done, all, reports::visible(subject).c_str());
  if (done == all) std::fputs("\r\033[K", stderr);
}

void print_findings(const std::vector<fleet::StoredFinding>& findings, Severity from) {
  for (const fleet::StoredFinding& stored : findings) {
    const bool changed = stored.standing == Standing::fresh || stored.standing == Standing::gone;
    if (!changed || stored.finding.severity < from || !stored.finding.suppressions.empty()) continue;
    std::puts(fmt::format("{:<5} {:<8} {}: {}:{}: {}  [{}]", word(stored.standing) == "absent" ? "gone" : "new", word(stored.finding.severity),
                          reports::visible(stored.subject), reports::visible(stored.finding.at.path), stored.finding.at.span.begin.line,
                          reports::visible(stored.finding.message), stored.finding.rule)
                  .c_str());
  }
}

nlohmann::ordered_json to_json(const fleet::HuntReport& report) {
  nlohmann::ordered_json subjects = nlohmann::ordered_json::array();
  for (const fleet::SubjectAnswer& subject : report.subjects) {
    nlohmann::ordered_json sightings = nlohmann::ordered_json::array();
    for (const fleet::Sighting& seen : subject.sightings) {
      sightings.push_back({{"answer", word(seen.answer)}, {"indicator", seen.indicator}, {"incident", seen.incident}, {"path", seen.path}, {"line", seen.line}, {"found", seen.found}, {"why", seen.why}});
    }
    subjects.push_back({{"subject", subject.subject}, {"answer", word(subject.answer)}, {"sightings", sightings}, {"more", subject.more_sightings}, {"not_examined", subject.not_examined}});
  }
  return {{"schema", "assay-hunt/1"}, {"affected", report.affected}, {"possible", report.possible}, {"not_examined", report.not_examined}, {"not_seen", report.not_seen}, {"subjects", subjects}};
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
  settings.threads = options.jobs > 0 ? static_cast<unsigned>(options.jobs) : static_cast<unsigned>(tbb::info::default_concurrency());
  settings.shard = command.shard;
  settings.shards = command.shards;
  settings.examine_all = command.all;
  settings.stop = &stop_asked;
  settings.progress = show_progress;
  // The scanned repositories configure nothing: no baseline, exceptions or settings of theirs are looked for.
  const auto examine_one = [&](const fleet::FleetSubject& one) -> Result<fleet::SubjectResult> {
    ASSAY_TRY(const Subject subject, open_fleet_subject(one));
    ASSAY_TRY(Examination examination, examine(subject, nullptr, *rules, options.examine));
    fleet::SubjectResult result;
    result.evidence = std::move(examination.database);
    result.findings = std::move(examination.report.findings);
    for (CoverageLine& line : examination.report.not_fully_read) result.unread.insert(std::move(line.path));
    return result;
  };
  const Result<fleet::SweepSummary> summary = fleet::sweep(*listed, *store, settings, examine_one);
  if (!summary) return report_error(summary.error());
  const Result<std::vector<fleet::StoredFinding>> findings = store->findings();
  if (!findings) return report_error(findings.error());
  Severity from = Severity::high;
  from_word(options.examine.fail_on, from);
  print_findings(*findings, from);
  for (const fleet::FailedSubject& failed : summary->failed) std::puts(fmt::format("not examined: {}: {}", reports::visible(failed.name), reports::visible(failed.reason)).c_str());
  std::puts(fmt::format("run {}{}: {} examined, {} unchanged, {} done before, {} not examined; findings: {} new, {} known, {} gone", summary->run,
                        summary->finished ? "" : " (stopped; run it again to go on)", summary->examined, summary->unchanged, summary->done_before,
                        summary->failed.size(), summary->fresh, summary->known, summary->gone)
                .c_str());
  bool fresh = false;
  for (const fleet::StoredFinding& stored : *findings) fresh = fresh || (stored.standing == Standing::fresh && stored.finding.severity >= from && stored.finding.suppressions.empty());
  if (options.examine.fail_on != "none" && fresh) return 1;
  return options.examine.strict && !summary->failed.empty() ? 5 : 0;
}

// assay hunt INDICATOR…: who in the stored evidence is affected. Exit 1 when somebody is, 0 when nobody is, 5 under --strict
// when somebody could not be examined.
int run_hunt(const std::vector<std::string>& words, const std::string& store_path, const std::string& format, bool strict) {
  const Result<fleet::Store> store = fleet::Store::open(store_path);
  if (!store) return report_error(store.error());
  std::vector<fleet::Indicator> indicators;
  for (const std::string& text : words) {
    const Result<std::vector<fleet::Indicator>> read = fleet::read_indicator(text, bundled_known());
    if (!read) return report_error({ErrorCode::usage, read.error().message, text});
    indicators.insert(indicators.end(), read->begin(), read->end());
  }
  const Result<fleet::HuntReport> report = fleet::hunt(*store, indicators);
  if (!report) return report_error(report.error());
  if (format == "json") {
    std::puts(to_json(*report).dump(2, ' ', true, nlohmann::json::error_handler_t::replace).c_str());
  } else {
    for (const fleet::SubjectAnswer& subject : report->subjects) {
      std::puts(fmt::format("{:<13} {}", fleet::word(subject.answer), reports::visible(subject.subject)).c_str());
      for (const fleet::Sighting& seen : subject.sightings) {
        std::puts(fmt::format("              {}:{}: {}{}", reports::visible(seen.path), seen.line, reports::visible(seen.found), seen.why.empty() ? "" : " (" + seen.why + ")").c_str());
      }
      if (subject.more_sightings > 0) std::puts(fmt::format("              and {} more", subject.more_sightings).c_str());
      for (const std::string& missing : subject.not_examined) std::puts(fmt::format("              not examined: {}", reports::visible(missing)).c_str());
    }
    std::puts(fmt::format("{} affected, {} possible, {} not examined, {} not seen", report->affected, report->possible, report->not_examined, report->not_seen).c_str());
  }
  if (report->affected > 0) return 1;
  return strict && report->not_examined > 0 ? 5 : 0;
}

}  // namespace assay::app

#include "analyzer/fleet/hunt.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "analyzer/fleet/rotation.h"
#include "analyzer/fleet/sightings.h"

namespace assay::fleet {
namespace {

// Kinds of artifact that can show something, by the word of artifact.kind.
struct Vantage {
  std::string_view what;  // for the sentence
  std::vector<std::string_view> kinds;
};

Vantage vantage_of(const Indicator& indicator) {
  switch (indicator.kind) {
    case IndicatorKind::package:
      if (indicator.purl_type == "npm")
        return {"an npm lockfile, manifest, SBOM or build log",
                {"npm-lock", "npm-manifest", "cyclonedx", "spdx", "build-log"}};
      if (indicator.purl_type == "pypi")
        return {"a Python requirements file, SBOM or build log",
                {"pip-requirements", "cyclonedx", "spdx", "build-log"}};
      if (indicator.purl_type.empty()) {
        return {"a lockfile, manifest, SBOM or build log",
                {"npm-lock", "npm-manifest", "pip-requirements", "cyclonedx", "spdx", "build-log"}};
      }
      return {"an SBOM or build log", {"cyclonedx", "spdx", "build-log"}};
    case IndicatorKind::action:
      return {"a workflow or build log", {"github-workflow", "github-action", "build-log"}};
    case IndicatorKind::commit:
      return {"the git history", {"repository"}};
    case IndicatorKind::hash:
      return {"an SBOM, lockfile or digest of files", {"cyclonedx", "spdx", "npm-lock", "binary", "archive"}};
    case IndicatorKind::host:
    case IndicatorKind::ip:
      return {"a build log or lockfile", {"build-log", "npm-lock"}};
  }
  return {"", {}};
}

bool contains(const std::vector<std::string>& list, const std::string& value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

class Hunt {
 public:
  explicit Hunt(const Store& store) : connection_(store.connection()) {}

  Result<HuntReport> run(const std::vector<Indicator>& indicators) {
    Query subjects = connection_.query("SELECT subject_id, name, error, examined_run FROM subject WHERE listed = 1");
    while (subjects.step()) {
      SubjectAnswer answer;
      answer.subject = subjects.text(1);
      if (subjects.integer(3) == 0) {
        answer.not_examined.push_back(subjects.text(2).empty() ? "the subject was never examined"
                                                               : "the subject was never examined: " + subjects.text(2));
      } else if (!subjects.text(2).empty()) {
        answer.not_examined.push_back("the last attempt to examine it failed: " + subjects.text(2));
      }
      answers_.emplace(subjects.integer(0), std::move(answer));
    }
    std::set<std::string> asked;
    bool spreads = false;
    const SightingSink sink = [&](std::int64_t subject, Sighting sighting, Trace trace) {
      const auto entry = answers_.find(subject);
      if (entry == answers_.end()) return;
      if (sighting.answer == Answer::affected || sighting.answer == Answer::possible) {
        exposures_.push_back(
            {.subject_id = subject, .subject = entry->second.subject, .answer = sighting.answer, .trace = trace});
        isolate_first_ = isolate_first_ || spreads;
      }
      entry->second.sightings.push_back(std::move(sighting));
    };
    for (const Indicator& indicator : indicators) {
      spreads = indicator.spreads;
      failed_ = !find_sightings(connection_, indicator, sink) || failed_;
      const Vantage vantage = vantage_of(indicator);
      if (!asked.insert(std::string(vantage.what)).second) continue;
      if (indicator.kind == IndicatorKind::commit) whole_history();
      coverage(vantage);
    }
    std::vector<Rotation> rotations;
    failed_ = !find_rotations(connection_, exposures_, rotations) || failed_;
    if (failed_) return tl::unexpected<Error>(connection_.error());
    HuntReport report = finish();
    report.rotate_first = std::move(rotations);
    report.isolate_first = isolate_first_;
    return report;
  }

 private:
  // A commit that was not seen may lie in the part of the history that a shallow clone lacks.
  void whole_history() {
    std::set<std::int64_t> complete;
    Query query = connection_.query("SELECT subject_id FROM commit_set WHERE complete = 1");
    while (query.step()) complete.insert(query.integer(0));
    failed_ = failed_ || query.failed();
    for (auto& [subject, answer] : answers_) {
      if (!complete.contains(subject)) answer.not_examined.emplace_back("the clone does not hold the whole history");
    }
  }

  void coverage(const Vantage& vantage) {
    std::string kinds;
    for (const std::string_view kind : vantage.kinds) kinds += fmt::format("{}'{}'", kinds.empty() ? "" : ",", kind);
    struct Seen {
      std::size_t read = 0;
      std::vector<std::string> gaps;
    };
    std::map<std::int64_t, Seen> seen;
    Query query = connection_.query(fmt::format(
        "SELECT subject_id, path, coverage, reason FROM artifact WHERE kind IN ({}) ORDER BY subject_id, path", kinds));
    while (query.step()) {
      Seen& entry = seen[query.integer(0)];
      if (query.text(2) == "read") {
        ++entry.read;
      } else {
        entry.gaps.push_back(fmt::format("{} was {}{}", query.text(1), query.text(2),
                                         query.text(3).empty() ? "" : ": " + query.text(3)));
      }
    }
    failed_ = failed_ || query.failed();
    for (auto& [subject, answer] : answers_) {
      const auto found = seen.find(subject);
      if (found == seen.end()) {
        answer.not_examined.push_back(fmt::format("there was not {}", vantage.what));
        continue;
      }
      for (std::string& gap : found->second.gaps) {
        if (!contains(answer.not_examined, gap)) answer.not_examined.push_back(gap);
      }
    }
  }

  HuntReport finish() {
    HuntReport report;
    for (auto& [subject, answer] : answers_) {
      std::vector<Sighting>& all = answer.sightings;
      std::sort(all.begin(), all.end(), [](const Sighting& a, const Sighting& b) {
        return std::tie(a.answer, a.path, a.line, a.indicator, a.found) <
               std::tie(b.answer, b.path, b.line, b.indicator, b.found);
      });
      all.erase(std::unique(all.begin(), all.end()), all.end());
      answer.answer = all.empty() ? Answer::not_seen : all.front().answer;
      // What was not read may hold what the rest does not.
      if (!answer.not_examined.empty()) answer.answer = std::min(answer.answer, Answer::not_examined);
      if (all.size() > max_sightings) {
        answer.more_sightings = all.size() - max_sightings;
        all.resize(max_sightings);
      }
      std::size_t* const counts[] = {&report.affected, &report.possible, &report.not_examined, &report.excluded,
                                     &report.not_seen};
      ++*counts[static_cast<std::size_t>(answer.answer)];
      report.subjects.push_back(std::move(answer));
    }
    std::sort(report.subjects.begin(), report.subjects.end(), [](const SubjectAnswer& a, const SubjectAnswer& b) {
      return std::tie(a.answer, a.subject) < std::tie(b.answer, b.subject);
    });
    return report;
  }

  const Connection& connection_;
  std::map<std::int64_t, SubjectAnswer> answers_;
  std::vector<Exposure> exposures_;
  bool isolate_first_ = false;
  bool failed_ = false;
};

}  // namespace

Result<HuntReport> hunt(const Store& store, const std::vector<Indicator>& indicators) {
  return Hunt(store).run(indicators);
}

}  // namespace assay::fleet

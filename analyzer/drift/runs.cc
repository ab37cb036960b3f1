#include "analyzer/drift/runs.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <unordered_set>

namespace assay::drift {
namespace {

using evidence::Tri;
using evidence::tri;

// How an event of a log becomes a fact that has a counterpart in another run.
struct FactKind {
  std::string_view event;  // log_event.kind
  std::string_view kind;   // drift.kind when it is new
  bool by_host = false;    // told apart by its host, otherwise by ecosystem and name
};
constexpr std::array<FactKind, 12> fact_kinds = {{
    {"url-contacted", "new-host", true},
    {"url-mentioned", "", true},  // known hosts need not have been contacted
    {"package-installed", "new-package"},
    {"package-downloaded", "new-package"},
    {"action-resolved", "new-action"},
    {"image-pulled", "new-image"},
    {"command", "new-program"},
    {"orphan-process", "new-process"},
    {"lifecycle-script", "new-lifecycle-script"},
    {"permission-granted", "permission-widened"},
    {"published", "new-artefact"},
    {"artifact-uploaded", "new-artefact"},
}};

struct Event {
  evidence::LocationId at = 0;
  const FactKind* kind = nullptr;
  std::string ecosystem, name, version, value, host, step, text;
};

// "a.b.example.com" and the numbered mirrors beside it are one place.
std::string plain_host(std::string_view host) {
  std::string out;
  for (const char c : host) {
    const bool digit = c >= '0' && c <= '9';
    if (digit && !out.empty() && out.back() == '#') continue;
    out += digit ? '#' : c;
  }
  const bool address = out.find_first_not_of("#.:") == std::string::npos;
  return address ? std::string(host) : out;
}

Result<std::vector<Event>> read_events(evidence::Database& database, std::string_view schema) {
  std::vector<Event> events;
  ASSAY_TRY(
      evidence::Statement row,
      database.prepare(fmt::format(
          "SELECT e.at, e.kind, e.ecosystem, e.name, e.version, e.value, e.host, coalesce(s.name, ''), e.text FROM "
          "{0}.log_event e LEFT JOIN {0}.log_step s USING (log_step_id) ORDER BY e.log_event_id",
          schema)));
  while (true) {
    ASSAY_TRY(const bool more, row.step());
    if (!more) return events;
    const auto kind = std::find_if(fact_kinds.begin(), fact_kinds.end(),
                                   [&](const FactKind& one) { return one.event == row.text(1); });
    if (kind == fact_kinds.end()) continue;
    Event event{row.integer(0), &*kind,       row.shown(2), row.shown(3), row.shown(4),
                row.shown(5),   row.shown(6), row.shown(7), row.shown(8)};
    if (event.kind->by_host ? event.host.empty() : event.name.empty()) continue;
    events.push_back(std::move(event));
  }
}

using FactKey = std::array<std::string, 3>;  // kind, ecosystem, name or host

FactKey key_of(const Event& event) {
  if (event.kind->by_host) return {"host", "", plain_host(event.host)};
  // A lifecycle script is one of a package: the name of the hook belongs to it.
  const std::string name = event.kind->kind == "new-lifecycle-script" ? event.name + " " + event.value : event.name;
  return {std::string(event.kind->kind), event.ecosystem, name};
}

bool wider(std::string_view now, std::string_view was) {
  constexpr std::array<std::string_view, 3> levels = {"none", "read", "write"};
  const auto rank = [&](std::string_view level) {
    return std::find(levels.begin(), levels.end(), level) - levels.begin();
  };
  return rank(now) > rank(was);
}

// What is known of one fact on the other side.
struct Seen {
  std::set<std::string> versions;
  std::set<std::pair<std::string, std::string>> values;  // with their version
  std::string value;
  evidence::LocationId at = 0;
};

class RunComparison {
 public:
  RunComparison(evidence::Database& database, const std::vector<Difference>& components, std::vector<Difference>& out)
      : database_(database), out_(out) {
    for (const Difference& one : components) {
      if (one.row.now.empty() && one.row.kind != "new-requirement") continue;
      brought_.insert(one.row.name);
    }
  }

  Result<void> compare() {
    ASSAY_TRY(const bool logs, both("log_run"));
    if (!logs) return {};
    ASSAY_TRY(locked_, both("sbom_document"));
    ASSAY_TRY(const std::vector<Event> was, read_events(database_, "before"));
    ASSAY_TRY(const std::vector<Event> now, read_events(database_, "main"));
    for (const Event& event : was) {
      Seen& seen = seen_[key_of(event)];
      if (seen.at == 0) seen.at = event.at;
      seen.versions.insert(event.version);
      seen.values.emplace(event.version, event.value);
      if (seen.value.empty() || wider(event.value, seen.value)) seen.value = event.value;
    }
    ASSAY_CHECK(known_hosts());
    for (const Event& event : now) one_event(event);
    ASSAY_CHECK(runners());
    return steps();
  }

 private:
  Result<bool> both(std::string_view table) {
    ASSAY_TRY(evidence::Statement row,
              database_.prepare(
                  fmt::format("SELECT EXISTS (SELECT 1 FROM main.{0}) AND EXISTS (SELECT 1 FROM before.{0})", table)));
    ASSAY_CHECK(row.step());
    return row.integer(0) != 0;
  }

  // Hosts that lockfiles of the subject fetch from.
  Result<void> known_hosts() {
    ASSAY_TRY(evidence::Statement row,
              database_.prepare("SELECT DISTINCT host FROM main.component_origin WHERE host <> ''"));
    while (true) {
      ASSAY_TRY(const bool more, row.step());
      if (!more) return {};
      brought_hosts_.insert(row.shown(0));
    }
  }

  void one_event(const Event& event) {
    if (event.kind->kind.empty()) return;
    const FactKey key = key_of(event);
    const auto known = seen_.find(key);
    if (known == seen_.end()) {
      const bool package = event.kind->kind == "new-package" || event.kind->kind == "new-lifecycle-script";
      Difference& one = add(event, event.kind->kind, 0);
      if (event.kind->by_host) one.row.name = event.host;
      one.row.now = !event.version.empty() ? event.version : event.value;
      one.row.name_known = Tri::no;
      if (locked_ && package) one.row.explained = tri(brought_.contains(event.name));
      if (locked_ && event.kind->by_host) one.row.explained = tri(brought_hosts_.contains(event.host));
      seen_[key].versions.insert(event.version);
      seen_[key].values.emplace(event.version, event.value);
      seen_[key].value = event.value;
      return;
    }
    Seen& seen = known->second;
    if (event.kind->kind == "new-package" && !seen.versions.contains(event.version)) {
      Difference& one = add(event, "package-version", seen.at);
      one.row.was = *seen.versions.begin();
      one.row.now = event.version;
      one.row.step = step_between(one.row.was, one.row.now);
      if (locked_) one.row.explained = tri(brought_.contains(event.name));
      seen.versions.insert(event.version);
    } else if (event.kind->kind == "new-action" && seen.versions.contains(event.version) && !event.value.empty() &&
               !seen.values.contains({event.version, event.value})) {
      const auto old = std::find_if(seen.values.begin(), seen.values.end(), [&](const auto& value) {
        return value.first == event.version && !value.second.empty();
      });
      if (old == seen.values.end()) return;
      Difference& one = add(event, "moved-commit", seen.at);
      one.row.was = old->second;
      one.row.now = event.value;
      one.row.detail = event.version;
      seen.values.emplace(event.version, event.value);
    } else if (event.kind->kind == "permission-widened" && wider(event.value, seen.value)) {
      Difference& one = add(event, "permission-widened", seen.at);
      one.row.was = seen.value;
      one.row.now = event.value;
      seen.value = event.value;
    }
  }

  Difference& add(const Event& event, std::string_view kind, evidence::LocationId before_at) {
    Difference one;
    one.row.at = event.at;
    one.row.area = "log";
    one.row.kind = kind;
    one.row.name = event.name;
    one.row.ecosystem = event.ecosystem;
    one.row.path = event.step;
    one.row.detail = event.text;
    one.row.name_known = Tri::yes;
    one.row.document_known = Tri::yes;
    one.before_at = before_at;
    out_.push_back(std::move(one));
    return out_.back();
  }

  struct Runner {
    evidence::LocationId at = 0;
    std::string name, group, image;
    Tri self_hosted = Tri::not_examined;
  };

  Result<std::vector<Runner>> read_runners(std::string_view schema) {
    std::vector<Runner> runners;
    ASSAY_TRY(evidence::Statement row,
              database_.prepare(fmt::format(
                  "SELECT at, runner, runner_group, image, self_hosted FROM {}.log_run ORDER BY log_run_id", schema)));
    while (true) {
      ASSAY_TRY(const bool more, row.step());
      if (!more) return runners;
      runners.push_back({row.integer(0), row.shown(1), row.shown(2), row.shown(3),
                         row.is_null(4) ? Tri::not_examined : tri(row.integer(4) == 1)});
    }
  }

  // Hosted runners have a number in their names and change their image every week: only a runner of another kind, or of
  // another name where the owner keeps it, is another runner.
  Result<void> runners() {
    ASSAY_TRY(const std::vector<Runner> was, read_runners("before"));
    ASSAY_TRY(const std::vector<Runner> now, read_runners("main"));
    std::set<std::string> told;
    for (const Runner& one : now) {
      const auto same = [&](const Runner& old) {
        const bool kept = one.self_hosted == Tri::yes && old.self_hosted == Tri::yes;
        return one.self_hosted == old.self_hosted && one.group == old.group &&
               (!kept || plain_host(one.name) == plain_host(old.name));
      };
      if (was.empty() || std::any_of(was.begin(), was.end(), same)) continue;
      Difference difference;
      difference.row.at = one.at;
      difference.row.area = "log";
      difference.row.kind = "runner-changed";
      difference.row.name = one.name;
      const auto words = [](const Runner& runner) {
        return fmt::format("{}{}{}",
                           runner.self_hosted == Tri::yes  ? "self-hosted"
                           : runner.self_hosted == Tri::no ? "hosted"
                                                           : "unknown",
                           runner.group.empty() ? "" : ", " + runner.group,
                           runner.name.empty() ? "" : ", " + runner.name);
      };
      difference.row.was = words(was.front());
      difference.row.now = words(one);
      difference.row.document_known = Tri::yes;
      difference.before_at = was.front().at;
      if (told.insert(difference.row.now).second) out_.push_back(std::move(difference));
    }
    return {};
  }

  struct Duration {
    evidence::LocationId at = 0;
    double seconds = 0;
  };

  Result<std::map<std::string, Duration>> durations(std::string_view schema) {
    std::map<std::string, Duration> longest;
    ASSAY_TRY(
        evidence::Statement row,
        database_.prepare(fmt::format(
            "SELECT s.at, s.name, 86400.0 * (julianday(coalesce(lead(s.started) OVER (PARTITION BY s.log_run_id ORDER "
            "BY s.position), r.ended)) - julianday(s.started)) FROM {0}.log_step s JOIN {0}.log_run r USING "
            "(log_run_id) WHERE s.started <> '' ORDER BY s.log_step_id",
            schema)));
    while (true) {
      ASSAY_TRY(const bool more, row.step());
      if (!more) return longest;
      if (row.is_null(2)) continue;
      Duration& one = longest[row.shown(1)];
      if (row.real(2) > one.seconds) one = {row.integer(0), row.real(2)};
    }
  }

  Result<void> steps() {
    constexpr double times_longer = 3;
    constexpr double seconds_longer = 120;
    ASSAY_TRY(const auto was, durations("before"));
    ASSAY_TRY(const auto now, durations("main"));
    for (const auto& [name, duration] : now) {
      const auto old = was.find(name);
      if (old == was.end() || old->second.at == 0 || duration.seconds < old->second.seconds * times_longer ||
          duration.seconds < old->second.seconds + seconds_longer)
        continue;
      Difference one;
      one.row.at = duration.at;
      one.row.area = "log";
      one.row.kind = "step-longer";
      one.row.name = name;
      one.row.was = fmt::format("{:.0f}", old->second.seconds);
      one.row.now = fmt::format("{:.0f}", duration.seconds);
      one.row.document_known = Tri::yes;
      one.before_at = old->second.at;
      out_.push_back(std::move(one));
    }
    return {};
  }

  evidence::Database& database_;
  std::vector<Difference>& out_;
  std::map<FactKey, Seen> seen_;
  std::unordered_set<std::string> brought_;
  std::unordered_set<std::string> brought_hosts_;
  bool locked_ = false;
};

}  // namespace

Result<void> compare_runs(evidence::Database& database, const std::vector<Difference>& components,
                          std::vector<Difference>& out) {
  return RunComparison(database, components, out).compare();
}

}  // namespace assay::drift

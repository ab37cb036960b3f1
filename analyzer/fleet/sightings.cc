#include "analyzer/fleet/sightings.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <map>
#include <optional>
#include <set>

namespace assay::fleet {
namespace {

bool contains(const std::vector<std::string>& list, const std::string& value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

std::string directory_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? std::string() : path.substr(0, slash);
}

// "v1.2" and "=1.2" say 1.2.
std::string bare(std::string version) {
  while (!version.empty() && (version.front() == 'v' || version.front() == '=' || version.front() == ' '))
    version.erase(0, 1);
  return version;
}

bool names_version(const Indicator& indicator, const std::string& version) {
  if (indicator.versions.empty() || contains(indicator.versions, version)) return true;
  const std::string wanted = bare(version);
  return std::any_of(indicator.versions.begin(), indicator.versions.end(),
                     [&](const std::string& one) { return bare(one) == wanted; });
}

std::string shown(const Indicator& indicator) {
  std::string out(indicator.purl_type.empty() ? word(indicator.kind) : std::string_view(indicator.purl_type));
  out += ' ';
  out += indicator.value.empty() ? indicator.name : indicator.value;
  if (indicator.versions.size() == 1) out += "@" + indicator.versions.front();
  if (indicator.versions.size() > 1) out += fmt::format(" ({} versions)", indicator.versions.size());
  return out;
}

class Search {
 public:
  Search(const Connection& connection, const Indicator& wanted, const SightingSink& sink)
      : connection_(connection), wanted_(wanted), sink_(sink), shown_(shown(wanted)) {}

  bool run() {
    switch (wanted_.kind) {
      case IndicatorKind::package:
        packages();
        break;
      case IndicatorKind::action:
        actions();
        break;
      case IndicatorKind::commit:
        commits();
        break;
      case IndicatorKind::hash:
        hashes();
        break;
      case IndicatorKind::host:
        hosts();
        break;
      case IndicatorKind::ip:
        addresses();
        break;
    }
    return !failed_;
  }

 private:
  static constexpr std::string_view place_columns = "a.path, coalesce(l.line, 0)";
  static std::string place_joins(std::string_view table) {
    return fmt::format(
        " LEFT JOIN location l ON l.subject_id = {0}.subject_id AND l.location_id = {0}.at"
        " LEFT JOIN artifact a ON a.subject_id = {0}.subject_id AND a.artifact_id = l.artifact_id ",
        table);
  }

  void note(std::int64_t subject, Answer answer, const std::string& path, std::int64_t line, std::string found,
            std::string why = {}, std::string time = {}, Trace trace = {}) {
    sink_(subject,
          {.answer = answer,
           .indicator = shown_,
           .incident = wanted_.incident,
           .path = path,
           .line = static_cast<std::uint32_t>(line),
           .found = std::move(found),
           .why = std::move(why),
           .time = std::move(time)},
          trace);
  }

  // Something of which only the time can tell whether it was the bad one.
  struct Loose {
    std::int64_t subject = 0;
    std::int64_t line = 0;
    std::string path, found, why;
    std::optional<Stretch> when{};  // when it was resolved or ran
    std::string time{};             // the same as written
    Trace trace{};
    Answer within = Answer::possible;  // what it is when it lies in the window
  };

  void judge_by_time(Loose one) {
    const Window& window = wanted_.window;
    Answer answer = one.within;
    if (window.known() && one.when) {
      const Fit lies = fit(window, *one.when);
      if (lies != Fit::within) {
        answer = Answer::excluded;
        one.why = lies == Fit::before ? "before the incident's window" : "after the incident's window";
      } else if (answer == Answer::possible && !one.time.empty()) {
        one.why += ", and it lies in the window";
      }
    } else if (window.known()) {
      answer = Answer::possible;
      if (one.why.empty()) one.why = "nothing tells when";
    }
    note(one.subject, answer, one.path, one.line, std::move(one.found),
         answer == Answer::affected ? std::string() : std::move(one.why), std::move(one.time), one.trace);
  }

  // From the first commit to the last; the beginning is open when the history is cut.
  struct Lifetime {
    std::int64_t first = 0, last = 0;
  };
  const std::map<std::int64_t, Lifetime>& lifetimes() {
    if (lifetimes_) return *lifetimes_;
    lifetimes_.emplace();
    each(connection_.query("SELECT subject_id, min(CASE WHEN cut = 0 THEN oldest_time ELSE -9223372036854775807 END), "
                           "max(newest_time) FROM repository WHERE newest_time > 0 GROUP BY subject_id"),
         [&](const Query& row) {
           lifetimes_->emplace(row.integer(0), Lifetime{row.integer(1), row.integer(2)});
         });
    return *lifetimes_;
  }
  // What a lockfile names was there before the last commit; what a range or tag became may be younger.
  std::optional<Stretch> of_repository(std::int64_t subject, bool fixed) {
    const auto found = lifetimes().find(subject);
    if (found == lifetimes().end()) return {};
    return Stretch{found->second.first, fixed ? found->second.last : std::numeric_limits<std::int64_t>::max()};
  }

  // The line of a log, or where it has no time, the run.
  static std::optional<Stretch> of_run(const std::string& time, const std::string& started, const std::string& ended) {
    if (const auto exact = read_time(time)) return exact;
    const auto begin = read_time(started);
    const auto end = read_time(ended);
    if (begin && end && begin->first <= end->last) return Stretch{begin->first, end->last};
    return begin;
  }
  static constexpr std::string_view run_columns =
      "e.time, coalesce(r.started, ''), coalesce(r.ended, ''), "
      "coalesce(e.log_run_id, 0)";
  static constexpr std::string_view run_join =
      " LEFT JOIN log_run r ON r.subject_id = e.subject_id AND r.log_run_id = e.log_run_id ";

  struct Run {
    std::int64_t subject = 0, log_run_id = 0;
    friend auto operator<=>(const Run&, const Run&) = default;
  };

  // What a definition leaves open: the runs of the window in which it may have become the bad one stand for it, and
  // the definition itself where there are none.
  void judge_by_runs(std::vector<Loose> definitions, const std::set<Run>& settled) {
    std::map<std::int64_t, std::vector<Loose>> runs;
    if (wanted_.window.known() && !definitions.empty()) {
      each(connection_.query(
               fmt::format("SELECT r.subject_id, {}, r.started, r.ended, r.log_run_id, r.job FROM log_run r{}",
                           place_columns, place_joins("r"))),
           [&](const Query& row) {
             Loose run{.subject = row.integer(0),
                       .line = row.integer(2),
                       .path = row.text(1),
                       .found = row.text(6).empty() ? "a run" : fmt::format("a run of {}", row.text(6)),
                       .why = "the log does not say which version it took",
                       .when = of_run({}, row.text(3), row.text(4)),
                       .time = row.text(3),
                       .trace = {.log_run_id = row.integer(5)}};
             runs[run.subject].push_back(std::move(run));
           });
    }
    std::set<std::int64_t> done;
    for (Loose& one : definitions) {
      const auto of_subject = runs.find(one.subject);
      std::size_t outside = 0;
      std::size_t known = 0;
      if (of_subject != runs.end()) {
        for (const Loose& run : of_subject->second) {
          if (!run.when) continue;
          ++known;
          const bool within = fit(wanted_.window, *run.when) == Fit::within;
          outside += within ? 0 : 1;
          if (within && !settled.contains({run.subject, run.trace.log_run_id}) &&
              done.insert(run.trace.log_run_id).second)
            judge_by_time(run);
        }
      }
      if (known > 0 && outside == known)
        one.why += known == 1 ? "; the one run that was seen lies outside of the window"
                              : fmt::format("; the {} runs that were seen lie outside of the window", known);
      judge_by_time(std::move(one));
    }
  }

  // A query whose first columns are subject, path, line; `row` gets the rest from column 3 on.
  template <class Row>
  void each(Query query, Row&& row) {
    while (query.step()) row(query);
    failed_ = failed_ || query.failed();
  }

  struct Resolved {
    std::int64_t subject = 0;
    std::string directory;
    friend auto operator<=>(const Resolved&, const Resolved&) = default;
  };

  void packages() {
    std::vector<Loose> ranges;
    std::set<Resolved> resolved;  // where a lockfile or SBOM says which version a range became
    Query components = connection_.query(fmt::format(
        "SELECT c.subject_id, {}, c.version, c.declared_in, c.pinned, c.requirement, coalesce(d.created, '') FROM "
        "component c LEFT JOIN sbom_document d ON d.subject_id = c.subject_id AND d.sbom_document_id = "
        "c.sbom_document_id{} WHERE c.full_name = ?1 AND (?2 = '' OR c.purl_type = ?2)",
        place_columns, place_joins("c")));
    components.bind(wanted_.name).bind(wanted_.purl_type);
    each(std::move(components), [&](const Query& row) {
      const std::string version = row.text(3);
      const std::string declared_in = row.text(4);
      const bool range = declared_in == "manifest" && (row.is_null(5) || row.integer(5) == 0);
      const std::string stated = version.empty() ? row.text(6) : version;
      Loose one{.subject = row.integer(0),
                .line = row.integer(2),
                .path = row.text(1),
                .found = fmt::format("{} {}{}", wanted_.name, stated,
                                     declared_in.empty() ? "" : fmt::format(" ({})", declared_in)),
                .why = {}};
      // An SBOM says when it was made, and what it lists is older.
      if (const auto made = read_time(row.text(7))) {
        one.when = Stretch{std::numeric_limits<std::int64_t>::min(), made->last};
        one.time = row.text(7);
      } else {
        one.when = of_repository(one.subject, !range);
      }
      if (wanted_.versions.empty() && !wanted_.window.known()) {
        note(one.subject, Answer::affected, one.path, one.line, one.found);
      } else if (range) {
        one.why = "a range: the version it became is not known";
        ranges.push_back(std::move(one));
      } else if (wanted_.versions.empty() || stated.empty()) {
        one.why = stated.empty() ? "no version is stated" : "its age alone decides";
        judge_by_time(std::move(one));
      } else {
        if (declared_in != "manifest") resolved.insert({one.subject, directory_of(one.path)});
        if (names_version(wanted_, stated)) note(one.subject, Answer::affected, one.path, one.line, one.found);
      }
    });
    std::erase_if(ranges, [&](const Loose& one) { return resolved.contains({one.subject, directory_of(one.path)}); });
    judge_by_runs(std::move(ranges), installed());
  }

  // What logs say of the package; returns the runs that say enough.
  std::set<Run> installed() {
    std::set<Run> settled;
    std::vector<Loose> requested;
    Query events = connection_.query(fmt::format(
        "SELECT e.subject_id, {}, e.version, e.kind, {} FROM log_event e{}{} WHERE e.name = ?1 AND e.kind IN "
        "('package-installed', 'package-downloaded', 'package-requested', 'lifecycle-script') AND (?2 = '' OR "
        "e.ecosystem = ?2)",
        place_columns, run_columns, run_join, place_joins("e")));
    events.bind(wanted_.name).bind(wanted_.purl_type);
    each(std::move(events), [&](const Query& row) {
      const std::string version = row.text(3);
      const std::string kind = row.text(4);
      const std::string did = kind == "lifecycle-script" ? "ran its script" : kind.substr(kind.find('-') + 1);
      Loose one{.subject = row.integer(0),
                .line = row.integer(2),
                .path = row.text(1),
                .found = fmt::format("{}{}{} ({})", wanted_.name, version.empty() ? "" : " ", version, did),
                .why = {},
                .when = of_run(row.text(5), row.text(6), row.text(7)),
                .time = row.text(5).empty() ? row.text(6) : row.text(5),
                .trace = {.log_run_id = row.integer(8)}};
      if (wanted_.versions.empty()) {
        one.within = Answer::affected;
        settled.insert({one.subject, one.trace.log_run_id});
        judge_by_time(std::move(one));
      } else if (version.empty()) {
        one.why = "the log does not state the version";
        requested.push_back(std::move(one));
      } else {
        settled.insert({one.subject, one.trace.log_run_id});
        if (names_version(wanted_, version))
          note(one.subject, Answer::affected, one.path, one.line, one.found, {}, one.time, one.trace);
      }
    });
    for (Loose& one : requested) {
      const Run run{one.subject, one.trace.log_run_id};
      if (run.log_run_id != 0 && settled.contains(run)) continue;
      judge_by_time(std::move(one));
    }
    // A run is told of once, by its own line.
    for (const Loose& one : requested) settled.insert({one.subject, one.trace.log_run_id});
    return settled;
  }

  void actions() {
    const bool asks_for_commit = std::any_of(wanted_.versions.begin(), wanted_.versions.end(),
                                             [](const std::string& one) { return one.size() == 40; });
    std::vector<Loose> movable;
    Query uses = connection_.query(
        fmt::format("SELECT u.subject_id, {}, u.reference, u.reference_kind, u.immutable, coalesce(u.job_id, 0) FROM "
                    "uses u{} WHERE u.name = ?",
                    place_columns, place_joins("u")));
    uses.bind(wanted_.name);
    each(std::move(uses), [&](const Query& row) {
      const std::string reference = row.text(3);
      const bool fixed = row.integer(5) == 1;
      const bool named = wanted_.versions.empty() || contains(wanted_.versions, reference);
      Loose one{.subject = row.integer(0),
                .line = row.integer(2),
                .path = row.text(1),
                .found = fmt::format("{}@{}", wanted_.name, reference),
                .why = "a movable reference could have meant that commit",
                .when = of_repository(row.integer(0), fixed),
                .trace = {.log_run_id = 0, .job_id = row.integer(6)}};
      if (named && (fixed || !wanted_.window.known())) {
        // Every version of a window is bad: a commit that is older or younger is not of it.
        const bool by_age = wanted_.versions.empty() && wanted_.window.known();
        if (by_age) {
          one.why = "its age alone decides";
          judge_by_time(std::move(one));
        } else {
          note(one.subject, Answer::affected, one.path, one.line, one.found, {}, {}, one.trace);
        }
      } else if (named || (!fixed && asks_for_commit)) {
        if (named) one.why = "a movable reference was bad for some time";
        movable.push_back(std::move(one));
      }
    });
    judge_by_runs(std::move(movable), ran());
  }

  // What logs say of the action; returns the runs that say enough.
  std::set<Run> ran() {
    std::set<Run> settled;
    Query events = connection_.query(fmt::format(
        "SELECT e.subject_id, {}, e.version, e.value, {} FROM log_event e{}{} WHERE e.name = ? AND e.kind = "
        "'action-resolved'",
        place_columns, run_columns, run_join, place_joins("e")));
    events.bind(wanted_.name);
    each(std::move(events), [&](const Query& row) {
      const std::string version = row.text(3);
      const std::string commit = row.text(4);
      Loose one{.subject = row.integer(0),
                .line = row.integer(2),
                .path = row.text(1),
                .found = fmt::format("{}@{} ran{}{}", wanted_.name, version, commit.empty() ? "" : " as ", commit),
                .why = {},
                .when = of_run(row.text(5), row.text(6), row.text(7)),
                .time = row.text(5).empty() ? row.text(6) : row.text(5),
                .trace = {.log_run_id = row.integer(8)}};
      settled.insert({one.subject, one.trace.log_run_id});
      const bool by_commit = !commit.empty() && contains(wanted_.versions, commit);
      const bool by_tag = wanted_.versions.empty() || contains(wanted_.versions, version);
      if (by_commit || (by_tag && !wanted_.window.known())) {
        note(one.subject, Answer::affected, one.path, one.line, one.found, {}, one.time, one.trace);
      } else if (by_tag) {
        one.within = Answer::affected;
        judge_by_time(std::move(one));
      } else if (commit.empty()) {
        one.why = "the log does not say which commit it was";
        judge_by_time(std::move(one));
      }
    });
    return settled;
  }

  // Lines of logs that name exactly this.
  void events_with(std::string_view column, std::string_view text, const std::string& wanted) {
    Query events = connection_.query(
        fmt::format("SELECT e.subject_id, {}, {}, e.time, coalesce(r.started, ''), coalesce(e.log_run_id, 0) FROM "
                    "log_event e{}{} WHERE e.\"{}\" = ?",
                    place_columns, text, run_join, place_joins("e"), column));
    events.bind(wanted);
    each(std::move(events), [&](const Query& row) {
      note(row.integer(0), Answer::affected, row.text(1), row.integer(2), row.text(3), {},
           row.text(4).empty() ? row.text(5) : row.text(4), {.log_run_id = row.integer(6)});
    });
  }

  void commits() {
    const std::string& oid = wanted_.value;
    const auto lookup = [&](std::string_view table, std::string_view column, std::string_view text) {
      Query query = connection_.query(fmt::format("SELECT t.subject_id, {}, {} FROM \"{}\" t{} WHERE t.\"{}\" = ?",
                                                  place_columns, text, table, place_joins("t"), column));
      query.bind(oid);
      each(std::move(query),
           [&](const Query& row) { note(row.integer(0), Answer::affected, row.text(1), row.integer(2), row.text(3)); });
    };
    lookup("ref", "target", "t.name");
    lookup("uses", "reference", "t.name || '@' || t.reference");
    events_with("value", "e.kind || ' ' || e.name", oid);
    std::string bytes;
    for (std::size_t i = 0; i + 1 < oid.size(); i += 2)
      bytes += static_cast<char>(std::stoi(oid.substr(i, 2), nullptr, 16));
    std::vector<std::int64_t> with_history;
    each(connection_.query("SELECT subject_id FROM commit_set ORDER BY subject_id"),
         [&](const Query& row) { with_history.push_back(row.integer(0)); });
    for (const std::int64_t subject : with_history) {
      if (holds_commit(subject, bytes)) note(subject, Answer::affected, ".git", 0, "in the history");
    }
  }

  // Bisection inside the stored set, reading only the ids it passes.
  bool holds_commit(std::int64_t subject, const std::string& wanted) {
    constexpr int size = 20;
    sqlite3_blob* blob = nullptr;
    if (sqlite3_blob_open(connection_.handle(), "main", "commit_set", "oids", subject, 0, &blob) != SQLITE_OK) {
      sqlite3_blob_close(blob);
      return false;
    }
    int low = 0;
    int high = sqlite3_blob_bytes(blob) / size;
    bool found = false;
    while (low < high && !found) {
      const int middle = low + (high - low) / 2;
      char bytes[size];
      if (sqlite3_blob_read(blob, bytes, size, middle * size) != SQLITE_OK) break;
      const int order = std::memcmp(bytes, wanted.data(), size);
      found = order == 0;
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    sqlite3_blob_close(blob);
    return found;
  }

  void hashes() {
    const std::string& value = wanted_.value;
    Query files =
        connection_.query("SELECT a.subject_id, a.path, 0 FROM artifact a WHERE a.sha256 = ? AND a.sha256 <> ''");
    files.bind(value);
    each(std::move(files),
         [&](const Query& row) { note(row.integer(0), Answer::affected, row.text(1), 0, "the file itself"); });
    Query components = connection_.query(
        fmt::format("SELECT h.subject_id, {}, c.name || ' ' || c.version FROM component_hash h LEFT JOIN component c ON"
                    " c.subject_id = h.subject_id AND c.component_id = h.component_id{} WHERE h.value = ?",
                    place_columns, place_joins("h")));
    components.bind(value);
    each(std::move(components),
         [&](const Query& row) { note(row.integer(0), Answer::affected, row.text(1), row.integer(2), row.text(3)); });
    for (const std::string& digest : {value, "sha256:" + value}) {
      events_with("value", "e.kind || ' ' || e.name", digest);
      Query uses = connection_.query(
          fmt::format("SELECT u.subject_id, {}, u.name || '@' || u.reference FROM uses u{} WHERE u.reference = ?",
                      place_columns, place_joins("u")));
      uses.bind(digest);
      each(std::move(uses),
           [&](const Query& row) { note(row.integer(0), Answer::affected, row.text(1), row.integer(2), row.text(3)); });
    }
  }

  void host_exactly(const std::string& host) {
    Query origins = connection_.query(fmt::format(
        "SELECT o.subject_id, {}, o.url FROM component_origin o{} WHERE o.host = ?", place_columns, place_joins("o")));
    origins.bind(host);
    each(std::move(origins),
         [&](const Query& row) { note(row.integer(0), Answer::affected, row.text(1), row.integer(2), row.text(3)); });
    events_with("host", "e.kind || ' ' || e.value", host);
  }

  // The host and everything below it.
  void hosts() {
    std::vector<std::string> hosts;
    Query distinct = connection_.query(
        "SELECT DISTINCT host FROM host WHERE host = ?1 OR substr(host, -length(?1) - 1) = '.' || ?1 ORDER BY host");
    distinct.bind(wanted_.name);
    each(std::move(distinct), [&](const Query& row) { hosts.push_back(row.text(0)); });
    for (const std::string& host : hosts) host_exactly(host);
  }

  void addresses() {
    host_exactly(wanted_.value);
    events_with("value", "e.kind || ' ' || e.name", wanted_.value);
  }

  const Connection& connection_;
  const Indicator& wanted_;
  const SightingSink& sink_;
  std::string shown_;
  std::optional<std::map<std::int64_t, Lifetime>> lifetimes_{};
  bool failed_ = false;
};

}  // namespace

bool find_sightings(const Connection& connection, const Indicator& indicator, const SightingSink& sink) {
  return Search(connection, indicator, sink).run();
}

}  // namespace assay::fleet

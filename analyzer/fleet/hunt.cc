#include "analyzer/fleet/hunt.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <set>

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

std::string shown(const Indicator& indicator) {
  std::string out(indicator.purl_type.empty() ? word(indicator.kind) : std::string_view(indicator.purl_type));
  out += ' ';
  out += indicator.value.empty() ? indicator.name : indicator.value;
  if (indicator.versions.size() == 1) out += "@" + indicator.versions.front();
  if (indicator.versions.size() > 1) out += fmt::format(" ({} versions)", indicator.versions.size());
  return out;
}

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
    for (const Indicator& indicator : indicators) {
      current_ = &indicator;
      shown_ = shown(indicator);
      switch (indicator.kind) {
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
      const Vantage vantage = vantage_of(indicator);
      if (asked.insert(std::string(vantage.what)).second) coverage(vantage);
    }
    if (failed_) return tl::unexpected<Error>(connection_.error());
    return finish();
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
            std::string why = {}) {
    const auto entry = answers_.find(subject);
    if (entry == answers_.end()) return;  // no longer listed
    Sighting sighting{.answer = answer,
                      .indicator = shown_,
                      .incident = current_->incident,
                      .path = path,
                      .line = static_cast<std::uint32_t>(line),
                      .found = std::move(found),
                      .why = std::move(why)};
    entry->second.sightings.push_back(std::move(sighting));
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
    const Indicator& wanted = *current_;
    struct Loose {
      std::int64_t subject, line;
      std::string path, found, why;
    };
    std::vector<Loose> loose;
    std::set<Resolved> resolved;  // where a lockfile or SBOM says which version a range became
    Query components =
        connection_.query(fmt::format("SELECT c.subject_id, {}, c.version, c.declared_in, c.pinned, c.requirement FROM "
                                      "component c{} WHERE c.full_name = ?1 AND (?2 = '' OR c.purl_type = ?2)",
                                      place_columns, place_joins("c")));
    components.bind(wanted.name).bind(wanted.purl_type);
    each(std::move(components), [&](const Query& row) {
      const std::int64_t subject = row.integer(0);
      const std::string path = row.text(1);
      const std::string version = row.text(3);
      const std::string declared_in = row.text(4);
      const bool range = declared_in == "manifest" && (row.is_null(5) || row.integer(5) == 0);
      const std::string stated = version.empty() ? row.text(6) : version;
      const std::string found =
          fmt::format("{} {}{}", wanted.name, stated, declared_in.empty() ? "" : fmt::format(" ({})", declared_in));
      if (wanted.versions.empty()) {
        note(subject, Answer::affected, path, row.integer(2), found);
      } else if (range) {
        loose.push_back({subject, row.integer(2), path, found, "a range: the version it became is not known"});
      } else if (stated.empty()) {
        loose.push_back({subject, row.integer(2), path, found, "no version is stated"});
      } else {
        if (declared_in != "manifest") resolved.insert({subject, directory_of(path)});
        if (names_version(wanted, stated)) note(subject, Answer::affected, path, row.integer(2), found);
      }
    });
    for (Loose& one : loose) {
      if (!resolved.contains({one.subject, directory_of(one.path)})) {
        note(one.subject, Answer::possible, one.path, one.line, std::move(one.found), std::move(one.why));
      }
    }
    Query events = connection_.query(
        fmt::format("SELECT e.subject_id, {}, e.version FROM log_event e{} WHERE e.name = ?1 AND e.kind "
                    "= 'package-installed' AND (?2 = '' OR e.ecosystem = ?2)",
                    place_columns, place_joins("e")));
    events.bind(wanted.name).bind(wanted.purl_type);
    each(std::move(events), [&](const Query& row) {
      const std::string version = row.text(3);
      const std::string found = fmt::format("{} {} (installed)", wanted.name, version);
      if (names_version(wanted, version)) {
        note(row.integer(0), Answer::affected, row.text(1), row.integer(2), found);
      } else if (version.empty()) {
        note(row.integer(0), Answer::possible, row.text(1), row.integer(2), found,
             "the log does not state the version");
      }
    });
  }

  void actions() {
    const Indicator& wanted = *current_;
    Query uses = connection_.query(fmt::format(
        "SELECT u.subject_id, {}, u.reference, u.reference_kind, u.immutable FROM uses u{} WHERE u.name = ?",
        place_columns, place_joins("u")));
    uses.bind(wanted.name);
    each(std::move(uses), [&](const Query& row) {
      const std::string reference = row.text(3);
      const std::string found = fmt::format("{}@{}", wanted.name, reference);
      const bool fixed = row.integer(5) == 1;
      const bool asks_for_commit = std::any_of(wanted.versions.begin(), wanted.versions.end(),
                                               [](const std::string& one) { return one.size() == 40; });
      if (wanted.versions.empty() || contains(wanted.versions, reference)) {
        note(row.integer(0), Answer::affected, row.text(1), row.integer(2), found);
      } else if (!fixed && asks_for_commit) {
        note(row.integer(0), Answer::possible, row.text(1), row.integer(2), found,
             "a movable reference could have meant that commit");
      }
    });
    Query events =
        connection_.query(fmt::format("SELECT e.subject_id, {}, e.version, e.value FROM log_event e{} WHERE e.name = ? "
                                      "AND e.kind = 'action-resolved'",
                                      place_columns, place_joins("e")));
    events.bind(wanted.name);
    each(std::move(events), [&](const Query& row) {
      if (wanted.versions.empty() || contains(wanted.versions, row.text(3)) || contains(wanted.versions, row.text(4))) {
        note(row.integer(0), Answer::affected, row.text(1), row.integer(2),
             fmt::format("{}@{} ran as {}", wanted.name, row.text(3), row.text(4)));
      }
    });
  }

  void commits() {
    const std::string& oid = current_->value;
    const auto lookup = [&](std::string_view table, std::string_view column, std::string_view text) {
      Query query = connection_.query(fmt::format("SELECT t.subject_id, {}, {} FROM \"{}\" t{} WHERE t.\"{}\" = ?",
                                                  place_columns, text, table, place_joins("t"), column));
      query.bind(oid);
      each(std::move(query),
           [&](const Query& row) { note(row.integer(0), Answer::affected, row.text(1), row.integer(2), row.text(3)); });
    };
    lookup("ref", "target", "t.name");
    lookup("uses", "reference", "t.name || '@' || t.reference");
    lookup("log_event", "value", "t.kind || ' ' || t.name");
    std::string wanted;
    for (std::size_t i = 0; i + 1 < oid.size(); i += 2)
      wanted += static_cast<char>(std::stoi(oid.substr(i, 2), nullptr, 16));
    std::set<std::int64_t> complete;
    each(connection_.query("SELECT subject_id FROM commit_set WHERE complete = 1"),
         [&](const Query& row) { complete.insert(row.integer(0)); });
    for (auto& [subject, answer] : answers_) {
      if (holds_commit(subject, wanted)) note(subject, Answer::affected, ".git", 0, "in the history");
      constexpr std::string_view cut = "the clone does not hold the whole history";
      if (!complete.contains(subject) && !contains(answer.not_examined, std::string(cut)))
        answer.not_examined.emplace_back(cut);
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
    const std::string& value = current_->value;
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
      Query events = connection_.query(
          fmt::format("SELECT e.subject_id, {}, e.kind || ' ' || e.name FROM log_event e{} WHERE e.value = ?",
                      place_columns, place_joins("e")));
      events.bind(digest);
      each(std::move(events),
           [&](const Query& row) { note(row.integer(0), Answer::affected, row.text(1), row.integer(2), row.text(3)); });
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
    Query events = connection_.query(
        fmt::format("SELECT e.subject_id, {}, e.kind || ' ' || e.value FROM log_event e{} WHERE e.host = ?",
                    place_columns, place_joins("e")));
    events.bind(host);
    each(std::move(events),
         [&](const Query& row) { note(row.integer(0), Answer::affected, row.text(1), row.integer(2), row.text(3)); });
  }

  // The host and everything below it.
  void hosts() {
    std::vector<std::string> hosts;
    Query distinct = connection_.query(
        "SELECT DISTINCT host FROM host WHERE host = ?1 OR substr(host, -length(?1) - 1) = '.' || ?1 ORDER BY host");
    distinct.bind(current_->name);
    each(std::move(distinct), [&](const Query& row) { hosts.push_back(row.text(0)); });
    for (const std::string& host : hosts) host_exactly(host);
  }

  void addresses() {
    host_exactly(current_->value);
    Query events = connection_.query(
        fmt::format("SELECT e.subject_id, {}, e.kind || ' ' || e.name FROM log_event e{} WHERE e.value = ?",
                    place_columns, place_joins("e")));
    events.bind(current_->value);
    each(std::move(events),
         [&](const Query& row) { note(row.integer(0), Answer::affected, row.text(1), row.integer(2), row.text(3)); });
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
    each(std::move(query), [&](const Query& row) {
      Seen& entry = seen[row.integer(0)];
      if (row.text(2) == "read") {
        ++entry.read;
      } else {
        entry.gaps.push_back(
            fmt::format("{} was {}{}", row.text(1), row.text(2), row.text(3).empty() ? "" : ": " + row.text(3)));
      }
    });
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
      answer.answer = !all.empty()                  ? all.front().answer
                      : answer.not_examined.empty() ? Answer::not_seen
                                                    : Answer::not_examined;
      if (all.size() > max_sightings) {
        answer.more_sightings = all.size() - max_sightings;
        all.resize(max_sightings);
      }
      std::size_t* const counts[] = {&report.affected, &report.possible, &report.not_examined, &report.not_seen};
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
  const Indicator* current_ = nullptr;
  std::string shown_;
  bool failed_ = false;
};

}  // namespace

Result<HuntReport> hunt(const Store& store, const std::vector<Indicator>& indicators) {
  return Hunt(store).run(indicators);
}

}  // namespace assay::fleet

#include "analyzer/fleet/sightings.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <cstring>
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
            std::string why = {}) {
    sink_(subject, {.answer = answer,
                    .indicator = shown_,
                    .incident = wanted_.incident,
                    .path = path,
                    .line = static_cast<std::uint32_t>(line),
                    .found = std::move(found),
                    .why = std::move(why)});
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
    components.bind(wanted_.name).bind(wanted_.purl_type);
    each(std::move(components), [&](const Query& row) {
      const std::int64_t subject = row.integer(0);
      const std::string path = row.text(1);
      const std::string version = row.text(3);
      const std::string declared_in = row.text(4);
      const bool range = declared_in == "manifest" && (row.is_null(5) || row.integer(5) == 0);
      const std::string stated = version.empty() ? row.text(6) : version;
      const std::string found =
          fmt::format("{} {}{}", wanted_.name, stated, declared_in.empty() ? "" : fmt::format(" ({})", declared_in));
      if (wanted_.versions.empty()) {
        note(subject, Answer::affected, path, row.integer(2), found);
      } else if (range) {
        loose.push_back({subject, row.integer(2), path, found, "a range: the version it became is not known"});
      } else if (stated.empty()) {
        loose.push_back({subject, row.integer(2), path, found, "no version is stated"});
      } else {
        if (declared_in != "manifest") resolved.insert({subject, directory_of(path)});
        if (names_version(wanted_, stated)) note(subject, Answer::affected, path, row.integer(2), found);
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
    events.bind(wanted_.name).bind(wanted_.purl_type);
    each(std::move(events), [&](const Query& row) {
      const std::string version = row.text(3);
      const std::string found = fmt::format("{} {} (installed)", wanted_.name, version);
      if (names_version(wanted_, version)) {
        note(row.integer(0), Answer::affected, row.text(1), row.integer(2), found);
      } else if (version.empty()) {
        note(row.integer(0), Answer::possible, row.text(1), row.integer(2), found,
             "the log does not state the version");
      }
    });
  }

  void actions() {
    Query uses = connection_.query(fmt::format(
        "SELECT u.subject_id, {}, u.reference, u.reference_kind, u.immutable FROM uses u{} WHERE u.name = ?",
        place_columns, place_joins("u")));
    uses.bind(wanted_.name);
    each(std::move(uses), [&](const Query& row) {
      const std::string reference = row.text(3);
      const std::string found = fmt::format("{}@{}", wanted_.name, reference);
      const bool fixed = row.integer(5) == 1;
      const bool asks_for_commit = std::any_of(wanted_.versions.begin(), wanted_.versions.end(),
                                               [](const std::string& one) { return one.size() == 40; });
      if (wanted_.versions.empty() || contains(wanted_.versions, reference)) {
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
    events.bind(wanted_.name);
    each(std::move(events), [&](const Query& row) {
      if (wanted_.versions.empty() || contains(wanted_.versions, row.text(3)) ||
          contains(wanted_.versions, row.text(4))) {
        note(row.integer(0), Answer::affected, row.text(1), row.integer(2),
             fmt::format("{}@{} ran as {}", wanted_.name, row.text(3), row.text(4)));
      }
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
    lookup("log_event", "value", "t.kind || ' ' || t.name");
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
    distinct.bind(wanted_.name);
    each(std::move(distinct), [&](const Query& row) { hosts.push_back(row.text(0)); });
    for (const std::string& host : hosts) host_exactly(host);
  }

  void addresses() {
    host_exactly(wanted_.value);
    Query events = connection_.query(
        fmt::format("SELECT e.subject_id, {}, e.kind || ' ' || e.name FROM log_event e{} WHERE e.value = ?",
                    place_columns, place_joins("e")));
    events.bind(wanted_.value);
    each(std::move(events),
         [&](const Query& row) { note(row.integer(0), Answer::affected, row.text(1), row.integer(2), row.text(3)); });
  }

  const Connection& connection_;
  const Indicator& wanted_;
  const SightingSink& sink_;
  std::string shown_;
  bool failed_ = false;
};

}  // namespace

bool find_sightings(const Connection& connection, const Indicator& indicator, const SightingSink& sink) {
  return Search(connection, indicator, sink).run();
}

}  // namespace assay::fleet

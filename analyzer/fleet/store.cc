#include "analyzer/fleet/store.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "analyzer/evidence/schema.h"
#include "analyzer/fleet/stored_changes.h"
#include "analyzer/fleet/stored_evidence.h"

namespace assay::fleet {
namespace {

constexpr std::int64_t application_id = 0x41535359;  // "ASSY", in the file's header

std::string joined(const std::vector<std::string>& words) {
  return fmt::format("{}", fmt::join(words, ","));
}

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const std::size_t comma = text.find(',');
    out.emplace_back(text.substr(0, comma));
    text.remove_prefix(comma == std::string_view::npos ? text.size() : comma + 1);
  }
  return out;
}

// Copies the current row of an evidence query behind a subject id.
void copy_row(const evidence::Statement& from, Query& to, std::int64_t subject) {
  to.bind(subject);
  for (int i = 0; i < from.column_count(); ++i) {
    if (from.is_null(i)) {
      to.bind_null();
    } else if (from.type(i) == SQLITE_INTEGER) {
      to.bind(from.integer(i));
    } else {
      to.bind(from.text(i));
    }
  }
}

std::string bytes_of_hex(std::string_view hex) {
  const auto digit = [](char c) { return static_cast<unsigned>(c <= '9' ? c - '0' : c - 'a' + 10) & 0xFU; };
  std::string out;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) out += static_cast<char>(digit(hex[i]) * 16 + digit(hex[i + 1]));
  return out;
}

}  // namespace

template <class Body>
Result<void> Store::transaction(Body&& body) {
  ASSAY_CHECK(connection_.execute("BEGIN IMMEDIATE"));
  Result<void> done = body();
  if (done) done = connection_.execute("COMMIT");
  if (!done) {
    Result<void> ignored = connection_.execute("ROLLBACK");
    (void)ignored;
  }
  return done;
}

Result<Store> Store::open(const std::string& path) {
  std::error_code ignored;
  const bool fresh = !std::filesystem::exists(path, ignored) || std::filesystem::file_size(path, ignored) == 0;
  ASSAY_TRY(Connection connection, Connection::open(path, Connection::Mode::write));
  Query id = connection.query("PRAGMA application_id");
  if (!fresh && (!id.step() || id.integer(0) != application_id)) {
    return fail(ErrorCode::usage, "the file exists and is not a store of Assay's", path);
  }
  id.again();
  Store store(std::move(connection));
  ASSAY_CHECK(store.make_tables());
  return store;
}

Result<void> Store::make_tables() {
  ASSAY_CHECK(connection_.execute(fmt::format("PRAGMA application_id={}", application_id)));
  return transaction([&]() -> Result<void> {
    ASSAY_CHECK(connection_.execute(own_tables()));
    const std::string digest = evidence_schema_digest();
    Query stored = connection_.query("SELECT value FROM meta WHERE key = 'evidence'");
    const bool known = stored.step();
    if (known && stored.text(0) == digest) return {};
    if (known) ASSAY_CHECK(connection_.execute(drop_evidence_tables()));
    stored.again();
    ASSAY_CHECK(connection_.execute(evidence_tables()));
    if (!connection_.query("INSERT OR REPLACE INTO meta VALUES('evidence', ?)").bind(digest).run())
      return tl::unexpected(connection_.error());
    return {};
  });
}

Result<std::int64_t> Store::begin_run(const SubjectKey& rules, std::string_view started, bool& resumed) {
  resumed = false;
  std::int64_t run = 0;
  ASSAY_CHECK(transaction([&]() -> Result<void> {
    Query last = connection_.query("SELECT run, rules, known, engine, finished FROM run ORDER BY run DESC LIMIT 1");
    if (last.step()) {
      run = last.integer(0);
      resumed = last.integer(4) == 0 && last.text(1) == rules.rules && last.text(2) == rules.known &&
                last.text(3) == rules.engine;
    }
    last.again();
    if (resumed) return {};
    ++run;
    Query insert = connection_.query("INSERT INTO run VALUES(?, ?, ?, ?, ?, 0)");
    insert.bind(run).bind(started).bind(rules.rules).bind(rules.known).bind(rules.engine);
    if (!insert.run()) return tl::unexpected(connection_.error());
    return {};
  }));
  return run;
}

Result<void> Store::finish_run(std::int64_t run) {
  return transaction([&]() -> Result<void> {
    if (!connection_.query("UPDATE run SET finished = 1 WHERE run = ?").bind(run).run())
      return tl::unexpected(connection_.error());
    return {};
  });
}

Result<void> Store::list_subjects(const std::vector<std::string>& names) {
  return transaction([&]() -> Result<void> {
    ASSAY_CHECK(connection_.execute("UPDATE subject SET listed = 0"));
    Query upsert = connection_.query(
        "INSERT INTO subject SELECT coalesce(max(subject_id), 0) + 1, ?1, 1, '', '', '', '', 0, 0, '' FROM subject"
        " WHERE true ON CONFLICT(name) DO UPDATE SET listed = 1");
    for (const std::string& name : names) {
      if (!upsert.bind(name).run()) return tl::unexpected(connection_.error());
    }
    return {};
  });
}

Result<std::map<std::string, StoredSubject>> Store::subjects() const {
  std::map<std::string, StoredSubject> out;
  Query query = connection_.query(
      "SELECT subject_id, name, state, rules, known, engine, seen_run, examined_run, error FROM subject WHERE listed = "
      "1");
  while (query.step()) {
    StoredSubject subject{
        .id = query.integer(0),
        .name = query.text(1),
        .key = {.state = query.text(2), .rules = query.text(3), .known = query.text(4), .engine = query.text(5)},
        .seen_run = query.integer(6),
        .examined_run = query.integer(7),
        .error = query.text(8)};
    out.emplace(subject.name, std::move(subject));
  }
  if (query.failed()) return tl::unexpected(connection_.error());
  return out;
}

Result<void> Store::copy_evidence(std::int64_t subject, evidence::Database& from) {
  for (const StoredTable& table : stored_tables()) {
    std::string marks = "?";
    for (std::size_t i = 0; i < column_count(table.name); ++i) marks += ",?";
    Query insert = connection_.query(fmt::format("INSERT INTO \"{}\" VALUES({})", table.name, marks));
    ASSAY_TRY(evidence::Statement rows,
              from.prepare(fmt::format("SELECT {} FROM \"{}\"{}{}", columns_of(table.name), table.name,
                                       table.condition.empty() ? "" : " WHERE ", table.condition)));
    while (true) {
      ASSAY_TRY(const bool row, rows.step());
      if (!row) break;
      copy_row(rows, insert, subject);
      if (!insert.run()) return tl::unexpected(connection_.error());
    }
  }
  // All commits, 20 bytes each and sorted: a hunt looks one up by bisection without loading the set.
  std::string oids;
  ASSAY_TRY(evidence::Statement commits,
            from.prepare("SELECT oid FROM git_commit WHERE length(oid) = 40 ORDER BY oid"));
  while (true) {
    ASSAY_TRY(const bool row, commits.step());
    if (!row) break;
    oids += bytes_of_hex(commits.text(0));
  }
  ASSAY_TRY(evidence::Statement cut, from.prepare("SELECT count(*) > 0 AND max(coalesce(cut, 1)) = 0 FROM repository"));
  ASSAY_TRY(const bool any, cut.step());
  Query set = connection_.query("INSERT INTO commit_set VALUES(?, ?, ?)");
  set.bind(subject).bind(any ? cut.integer(0) : 0).bind_blob(oids);
  if (!set.run()) return tl::unexpected(connection_.error());
  Query hosts = connection_.query(
      "INSERT OR IGNORE INTO host SELECT ?1, host FROM component_origin WHERE subject_id = ?1 AND host <> ''"
      " UNION SELECT ?1, host FROM log_event WHERE subject_id = ?1 AND host <> ''");
  if (!hosts.bind(subject).run()) return tl::unexpected(connection_.error());
  return {};
}

namespace {

// Whether the path, a directory above it or an archive around it is among `paths`.
bool lies_in(const std::set<std::string>& paths, const std::string& path) {
  if (paths.empty()) return false;
  if (paths.contains(path)) return true;
  for (std::size_t slash = path.find('/'); slash != std::string::npos; slash = path.find('/', slash + 1)) {
    const std::size_t end = slash > 0 && path[slash - 1] == '!' ? slash - 1 : slash;
    if (paths.contains(path.substr(0, end))) return true;
  }
  return false;
}

}  // namespace

Result<Store::Change> Store::merge_findings(std::int64_t run, std::int64_t subject, const SubjectResult& result) {
  Change change;
  std::map<std::string, std::string> standing;  // before this run: fingerprint → path
  Query stored = connection_.query("SELECT fingerprint, path FROM finding WHERE subject_id = ? AND gone_in = 0");
  stored.bind(subject);
  while (stored.step()) standing.emplace(stored.text(0), stored.text(1));
  std::map<std::string_view, std::pair<const Finding*, std::int64_t>>
      now;  // the first place of each, and how many there are
  for (const Finding& finding : result.findings)
    ++now.try_emplace(finding.fingerprint, &finding, 0).first->second.second;
  Query put = connection_.query(
      "INSERT INTO finding VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?15,0)"
      " ON CONFLICT(subject_id, fingerprint) DO UPDATE SET rule=?3, severity=?4, confidence=?5, audience=?6, "
      "message=?7, "
      "path=?8, line=?9,"
      " \"column\"=?10, snippet=?11, incidents=?12, suppressed=?13, places=?14,"
      " first_seen = CASE WHEN gone_in = 0 THEN first_seen ELSE ?15 END, last_seen=?15, gone_in=0");
  for (const auto& [fingerprint, entry] : now) {
    const Finding& finding = *entry.first;
    ++(standing.contains(std::string(fingerprint)) ? change.known : change.fresh);
    put.bind(subject)
        .bind(fingerprint)
        .bind(finding.rule)
        .bind(word(finding.severity))
        .bind(word(finding.confidence))
        .bind(word(finding.audience));
    put.bind(finding.message)
        .bind(finding.at.path)
        .bind(std::int64_t{finding.at.span.begin.line})
        .bind(std::int64_t{finding.at.span.begin.column});
    put.bind(finding.snippet)
        .bind(joined(finding.incidents))
        .bind(finding.suppressions.empty() ? "" : finding.suppressions.front().reason);
    put.bind(entry.second).bind(run);
    if (!put.run()) return tl::unexpected(connection_.error());
  }
  Query gone = connection_.query("UPDATE finding SET gone_in = ? WHERE subject_id = ? AND fingerprint = ?");
  for (const auto& [fingerprint, path] : standing) {
    if (now.contains(fingerprint)) continue;
    if (lies_in(result.unread, path)) {
      ++change.known;
      continue;
    }
    ++change.gone;
    if (!gone.bind(run).bind(subject).bind(fingerprint).run()) return tl::unexpected(connection_.error());
  }
  return change;
}

Result<Store::Change> Store::replace(std::int64_t run, const StoredSubject& subject, const SubjectKey& key,
                                     SubjectResult& result) {
  Change change;
  const Result<void> written = transaction([&]() -> Result<void> {
    for (const StoredTable& table : stored_tables()) {
      if (!connection_.query(fmt::format("DELETE FROM \"{}\" WHERE subject_id = ?", table.name))
               .bind(subject.id)
               .run()) {
        return tl::unexpected(connection_.error());
      }
    }
    for (const char* own : {"DELETE FROM commit_set WHERE subject_id = ?", "DELETE FROM host WHERE subject_id = ?"}) {
      if (!connection_.query(own).bind(subject.id).run()) return tl::unexpected(connection_.error());
    }
    if (result.evidence != nullptr) ASSAY_CHECK(copy_evidence(subject.id, *result.evidence));
    ASSAY_CHECK(store_changes(connection_, subject.id, key.engine, result.changes));
    ASSAY_TRY(change, merge_findings(run, subject.id, result));
    Query done = connection_.query(
        "UPDATE subject SET state=?, rules=?, known=?, engine=?, seen_run=?, examined_run=?, error='' WHERE subject_id "
        "=?");
    done.bind(key.state).bind(key.rules).bind(key.known).bind(key.engine).bind(run).bind(run).bind(subject.id);
    if (!done.run()) return tl::unexpected(connection_.error());
    return {};
  });
  if (!written) return tl::unexpected<Error>(written.error());
  return change;
}

Result<void> Store::confirm(std::int64_t run, const StoredSubject& subject) {
  return transaction([&]() -> Result<void> {
    if (!connection_.query("UPDATE subject SET seen_run = ? WHERE subject_id = ?").bind(run).bind(subject.id).run()) {
      return tl::unexpected(connection_.error());
    }
    if (!connection_.query("UPDATE finding SET last_seen = ? WHERE subject_id = ? AND gone_in = 0")
             .bind(run)
             .bind(subject.id)
             .run()) {
      return tl::unexpected(connection_.error());
    }
    return {};
  });
}

Result<void> Store::record_failure(std::int64_t run, const StoredSubject& subject, const Error& error) {
  return transaction([&]() -> Result<void> {
    Query query = connection_.query("UPDATE subject SET state = '', seen_run = ?, error = ? WHERE subject_id = ?");
    if (!query.bind(run).bind(error.text()).bind(subject.id).run()) return tl::unexpected(connection_.error());
    return {};
  });
}

Result<std::vector<StoredFinding>> Store::findings() const {
  std::vector<StoredFinding> out;
  Query query = connection_.query(
      "SELECT s.name, f.rule, f.severity, f.confidence, f.audience, f.message, f.path, f.line, f.\"column\", "
      "f.snippet, f.incidents, f.suppressed,"
      " f.fingerprint, f.first_seen, f.last_seen, f.gone_in, s.seen_run FROM finding f JOIN subject s USING "
      "(subject_id)"
      " WHERE s.listed = 1 AND (f.gone_in = 0 OR f.gone_in = s.seen_run) ORDER BY s.name, f.path, f.line, "
      "f.\"column\", f.rule, f.fingerprint");
  while (query.step()) {
    StoredFinding stored;
    stored.subject = query.text(0);
    Finding& finding = stored.finding;
    finding.rule = query.text(1);
    from_word(query.text(2), finding.severity);
    from_word(query.text(3), finding.confidence);
    from_word(query.text(4), finding.audience);
    finding.message = query.text(5);
    const Position at{static_cast<std::uint32_t>(query.integer(7)), static_cast<std::uint32_t>(query.integer(8))};
    finding.at = {query.text(6), {at, at}};
    finding.snippet = query.text(9);
    finding.incidents = split(query.text(10));
    if (const std::string reason = query.text(11); !reason.empty())
      finding.suppressions.push_back({reason, "", "store"});
    finding.fingerprint = query.text(12);
    stored.first_seen = query.integer(13);
    stored.last_seen = query.integer(14);
    const std::int64_t seen_run = query.integer(16);
    stored.standing = query.integer(15) != 0          ? Standing::gone
                      : stored.first_seen == seen_run ? Standing::fresh
                                                      : Standing::known;
    finding.standing = stored.standing;
    out.push_back(std::move(stored));
  }
  if (query.failed()) return tl::unexpected(connection_.error());
  return out;
}

Result<void> Store::write_past(const std::string& store_path, const std::string& subject, const std::string& file) {
  std::error_code ignored;
  if (std::filesystem::exists(file, ignored)) return fail(ErrorCode::usage, "the file for `past` exists already", file);
  ASSAY_TRY(Connection out, Connection::open(file, Connection::Mode::write));
  ASSAY_CHECK(out.execute("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;"));
  if (!out.query("ATTACH ? AS store").bind(store_path).run()) return tl::unexpected(out.error());
  // Every table of the schema, so that a rule over one that is not kept finds it empty and not missing.
  ASSAY_CHECK(out.execute(evidence::create_tables("main")));
  for (const StoredTable& table : stored_tables()) {
    Query copy = out.query(
        fmt::format("INSERT INTO main.\"{0}\" SELECT {1} FROM store.\"{0}\" WHERE subject_id = (SELECT subject_id "
                    "FROM store.subject WHERE name = ?)",
                    table.name, columns_of(table.name)));
    if (!copy.bind(subject).run()) return tl::unexpected(out.error());
  }
  ASSAY_CHECK(out.execute(evidence::create_indexes("main")));
  ASSAY_CHECK(
      out.execute("CREATE TABLE main.finding(fingerprint TEXT, rule TEXT, first_seen INTEGER, last_seen INTEGER, "
                  "gone_in INTEGER)"));
  Query findings = out.query(
      "INSERT INTO main.finding SELECT fingerprint, rule, first_seen, last_seen, gone_in FROM store.finding"
      " WHERE subject_id = (SELECT subject_id FROM store.subject WHERE name = ?)");
  if (!findings.bind(subject).run()) return tl::unexpected(out.error());
  return {};
}

}  // namespace assay::fleet

#include "analyzer/fleet/stored_evidence.h"

#include <fmt/format.h>

#include "analyzer/base/digest.h"
#include "analyzer/evidence/schema.h"

namespace assay::fleet {
namespace {

// Only the right to an identity outlives the job.
constexpr const char* permission_condition = "scope = 'id-token' AND level = 'write'";

const evidence::TableDefinition* definition_of(std::string_view table) {
  for (const evidence::TableDefinition& definition : evidence::schema()) {
    if (definition.name == table) return &definition;
  }
  return nullptr;
}

// Locations follow the rows that are kept, artifacts follow the locations; both are last for that reason.
const std::string& location_condition() {
  static const std::string condition = [] {
    std::string out = "location_id IN (";
    bool first = true;
    for (const std::string_view table :
         {"component", "component_hash", "component_origin", "uses", "repository", "ref", "log_run", "secret_use"}) {
      out += fmt::format("{}SELECT at FROM {}", first ? "" : " UNION ", table);
      first = false;
    }
    return out + fmt::format(" UNION SELECT at FROM permission WHERE {}", permission_condition) +
           " UNION SELECT at FROM log_event WHERE kind NOT IN ('command', 'warning')"
           " UNION SELECT at FROM git_commit WHERE oid IN (SELECT target FROM ref))";
  }();
  return condition;
}

}  // namespace

std::span<const StoredTable> stored_tables() {
  static const std::vector<StoredTable> tables = {
      {"component", "", {"full_name"}},
      {"component_hash", "", {"value"}},
      {"component_origin", "", {"host"}},
      {"uses", "", {"name", "reference"}},
      {"repository", "", {"head"}},
      {"ref", "", {"target"}},
      {"git_commit", "oid IN (SELECT target FROM ref)", {}},
      {"sbom_document", "created <> ''", {}},
      {"job",
       "job_id IN (SELECT job_id FROM secret_use UNION SELECT job_id FROM permission UNION SELECT job_id FROM uses)",
       {}},
      {"secret_use", "", {}},
      {"permission", permission_condition, {}},
      {"log_run", "", {}},
      {"log_event", "kind NOT IN ('command', 'warning')", {"name", "value", "host"}},
      {"location", location_condition(), {}},
      {"artifact",
       "coverage <> 'read' OR sha256 <> '' OR kind NOT IN ('unknown', 'text', 'source', 'binary', 'archive', "
       "'symlink', 'special')"
       " OR artifact_id IN (SELECT artifact_id FROM location WHERE " +
           location_condition() + ")",
       {"sha256"}},
  };
  return tables;
}

std::string columns_of(std::string_view table) {
  std::string out;
  if (const auto* definition = definition_of(table)) {
    for (const evidence::Column& column : definition->columns)
      out += fmt::format("{}\"{}\"", out.empty() ? "" : ",", column.name);
  }
  return out;
}

std::size_t column_count(std::string_view table) {
  const auto* definition = definition_of(table);
  return definition == nullptr ? 0 : definition->columns.size();
}

std::string own_tables() {
  return R"(
    CREATE TABLE IF NOT EXISTS meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS run(run INTEGER PRIMARY KEY, started TEXT NOT NULL, rules TEXT NOT NULL, known TEXT NOT NULL,
      engine TEXT NOT NULL, finished INTEGER NOT NULL);
    CREATE TABLE IF NOT EXISTS subject(subject_id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, listed INTEGER NOT NULL,
      state TEXT NOT NULL, rules TEXT NOT NULL, known TEXT NOT NULL, engine TEXT NOT NULL,
      seen_run INTEGER NOT NULL, examined_run INTEGER NOT NULL, error TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS finding(subject_id INTEGER NOT NULL, fingerprint TEXT NOT NULL, rule TEXT NOT NULL, severity TEXT NOT NULL,
      confidence TEXT NOT NULL, audience TEXT NOT NULL, message TEXT NOT NULL, path TEXT NOT NULL, line INTEGER NOT NULL,
      "column" INTEGER NOT NULL, snippet TEXT NOT NULL, incidents TEXT NOT NULL, suppressed TEXT NOT NULL, places INTEGER NOT NULL,
      first_seen INTEGER NOT NULL, last_seen INTEGER NOT NULL, gone_in INTEGER NOT NULL,
      PRIMARY KEY(subject_id, fingerprint)) WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS finding_rule ON finding(rule);
    CREATE TABLE IF NOT EXISTS commit_set(subject_id INTEGER PRIMARY KEY, complete INTEGER NOT NULL, oids BLOB NOT NULL);
    CREATE TABLE IF NOT EXISTS host(subject_id INTEGER NOT NULL, host TEXT NOT NULL, PRIMARY KEY(host, subject_id)) WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS host_subject ON host(subject_id);
    CREATE TABLE IF NOT EXISTS commit_changes(subject_id INTEGER PRIMARY KEY, engine TEXT NOT NULL, changes BLOB NOT NULL);
  )";
}

std::string evidence_tables() {
  std::string out;
  for (const StoredTable& table : stored_tables()) {
    const auto* definition = definition_of(table.name);
    if (definition == nullptr) continue;
    // The key of each evidence table is its first column; with the subject before it, one subject's rows lie together.
    out += fmt::format(
        "CREATE TABLE IF NOT EXISTS \"{}\"(subject_id INTEGER NOT NULL,{},PRIMARY KEY(subject_id,\"{}\")) WITHOUT "
        "ROWID;\n",
        table.name, columns_of(table.name), definition->columns.front().name);
    for (const std::string_view column : table.indexed) {
      out += fmt::format("CREATE INDEX IF NOT EXISTS \"{0}_{1}\" ON \"{0}\"(\"{1}\");\n", table.name, column);
    }
  }
  return out;
}

std::string drop_evidence_tables() {
  std::string out;
  for (const StoredTable& table : stored_tables()) out += fmt::format("DROP TABLE IF EXISTS \"{}\";\n", table.name);
  return out + "DELETE FROM commit_set; DELETE FROM host; UPDATE subject SET state = '';\n";
}

std::string evidence_schema_digest() {
  return digest::sha256(own_tables() + evidence_tables());
}

}  // namespace assay::fleet

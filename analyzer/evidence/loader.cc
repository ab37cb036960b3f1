#include "analyzer/evidence/loader.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <optional>
#include <vector>

#include "analyzer/evidence/schema.h"

namespace assay::evidence {
namespace {

constexpr int worth_analysing = 5'000;  // rows
constexpr int commonest_name = 20;      // one row in so many may have the same name

// One insert statement for one table, reused row by row.
class Inserter {
 public:
  Inserter(sqlite3* handle, std::string_view schema, std::string_view table, int columns) {
    std::string sql = fmt::format("INSERT INTO {}.\"{}\" VALUES(?", schema, table);
    for (int i = 1; i < columns; ++i) sql += ",?";
    sql += ")";
    sqlite3_prepare_v2(handle, sql.c_str(), static_cast<int>(sql.size()), &statement_, nullptr);
  }
  ~Inserter() { sqlite3_finalize(statement_); }
  Inserter(const Inserter&) = delete;
  Inserter& operator=(const Inserter&) = delete;

  void begin() { column_ = 0; }
  void integer(std::int64_t value) { sqlite3_bind_int64(statement_, ++column_, value); }
  void reference(std::int64_t value) {
    if (value == 0) {
      sqlite3_bind_null(statement_, ++column_);
    } else {
      sqlite3_bind_int64(statement_, ++column_, value);
    }
  }
  void tri(Tri value) {
    if (value == Tri::not_examined) {
      sqlite3_bind_null(statement_, ++column_);
    } else {
      sqlite3_bind_int64(statement_, ++column_, static_cast<std::int64_t>(value));
    }
  }
  void real(double value) { sqlite3_bind_double(statement_, ++column_, value); }
  void text(const std::string& value) {
    sqlite3_bind_text64(statement_, ++column_, value.data(), value.size(), SQLITE_STATIC, SQLITE_UTF8);
  }
  bool end() {
    const int code = sqlite3_step(statement_);
    sqlite3_reset(statement_);
    return code == SQLITE_DONE;
  }

 private:
  sqlite3_stmt* statement_ = nullptr;
  int column_ = 0;
};

int columns_of(std::string_view table) {
  for (const TableDefinition& definition : schema()) {
    if (definition.name == table) return static_cast<int>(definition.columns.size());
  }
  return 0;
}

#define ASSAY_TABLE(Type, table, doc) void put(Inserter& insert, const Type##Row& row) {
#define ASSAY_KEY(column) insert.integer(row.column);
#define ASSAY_AT() insert.reference(row.at);
#define ASSAY_LINK(column, doc) insert.reference(row.column);
#define ASSAY_NAME(column, doc) insert.text(row.column);
#define ASSAY_TEXT(column, doc) insert.text(row.column);
#define ASSAY_INT(column, doc) insert.integer(row.column);
#define ASSAY_REAL(column, doc) insert.real(row.column);
#define ASSAY_TRI(column, doc) insert.tri(row.column);
#define ASSAY_END(Type, table) }
#include "analyzer/evidence/schema/all.def"
#include "analyzer/evidence/schema/undefine.def"

ArtifactRow row_of(const Artifact& artifact) {
  return {.artifact_id = artifact.id,
          .path = artifact.path,
          .name = artifact.path.substr(artifact.path.rfind('/') + 1),
          .kind = std::string(word(artifact.kind)),
          .language = std::string(word(artifact.language)),
          .role = words(artifact.roles),
          .size = static_cast<std::int64_t>(artifact.size),
          .sha256 = artifact.sha256,
          .coverage = std::string(word(artifact.outcome.coverage)),
          .reason = fmt::format("{}", fmt::join(artifact.outcome.gaps, "; "))};
}

}  // namespace

// The insert statement of each table that had a row.
class Loader::Tables {
 public:
  Tables(sqlite3* handle, std::string_view schema) : handle_(handle), schema_(schema) {}

  bool fill(std::span<const Rows* const> many) {
    bool good = true;
#define ASSAY_TABLE(Type, table, doc) good = good && fill_one(table##_, #table, many, &Rows::table);
#define ASSAY_KEY(column)
#define ASSAY_AT()
#define ASSAY_LINK(column, doc)
#define ASSAY_NAME(column, doc)
#define ASSAY_TEXT(column, doc)
#define ASSAY_INT(column, doc)
#define ASSAY_REAL(column, doc)
#define ASSAY_TRI(column, doc)
#define ASSAY_END(Type, table)
#include "analyzer/evidence/schema/all.def"
#include "analyzer/evidence/schema/undefine.def"
    return good;
  }

  bool fill(std::span<const Artifact> artifacts) {
    for (const Artifact& one : artifacts) {
      if (!put_row(artifact_, "artifact", row_of(one))) return false;
    }
    return true;
  }

 private:
  template <class Row>
  bool put_row(std::optional<Inserter>& insert, std::string_view table, const Row& row) {
    if (!insert) insert.emplace(handle_, schema_, table, columns_of(table));
    insert->begin();
    put(*insert, row);
    return insert->end();
  }

  template <class Row>
  bool fill_one(std::optional<Inserter>& insert, std::string_view table, std::span<const Rows* const> many,
                std::vector<Row> Rows::*rows_of) {
    for (const Rows* rows : many) {
      for (const Row& row : rows->*rows_of) {
        if (!put_row(insert, table, row)) return false;
      }
    }
    return true;
  }

  sqlite3* handle_;
  std::string_view schema_;
#define ASSAY_TABLE(Type, table, doc) std::optional<Inserter> table##_;
#define ASSAY_KEY(column)
#define ASSAY_AT()
#define ASSAY_LINK(column, doc)
#define ASSAY_NAME(column, doc)
#define ASSAY_TEXT(column, doc)
#define ASSAY_INT(column, doc)
#define ASSAY_REAL(column, doc)
#define ASSAY_TRI(column, doc)
#define ASSAY_END(Type, table)
#include "analyzer/evidence/schema/all.def"
#include "analyzer/evidence/schema/undefine.def"
};

Loader::Loader(Database& database, std::string_view schema)
    : database_(database), schema_(schema), tables_(std::make_unique<Tables>(database.handle_, schema_)) {}

Loader::~Loader() {
  tables_.reset();
  // Given up before finish(): what is there stays, so that the database can still be asked.
  if (begun_) static_cast<void>(database_.execute("COMMIT"));
}

Result<void> Loader::begin() {
  if (begun_) return {};
  begun_ = true;
  return database_.execute("BEGIN");
}

Result<void> Loader::add(std::span<const Artifact> artifacts) {
  ASSAY_CHECK(begin());
  if (!tables_->fill(artifacts)) return fail(ErrorCode::internal, sqlite3_errmsg(database_.handle_));
  return {};
}

Result<void> Loader::add_all(std::span<const Rows* const> many) {
  ASSAY_CHECK(begin());
  if (!tables_->fill(many)) return fail(ErrorCode::internal, sqlite3_errmsg(database_.handle_));
  return {};
}

Result<void> Loader::add(const Rows& rows) {
  const Rows* const one = &rows;
  return add_all({&one, 1});
}

Result<void> Loader::add(std::span<const std::unique_ptr<Rows>> rows) {
  std::vector<const Rows*> many;
  many.reserve(rows.size());
  for (const std::unique_ptr<Rows>& one : rows) many.push_back(one.get());
  return add_all(many);
}

Result<void> Loader::finish() {
  if (begun_) ASSAY_CHECK(database_.execute("COMMIT"));
  begun_ = false;
  std::string sql;
  std::string names;
  for (const TableDefinition& table : schema()) {
    // An empty table needs no index, and most are empty.
    ASSAY_TRY(Statement any, database_.prepare(fmt::format("SELECT 1 FROM {}.\"{}\" LIMIT 1", schema_, table.name)));
    ASSAY_TRY(const bool found, any.step());
    if (!found) continue;
    sql += create_indexes(schema_, table);
    for (const Column& column : table.columns) {
      if (column.type == ColumnType::name)
        fmt::format_to(std::back_inserter(names), "{}'{}.{}'", names.empty() ? "" : ",", table.name, column.name);
    }
  }
  ASSAY_CHECK(database_.execute(sql));
  // Without statistics SQLite guesses which index is selective; with few rows any guess will do.
  if (sqlite3_total_changes(database_.handle_) < worth_analysing) return {};
  // ANALYZE knows averages only, but names are skewed: one program in ten is git. A name is taken to be as common as
  // the commonest, so that queries go along links first.
  return database_.execute(fmt::format(
      "PRAGMA analysis_limit=400; ANALYZE {0}; UPDATE {0}.sqlite_stat1 SET stat = CAST(stat AS INTEGER) || ' ' || "
      "max(CAST(substr(stat, instr(stat, ' ')) AS INTEGER), CAST(stat AS INTEGER) / {2}) WHERE idx IN ({1}); "
      "ANALYZE {0}.sqlite_schema;",
      schema_, names, commonest_name));
}

}  // namespace assay::evidence

#include "analyzer/evidence/schema.h"

#include <fmt/core.h>
#include <fmt/format.h>

#include <iterator>
#include <nlohmann/json.hpp>

namespace assay::evidence {
namespace {

std::vector<TableDefinition> build_schema() {
  std::vector<TableDefinition> tables;
#define ASSAY_TABLE(Type, table, doc) tables.push_back({#table, doc, {}});
#define ASSAY_KEY(column) tables.back().columns.push_back({#column, ColumnType::key, "identifies the row"});
#define ASSAY_AT() tables.back().columns.push_back({"at", ColumnType::at, "where it was seen: location.location_id"});
#define ASSAY_LINK(column, doc) tables.back().columns.push_back({#column, ColumnType::link, doc});
#define ASSAY_NAME(column, doc) tables.back().columns.push_back({#column, ColumnType::name, doc});
#define ASSAY_TEXT(column, doc) tables.back().columns.push_back({#column, ColumnType::text, doc});
#define ASSAY_INT(column, doc) tables.back().columns.push_back({#column, ColumnType::integer, doc});
#define ASSAY_REAL(column, doc) tables.back().columns.push_back({#column, ColumnType::real, doc});
#define ASSAY_TRI(column, doc) tables.back().columns.push_back({#column, ColumnType::tri, doc});
#define ASSAY_END(Type, table)
#include "analyzer/evidence/schema/all.def"
#include "analyzer/evidence/schema/undefine.def"
  return tables;
}

std::string_view sql_type(ColumnType type) {
  switch (type) {
    case ColumnType::key:
      return "INTEGER PRIMARY KEY";
    case ColumnType::at:
    case ColumnType::link:
    case ColumnType::integer:
    case ColumnType::tri:
      return "INTEGER";
    case ColumnType::name:
    case ColumnType::text:
      return "TEXT NOT NULL";
    case ColumnType::real:
      return "REAL NOT NULL";
  }
  return "";
}

std::string_view reader_type(ColumnType type) {
  switch (type) {
    case ColumnType::key:
      return "id";
    case ColumnType::at:
      return "location";
    case ColumnType::link:
      return "id or NULL";
    case ColumnType::name:
    case ColumnType::text:
      return "text";
    case ColumnType::integer:
      return "integer";
    case ColumnType::real:
      return "number";
    case ColumnType::tri:
      return "1, 0, NULL";
  }
  return "";
}

// The largest table is asked in these ways only, and each index costs as much as a third of reading the logs it is made
// from: rules choose events by kind or by log and kind, never by a name alone.
struct Lookup {
  std::string_view table;
  std::string_view name;
  std::string_view columns;
};
constexpr Lookup lookups[] = {{"log_event", "kind", "kind"},
                              {"log_event", "log_run_id", "log_run_id, kind"},
                              {"log_event", "log_step_id", "log_step_id"}};

void append_index(std::string& sql, std::string_view database, std::string_view table, std::string_view name,
                  std::string_view columns) {
  fmt::format_to(std::back_inserter(sql), "CREATE INDEX {0}.\"{1}.{2}\" ON \"{1}\"({3});\n", database, table, name,
                 columns);
}

}  // namespace

const std::vector<TableDefinition>& schema() {
  static const std::vector<TableDefinition> tables = build_schema();
  return tables;
}

std::string create_tables(std::string_view database) {
  std::string sql;
  for (const TableDefinition& table : schema()) {
    fmt::format_to(std::back_inserter(sql), "CREATE TABLE {}.\"{}\"(", database, table.name);
    bool first = true;
    for (const Column& column : table.columns) {
      fmt::format_to(std::back_inserter(sql), "{}\"{}\" {}", first ? "" : ",", column.name, sql_type(column.type));
      first = false;
    }
    sql += ");\n";
  }
  return sql;
}

std::string create_indexes(std::string_view database, const TableDefinition& table) {
  std::string sql;
  for (const Lookup& lookup : lookups) {
    if (lookup.table == table.name) append_index(sql, database, table.name, lookup.name, lookup.columns);
  }
  if (!sql.empty()) return sql;
  for (const Column& column : table.columns) {
    const bool sought =
        column.type == ColumnType::name || (column.type == ColumnType::link && !column.name.ends_with("_at"));
    if (sought) append_index(sql, database, table.name, column.name, fmt::format("\"{}\"", column.name));
  }
  return sql;
}

std::string create_indexes(std::string_view database) {
  std::string sql;
  for (const TableDefinition& table : schema()) sql += create_indexes(database, table);
  return sql;
}

std::string json_schema() {
  using nlohmann::ordered_json;
  ordered_json properties = ordered_json::object();
  for (const TableDefinition& table : schema()) {
    ordered_json columns = ordered_json::object();
    for (const Column& column : table.columns) {
      ordered_json type = "string";
      if (column.type == ColumnType::real) type = "number";
      if (column.type == ColumnType::key || column.type == ColumnType::integer) type = "integer";
      if (column.type == ColumnType::at || column.type == ColumnType::link || column.type == ColumnType::tri) {
        type = {"integer", "null"};
      }
      columns[std::string(column.name)] = {{"type", type}, {"description", std::string(column.meaning)}};
    }
    properties[std::string(table.name)] = {
        {"type", "array"},
        {"description", std::string(table.meaning)},
        {"items", {{"type", "object"}, {"properties", columns}, {"additionalProperties", false}}}};
  }
  const ordered_json document = {{"$schema", "http://json-schema.org/draft-07/schema#"},
                                 {"title", "Assay evidence"},
                                 {"type", "object"},
                                 {"properties", properties},
                                 {"additionalProperties", false}};
  return document.dump(2) + "\n";
}

std::string markdown() {
  std::string out =
      "# Evidence\n\nEvery reader writes rows of these tables; every rule is a question about them. `assay query "
      "\"SELECT …\"` asks "
      "your own.\nThis page is made from `analyzer/evidence/schema/*.def` (`assay docs evidence`).\n";
  for (const TableDefinition& table : schema()) {
    fmt::format_to(std::back_inserter(out), "\n## {}\n\n{}.\n\n| column | type | meaning |\n|---|---|---|\n",
                   table.name, table.meaning);
    for (const Column& column : table.columns) {
      std::string meaning;
      for (const char c : column.meaning) {
        if (c == '|') meaning += '\\';
        meaning += c;
      }
      fmt::format_to(std::back_inserter(out), "| `{}` | {} | {} |\n", column.name, reader_type(column.type), meaning);
    }
  }
  return out;
}

}  // namespace assay::evidence

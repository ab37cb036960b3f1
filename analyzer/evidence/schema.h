#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace assay::evidence {

enum class ColumnType : unsigned char { key, at, link, name, text, integer, real, tri };

struct Column {
  std::string_view name;
  ColumnType type;
  std::string_view meaning;
};

struct TableDefinition {
  std::string_view name;
  std::string_view meaning;
  std::vector<Column> columns;
};

// Every table, in the order of the definition files.
const std::vector<TableDefinition>& schema();

// CREATE TABLE statements for the schema `database` ("main", "before", …).
std::string create_tables(std::string_view database);
// CREATE INDEX statements on links and names of one table, or of all; run after bulk loading. Links to places have
// none: a place is asked about, never asked from.
std::string create_indexes(std::string_view database, const TableDefinition& table);
std::string create_indexes(std::string_view database);
// The JSON Schema (draft-07) of one evidence document: an object with an array of rows for each table.
std::string json_schema();
// docs/evidence.md.
std::string markdown();

}  // namespace assay::evidence

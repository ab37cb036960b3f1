#include "analyzer/evidence/rows.h"

namespace assay::evidence {

template <class Row>
RowId Rows::keep(std::vector<Row>& table, Row&& row, RowId Row::*key) {
  if (table.size() + 1 >= limits::max_rows_per_artifact) {
    ++lost_;
    return 0;
  }
  const RowId id = (artifact_ << 23) | static_cast<RowId>(table.size() + 1);
  row.*key = id;
  table.push_back(std::move(row));
  return id;
}

LocationId Rows::locate(Span span) {
  const auto line = static_cast<std::int64_t>(span.begin.line);
  const auto column = static_cast<std::int64_t>(span.begin.column);
  const auto end_line = static_cast<std::int64_t>(span.end.line);
  const auto end_column = static_cast<std::int64_t>(span.end.column);
  if (!location.empty()) {
    const LocationRow& last = location.back();
    if (last.line == line && last.column == column && last.end_line == end_line && last.end_column == end_column) {
      return last.location_id;
    }
  }
  return add(LocationRow{
      .artifact_id = artifact_, .line = line, .column = column, .end_line = end_line, .end_column = end_column});
}

// The first column of every table is its key; ASSAY_KEY names it.
#define ASSAY_TABLE(Type, table, doc)              \
  RowId Rows::add(Type##Row row) {                 \
    std::vector<Type##Row>& rows_of_table = table; \
    using Row = Type##Row;
#define ASSAY_KEY(column)                                   \
  return keep(rows_of_table, std::move(row), &Row::column); \
  }
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

bool Rows::empty() const {
  std::size_t count = 0;
#define ASSAY_TABLE(Type, table, doc) count += table.size();
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
  return count == 0;
}

}  // namespace assay::evidence

#pragma once

#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

#include "analyzer/base/limits.h"
#include "analyzer/base/position.h"
#include "analyzer/model/artifact.h"

// The typed rows of evidence, made from the one definition in analyzer/evidence/schema/*.def. The same definition gives
// the SQL tables (schema.h), the insert statements (database.cc), the JSON schema and docs/evidence.md.
namespace assay::evidence {

using RowId = std::int64_t;  // 0 means "none" and is NULL in SQL
using LocationId = std::int64_t;

// A fact that may not have been examined. NULL in SQL when so.
enum class Tri : std::int8_t { not_examined = -1, no = 0, yes = 1 };
constexpr Tri tri(bool value) {
  return value ? Tri::yes : Tri::no;
}

#define ASSAY_TABLE(Type, table, doc) struct Type##Row {
#define ASSAY_KEY(column) RowId column = 0;
#define ASSAY_AT() LocationId at = 0;
#define ASSAY_LINK(column, doc) RowId column = 0;
#define ASSAY_NAME(column, doc) std::string column{};
#define ASSAY_TEXT(column, doc) std::string column{};
#define ASSAY_INT(column, doc) std::int64_t column = 0;
#define ASSAY_REAL(column, doc) double column = 0;
#define ASSAY_TRI(column, doc) Tri column = Tri::not_examined;
#define ASSAY_END(Type, table) \
  }                            \
  ;
#include "analyzer/evidence/schema/all.def"
#include "analyzer/evidence/schema/undefine.def"

// The rows one artifact gave, in the order they were written. Ids are made from the artifact's id and a counter, so
// they do not depend on what other threads do. Owned by one thread at a time.
class Rows {
 public:
  explicit Rows(ArtifactId owner) : artifact_(owner) {}

  ArtifactId artifact_id() const { return artifact_; }

  // The location of `span` in this artifact; an equal span written last is used again.
  LocationId locate(Span span);
  // The artifact as a whole.
  LocationId whole() { return locate(Span{}); }

  // Gives the row its id, keeps it, and returns the id. Returns 0 and counts the loss when the artifact has more rows
  // than limits::max_rows_per_artifact.
#define ASSAY_TABLE(Type, table, doc) RowId add(Type##Row row);
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
#undef ASSAY_TABLE
#define ASSAY_TABLE(Type, table, doc) std::vector<Type##Row> table;
#include "analyzer/evidence/schema/all.def"
#include "analyzer/evidence/schema/undefine.def"

  std::size_t lost() const {
    return lost_;
  }
  bool empty() const;

 private:
  template <class Row>
  RowId keep(std::vector<Row>& table, Row&& row, RowId Row::*key);

  ArtifactId artifact_;
  std::size_t lost_ = 0;
};

}  // namespace assay::evidence

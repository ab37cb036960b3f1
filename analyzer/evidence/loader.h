#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "analyzer/base/result.h"
#include "analyzer/evidence/database.h"
#include "analyzer/evidence/rows.h"
#include "analyzer/model/artifact.h"

namespace assay::evidence {

// Fills one schema of a database, batch by batch, in one transaction. A batch is filled table by table, and each
// table's insert statement is made when its first row comes and kept: most tables stay empty, and rows of one table
// side by side are twice as fast as rows in turn. Ids are already in the rows, so the order of batches changes no
// answer.
//
// Used by one thread at a time, which may be another one for each batch; must not outlive the database. Between the
// first add() and finish() nothing else may use the database.
class Loader {
 public:
  Loader(Database& database, std::string_view schema);
  Loader(const Loader&) = delete;
  Loader& operator=(const Loader&) = delete;
  ~Loader();

  Result<void> add(std::span<const Artifact> artifacts);
  Result<void> add(std::span<const std::unique_ptr<Rows>> rows);
  Result<void> add(const Rows& rows);

  // Ends the transaction, makes the indexes, and gathers statistics where there is enough to need them.
  Result<void> finish();

 private:
  class Tables;
  Result<void> begin();
  Result<void> add_all(std::span<const Rows* const> many);

  Database& database_;
  std::string schema_;
  std::unique_ptr<Tables> tables_;
  bool begun_ = false;
};

}  // namespace assay::evidence

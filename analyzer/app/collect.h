#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "analyzer/evidence/database.h"
#include "analyzer/evidence/rows.h"
#include "analyzer/intake/tree.h"
#include "analyzer/match/pattern_set.h"
#include "analyzer/model/artifact.h"

namespace assay::app {

// What one subject gave: every input with how its reading ended, and the rows of evidence. In the order of the inputs,
// whatever the threads did.
struct Collection {
  std::vector<Artifact> artifacts;                    // sorted by id
  std::vector<std::unique_ptr<evidence::Rows>> rows;  // only where there are any; in the same order
  std::uint64_t bytes = 0;
};

struct CollectOptions {
  const match::PatternSet* patterns = nullptr;
  std::function<bool(const intake::Entry&)> wants;  // empty: everything
  std::string c_worker;                             // program that parses C and C++; "" when there is none
  std::function<void(std::size_t)> passed;          // so many more entries are done; called from every thread
  std::uint32_t first_ordinal = 0;
  std::string prefix;          // put before every path
  bool contents_only = false;  // what bytes say by themselves; nothing is taken for a definition or an inventory
};

// Reads every entry in parallel (oneTBB's current arena) and appends to `into`. Entries that could not be read are
// artifacts too.
void collect(const intake::Tree& tree, const CollectOptions& options, Collection& into);

// Puts a collection into a schema of the database and makes its indexes. The collection is gone afterwards: large
// repositories give more rows than should stand in memory twice.
Result<void> load(Collection collection, evidence::Database& database, std::string_view schema);

}  // namespace assay::app

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
#include "analyzer/provenance/trusted_keys.h"

namespace assay::app {

// What consecutive inputs gave: every input with how its reading ended, and the rows of evidence.
struct Collection {
  std::vector<Artifact> artifacts;                    // sorted by id
  std::vector<std::unique_ptr<evidence::Rows>> rows;  // only where there are any; in the same order
};

// Takes collections in the order of the inputs, whatever the threads did; called by one thread at a time, not always
// the same.
using Sink = std::function<void(Collection)>;

struct CollectOptions {
  const match::PatternSet* patterns = nullptr;
  std::function<bool(const intake::Entry&)> wants;  // empty: everything
  std::string c_worker;                             // program that parses C and C++; "" when there is none
  const provenance::TrustedKeys* keys = nullptr;    // what signatures are checked with
  std::function<void(std::size_t)> passed;          // so many more entries are done; called from every thread
  match::ScanCost* cost = nullptr;                  // what matching cost is added here; null: not measured
  std::uint32_t first_ordinal = 0;
  std::string prefix;          // put before every path
  bool contents_only = false;  // what bytes say by themselves; nothing is taken for a definition or an inventory
};

// Reads every entry in parallel (oneTBB's current arena) and hands what they gave to `sink` while others are still
// being read: what is loaded need not wait in memory. Entries that could not be read are artifacts too.
void collect(const intake::Tree& tree, const CollectOptions& options, const Sink& sink);

}  // namespace assay::app

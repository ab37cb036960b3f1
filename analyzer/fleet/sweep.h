#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <vector>

#include "analyzer/base/result.h"
#include "analyzer/fleet/fleet_file.h"
#include "analyzer/fleet/store.h"
#include "analyzer/model/fleet.h"

namespace assay::fleet {

struct SweepOptions {
  std::string rules_digest{};
  std::string known_digest{};
  std::string engine{};   // version of Assay
  std::string started{};  // for people; the clock is the caller's
  unsigned threads = 1;
  unsigned shard =
      0;  // examines the subjects whose name hashes to `shard` modulo `shards`; each shard has a store of its own
  unsigned shards = 1;
  bool examine_all = false;                 // also what has not changed
  const std::atomic<bool>* stop = nullptr;  // true: finish what is begun, start nothing more
  std::function<void(std::size_t done, std::size_t all, const std::string& subject)>
      progress{};  // called by the calling thread
};

// One pass over the fleet. Subjects are examined by `threads` threads through `examine`, which must be safe to call
// from many threads; the calling thread alone writes, one transaction a subject. What is stored does not depend on the
// number of threads. A process killed at any moment and started again with the same rules continues: subjects committed
// are not examined again, the others are. A subject that cannot be read or whose examination fails is recorded and does
// not end the sweep.
Result<SweepSummary> sweep(const Fleet& fleet, Store& store, const SweepOptions& options,
                           const std::function<Result<SubjectResult>(const FleetSubject&)>& examine);

}  // namespace assay::fleet

#pragma once

#include <cstdint>
#include <functional>

#include "analyzer/fleet/connection.h"
#include "analyzer/fleet/hunt.h"

namespace assay::fleet {

// What ran there, as far as the place tells.
struct Trace {
  std::int64_t log_run_id = 0;  // 0: not seen in a log
  std::int64_t job_id = 0;      // 0: not seen in a definition of a job
};

// Takes what was seen and in which subject. Subjects come in no promised order and may no longer be listed.
using SightingSink = std::function<void(std::int64_t subject, Sighting sighting, Trace trace)>;

// Where one indicator stands in a store: a few indexed look-ups. False when the store could not be read; the connection
// then has the error.
bool find_sightings(const Connection& connection, const Indicator& indicator, const SightingSink& sink);

}  // namespace assay::fleet

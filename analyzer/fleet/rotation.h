#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "analyzer/fleet/connection.h"
#include "analyzer/fleet/sightings.h"
#include "analyzer/model/fleet.h"

namespace assay::fleet {

// Where a malicious version ran or may have run.
struct Exposure {
  std::int64_t subject_id = 0;
  std::string subject;
  Answer answer = Answer::affected;  // affected or possible
  Trace trace;
};

// What the name of a secret says of what it is good for: NPM_TOKEN publishes, DEPLOY_SSH_KEY runs things elsewhere.
CredentialPower power_of(std::string_view name);

// The credentials in reach of these, without values, in the order to take them away: what a run held that was hit
// before what may have been held, and of each what reaches others first. A run is asked through its log (masked
// settings, rights, publications, a machine of the owner's); a job through its definition; where neither is known,
// every secret that a definition of the subject names is possible. The same credential of one subject is told of once,
// by its strongest evidence, with the first and the last time. False when the store could not be read.
bool find_rotations(const Connection& connection, const std::vector<Exposure>& exposures, std::vector<Rotation>& out);

}  // namespace assay::fleet

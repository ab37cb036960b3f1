#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/base/result.h"
#include "analyzer/fleet/store.h"
#include "analyzer/fleet/window.h"
#include "analyzer/model/fleet.h"

namespace assay::fleet {

enum class IndicatorKind : std::uint8_t { package, action, commit, hash, host, ip };
std::string_view word(IndicatorKind kind);

// One thing to look for. A plain value; what a person typed may stand for several.
struct Indicator {
  IndicatorKind kind = IndicatorKind::package;
  std::string
      name;  // package full_name, action owner/name, host …: lower case where that is the rule; commit, hash, ip: ""
  std::string purl_type{};              // packages: "" for any
  std::vector<std::string> versions{};  // versions of a package, tags or commits of an action; empty: every version
  std::string value{};                  // commit, digest (lower-case hex) or address
  std::string incident{};               // the incident it belongs to, "" when a person asked for it
  Window window{};                      // when the bad version could be had
  bool spreads = false;                 // the incident's code spreads by itself
};

// Reads what a person types: pkg:npm/axios@1.14.1 · axios@1.14.1 · @scope/name · owner/action@ref · a commit (40 hex) ·
// a digest (32, 40, 64 or 128 hex) · a domain, URL or address · the id of an incident of `known_image`, which stands
// for all its indicators. A word that can mean two things becomes both. An Error when it can mean none.
Result<std::vector<Indicator>> read_indicator(std::string_view text, std::string_view known_image);

inline constexpr std::size_t max_sightings = 100;  // of one subject

// Asks the store, without opening any repository: a few indexed look-ups an indicator, whatever the number of subjects.
//   AFFECTED      exactly this: version, commit, digest, host; or, where every version of a window is bad, a run in it
//   POSSIBLE      the right package or action, but the version is not stated, or a range or movable tag could have
//                 become it, and no time rules that out
//   NOT EXAMINED  nothing seen, but an input that could have shown it was missing, or was not or only partly read
//   EXCLUDED      as POSSIBLE, but every run, SBOM or repository it was seen in lies outside of the window
//   NOT SEEN      nothing seen, and every input of that kind was read
// For the affected and possible ones: which credentials were in reach, in the order to take them away (rotation.h).
Result<HuntReport> hunt(const Store& store, const std::vector<Indicator>& indicators);

}  // namespace assay::fleet

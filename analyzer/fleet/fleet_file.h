#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "analyzer/base/result.h"

namespace assay::fleet {

// One repository of a fleet, with what belongs to it besides the clone.
struct FleetSubject {
  std::string name;                  // unique in the fleet; the key under which the store remembers it
  std::string path;                  // local clone, working tree or bare
  std::vector<std::string> sboms{};  // directories or files
  std::vector<std::string> logs{};
};

// Sorted by name, so that nothing depends on the order of a file or a directory.
struct Fleet {
  std::vector<FleetSubject> subjects;
};

// FLEET.yaml: a list, or a mapping with the list under `fleet`. Each entry is either
//   {name: payments, path: clones/payments, sboms: [out/sbom], logs: [out/logs]}   name defaults to the last part of
//   path {root: clones}                                                                 every git repository directly
//   in it
// Relative paths are relative to `directory`, where the file stands. Paths need not exist yet, roots must. Wrong keys,
// wrong types and names used twice are errors whose `where` is "file:line:column".
Result<Fleet> read_fleet(std::string_view text, const std::string& file, const std::string& directory);
Result<Fleet> read_fleet_file(const std::string& file);

}  // namespace assay::fleet

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "analyzer/base/result.h"
#include "analyzer/evidence/database.h"

namespace assay::sbom {

struct InventoryComponent {
  std::string reference;  // unique in the inventory: the package URL where there is one
  std::string purl;       // canonical, "" when none is known
  std::string purl_type;
  std::string space;  // namespace
  std::string name;
  std::string version;
  std::string kind;  // as in component.kind
  std::string supplier;
  std::string license;
  std::string scope;                                        // as in component.scope
  std::string requirement;                                  // the range, when no version is known
  std::vector<std::pair<std::string, std::string>> hashes;  // algorithm as in component_hash, hex; sorted
  std::vector<std::string> found_in;                        // paths of the documents; sorted
};

// What a subject is made of by all its documents together: one entry for each package and version, whoever states it.
// Ordered by type, name and version, so equal evidence gives equal inventories. The components that documents are
// about are not parts, and of a workspace only the packages themselves are, not the links to their folders. A
// requirement without a version is left out where a lockfile says which version it became.
struct Inventory {
  std::string name;  // what the documents are about when they agree, "" otherwise
  std::string version;
  std::string created;  // the newest time stamp any document gives
  std::vector<InventoryComponent> components;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> dependencies;  // indices: first requires second; sorted, unique
};

Result<Inventory> inventory_of(evidence::Database& database);

struct InventoryStamp {
  std::string tool_version;
  std::string created;  // RFC 3339; "" leaves the time out where the format allows it
};

// CycloneDX 1.6 in JSON: valid, the same bytes for the same inventory (the serial number is made from the content).
std::string cyclonedx_json(const Inventory& inventory, const InventoryStamp& stamp);
// SPDX 2.3 in JSON: valid; without a time stamp 1970-01-01 stands where the format demands one.
std::string spdx_json(const Inventory& inventory, const InventoryStamp& stamp);

}  // namespace assay::sbom

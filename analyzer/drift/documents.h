#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "analyzer/base/result.h"
#include "analyzer/drift/sides.h"
#include "analyzer/evidence/database.h"

namespace assay::drift {

struct StatedHash {
  evidence::LocationId at = 0;
  std::string algorithm;
  std::string value;
};

// One component of one side with what a change of it can be seen by.
struct Entry {
  evidence::RowId id = 0;
  evidence::LocationId at = 0;
  std::string type;
  std::string name;     // component.full_name
  std::string version;  // "" when only a requirement is stated
  std::string requirement;
  evidence::Tri pinned = evidence::Tri::not_examined;
  std::vector<StatedHash> hashes;
  std::string origin;  // kind of its first origin: registry | git | url | file …
  std::string host;
  std::string url;
  evidence::LocationId origin_at = 0;
  evidence::LocationId hook_at = 0;  // of what runs on installation
  bool has_digest = false;
  bool runs_on_install = false;

  const std::string& value() const { return version.empty() ? requirement : version; }
  ArtifactId artifact() const { return id >> 23; }
};

// What one document, or several that belong together, state on one side.
struct Document {
  std::string format;          // with its version; "" when there are several
  std::vector<Entry> entries;  // in the order of the rows
  // By name and version: the names it requires; sorted, unique.
  std::map<std::string, std::map<std::string, std::vector<std::string>>> needs;
  bool has_digests = false;
  bool has_origins = false;
  bool has_triggers = false;
};

// The documents of both sides, those together that are to be compared: of one name on both sides, or else everything
// of one class (lockfiles and SBOMs, manifests, installed packages) that has no namesake on the other side. So a
// lockfile is compared with itself, and two SBOMs, or a lockfile and an SBOM, whatever they are called.
struct Counterparts {
  Document was;
  Document now;
};

// Ordered by name, so that equal evidence gives equal results. Subjects, workspace members and files are left out: they
// are what the document is about, or no packages.
Result<std::vector<Counterparts>> read_documents(evidence::Database& database, const Side& before, const Side& after);

}  // namespace assay::drift

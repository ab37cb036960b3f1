#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "analyzer/base/result.h"
#include "analyzer/feeds/incident.h"

namespace assay::feeds {

// The knowledge database, schema `known` of every rule (docs/writing-rules.md names its tables). Built from the
// incident catalogue and the lists when Assay is built, and carried inside the binary.
//
// A list is a text file of rules/lists: lines `kind value [subject] # comment`, under a header of `# incident: ID`,
// `# certainty: WORD`, `# source: …`. `popular` lists give `purl-type name rank`,
// `vulnerable-action` lists `owner/name versions advisory severity` (versions is an RE2 pattern of the reference as
// written), `publisher` lists `system owner`.
struct ListFile {
  std::string path;
  std::string text;
};

// The SQLite image. `date` is the newest date in the data, never the clock's; the digest is the SHA-256 of the rows.
Result<std::string> build_known(const std::vector<Incident>& incidents, const std::vector<ListFile>& lists);

}  // namespace assay::feeds

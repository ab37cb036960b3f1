#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "analyzer/base/limits.h"
#include "analyzer/base/result.h"

namespace assay::history {

// One distinct file content that some commit stored and HEAD's tree does not have.
struct PastContent {
  std::string path;        // where the commit that brought it put it
  std::string blob;        // object id, hex
  std::string brought_by;  // the oldest commit walked that added it, hex
  std::string removed_by;  // the newest commit that replaced or deleted it; "" when a branch or tag still has it
  std::uint32_t age = 0;   // place of brought_by in the walk: larger is older
};

struct PastContents {
  std::vector<PastContent> contents;  // sorted by (brought_by, path, blob)
  std::vector<std::string> gaps;      // what of the history was not seen, a sentence each
};

// Every content the history of a repository holds besides the present one, each once, however many commits had it: for
// looking at what was taken back. Reads commits and trees, no blob. Bounded by max_commits and max_files. Same clones
// as read_history.
Result<PastContents> list_past_contents(const std::string& repository_path,
                                        std::size_t max_commits = limits::max_commits);

}  // namespace assay::history

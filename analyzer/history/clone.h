#pragma once

#include <git2.h>

#include <string>
#include <string_view>
#include <vector>

#include "analyzer/base/result.h"
#include "analyzer/history/commit_text.h"
#include "analyzer/history/object_store.h"

namespace assay::history {

struct ResolvedReference {
  std::string name;
  std::string_view kind;  // branch | tag | remote-branch | other
  git_oid commit{};       // what it comes down to
  bool is_commit = false;
  bool annotated = false;
  TagText tag;  // of the outermost tag object
};

// A clone opened for reading: its objects, what its configuration says about them, and where its references lead.
// Belongs to one thread.
struct Clone {
  Layout layout;
  ObjectStore store;
  ConfigurationFacts facts;
  References references{};
  std::vector<ResolvedReference> resolved{};  // in the order of the references
  std::vector<git_oid> tips{};                // where a walk begins: branches, remote branches, tags, HEAD
  std::vector<git_oid> branch_tips{};
  std::vector<std::string> gaps{};  // references that lead nowhere, a sentence each
};

// Tag objects are followed to what they name, a few deep. An Error when there is no repository, or one whose objects or
// references are kept in a form Assay cannot read (SHA-256, reftable).
Result<Clone> open_clone(const std::string& repository_path);

}  // namespace assay::history

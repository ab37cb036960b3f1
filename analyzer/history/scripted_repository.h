#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/base/result.h"

namespace assay::history {

// A git repository written down as a list of commits, for the inline tests of history rules and for unit tests. Only
// what a commit differs in needs saying.
struct ScriptedCommit {
  std::string author = "Ann Author <ann@example.com>";
  // "": as the author
  std::string committer{};
  // RFC 3339 with zone; "": one day after the commit before, the first on 2024-01-01T12:00:00+00:00
  std::string author_time{};
  // "": as author_time
  std::string committer_time{};
  // "": none; "yes" or "ssh", "openpgp", "x509": a header of that shape that proves nothing
  std::string signature{};
  std::string message = "change";
  // path → content, or nothing to delete it; all other files stay
  std::map<std::string, std::optional<std::string>> files{};
  // made at this commit; `annotated` makes them objects of their own, by the committer at committer_time
  std::vector<std::string> tags{};
  bool annotated = false;
  // moved to this commit, made when new; "none": no branch gets the commit
  std::string branch = "main";
  // branch or tag the commit stands on; "": the tip of `branch`, else the commit before
  std::string on{};
  // branch or tag that becomes the second parent
  std::string merges{};
  // so many commits a day apart, the files only in the first: a past made quickly
  int times = 1;
};

// Builds a repository with one commit after another in `directory`, which must be empty or absent. HEAD is branch
// "main". The same script gives the same object ids everywhere. Errors name the commit by its number, from 1.
Result<void> build_repository(const std::string& directory, const std::vector<ScriptedCommit>& script);

// One entry under the key `history:` of a rule's test: its texts by key, and its files. Keys: author, committer,
// author_time, committer_time, signed (no, yes, ssh, openpgp, x509), message, tag (names with spaces between),
// annotated, branch, on, merges, times, delete (paths with spaces between). An unknown key or bad value is an error
// that names it.
Result<ScriptedCommit> scripted_commit(const std::map<std::string, std::string>& fields,
                                       const std::map<std::string, std::string>& files);

}  // namespace assay::history

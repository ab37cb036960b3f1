#pragma once

#include <string>
#include <string_view>

#include "analyzer/buildlog/journal.h"
#include "analyzer/buildlog/line.h"

namespace assay::buildlog {

// What a job built: `checked-out` events with name the ref in full ("refs/pull/7/merge", "refs/merge-requests/7/head",
// "refs/heads/main", "refs/tags/v1"; "" when only a commit is told), version pull-request | branch | tag | commit, and
// value the commit ("" when only a ref is told; seven digits and more when git shortened it).

// A repository of the same name and another owner than the one the job belongs to is a fork: version is then "fork",
// name "owner/name" and value the address.

// A git command as it was run: fetch with refspecs, checkout, clone --branch, and `gh pr checkout`.
void read_git_command(const Line& line, std::string_view command, Journal& journal);

// "HEAD is now at 8600d1b Message": `rest` is what follows "HEAD is now at ".
void read_head(const Line& line, std::string_view rest, Journal& journal);

// A commit and a ref as a CI system names them, either may be "".
void checked_out(const Line& line, std::string_view part, std::string_view ref, std::string_view commit,
                 Journal& journal);

// "refs/pull/7/merge" of "refs/remotes/pull/7/merge", "remotes/origin/main", "pull/7/head"; "" for what is no ref.
std::string full_ref(std::string_view ref);

}  // namespace assay::buildlog

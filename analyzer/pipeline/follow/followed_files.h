#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "analyzer/evidence/rows.h"

namespace assay::pipeline::follow {

// A file of the subject and what it is called in evidence.
struct SubjectFile {
  ArtifactId artifact = 0;
  std::string bytes;
};
// The file at a path relative to the root of its tree; nothing when there is none. Called from one thread at a time for
// one set of rows, from several for several.
using FileSource = std::function<std::optional<SubjectFile>(std::string_view path)>;

// Follows the commands of a definition's steps into the files of the same subject that they run: shell scripts,
// makefile targets with their prerequisites, scripts of package.json. Every file gives an `invocation`; the commands of
// those it can read become `command` rows of the same step whose `at` lies in that file, so that whatever is judged for
// a step is judged for what it runs. Where the step's environment holds text of an outsider and such a command hands it
// to eval, a shell or an environment file, an `expression` says so.
//
// Bounded: a file's entry once a step, `max_followed_depth` files deep, `max_followed_files` a definition; what a bound
// cut off is in the outcome. Paths that leave the tree are not followed. `prefix` stands before the paths of evidence
// and not before those of `files`.
inline constexpr int max_followed_depth = 6;
inline constexpr std::size_t max_followed_files = 400;
inline constexpr std::size_t max_followed_bytes = std::size_t{1} << 20;  // of one file
ReadOutcome follow_files(const FileSource& files, std::string_view prefix, evidence::Rows& rows);

}  // namespace assay::pipeline::follow

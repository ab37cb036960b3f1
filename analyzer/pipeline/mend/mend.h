#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/base/position.h"
#include "analyzer/formats/text_edits.h"

// What of a GitHub definition can be mended without a person's judgement. Total functions without state; they decide
// nothing about whether something is wrong, that was a rule.
namespace assay::pipeline::mend {

// The words rules use (key `mend`, docs/writing-rules.md).
//   no-persisted-credentials   every checkout of the file whose job pushes nothing gets persist-credentials: false
//   expression-through-variable  the expression at the place, wherever the file's shell scripts hold it, goes through
//   env pin-commit                 the action at the place, wherever the file uses it, by the commit its reference
//   stands for read-only-token            the file without permissions gets contents: read at the top
bool is_mend(std::string_view word);

// The full commit a reference of a repository (owner/name) stands for; nothing when that is not known here.
using CommitSource = std::function<std::optional<std::string>(std::string_view repository, std::string_view reference)>;

struct Mending {
  std::vector<formats::TextEdit> edits;
  std::string left;  // why nothing, or not everything, could be mended; "" when all was
};

// `place` is where the finding points. Flow mappings ({…}), aliases and scripts whose quoting is not plain are left.
Mending mend(std::string_view file, std::string_view word, Position place, const CommitSource& commits);

// Several mends of one file, one after the other, places being those of the file as it was.
struct Wish {
  std::string word;
  Position place;
};
struct MendedFile {
  std::string text;               // byte for byte the file where nothing was mended
  std::vector<std::string> left;  // for every wish why something is left, "" when it is fulfilled
};
MendedFile mend_file(std::string_view file, const std::vector<Wish>& wishes, const CommitSource& commits);

}  // namespace assay::pipeline::mend

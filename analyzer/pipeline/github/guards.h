#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace assay::pipeline::github {

// Whom an `if` keeps out.
struct Guard {
  bool outsiders = false;  // every run that somebody without write access causes
  bool rights = false;     // those of them that have the repository's rights; implied by `outsiders`
};

// Reads a condition as && and || of parts it knows: author association, same repository, labels, authors and actors by
// name, events, branches. `a || b` guards when both do, `a && b` when one does; what it does not know guards nothing. A
// bot's name guards only where it names the author of a pull request, issue or comment: github.actor is whoever acted
// last. `events` are the workflow's: `github.event_name != 'x'` guards when x is the only one that lets outsiders in.
// Total and bounded.
Guard guard_of(std::string_view condition, const std::vector<std::string>& events);

}  // namespace assay::pipeline::github

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "analyzer/base/result.h"
#include "analyzer/versions/order.h"

// Version ranges as "vers:SCHEME/CONSTRAINT|CONSTRAINT…" (package-url/vers-spec): which versions of a package a
// statement is about. Values; may be used from any thread.
namespace assay::versions {

enum class Comparator : std::uint8_t { equal, not_equal, less, at_most, greater, at_least };

struct Constraint {
  Comparator comparator = Comparator::equal;
  std::string version{};  // decoded

  friend bool operator==(const Constraint&, const Constraint&) = default;
};

// Invariant: the constraints are in the order of the scheme's versions. `every` is "*", and then there are none.
struct Range {
  std::string scheme{};
  bool every = false;
  std::vector<Constraint> constraints{};
};

// Reads what the specification lets a tool normalise: blanks, superfluous bars, any order of constraints. A scheme
// without a known order is accepted; its versions are ordered by their bytes.
Result<Range> parse_range(std::string_view text);

// Only the canonical form: no blanks, no empty constraints, constraints in order, each version's percent encoding valid
// and in capitals, time stamps as RFC 3339 with 'T' and 'Z' in capitals and bare colons.
Result<Range> parse_canonical_range(std::string_view text);

// "vers:npm/>=1.0.0|<2.0.0".
std::string to_text(const Range& range);

// By the specification's algorithm: equality and exclusion first, then the intervals the remaining comparators make.
bool contains(const Range& range, std::string_view version);

}  // namespace assay::versions

#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace assay::pipeline::github {

// One access to a context inside an expression.
struct Access {
  std::vector<std::string> parts;  // github, event, issue, title; "*" for a star or number, "[]" for a computed index.
                                   // The first part is lower case, all parts are for github.
  std::string name;                // github.event.issue.title, secrets[], github.event.commits.*.message
  std::size_t begin = 0;           // bytes of the expression
  std::size_t end = 0;
  bool flows = true;  // its characters can be part of the result; false inside comparisons, contains(), an index …
};

// A stretch of an expression that always gives the same value though it is written with operators or functions.
struct ConstantPart {
  std::size_t begin = 0;
  std::size_t end = 0;
};

struct Expression {
  std::vector<Access> accesses;
  std::vector<ConstantPart> constant_parts;  // the largest ones; none when the whole is constant
  bool parsed = false;    // obeys the grammar
  bool constant = false;  // no access and no status function: always gives the same value
};

// GitHub's expression grammar (docs.github.com, "Evaluate expressions in workflows and actions"; precedence: grouping,
// index and property, !, comparison, equality, &&, ||). On an error, the accesses before it are kept. Bounded by
// limits::max_expression_*.
Expression parse_expression(std::string_view text);

// A ${{ … }} in a text: bytes of what stands between the braces, and of the whole.
struct Fence {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::size_t outer_begin = 0;
  std::size_t outer_end = 0;
  bool closed = true;
};
// The closing braces inside a single-quoted string do not count.
std::vector<Fence> find_fences(std::string_view text);

}  // namespace assay::pipeline::github

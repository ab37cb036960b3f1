#pragma once

#include <string>
#include <string_view>

#include "analyzer/base/limits.h"
#include "analyzer/evidence/rows.h"
#include "analyzer/intake/input.h"

namespace assay::source {

// The program that parses C and C++ for us: `assay-c-facts`, a process of its own around libclang, because a parser of
// that size meets hostile text only where it can do no harm. It gets the text on standard input and its name as the one
// argument, an empty environment, limits on time, memory and files (it can open none), and answers on standard output
// with one JSON object a line:
//   {"fact":"symbol","kind":…,"name":…,"detail":…,"line":…,"column":…,"end_column":…}
//   {"fact":"edge","from":…,"to":…}               one function calls or mentions another of the file
//   {"fact":"call","caller":…,"callee":…,"capability":…,"literal":…,"hidden":…,"line":…,"column":…,"end_column":…}
//   {"fact":"skipped","macro":…}                  a range of the preprocessor that had to be parsed with this macro
//   defined
//   {"fact":"end"}
// Lines and columns are 1-based, columns in code points. What does not end with "end" was cut short.
struct CWorker {
  std::string program{};  // empty: there is none, and every file is reported as not parsed
  unsigned seconds = limits::max_native_parse_seconds + 2;  // wall clock; the program limits its own processor time

  // `assay-c-facts` beside the running program or one folder above it; none when it is in neither place.
  static CWorker beside_this_program();
};

// Whether the text declares something that runs when it is loaded: a constructor, an ifunc resolver, an entry of
// .init_array or .CRT$X…. A literal scan at some GB/s; only files that pass are worth a parse.
bool wants_c_parse(std::string_view text);

// Writes `symbol`, `call` and `reach` rows of one C or C++ file. No headers are read, so types may be unknown and a
// call in a header's inline function unseen. `reach` follows calls and mentions of functions within the file from each
// symbol that runs when the file is loaded. A crash, a timeout, a missing program or an answer cut short leave what
// arrived and a gap in the outcome.
ReadOutcome read_c_family(const intake::Input& input, evidence::Rows& rows, const CWorker& worker);

}  // namespace assay::source

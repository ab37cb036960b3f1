#pragma once

#include "analyzer/evidence/rows.h"
#include "analyzer/intake/input.h"

namespace assay::source {

// Writes a `unicode_anomaly` row for every run of characters that people and machines read differently:
//   bidi-control           explicit bidirectional controls (CVE-2021-42574); justified when the line holds
//   right-to-left
//                          letters, every control on it is closed on it, and it is not code
//   invisible              zero-width and pictureless characters, also inside identifiers
//   tag-character          U+E0000 to U+E007F, outside the flags of regions
//   variation-selector     two or more neighbouring selectors, or one after a plain ASCII letter
//   mixed-script-identifier  a word of Latin and of Cyrillic or Greek letters that look Latin, in code languages
//   off-screen             code after more than 200 neighbouring blanks, in code languages
// Ordinary typography writes no row at all: emoji sequences, joiners of the scripts that use them, break marks of
// scripts without spaces, ideographic variation sequences, a byte order mark at the start of the text or of a line, art
// made of braille. A run's `at` covers its characters. ASCII text costs one pass at the speed of memory. Ill-formed
// bytes are passed over: text in another encoding is the business of intake. Stops after limits::max_matches_per_file
// rows and says so.
ReadOutcome read_unicode(const intake::Input& input, evidence::Rows& rows);

}  // namespace assay::source

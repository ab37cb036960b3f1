#pragma once

struct sqlite3;

namespace assay::evidence {

// What queries may call beside SQLite's own functions. Added to every connection; they keep nothing but a compiled
// expression per statement, so connections of different threads may call them at the same time.
//
//   text REGEXP pattern   RE2, unanchored, linear in the text whatever the pattern; an invalid pattern is an error.
//   edit_distance(a, b)   how many bytes must be inserted, deleted, replaced or exchanged with their neighbour to make
//                         one text of the other (optimal string alignment). NULL when one is NULL or longer than 128
//                         bytes: the work is quadratic.
//   version_compare(ecosystem, a, b)
//                         -1, 0 or 1: which version is later (analyzer/versions/order.h). NULL when one is NULL or the
//                         ecosystem's order is not known.
//   credential_verdict(kind, text)  'proven', 'plausible', 'wrong-checksum' or 'placeholder' (base/credential.h).
void add_sql_functions(sqlite3* handle);

}  // namespace assay::evidence

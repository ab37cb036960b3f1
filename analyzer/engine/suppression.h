#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "analyzer/base/result.h"
#include "analyzer/model/finding.h"

namespace assay::engine {

// An exception somebody granted: which findings, why, until when, by whom. Read from an exceptions file given by the
// user
// (`--exceptions FILE`), never from the scanned tree unless asked:
//
//   exceptions:
//     - rule: pipeline/unpinned-action     # or `fingerprint: …`
//       path: .github/workflows/ci.yml     # optional; '*' at the end matches any rest
//       reason: pinned by the proxy, see SEC-12
//       until: 2027-01-31                  # optional
struct Exception {
  std::string rule, fingerprint, path, reason, until, where;
  bool used = false;
};

// Errors name file, line and column; a missing reason is an error.
Result<std::vector<Exception>> read_exceptions(std::string_view text, const std::string& path);

// Adds a Suppression to each finding an exception covers. `today` is yyyy-mm-dd; an exception whose `until` has passed
// covers nothing. Returns a sentence for each exception that expired or covers nothing.
std::vector<std::string> apply_exceptions(std::vector<Finding>& findings, std::vector<Exception>& exceptions,
                                          std::string_view today);

}  // namespace assay::engine

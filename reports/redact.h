#pragma once

#include <string>
#include <string_view>

#include "analyzer/model/report.h"

namespace assay::reports {

// The text with everything that looks like a credential masked: tokens with a vendor's known prefix, private keys, JSON
// web tokens, passwords inside URLs, and long random values assigned to a name such as "token" or "password". The kind
// stays readable (ghp_…). Where there is room the mask carries the first 8 hex digits of the secret's SHA-256, so that
// two places can be seen to hold the same secret. The number of code points does not change: columns stay true.
// Idempotent.
std::string redact(std::string_view text);

// The report as it may be shown: a copy with redact() applied to every quoted string. Paths, digests and fingerprints
// stay.
Report redacted(const Report& report);

}  // namespace assay::reports

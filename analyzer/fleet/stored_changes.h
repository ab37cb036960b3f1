#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "analyzer/base/result.h"
#include "analyzer/fleet/connection.h"

namespace assay::fleet {

// What a subject's commits changed, as the reader of histories wrote it down (history/change_ledger.h): opaque here.
// With it a repository that gained a commit is examined without comparing the commits of all the years before.
//
// Bytes of another version of Assay are not given back: it may have looked at other things.

// Inside the transaction that replaces the subject. Empty bytes forget what was there.
Result<void> store_changes(const Connection& connection, std::int64_t subject, std::string_view engine,
                           std::string_view changes);

// Empty when there is nothing to remember, or no such store yet. Opens its own connection, so workers may call it while
// the writer writes.
std::string remembered_changes(const std::string& store_path, const std::string& subject, std::string_view engine);

}  // namespace assay::fleet

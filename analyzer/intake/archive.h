#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "analyzer/model/artifact.h"

namespace assay::intake {

// What is left of limits::max_archive_* for one top-level archive and everything nested in it.
struct ArchiveBudget {
  std::uint64_t packed = 0;    // bytes of the top-level archive, for the ratio
  std::uint64_t unpacked = 0;  // so far
  std::size_t members = 0;     // so far
};

// True when the bytes begin like something libarchive opens: zip (jar, wheel), tar, gzip, zstd, xz, bzip2, 7z, cpio/ar
// packages.
bool is_archive(std::string_view head);

// Calls `member` with the name and bytes of each regular file inside, in archive order; a compressed single file is one
// member named after the archive without its last suffix. Nothing is ever written to disk. Names are kept as they are:
// they are text here, never a place to write to. What was left out, and every cap that was hit, is in the outcome.
// Links, devices and encrypted members are named in the outcome.
ReadOutcome for_each_member(std::string_view archive, std::string_view name, ArchiveBudget& budget,
                            const std::function<void(const std::string& path, std::string_view bytes)>& member);

}  // namespace assay::intake

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace assay::digest {

// Lower-case hexadecimal digests of the bytes (FIPS 180-4; MD5 by RFC 1321, for comparing with published indicators
// only).
std::string sha256(std::string_view bytes);
std::string sha512(std::string_view bytes);
std::string sha1(std::string_view bytes);
std::string md5(std::string_view bytes);
// The object id git gives these bytes as a blob.
std::string git_blob(std::string_view bytes);

// 64-bit FNV-1a: for fingerprints that must be stable across machines, not for security.
std::uint64_t stable_hash(std::string_view bytes, std::uint64_t seed = 0xcbf29ce484222325ULL);

std::string hex(std::string_view bytes);

}  // namespace assay::digest

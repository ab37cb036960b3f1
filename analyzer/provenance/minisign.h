#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "analyzer/evidence/rows.h"
#include "analyzer/intake/input.h"

namespace assay::provenance {

class TrustedKeys;

// Detached signatures of minisign and of OpenBSD's signify (jedisct1.github.io/minisign, "Signature format"):
//   untrusted comment: TEXT
//   BASE64(algorithm "Ed" or "ED", 8 bytes of key id, 64 bytes of signature)
//   trusted comment: TEXT                          minisign only
//   BASE64(64 bytes: signature of the signature and the trusted comment)
// "ED" signs the file's BLAKE2b digest instead of the file.
bool looks_like_minisign(std::string_view head);

// One row of kind "minisign": the key id as minisign prints it, the trusted comment as signer. The signed file is not
// at hand, so nothing says that the signature is right. `verified` is `no` where a given key of that id did not sign
// the trusted comment, which is then not its owner's; it is never `yes`.
ReadOutcome read_minisign(const intake::Input& input, evidence::Rows& rows, const TrustedKeys* keys);

// The 32 bytes of a public key, out of "untrusted comment: …" and its BASE64("Ed", key id, key), or that line alone.
struct MinisignKey {
  std::string id;   // as minisign prints it: 16 hex digits, capitals
  std::string key;  // 32 bytes
};
std::optional<MinisignKey> read_minisign_key(std::string_view text);

}  // namespace assay::provenance

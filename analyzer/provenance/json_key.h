#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "analyzer/formats/json_tree.h"

struct evp_pkey_st;  // EVP_PKEY of OpenSSL 3

namespace assay::provenance {

struct FreeJsonKey {
  void operator()(evp_pkey_st* key) const;
};
using JsonKey = std::unique_ptr<evp_pkey_st, FreeJsonKey>;

// A public key as JSON (RFC 7517 and 8037): EC on P-256, P-384 and P-521, RSA, Ed25519. Null when it is none of these
// or no point of its curve.
JsonKey read_json_key(const formats::JsonNode& key);

// What JSON signatures write for ECDSA, both numbers side by side (RFC 7518, 3.4), as the DER that certificates' tools
// write; "" when it has no two halves.
std::string der_of_two_numbers(std::string_view signature);

}  // namespace assay::provenance

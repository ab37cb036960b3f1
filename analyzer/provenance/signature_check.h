#pragma once

#include <string>
#include <string_view>

#include "analyzer/evidence/rows.h"

struct evp_pkey_st;  // EVP_PKEY of OpenSSL 3

namespace assay::provenance {

// Whether `signature` over `message` fits the key: ECDSA on named curves, Ed25519, RSA up to 16,384 bits with either
// padding. Not examined when the key is of another kind or null. `algorithm` is set when the kind is known. OpenSSL's
// error queue is left empty; nothing throws.
evidence::Tri signature_fits(evp_pkey_st* key, std::string_view message, std::string_view signature,
                             std::string& algorithm);
// The same for a digest that was signed; `name` is "sha256", "sha384" or "sha512".
evidence::Tri digest_fits(evp_pkey_st* key, std::string_view digest, std::string_view name, std::string_view signature,
                          std::string& algorithm);

}  // namespace assay::provenance

#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/evidence/rows.h"

struct evp_pkey_st;  // EVP_PKEY of OpenSSL 3

namespace assay::provenance {

// A certificate that came with a signature, and what it lets one check.
//
// WHAT A FIT PROVES: the holder of the private key that belongs to this certificate signed exactly these bytes, so the
// payload was not changed after signing and the certificate was not swapped.
// WHAT IT DOES NOT PROVE: that an authority one trusts issued the certificate (no chain is built and no trust root is
// known), that it was valid when it signed, that the entry of the transparency log exists or is in the log (inclusion
// proofs are not checked), or that any claim in it is true. Anybody can make a certificate with any claims and a
// signature that fits it. A misfit, on the other hand, is a fact.
//
// The claims are X.509 extensions of sigstore's authority (Fulcio, docs/oid-info.md: 1.3.6.1.4.1.57264.1.*): .1 to .6
// hold bare text, .8 to .23 a DER UTF8String. Immutable; one thread at a time. OpenSSL does the parsing; nothing here
// throws, and keys that would take long (RSA above 16,384 bits, curves without a name) are not used.
class Certificate {
 public:
  // DER or PEM. Null when it is neither or larger than 64 KiB.
  static std::unique_ptr<Certificate> read(std::string_view bytes);
  ~Certificate();
  Certificate(const Certificate&) = delete;
  Certificate& operator=(const Certificate&) = delete;

  // Writes what the certificate says into `row`: identity, signer, issuer, authority, validity, claims.
  void describe(evidence::SignatureRow& row) const;

  // Whether `signature` over `message` fits the key. Not examined when the key is of a kind that is not used.
  evidence::Tri fits(std::string_view message, std::string_view signature, std::string& algorithm) const;
  // The same for a digest that was signed; `name` is "sha256", "sha384" or "sha512".
  evidence::Tri fits_digest(std::string_view digest, std::string_view name, std::string_view signature,
                            std::string& algorithm) const;

  // The key in it; lives as long as the certificate.
  evp_pkey_st* key() const;
  // Whether the key signed this certificate. Says nothing about validity in time or constraints.
  bool signed_by(evp_pkey_st* key) const;

  // A certificate that stood beside this one, as a possible link of a chain; at most max_companions are kept.
  void came_with(std::unique_ptr<Certificate> other);
  // Whether a chain of those, each an authority by its own words (basicConstraints) and of the name the one before
  // calls its issuer, leads from this one to one that `trusted` accepts; this one itself included. Bounded by the
  // number of companions.
  bool leads_to(const std::function<bool(const Certificate&)>& trusted) const;
  static constexpr std::size_t max_companions = 10;

 private:
  struct Parsed;
  explicit Certificate(std::unique_ptr<Parsed> parsed);
  std::unique_ptr<Parsed> parsed_;
  std::vector<std::unique_ptr<Certificate>> companions_;
};

// The bytes that a DSSE envelope signs (secure-systems-lab/dsse, protocol.md: PAE).
std::string pre_authentication_encoding(std::string_view type, std::string_view payload);

}  // namespace assay::provenance

#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/base/result.h"
#include "analyzer/evidence/rows.h"
#include "analyzer/provenance/certificate.h"

namespace assay::provenance {

// The keys and certificates a person gave: what `signature.verified` is about.
//   yes           the signature fits a given key; or it fits the certificate that came with it, and a given certificate
//                 or key issued that one, directly or through certificates of authorities that came along
//   no            it fits none of them
//   not examined  no key was given, or none is of a kind that is used
// Nothing else is checked: not the validity in time, not name or length constraints, no transparency log.
// Read-only after add(): safe to share between threads.
class TrustedKeys {
 public:
  TrustedKeys();
  ~TrustedKeys();
  TrustedKeys(const TrustedKeys&) = delete;
  TrustedKeys& operator=(const TrustedKeys&) = delete;

  // Takes public keys (PEM, or one in DER, or minisign's) and certificates (PEM or one in DER) out of one file. An
  // error when there is none.
  Result<void> add(std::string_view bytes, std::string_view name);
  bool empty() const;

  // `leaf` is the certificate that came with the signature, null when none did.
  evidence::Tri verify(std::string_view message, std::string_view signature, const Certificate* leaf,
                       std::string& algorithm) const;
  evidence::Tri verify_digest(std::string_view digest, std::string_view digest_name, std::string_view signature,
                              const Certificate* leaf, std::string& algorithm) const;
  // By the minisign key of that id; not examined when none was given.
  evidence::Tri verify_by_id(std::string_view id, std::string_view message, std::string_view signature) const;

 private:
  template <class Fits>
  evidence::Tri any(const Certificate* leaf, const Fits& fits) const;
  struct Keys;
  std::unique_ptr<Keys> keys_;
};

}  // namespace assay::provenance

#include "analyzer/provenance/trusted_keys.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <algorithm>

#include "analyzer/provenance/minisign.h"
#include "analyzer/provenance/signature_check.h"

namespace assay::provenance {
namespace {

using evidence::Tri;

constexpr std::size_t max_key_file_bytes = std::size_t{1} << 20U;
constexpr std::size_t max_keys = 1'000;

struct FreeKey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
using KeyPtr = std::unique_ptr<EVP_PKEY, FreeKey>;
using BioPtr = std::unique_ptr<BIO, decltype(&BIO_free)>;

}  // namespace

struct TrustedKeys::Keys {
  std::vector<KeyPtr> all;
  std::vector<std::pair<std::string, EVP_PKEY*>> by_id;  // of `all`
};

TrustedKeys::TrustedKeys() : keys_(std::make_unique<Keys>()) {}
TrustedKeys::~TrustedKeys() = default;

bool TrustedKeys::empty() const {
  return keys_->all.empty();
}

Result<void> TrustedKeys::add(std::string_view bytes, std::string_view name) {
  const std::string where(name);
  if (bytes.size() > max_key_file_bytes) return fail(ErrorCode::limit, "a key file is at most 1 MiB", where);
  const std::size_t before = keys_->all.size();
  const auto keep = [&](EVP_PKEY* key) {
    if (key != nullptr && keys_->all.size() < max_keys)
      keys_->all.emplace_back(key);
    else
      EVP_PKEY_free(key);
  };
  if (bytes.find("-----BEGIN ") == std::string_view::npos) {
    const auto* at = reinterpret_cast<const unsigned char*>(bytes.data());
    keep(d2i_PUBKEY(nullptr, &at, static_cast<long>(bytes.size())));
  }
  for (std::string_view rest = bytes; keys_->all.size() < max_keys;) {
    const std::size_t begin = rest.find("-----BEGIN ");
    if (begin == std::string_view::npos) break;
    rest.remove_prefix(begin);
    const std::size_t end = rest.find("-----END ");
    if (end == std::string_view::npos) break;
    const std::string_view one = rest.substr(0, rest.find('\n', end));
    if (one.starts_with("-----BEGIN PUBLIC KEY-----")) {
      const BioPtr source(BIO_new_mem_buf(one.data(), static_cast<int>(one.size())), &BIO_free);
      if (source != nullptr) keep(PEM_read_bio_PUBKEY(source.get(), nullptr, nullptr, nullptr));
    } else if (one.starts_with("-----BEGIN CERTIFICATE-----")) {
      const std::unique_ptr<Certificate> certificate = Certificate::read(one);
      EVP_PKEY* const key = certificate == nullptr ? nullptr : certificate->key();
      if (key != nullptr && EVP_PKEY_up_ref(key) == 1) keep(key);
    }
    rest.remove_prefix(one.size());
  }
  if (keys_->all.size() == before) {
    if (const std::unique_ptr<Certificate> certificate = Certificate::read(bytes)) {
      EVP_PKEY* const key = certificate->key();
      if (key != nullptr && EVP_PKEY_up_ref(key) == 1) keep(key);
    }
  }
  if (keys_->all.size() == before) {
    if (const std::optional<MinisignKey> key = read_minisign_key(bytes)) {
      keep(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr,
                                       reinterpret_cast<const unsigned char*>(key->key.data()), key->key.size()));
      if (keys_->all.size() > before) keys_->by_id.emplace_back(key->id, keys_->all.back().get());
    }
  }
  ERR_clear_error();
  if (keys_->all.size() == before)
    return fail(ErrorCode::usage, "holds neither a public key nor a certificate (PEM or DER)", where);
  return {};
}

template <class Fits>
Tri TrustedKeys::any(const Certificate* leaf, const Fits& fits) const {
  Tri answer = Tri::not_examined;
  for (const KeyPtr& key : keys_->all) {
    const Tri one = fits(key.get());
    if (one == Tri::yes) return one;
    if (one == Tri::no) answer = Tri::no;
  }
  if (leaf == nullptr || fits(leaf->key()) != Tri::yes) return answer;
  const bool chained = leaf->leads_to([&](const Certificate& one) {
    return std::any_of(keys_->all.begin(), keys_->all.end(),
                       [&](const KeyPtr& key) { return one.signed_by(key.get()); });
  });
  return chained ? Tri::yes : answer;
}

Tri TrustedKeys::verify(std::string_view message, std::string_view signature, const Certificate* leaf,
                        std::string& algorithm) const {
  return any(leaf, [&](EVP_PKEY* key) { return signature_fits(key, message, signature, algorithm); });
}

Tri TrustedKeys::verify_digest(std::string_view digest, std::string_view digest_name, std::string_view signature,
                               const Certificate* leaf, std::string& algorithm) const {
  return any(leaf, [&](EVP_PKEY* key) { return digest_fits(key, digest, digest_name, signature, algorithm); });
}

Tri TrustedKeys::verify_by_id(std::string_view id, std::string_view message, std::string_view signature) const {
  std::string algorithm;
  for (const auto& [own, key] : keys_->by_id) {
    if (own == id) return signature_fits(key, message, signature, algorithm);
  }
  return Tri::not_examined;
}

}  // namespace assay::provenance

#include "analyzer/provenance/signature_check.h"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <array>
#include <memory>

namespace assay::provenance {
namespace {

using evidence::Tri;

constexpr std::size_t max_signature_bytes = 8 << 10;
constexpr int max_rsa_bits = 16'384;

using MdContext = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)>;

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

// The digest to try first, and one more where signers differ.
std::array<const char*, 2> digests_of(const EVP_PKEY* key) {
  if (EVP_PKEY_base_id(key) != EVP_PKEY_EC) return {"sha256", "sha512"};
  if (EVP_PKEY_bits(key) > 384) return {"sha512", "sha256"};
  if (EVP_PKEY_bits(key) > 256) return {"sha384", "sha256"};
  return {"sha256", nullptr};
}

bool usable(const EVP_PKEY* key) {
  switch (EVP_PKEY_base_id(key)) {
    case EVP_PKEY_ED25519:
      return true;
    case EVP_PKEY_RSA:
      return EVP_PKEY_bits(key) <= max_rsa_bits;
    case EVP_PKEY_EC: {
      std::array<char, 64> group{};
      std::size_t length = 0;
      return EVP_PKEY_get_group_name(key, group.data(), group.size(), &length) == 1 && EVP_PKEY_bits(key) <= 521;
    }
    default:
      return false;
  }
}

std::string algorithm_of(const EVP_PKEY* key, const char* digest) {
  switch (EVP_PKEY_base_id(key)) {
    case EVP_PKEY_ED25519:
      return "ed25519";
    case EVP_PKEY_RSA:
      return fmt::format("rsa-{}", digest);
    default:
      return fmt::format("ecdsa-{}", digest);
  }
}

bool verify_message(EVP_PKEY* key, const char* digest, bool pss, std::string_view message, std::string_view signature) {
  const MdContext context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  EVP_PKEY_CTX* parameters = nullptr;
  if (context == nullptr ||
      EVP_DigestVerifyInit_ex(context.get(), &parameters, digest, nullptr, nullptr, key, nullptr) != 1)
    return false;
  if (pss && EVP_PKEY_CTX_set_rsa_padding(parameters, RSA_PKCS1_PSS_PADDING) != 1) return false;
  return EVP_DigestVerify(context.get(), bytes_of(signature), signature.size(), bytes_of(message), message.size()) == 1;
}

bool verify_digest(EVP_PKEY* key, const EVP_MD* kind, bool pss, std::string_view digest, std::string_view signature) {
  const KeyContext context(EVP_PKEY_CTX_new(key, nullptr), &EVP_PKEY_CTX_free);
  if (context == nullptr || EVP_PKEY_verify_init(context.get()) != 1) return false;
  if (pss && EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PSS_PADDING) != 1) return false;
  if (EVP_PKEY_CTX_set_signature_md(context.get(), kind) != 1) return false;
  return EVP_PKEY_verify(context.get(), bytes_of(signature), signature.size(), bytes_of(digest), digest.size()) == 1;
}

}  // namespace

Tri signature_fits(EVP_PKEY* key, std::string_view message, std::string_view signature, std::string& algorithm) {
  if (key == nullptr || !usable(key)) {
    ERR_clear_error();
    return Tri::not_examined;
  }
  const std::array<const char*, 2> digests = digests_of(key);
  algorithm = algorithm_of(key, digests[0]);
  if (signature.empty() || signature.size() > max_signature_bytes) return Tri::no;
  bool good = false;
  if (EVP_PKEY_base_id(key) == EVP_PKEY_ED25519) {
    good = verify_message(key, nullptr, false, message, signature);
  } else {
    const bool rsa = EVP_PKEY_base_id(key) == EVP_PKEY_RSA;
    for (const char* digest : digests) {
      if (digest == nullptr || good) continue;
      good = verify_message(key, digest, false, message, signature) ||
             (rsa && verify_message(key, digest, true, message, signature));
      if (good) algorithm = algorithm_of(key, digest);
    }
  }
  ERR_clear_error();
  return evidence::tri(good);
}

Tri digest_fits(EVP_PKEY* key, std::string_view digest, std::string_view name, std::string_view signature,
                std::string& algorithm) {
  const EVP_MD* kind = name == "sha256"   ? EVP_sha256()
                       : name == "sha384" ? EVP_sha384()
                       : name == "sha512" ? EVP_sha512()
                                          : nullptr;
  if (key == nullptr || kind == nullptr || !usable(key) || EVP_PKEY_base_id(key) == EVP_PKEY_ED25519 ||
      digest.size() != static_cast<std::size_t>(EVP_MD_get_size(kind))) {
    ERR_clear_error();
    return Tri::not_examined;
  }
  algorithm = algorithm_of(key, std::string(name).c_str());
  if (signature.empty() || signature.size() > max_signature_bytes) return Tri::no;
  const bool rsa = EVP_PKEY_base_id(key) == EVP_PKEY_RSA;
  const bool good =
      verify_digest(key, kind, false, digest, signature) || (rsa && verify_digest(key, kind, true, digest, signature));
  ERR_clear_error();
  return evidence::tri(good);
}

}  // namespace assay::provenance

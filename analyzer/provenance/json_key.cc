#include "analyzer/provenance/json_key.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include <optional>

#include "analyzer/formats/base64.h"

namespace assay::provenance {
namespace {

using formats::JsonNode;

constexpr std::size_t max_number_text = 4 << 10;

using Context = std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)>;
using Builder = std::unique_ptr<OSSL_PARAM_BLD, decltype(&OSSL_PARAM_BLD_free)>;
using Parameters = std::unique_ptr<OSSL_PARAM, decltype(&OSSL_PARAM_free)>;
using Number = std::unique_ptr<BIGNUM, decltype(&BN_free)>;

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::optional<std::string> number_text(const JsonNode& node) {
  std::optional<std::string> bytes = formats::base64(node.string(), max_number_text);
  if (bytes && bytes->empty()) bytes.reset();
  return bytes;
}

Number number_of(std::string_view bytes) {
  return {BN_bin2bn(bytes_of(bytes), static_cast<int>(bytes.size()), nullptr), &BN_free};
}

JsonKey made(const char* kind, OSSL_PARAM_BLD* builder) {
  const Parameters parameters(OSSL_PARAM_BLD_to_param(builder), &OSSL_PARAM_free);
  const Context context(EVP_PKEY_CTX_new_from_name(nullptr, kind, nullptr), &EVP_PKEY_CTX_free);
  EVP_PKEY* key = nullptr;
  if (parameters == nullptr || context == nullptr || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters.get()) != 1)
    return nullptr;
  return JsonKey(key);
}

JsonKey on_curve(const JsonNode& node) {
  const std::string_view curve = node.at("crv").string();
  const std::string group(curve);  // the builder keeps pointers until the key is made
  const std::size_t size = curve == "P-256" ? 32 : curve == "P-384" ? 48 : curve == "P-521" ? 66 : 0;
  std::optional<std::string> x = number_text(node.at("x"));
  std::optional<std::string> y = number_text(node.at("y"));
  if (size == 0 || !x || !y || x->size() > size || y->size() > size) return nullptr;
  const std::string point =
      "\x04" + std::string(size - x->size(), '\0') + *x + std::string(size - y->size(), '\0') + *y;
  const Builder builder(OSSL_PARAM_BLD_new(), &OSSL_PARAM_BLD_free);
  if (builder == nullptr ||
      OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, group.c_str(), 0) != 1 ||
      OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()) != 1)
    return nullptr;
  return made("EC", builder.get());
}

JsonKey of_rsa(const JsonNode& node) {
  const std::optional<std::string> modulus = number_text(node.at("n"));
  const std::optional<std::string> exponent = number_text(node.at("e"));
  if (!modulus || !exponent) return nullptr;
  const Number n = number_of(*modulus);
  const Number e = number_of(*exponent);
  const Builder builder(OSSL_PARAM_BLD_new(), &OSSL_PARAM_BLD_free);
  if (builder == nullptr || n == nullptr || e == nullptr ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) != 1 ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) != 1)
    return nullptr;
  return made("RSA", builder.get());
}

}  // namespace

void FreeJsonKey::operator()(evp_pkey_st* key) const {
  EVP_PKEY_free(key);
}

JsonKey read_json_key(const JsonNode& key) {
  const std::string_view kind = key.at("kty").string();
  JsonKey out;
  if (kind == "EC") out = on_curve(key);
  if (kind == "RSA") out = of_rsa(key);
  if (kind == "OKP" && key.at("crv").string() == "Ed25519") {
    if (const std::optional<std::string> x = number_text(key.at("x")))
      out.reset(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, bytes_of(*x), x->size()));
  }
  ERR_clear_error();
  return out;
}

std::string der_of_two_numbers(std::string_view signature) {
  if (signature.empty() || signature.size() % 2 != 0 || signature.size() > 2 * 66) return {};
  const std::unique_ptr<ECDSA_SIG, decltype(&ECDSA_SIG_free)> pair(ECDSA_SIG_new(), &ECDSA_SIG_free);
  Number r = number_of(signature.substr(0, signature.size() / 2));
  Number s = number_of(signature.substr(signature.size() / 2));
  if (pair == nullptr || r == nullptr || s == nullptr || ECDSA_SIG_set0(pair.get(), r.get(), s.get()) != 1) return {};
  static_cast<void>(r.release());
  static_cast<void>(s.release());
  unsigned char* der = nullptr;
  const int length = i2d_ECDSA_SIG(pair.get(), &der);
  std::string out;
  if (length > 0) out.assign(reinterpret_cast<const char*>(der), static_cast<std::size_t>(length));
  OPENSSL_free(der);
  ERR_clear_error();
  return out;
}

}  // namespace assay::provenance

#pragma once

#include <openssl/bio.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace assay::test {

inline std::string base64_of(std::string_view bytes) {
  std::string out(bytes.size() / 3 * 4 + 5, '\0');
  const int length =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                      reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  out.resize(static_cast<std::size_t>(length));
  return out;
}

// A key with a certificate of its own making, for tests: claims by the last number of their OID.
class Signer {
 public:
  explicit Signer(const std::vector<std::pair<std::string, std::string>>& claims = {}, const char* curve = "P-256")
      : key_(EVP_EC_gen(curve), &EVP_PKEY_free), certificate_(X509_new(), &X509_free) {
    X509* one = certificate_.get();
    X509_set_version(one, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(one), 7);
    ASN1_TIME_set_string(X509_getm_notBefore(one), "20260511191600Z");
    ASN1_TIME_set_string(X509_getm_notAfter(one), "20260511192600Z");
    X509_NAME* name = X509_get_subject_name(one);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("test-authority"), -1,
                               -1, 0);
    X509_set_issuer_name(one, name);
    X509_set_pubkey(one, key_.get());
    X509_EXTENSION* names =
        X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name,
                            "URI:https://github.com/example/router/.github/workflows/release.yml@refs/heads/main");
    X509_add_ext(one, names, -1);
    X509_EXTENSION_free(names);
    for (const auto& [number, value] : claims) add(number, value);
    X509_sign(one, key_.get(), EVP_sha256());
  }

  std::string der() const {
    std::string out(static_cast<std::size_t>(i2d_X509(certificate_.get(), nullptr)), '\0');
    auto* at = reinterpret_cast<unsigned char*>(out.data());
    i2d_X509(certificate_.get(), &at);
    return out;
  }

  // The public key alone, and the certificate, as PEM.
  std::string public_pem() const {
    return pem([&](BIO* sink) { return PEM_write_bio_PUBKEY(sink, key_.get()); });
  }
  std::string certificate_pem() const {
    return pem([&](BIO* sink) { return PEM_write_bio_X509(sink, certificate_.get()); });
  }
  // Makes `other` the issuer of this certificate.
  void issued_by(const Signer& other) {
    X509_set_issuer_name(certificate_.get(), X509_get_subject_name(other.certificate_.get()));
    X509_sign(certificate_.get(), other.key_.get(), EVP_sha256());
  }
  // Gives this certificate a subject of its own; `authority`: it may issue others.
  void call(const char* common_name, bool authority) {
    X509* one = certificate_.get();
    const std::unique_ptr<X509_NAME, decltype(&X509_NAME_free)> name(X509_NAME_new(), &X509_NAME_free);
    X509_NAME_add_entry_by_txt(name.get(), "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(common_name), -1,
                               -1, 0);
    X509_set_subject_name(one, name.get());
    if (authority) {
      X509_EXTENSION* may = X509V3_EXT_conf_nid(nullptr, nullptr, NID_basic_constraints, "critical,CA:TRUE");
      X509_add_ext(one, may, -1);
      X509_EXTENSION_free(may);
    }
    issued_by(*this);
  }

  // As JSON has them: the key with both coordinates, ECDSA's two numbers side by side.
  std::string json_key() const {
    std::string point(133, '\0');
    std::size_t length = 0;
    EVP_PKEY_get_octet_string_param(key_.get(), "pub", reinterpret_cast<unsigned char*>(point.data()), point.size(),
                                    &length);
    const std::size_t half = (length - 1) / 2;
    return R"({"kty":"EC","crv":"P-256","x":")" + base64_of(point.substr(1, half)) + R"(","y":")" +
           base64_of(point.substr(1 + half, half)) + "\"}";
  }
  std::string sign_in_two_numbers(std::string_view message) const {
    const std::string der = sign(message);
    const auto* at = reinterpret_cast<const unsigned char*>(der.data());
    const std::unique_ptr<ECDSA_SIG, decltype(&ECDSA_SIG_free)> pair(
        d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size())), &ECDSA_SIG_free);
    std::string out(64, '\0');
    BN_bn2binpad(ECDSA_SIG_get0_r(pair.get()), reinterpret_cast<unsigned char*>(out.data()), 32);
    BN_bn2binpad(ECDSA_SIG_get0_s(pair.get()), reinterpret_cast<unsigned char*>(out.data()) + 32, 32);
    return out;
  }

  std::string sign(std::string_view message, const EVP_MD* digest = EVP_sha256()) const {
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
    EVP_DigestSignInit(context.get(), nullptr, digest, nullptr, key_.get());
    std::string out(512, '\0');
    std::size_t length = out.size();
    EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(out.data()), &length,
                   reinterpret_cast<const unsigned char*>(message.data()), message.size());
    out.resize(length);
    return out;
  }

 private:
  template <class Write>
  static std::string pem(const Write& write) {
    const std::unique_ptr<BIO, decltype(&BIO_free)> sink(BIO_new(BIO_s_mem()), &BIO_free);
    write(sink.get());
    char* begin = nullptr;
    const long length = BIO_get_mem_data(sink.get(), &begin);
    return {begin, static_cast<std::size_t>(length)};
  }
  // Numbers up to 6 hold bare text, later ones a DER UTF8String.
  void add(const std::string& number, const std::string& value) {
    std::string bytes = value;
    if (number.size() > 1 || number[0] > '6') bytes = std::string("\x0C") + static_cast<char>(value.size()) + value;
    ASN1_OBJECT* object = OBJ_txt2obj(("1.3.6.1.4.1.57264.1." + number).c_str(), 1);
    ASN1_OCTET_STRING* data = ASN1_OCTET_STRING_new();
    ASN1_OCTET_STRING_set(data, reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
    X509_EXTENSION* extension = X509_EXTENSION_create_by_OBJ(nullptr, object, 0, data);
    X509_add_ext(certificate_.get(), extension, -1);
    X509_EXTENSION_free(extension);
    ASN1_OCTET_STRING_free(data);
    ASN1_OBJECT_free(object);
  }

  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key_;
  std::unique_ptr<X509, decltype(&X509_free)> certificate_;
};

}  // namespace assay::test

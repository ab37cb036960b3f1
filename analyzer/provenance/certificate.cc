#include "analyzer/provenance/certificate.h"

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <ctime>

#include "analyzer/base/utf8.h"
#include "analyzer/provenance/names.h"
#include "analyzer/provenance/signature_check.h"

namespace assay::provenance {
namespace {

using evidence::Tri;

constexpr std::size_t max_certificate_bytes = 64 << 10;
constexpr std::size_t max_claim_bytes = 2'000;
constexpr int max_extensions = 100;

template <class T, void (*Free)(T*)>
struct Freed {
  void operator()(T* one) const { Free(one); }
};
using X509Ptr = std::unique_ptr<X509, Freed<X509, X509_free>>;
using Names = std::unique_ptr<GENERAL_NAMES, Freed<GENERAL_NAMES, GENERAL_NAMES_free>>;

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string_view text_of(const ASN1_STRING* string) {
  if (string == nullptr || ASN1_STRING_length(string) <= 0) return {};
  return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(string)),
          static_cast<std::size_t>(ASN1_STRING_length(string))};
}

std::string kept(std::string_view text) {
  return utf8::repaired(text.substr(0, max_claim_bytes));
}

// The text of a DER UTF8String, PrintableString or IA5String that fills `value`.
std::string_view der_text(std::string_view value) {
  if (value.size() < 2) return {};
  const auto tag = static_cast<unsigned char>(value[0]);
  if (tag != 0x0C && tag != 0x13 && tag != 0x16) return {};
  std::size_t length = static_cast<unsigned char>(value[1]);
  std::size_t at = 2;
  if (length >= 0x80) {
    const std::size_t octets = length & 0x7FU;
    if (octets == 0 || octets > 3 || value.size() < 2 + octets) return {};
    length = 0;
    for (; at < 2 + octets; ++at) length = length << 8U | static_cast<unsigned char>(value[at]);
  }
  return value.size() - at == length ? value.substr(at) : std::string_view{};
}

std::string moment(const ASN1_TIME* time) {
  std::tm parts{};
  if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1) return {};
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday,
                     parts.tm_hour, parts.tm_min, parts.tm_sec);
}

std::string common_name(const X509_NAME* name) {
  if (name == nullptr) return {};
  for (const int wanted : {NID_commonName, NID_organizationName}) {
    const int at = X509_NAME_get_index_by_NID(name, wanted, -1);
    if (at < 0) continue;
    return kept(text_of(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at))));
  }
  return {};
}

std::string alternative_name(const X509* certificate) {
  const Names names(static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  if (names == nullptr) return {};
  for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(names.get(), i);
    switch (name->type) {
      case GEN_URI:
        return kept(text_of(name->d.uniformResourceIdentifier));
      case GEN_EMAIL:
        return kept(text_of(name->d.rfc822Name));
      case GEN_DNS:
        return kept(text_of(name->d.dNSName));
      case GEN_OTHERNAME:
        if (name->d.otherName->value->type == V_ASN1_UTF8STRING)
          return kept(text_of(name->d.otherName->value->value.utf8string));
        break;
      default:
        break;
    }
  }
  return {};
}

// One claim into its column. The older form of a claim does not replace the newer one.
void claim(std::string_view number, std::string_view raw, evidence::SignatureRow& row) {
  const std::string newer = kept(der_text(raw));
  const auto first = [](std::string& column, const std::string& value) {
    if (column.empty()) column = value;
  };
  if (number == "1")
    first(row.issuer, kept(raw));
  else if (number == "2")
    first(row.trigger_event, kept(raw));
  else if (number == "3")
    first(row.source_commit, kept(raw));
  else if (number == "5")
    first(row.repository, "github.com/" + lower(kept(raw)));
  else if (number == "6")
    first(row.reference, kept(raw));
  else if (newer.empty())
    return;
  else if (number == "8")
    row.issuer = newer;
  else if (number == "11")
    row.runner = newer;
  else if (number == "12")
    row.repository = repository_of(newer).repository;
  else if (number == "13")
    row.source_commit = newer;
  else if (number == "14")
    row.reference = newer;
  else if (number == "18")
    row.workflow = newer;
  else if (number == "20")
    row.trigger_event = newer;
  else if (number == "21")
    row.run = newer;
  else if (number == "22")
    row.visibility = newer;
  else if (number == "23")
    row.environment = newer;
}

}  // namespace

struct Certificate::Parsed {
  X509Ptr x509;
};

Certificate::Certificate(std::unique_ptr<Parsed> parsed) : parsed_(std::move(parsed)) {}
Certificate::~Certificate() = default;

std::unique_ptr<Certificate> Certificate::read(std::string_view bytes) {
  if (bytes.empty() || bytes.size() > max_certificate_bytes) return nullptr;
  X509* made = nullptr;
  if (bytes.find("-----BEGIN") != std::string_view::npos) {
    BIO* const source = BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size()));
    made = source == nullptr ? nullptr : PEM_read_bio_X509(source, nullptr, nullptr, nullptr);
    BIO_free(source);
  } else {
    const unsigned char* at = bytes_of(bytes);
    made = d2i_X509(nullptr, &at, static_cast<long>(bytes.size()));
  }
  ERR_clear_error();
  if (made == nullptr) return nullptr;
  auto parsed = std::make_unique<Parsed>();
  parsed->x509.reset(made);
  return std::unique_ptr<Certificate>(new Certificate(std::move(parsed)));
}

void Certificate::describe(evidence::SignatureRow& row) const {
  const X509* x509 = parsed_->x509.get();
  row.identity = alternative_name(x509);
  row.authority = common_name(X509_get_issuer_name(x509));
  row.signer = row.identity.empty() ? common_name(X509_get_subject_name(x509)) : row.identity;
  row.not_before = moment(X509_get0_notBefore(x509));
  row.not_after = moment(X509_get0_notAfter(x509));
  const int count = std::min(X509_get_ext_count(x509), max_extensions);
  for (int i = 0; i < count; ++i) {
    X509_EXTENSION* extension = X509_get_ext(x509, i);
    std::array<char, 80> identifier{};
    OBJ_obj2txt(identifier.data(), static_cast<int>(identifier.size()), X509_EXTENSION_get_object(extension), 1);
    constexpr std::string_view arc = "1.3.6.1.4.1.57264.1.";
    const std::string_view name = identifier.data();
    if (name.starts_with(arc)) claim(name.substr(arc.size()), text_of(X509_EXTENSION_get_data(extension)), row);
  }
  ERR_clear_error();
}

Tri Certificate::fits(std::string_view message, std::string_view signature, std::string& algorithm) const {
  return signature_fits(X509_get0_pubkey(parsed_->x509.get()), message, signature, algorithm);
}

Tri Certificate::fits_digest(std::string_view digest, std::string_view name, std::string_view signature,
                             std::string& algorithm) const {
  return digest_fits(X509_get0_pubkey(parsed_->x509.get()), digest, name, signature, algorithm);
}

EVP_PKEY* Certificate::key() const {
  return X509_get0_pubkey(parsed_->x509.get());
}

bool Certificate::signed_by(EVP_PKEY* key) const {
  const bool good = X509_verify(parsed_->x509.get(), key) == 1;
  ERR_clear_error();
  return good;
}

void Certificate::came_with(std::unique_ptr<Certificate> other) {
  if (other != nullptr && companions_.size() < max_companions) companions_.push_back(std::move(other));
}

bool Certificate::leads_to(const std::function<bool(const Certificate&)>& trusted) const {
  // Breadth first; each companion is reached once, so cross-signed rings end.
  std::vector<const Certificate*> reached = {this};
  for (std::size_t at = 0; at < reached.size(); ++at) {
    if (trusted(*reached[at])) return true;
    X509* const issued = reached[at]->parsed_->x509.get();
    for (const std::unique_ptr<Certificate>& other : companions_) {
      if (std::find(reached.begin(), reached.end(), other.get()) != reached.end()) continue;
      X509* const issuer = other->parsed_->x509.get();
      const bool names = X509_NAME_cmp(X509_get_issuer_name(issued), X509_get_subject_name(issuer)) == 0;
      if (names && X509_check_ca(issuer) == 1 && reached[at]->signed_by(other->key())) reached.push_back(other.get());
    }
  }
  ERR_clear_error();
  return false;
}

std::string pre_authentication_encoding(std::string_view type, std::string_view payload) {
  return fmt::format("DSSEv1 {} {} {} {}", type.size(), type, payload.size(), payload);
}

}  // namespace assay::provenance

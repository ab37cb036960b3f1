#include "analyzer/provenance/envelope.h"

#include <optional>
#include <string>

#include "analyzer/formats/base64.h"
#include "analyzer/provenance/certificate.h"
#include "analyzer/provenance/names.h"
#include "analyzer/provenance/statement.h"

namespace assay::provenance {
namespace {

using evidence::RowId;
using evidence::SignatureRow;
using formats::JsonNode;

constexpr std::size_t max_signature_text = 16 << 10;
constexpr std::size_t max_certificate_text = 128 << 10;

bool is_dsse(const JsonNode& node) {
  return node.at("payload").is_string() && (node.at("payloadType").is_string() || node.at("signatures").is_array());
}

bool is_bundle(const JsonNode& node) {
  return (node.at("verificationMaterial").is_object() &&
          (node.at("dsseEnvelope").exists() || node.at("messageSignature").exists())) ||
         node.at("mediaType").string().starts_with("application/vnd.dev.sigstore.bundle");
}

bool is_python(const JsonNode& node) {
  return node.at("verification_material").is_object() && node.at("envelope").at("statement").is_string();
}

bool is_cosign(const JsonNode& node) {
  return node.at("base64Signature").is_string() && (node.at("cert").is_string() || node.at("rekorBundle").exists());
}

// Leaf first.
JsonNode chain_of(const JsonNode& material) {
  return material.at("x509CertificateChain").at("certificates");
}

class Reader {
 public:
  Reader(const Place& place, const TrustedKeys* keys, Budget& budget, ReadOutcome& outcome)
      : place_(place), keys_(keys), budget_(budget), outcome_(outcome) {}

  bool document(const JsonNode& root) {
    if (is_statement(root)) return read_statement(root, "statement", place_) != 0 || true;
    if (is_bundle(root)) return bundle(root, "sigstore-bundle");
    if (is_dsse(root)) return dsse(root, "dsse", {}, {});
    if (is_python(root)) return python(root, {});
    if (is_cosign(root)) return cosign(root);
    bool found = false;
    for (const JsonNode& one : root.at("attestation_bundles").items()) {
      found = true;
      for (const JsonNode& attestation : one.at("attestations").items()) python(attestation, one.at("publisher"));
    }
    for (const JsonNode& one : root.at("attestations").items()) {
      if (!one.at("bundle").is_object()) continue;
      found = true;
      bundle(one.at("bundle"), one.at("predicateType").exists() ? "npm-response" : "github-response");
    }
    for (const JsonNode& one : root.items()) {
      if (is_bundle(one))
        found = bundle(one, "sigstore-bundle") || found;
      else if (is_dsse(one))
        found = dsse(one, "dsse", {}, {}) || found;
      else if (is_bundle(one.at("attestation").at("bundle")))
        found = bundle(one.at("attestation").at("bundle"), "github-response") || found;
      else if (is_bundle(one.at("bundle")))
        found = bundle(one.at("bundle"), "github-response") || found;
    }
    return found;
  }

 private:
  bool open() {
    if (budget_.envelopes == 0) {
      outcome_.partly("more envelopes than are opened in one file (100000); the rest was left out");
      return false;
    }
    --budget_.envelopes;
    return true;
  }

  std::optional<std::string> decoded(const JsonNode& node) {
    std::optional<std::string> bytes = formats::base64(node.string(), budget_.decoded_bytes);
    if (!bytes) {
      outcome_.partly(node.string().size() / 4 * 3 > budget_.decoded_bytes
                          ? "payloads above 64 MiB were not decoded (max_archive_member_bytes)"
                          : "a payload is not base64");
      return std::nullopt;
    }
    budget_.decoded_bytes -= bytes->size();
    return bytes;
  }

  // The statement inside the payload; its rows stand where the payload stands.
  RowId payload(const std::string& bytes, const JsonNode& node, std::string_view envelope) {
    const formats::JsonTree tree(bytes);
    const Place inside(place_.rows(), place_.of(node));
    const RowId id = read_statement(tree.root(), envelope, inside);
    if (id == 0)
      outcome_.partly("the payload of an envelope is no in-toto statement");
    else if (!tree.well_formed())
      outcome_.partly("the statement in an envelope is not well-formed JSON");
    return id;
  }

  // The first certificate is the signer's, the others may be its issuers.
  static std::unique_ptr<Certificate> pem_chain(std::string_view text) {
    constexpr std::string_view begin = "-----BEGIN CERTIFICATE-----";
    std::unique_ptr<Certificate> leaf = Certificate::read(text);
    std::size_t at = text.find(begin, begin.size());
    for (std::size_t i = 0; leaf != nullptr && at != std::string_view::npos && i < Certificate::max_companions; ++i) {
      leaf->came_with(Certificate::read(text.substr(at)));
      at = text.find(begin, at + begin.size());
    }
    return leaf;
  }

  std::unique_ptr<Certificate> certificate(const JsonNode& node) {
    const std::string_view text = node.string();
    if (text.empty() || text.size() > max_certificate_text) return nullptr;
    if (text.starts_with("-----BEGIN")) return pem_chain(text);
    const std::optional<std::string> bytes = formats::base64(text, max_certificate_text);
    return bytes ? Certificate::read(*bytes) : nullptr;
  }

  // The signer's of a bundle, with what else stands in `chain`.
  std::unique_ptr<Certificate> certificate(const JsonNode& leaf, const JsonNode& chain) {
    std::unique_ptr<Certificate> out = certificate(leaf);
    std::size_t number = 0;
    for (const JsonNode& one : chain.items()) {
      if (number > Certificate::max_companions || out == nullptr) break;
      if (number++ > 0) out->came_with(certificate(one.at("rawBytes")));
    }
    return out;
  }

  // Against the certificate that came with the signature, when one did, and against the keys a person gave.
  void check(const Certificate* certificate, std::string_view message, const JsonNode& signature, SignatureRow& row) {
    if (certificate != nullptr) certificate->describe(row);
    if (certificate == nullptr && keys_ == nullptr) return;
    const std::optional<std::string> bytes = formats::base64(signature.string(), max_signature_text);
    if (!bytes) {
      if (certificate != nullptr) row.fits = evidence::Tri::no;
      if (keys_ != nullptr) row.verified = evidence::Tri::no;
      return;
    }
    if (budget_.signatures == 0) {
      outcome_.partly("more signatures than are checked in one file (1000); the rest was not examined");
      return;
    }
    --budget_.signatures;
    if (keys_ != nullptr) row.verified = keys_->verify(message, *bytes, certificate, row.algorithm);
    if (certificate != nullptr) row.fits = certificate->fits(message, *bytes, row.algorithm);
  }

  void entry_of_log(const JsonNode& entries, SignatureRow& row) {
    for (const JsonNode& entry : entries.items()) {
      std::string_view digits = entry.at("integratedTime").text();
      std::int64_t seconds = 0;
      if (digits.empty() || digits.size() > 12) continue;
      bool number = true;
      for (const char c : digits) {
        number = number && c >= '0' && c <= '9';
        seconds = seconds * 10 + (c - '0');
      }
      if (number && seconds > 0) row.logged = rfc3339(seconds);
      if (!row.logged.empty()) return;
    }
  }

  bool dsse(const JsonNode& node, std::string_view envelope, const JsonNode& shared_certificate,
            const JsonNode& material) {
    if (!open()) return true;
    const std::optional<std::string> bytes = decoded(node.at("payload"));
    if (!bytes) return true;
    const RowId id = payload(*bytes, node.at("payload"), envelope);
    const std::string message = pre_authentication_encoding(node.at("payloadType").string(), *bytes);
    for (const JsonNode& one : node.at("signatures").items()) {
      SignatureRow row{
          .at = place_.of(one.at("sig").exists() ? one.at("sig") : one), .attestation_id = id, .kind = "dsse"};
      row.key_id = one.at("keyid").string().substr(0, 400);
      if (row.key_id.empty()) row.key_id = material.at("publicKey").at("hint").string().substr(0, 400);
      row.signer = row.key_id;
      const JsonNode own = one.at("cert");
      const std::unique_ptr<Certificate> read =
          certificate(own.is_string() && !own.text().empty() ? own : shared_certificate, chain_of(material));
      check(read.get(), message, one.at("sig"), row);
      entry_of_log(material.at("tlogEntries"), row);
      place_.rows().add(std::move(row));
    }
    return true;
  }

  bool bundle(const JsonNode& node, std::string_view envelope) {
    const JsonNode material = node.at("verificationMaterial");
    JsonNode leaf = material.at("certificate").at("rawBytes");
    if (!leaf.exists()) {
      for (const JsonNode& one : chain_of(material).items()) {
        leaf = one.at("rawBytes");
        break;
      }
    }
    if (node.at("dsseEnvelope").is_object()) return dsse(node.at("dsseEnvelope"), envelope, leaf, material);
    const JsonNode signed_digest = node.at("messageSignature");
    if (!signed_digest.is_object()) {
      outcome_.partly("a bundle holds neither an envelope nor a signature");
      return true;
    }
    if (!open()) return true;
    message(signed_digest, leaf, material, envelope);
    return true;
  }

  // A signature over the digest of a file that is not in the bundle.
  void message(const JsonNode& node, const JsonNode& leaf, const JsonNode& material, std::string_view envelope) {
    const std::optional<std::string> digest = formats::base64(node.at("messageDigest").at("digest").string(), 128);
    const std::string_view algorithm = node.at("messageDigest").at("algorithm").string();
    const std::string_view name = algorithm == "SHA2_256"   ? "sha256"
                                  : algorithm == "SHA2_384" ? "sha384"
                                  : algorithm == "SHA2_512" ? "sha512"
                                                            : "";
    const RowId id = place_.rows().add({.at = place_.of(node),
                                        .format = "signed-digest",
                                        .envelope = std::string(envelope),
                                        .subjects = 1,
                                        .materials = -1});
    if (digest) {
      std::string hex;
      for (const char c : *digest) {
        constexpr std::string_view digits = "0123456789abcdef";
        hex.push_back(digits[static_cast<unsigned char>(c) >> 4U]);
        hex.push_back(digits[static_cast<unsigned char>(c) & 15U]);
      }
      place_.rows().add(evidence::AttestationSubjectRow{.at = place_.of(node.at("messageDigest")),
                                                        .attestation_id = id,
                                                        .algorithm = std::string(name),
                                                        .digest = hex});
    }
    SignatureRow row{.at = place_.of(node.at("signature")), .attestation_id = id, .kind = "x509"};
    row.key_id = material.at("publicKey").at("hint").string().substr(0, 400);
    row.signer = row.key_id;
    const std::unique_ptr<Certificate> read = certificate(leaf, chain_of(material));
    if (read != nullptr) read->describe(row);
    const std::optional<std::string> bytes = formats::base64(node.at("signature").string(), max_signature_text);
    if (digest && bytes && budget_.signatures > 0 && (read != nullptr || keys_ != nullptr)) {
      --budget_.signatures;
      if (keys_ != nullptr) row.verified = keys_->verify_digest(*digest, name, *bytes, read.get(), row.algorithm);
      if (read != nullptr) row.fits = read->fits_digest(*digest, name, *bytes, row.algorithm);
    }
    entry_of_log(material.at("tlogEntries"), row);
    place_.rows().add(std::move(row));
  }

  bool python(const JsonNode& node, const JsonNode& publisher) {
    if (!is_python(node) || !open()) return true;
    const JsonNode statement = node.at("envelope").at("statement");
    const std::optional<std::string> bytes = decoded(statement);
    if (!bytes) return true;
    const RowId id = payload(*bytes, statement, "pypi");
    if (id != 0 && publisher.is_object()) {
      evidence::AttestationRow& row = place_.rows().attestation.back();
      row.publisher = publisher.at("workflow").string().substr(0, 400);
      row.environment = publisher.at("environment").string().substr(0, 400);
      if (row.repository.empty() && publisher.at("kind").string() == "GitHub")
        row.repository = "github.com/" + lower(publisher.at("repository").string().substr(0, 400));
      if (row.repository.empty() && publisher.at("kind").string() == "GitLab")
        row.repository = "gitlab.com/" + lower(publisher.at("repository").string().substr(0, 400));
    }
    const JsonNode signature = node.at("envelope").at("signature");
    SignatureRow row{.at = place_.of(signature), .attestation_id = id, .kind = "dsse"};
    const std::unique_ptr<Certificate> read = certificate(node.at("verification_material").at("certificate"));
    check(read.get(), pre_authentication_encoding("application/vnd.in-toto+json", *bytes), signature, row);
    entry_of_log(node.at("verification_material").at("transparency_entries"), row);
    place_.rows().add(std::move(row));
    return true;
  }

  // The signed file is not in the bundle, so nothing can be checked.
  bool cosign(const JsonNode& node) {
    if (!open()) return true;
    const RowId id = place_.rows().add(
        {.at = place_.of(node), .format = "signed-digest", .envelope = "sigstore-bundle", .materials = -1});
    SignatureRow row{.at = place_.of(node.at("base64Signature")), .attestation_id = id, .kind = "x509"};
    if (const std::unique_ptr<Certificate> read = certificate(node.at("cert"))) read->describe(row);
    place_.rows().add(std::move(row));
    return true;
  }

  const Place& place_;
  const TrustedKeys* keys_;
  Budget& budget_;
  ReadOutcome& outcome_;
};

}  // namespace

bool read_document(const JsonNode& root, const Place& place, const TrustedKeys* keys, Budget& budget,
                   ReadOutcome& outcome) {
  return Reader(place, keys, budget, outcome).document(root);
}

bool is_document(const JsonNode& root) {
  if (is_statement(root) || is_dsse(root) || is_bundle(root) || is_python(root) || is_cosign(root)) return true;
  if (root.at("_type").string().find("in-toto.io/Statement/") != std::string_view::npos) return true;
  if (root.at("verificationMaterial").is_object() || root.at("attestation_bundles").is_array()) return true;
  for (const JsonNode& one : root.at("attestations").items()) return one.at("bundle").is_object();
  for (const JsonNode& one : root.items()) {
    return is_bundle(one) || is_dsse(one) || one.at("verificationMaterial").is_object() ||
           one.at("bundle").at("verificationMaterial").is_object() || one.at("attestation").at("bundle").is_object();
  }
  return false;
}

}  // namespace assay::provenance

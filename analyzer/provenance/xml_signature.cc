#include "analyzer/provenance/xml_signature.h"

#include <array>
#include <memory>
#include <string>

#include <openssl/evp.h>
#include <pugixml.hpp>

#include "analyzer/base/find_literal.h"
#include "analyzer/formats/base64.h"
#include "analyzer/provenance/canonical_xml.h"
#include "analyzer/provenance/certificate.h"
#include "analyzer/provenance/json_key.h"
#include "analyzer/provenance/trusted_keys.h"

namespace assay::provenance {
namespace {

using evidence::Tri;

constexpr std::string_view signature_namespace = "http://www.w3.org/2000/09/xmldsig#";
constexpr std::string_view enveloped = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
constexpr std::string_view inclusive_form = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315";
constexpr std::string_view exclusive_form = "http://www.w3.org/2001/10/xml-exc-c14n#";
constexpr std::size_t max_signatures = 10;
constexpr std::size_t max_checked = 3;  // each of them prints the document anew
constexpr std::size_t max_document_bytes = std::size_t{16} << 20U;
constexpr std::size_t max_value_text = 16 << 10;
constexpr std::size_t max_certificate_text = 128 << 10;
constexpr std::size_t max_name_bytes = 400;

std::string_view local(pugi::xml_node node) {
  const std::string_view name(node.name());
  const std::size_t colon = name.find(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

pugi::xml_node child(pugi::xml_node node, std::string_view name) {
  for (const pugi::xml_node one : node.children()) {
    if (one.type() == pugi::node_element && local(one) == name) return one;
  }
  return {};
}

std::string_view algorithm(pugi::xml_node node) {
  return node.attribute("Algorithm").value();
}

// False when the algorithm is another, or asks for more namespaces than are used.
bool read_form(pugi::xml_node node, XmlForm& form) {
  const std::string_view name = algorithm(node);
  if (name == inclusive_form) {
    form = XmlForm::inclusive;
    return true;
  }
  if (name != exclusive_form || child(node, "InclusiveNamespaces")) return false;
  form = XmlForm::exclusive;
  return true;
}

// "sha256", "sha384" or "sha512" at the end of an algorithm's name; "" for others.
std::string digest_name(std::string_view algorithm) {
  for (const std::string_view one : {"sha256", "sha384", "sha512"}) {
    if (algorithm.ends_with(one)) return std::string(one);
  }
  return {};
}

std::string digest_of(std::string_view bytes, const std::string& name) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
  unsigned int size = 0;
  const EVP_MD* kind = EVP_get_digestbyname(name.c_str());
  if (kind == nullptr || EVP_Digest(bytes.data(), bytes.size(), out.data(), &size, kind, nullptr) != 1) return {};
  return {reinterpret_cast<const char*>(out.data()), size};
}

class Reader {
 public:
  Reader(std::string_view bytes, evidence::Rows& rows, const TrustedKeys* keys)
      : bytes_(bytes), rows_(rows), keys_(keys), text_(bytes) {
    good_ = static_cast<bool>(
        document_.load_buffer_inplace(text_.data(), text_.size(), canonical_parsing, pugi::encoding_utf8));
  }

  // Not recursive.
  void read(ReadOutcome& outcome) {
    std::size_t count = 0;
    pugi::xml_node node = document_.first_child();
    while (node && count < max_signatures) {
      if (node.type() == pugi::node_element && local(node) == "Signature" && child(node, "SignedInfo")) {
        signature(node, count < max_checked);
        if (++count == max_checked + 1) outcome.partly("more than three signatures; the others were not examined");
      } else if (node.first_child()) {
        node = node.first_child();
        continue;
      }
      while (node && !node.next_sibling()) node = node.parent();
      node = node.next_sibling();
    }
  }

 private:
  void signature(pugi::xml_node node, bool examined) {
    const pugi::xml_node info = child(node, "SignedInfo");
    evidence::SignatureRow row{.at = place(node), .kind = "xml"};
    const std::string_view method = algorithm(child(info, "SignatureMethod"));
    row.algorithm = method.substr(std::min(method.find_last_of("#/") + 1, method.size())).substr(0, max_name_bytes);
    const pugi::xml_node key_info = child(node, "KeyInfo");
    row.key_id = std::string(child(key_info, "KeyName").child_value()).substr(0, max_name_bytes);
    row.signer = row.key_id;
    const std::unique_ptr<Certificate> leaf = certificates(key_info);
    if (leaf != nullptr) leaf->describe(row);
    const Tri same = examined ? digest_fits(node, info) : Tri::not_examined;
    if (same == Tri::no) {
      row.fits = Tri::no;
    } else if (same == Tri::yes) {
      check(node, info, leaf.get(), method, row);
    }
    rows_.add(std::move(row));
  }

  // Whether the document without its signature has the digest that was signed.
  Tri digest_fits(pugi::xml_node node, pugi::xml_node info) const {
    const pugi::xml_node reference = child(info, "Reference");
    const bool whole = reference.attribute("URI") && *reference.attribute("URI").value() == '\0';
    const bool alone = reference && !reference.next_sibling(reference.name());
    if (!good_ || !whole || !alone || bytes_.find("<!DOCTYPE") != std::string_view::npos) return Tri::not_examined;
    XmlForm form = XmlForm::inclusive;
    bool removed = false;
    for (const pugi::xml_node one : child(reference, "Transforms").children()) {
      if (one.type() != pugi::node_element) continue;
      if (algorithm(one) == enveloped)
        removed = true;
      else if (!read_form(one, form))
        return Tri::not_examined;
    }
    const std::string name = digest_name(algorithm(child(reference, "DigestMethod")));
    const std::optional<std::string> stated =
        formats::base64(child(reference, "DigestValue").child_value(), max_value_text);
    if (!removed || name.empty() || !stated) return Tri::not_examined;
    const std::optional<std::string> text = canonical_xml(document_, form, node, max_document_bytes);
    if (!text) return Tri::not_examined;
    return evidence::tri(digest_of(*text, name) == *stated);
  }

  void check(pugi::xml_node node, pugi::xml_node info, const Certificate* leaf, std::string_view method,
             evidence::SignatureRow& row) const {
    XmlForm form = XmlForm::inclusive;
    const bool known = method.find("hmac") == std::string_view::npos && !digest_name(method).empty() &&
                       read_form(child(info, "CanonicalizationMethod"), form);
    if (!known || (leaf == nullptr && keys_ == nullptr)) return;
    const std::optional<std::string> text = canonical_xml(info, form, {}, max_document_bytes);
    std::optional<std::string> value = formats::base64(child(node, "SignatureValue").child_value(), max_value_text);
    if (!text || !value) return;
    if (method.find("ecdsa") != std::string_view::npos) value = der_of_two_numbers(*value);
    std::string found;
    if (keys_ != nullptr) row.verified = keys_->verify(*text, *value, leaf, found);
    if (leaf != nullptr) row.fits = leaf->fits(*text, *value, found);
  }

  static std::unique_ptr<Certificate> certificates(pugi::xml_node key_info) {
    std::unique_ptr<Certificate> leaf;
    std::size_t count = 0;
    for (const pugi::xml_node one : child(key_info, "X509Data").children()) {
      if (local(one) != "X509Certificate" || ++count > Certificate::max_companions) continue;
      const std::optional<std::string> bytes = formats::base64(one.child_value(), max_certificate_text);
      std::unique_ptr<Certificate> read = bytes ? Certificate::read(*bytes) : nullptr;
      if (leaf == nullptr)
        leaf = std::move(read);
      else if (read != nullptr)
        leaf->came_with(std::move(read));
    }
    return leaf;
  }

  evidence::LocationId place(pugi::xml_node node) {
    const std::size_t at = static_cast<std::size_t>(node.name() - text_.data());
    return rows_.locate(LineIndex(bytes_).span(at, at + std::string_view(node.name()).size()));
  }

  std::string_view bytes_;
  evidence::Rows& rows_;
  const TrustedKeys* keys_;
  std::string text_;  // pugixml writes into it; names stay where they stood
  pugi::xml_document document_;
  bool good_ = false;
};

}  // namespace

ReadOutcome read_xml_signatures(const intake::Input& input, evidence::Rows& rows, const TrustedKeys* keys) {
  ReadOutcome outcome;
  if (find_literal(input.bytes, signature_namespace) == std::string_view::npos ||
      find_literal(input.bytes, "SignedInfo") == std::string_view::npos)
    return outcome;
  if (input.bytes.size() > max_document_bytes) {
    outcome.partly("signatures of XML documents above 16 MiB are not examined");
    return outcome;
  }
  Reader(input.bytes, rows, keys).read(outcome);
  return outcome;
}

}  // namespace assay::provenance

#include "analyzer/provenance/json_signature.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "analyzer/base/find_literal.h"
#include "analyzer/formats/base64.h"
#include "analyzer/formats/json_tree.h"
#include "analyzer/provenance/canonical_json.h"
#include "analyzer/provenance/certificate.h"
#include "analyzer/provenance/json_key.h"
#include "analyzer/provenance/signature_check.h"
#include "analyzer/provenance/trusted_keys.h"

namespace assay::provenance {
namespace {

using formats::JsonNode;

constexpr std::size_t max_signatures = 1'000;
constexpr std::size_t max_signature_text = 16 << 10;
constexpr std::size_t max_certificate_text = 128 << 10;
constexpr std::size_t max_certificates = 10;
constexpr std::size_t max_name_bytes = 400;

class Reader {
 public:
  Reader(std::size_t size, evidence::Rows& rows, const TrustedKeys* keys, ReadOutcome& outcome)
      : rows_(rows), keys_(keys), outcome_(outcome), left_(2 * size + (std::size_t{1} << 20U)) {}

  // Every object below, without recursion.
  void walk(const JsonNode& root) {
    std::vector<JsonNode> pending = {root};
    while (!pending.empty()) {
      const JsonNode node = pending.back();
      pending.pop_back();
      for (const JsonNode& item : node.items()) {
        if (item.is_object() || item.is_array()) pending.push_back(item);
      }
      for (const auto& [key, member] : node.members()) {
        if (key.text() == "signature" && member.is_object())
          signature(node, member);
        else if (member.is_object() || member.is_array())
          pending.push_back(member);
      }
    }
  }

 private:
  void signature(const JsonNode& signed_object, const JsonNode& node) {
    for (const bool chain : {false, true}) {
      const JsonNode list = node.at(chain ? "chain" : "signers");
      std::size_t number = 0;
      for (const JsonNode& one : list.items()) {
        // Signers sign by themselves; a link of a chain signs the links before it too.
        const OnlyItems only{.array = list, .first = chain ? 0 : number, .count = chain ? number + 1 : 1};
        check(signed_object, one, only);
        ++number;
      }
      if (list.is_array()) return;
    }
    if (node.at("value").is_string() && node.at("algorithm").is_string()) check(signed_object, node, std::nullopt);
  }

  void check(const JsonNode& signed_object, const JsonNode& node, const std::optional<OnlyItems>& only) {
    evidence::SignatureRow row{.at = rows_.locate(node.at("value").exists() ? node.at("value").span() : node.span()),
                               .kind = "jsf"};
    row.algorithm = node.at("algorithm").string().substr(0, max_name_bytes);
    row.key_id = node.at("keyId").string().substr(0, max_name_bytes);
    row.signer = row.key_id;
    const std::unique_ptr<Certificate> leaf = certificates(node.at("certificatePath"));
    const JsonKey key = read_json_key(node.at("publicKey"));
    if (leaf != nullptr) leaf->describe(row);
    const std::optional<std::string> value = formats::base64(node.at("value").string(), max_signature_text);
    if (value && !row.algorithm.starts_with("HS") && (leaf != nullptr || key != nullptr || keys_ != nullptr)) {
      if (const std::optional<std::string> message = signed_bytes(signed_object, node, only))
        compare(*message, row.algorithm.starts_with("ES") ? der_of_two_numbers(*value) : *value, leaf.get(), key.get(),
                row);
    }
    rows_.add(std::move(row));
  }

  void compare(const std::string& message, const std::string& value, const Certificate* leaf, evp_pkey_st* key,
               evidence::SignatureRow& row) {
    std::string algorithm;
    if (keys_ != nullptr) row.verified = keys_->verify(message, value, leaf, algorithm);
    if (leaf != nullptr)
      row.fits = leaf->fits(message, value, algorithm);
    else if (key != nullptr)
      row.fits = signature_fits(key, message, value, algorithm);
    if (!algorithm.empty()) row.algorithm = algorithm;
  }

  std::optional<std::string> signed_bytes(const JsonNode& signed_object, const JsonNode& node,
                                          const std::optional<OnlyItems>& only) {
    if (checked_ == max_signatures) {
      report("more signatures than are checked in one file (1000); the rest was not examined");
      return std::nullopt;
    }
    ++checked_;
    std::vector<LeftOut> left_out = {{.object = node, .keys = {"value"}}};
    LeftOut excluded{.object = signed_object, .keys = {}};
    for (const JsonNode& name : node.at("excludes").items()) excluded.keys.emplace_back(name.string());
    if (!excluded.keys.empty()) left_out.push_back(std::move(excluded));
    std::optional<std::string> bytes = canonical_json(signed_object, left_out, only, left_);
    if (!bytes)
      report("an object that is signed has no canonical form, or too much is signed more than once");
    else
      left_ -= std::min(left_, bytes->size());
    return bytes;
  }

  std::unique_ptr<Certificate> certificates(const JsonNode& path) {
    std::unique_ptr<Certificate> leaf;
    std::size_t count = 0;
    for (const JsonNode& one : path.items()) {
      if (++count > max_certificates) break;
      const std::optional<std::string> bytes = formats::base64(one.string(), max_certificate_text);
      std::unique_ptr<Certificate> read = bytes ? Certificate::read(*bytes) : nullptr;
      if (leaf == nullptr && count == 1)
        leaf = std::move(read);
      else if (leaf != nullptr && read != nullptr)
        leaf->came_with(std::move(read));
    }
    return leaf;
  }

  void report(const char* why) {
    if (!reported_) outcome_.partly(why);
    reported_ = true;
  }

  evidence::Rows& rows_;
  const TrustedKeys* keys_;
  ReadOutcome& outcome_;
  std::size_t left_;
  std::size_t checked_ = 0;
  bool reported_ = false;
};

}  // namespace

ReadOutcome read_json_signatures(const intake::Input& input, evidence::Rows& rows, const TrustedKeys* keys) {
  ReadOutcome outcome;
  // Most documents are not signed, and only those that are cost a tree.
  if (find_literal(input.bytes, "\"signature\"") == std::string_view::npos ||
      find_literal(input.bytes, "\"algorithm\"") == std::string_view::npos)
    return outcome;
  const formats::JsonTree tree(input.bytes);
  Reader(input.bytes.size(), rows, keys, outcome).walk(tree.root());
  return outcome;
}

}  // namespace assay::provenance

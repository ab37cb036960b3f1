#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "analyzer/base/digest.h"
#include "sbom-import/inventory.h"
#include "sbom-import/spdx_license_ids.h"

namespace assay::sbom {
namespace {

using Json = nlohmann::ordered_json;

struct Algorithm {
  std::string_view word;
  std::string_view cyclonedx;
  std::string_view spdx;
  std::size_t digits;
};
constexpr std::array algorithms = {
    Algorithm{"md5", "MD5", "MD5", 32},
    Algorithm{"sha-1", "SHA-1", "SHA1", 40},
    Algorithm{"sha-224", "", "SHA224", 56},
    Algorithm{"sha-256", "SHA-256", "SHA256", 64},
    Algorithm{"sha-384", "SHA-384", "SHA384", 96},
    Algorithm{"sha-512", "SHA-512", "SHA512", 128},
    Algorithm{"sha3-256", "SHA3-256", "SHA3-256", 64},
    Algorithm{"sha3-384", "SHA3-384", "SHA3-384", 96},
    Algorithm{"sha3-512", "SHA3-512", "SHA3-512", 128},
    Algorithm{"blake2b-256", "BLAKE2b-256", "BLAKE2b-256", 64},
    Algorithm{"blake2b-384", "BLAKE2b-384", "BLAKE2b-384", 96},
    Algorithm{"blake2b-512", "BLAKE2b-512", "BLAKE2b-512", 128},
    Algorithm{"blake3", "BLAKE3", "BLAKE3", 64},
};

// What neither format could hold (unknown algorithm, wrong length) is left out.
const Algorithm* writable(const std::pair<std::string, std::string>& hash) {
  const auto found =
      std::find_if(algorithms.begin(), algorithms.end(), [&](const Algorithm& a) { return a.word == hash.first; });
  if (found == algorithms.end() || hash.second.size() != found->digits) return nullptr;
  const bool hex = hash.second.find_first_not_of("0123456789abcdef") == std::string::npos;
  return hex ? &*found : nullptr;
}

// An SPDX expression made of known identifiers and operators alone.
bool is_expression(std::string_view text) {
  bool after_with = false;
  bool any = false;
  while (!text.empty()) {
    const std::size_t begin = text.find_first_not_of(" ()");
    if (begin == std::string_view::npos) break;
    text.remove_prefix(begin);
    const std::size_t end = std::min(text.find_first_of(" ()"), text.size());
    const std::string_view token = text.substr(0, end);
    text.remove_prefix(end);
    if (token == "AND" || token == "OR" || token == "WITH") {
      after_with = token == "WITH";
      continue;
    }
    if (!after_with && !is_spdx_license(token)) return false;
    after_with = false;
    any = true;
  }
  return any;
}

std::string_view cyclonedx_kind(std::string_view kind) {
  constexpr std::array<std::string_view, 13> known = {"application",
                                                      "framework",
                                                      "library",
                                                      "container",
                                                      "platform",
                                                      "operating-system",
                                                      "device",
                                                      "device-driver",
                                                      "firmware",
                                                      "file",
                                                      "machine-learning-model",
                                                      "data",
                                                      "cryptographic-asset"};
  return std::find(known.begin(), known.end(), kind) == known.end() ? std::string_view{"library"} : kind;
}

// 32 hexadecimal digits of the content's digest in the form of a UUID (RFC 9562, version 8).
std::string uuid_of(std::string_view content) {
  std::string hex = digest::sha256(content).substr(0, 32);
  hex[12] = '8';
  hex[16] = "89ab"[static_cast<unsigned char>(hex[16]) & 3U];
  return fmt::format("{}-{}-{}-{}-{}", hex.substr(0, 8), hex.substr(8, 4), hex.substr(12, 4), hex.substr(16, 4),
                     hex.substr(20, 12));
}

std::string written(const Json& json) {
  return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

Json component_json(const InventoryComponent& one) {
  Json out;
  out["type"] = cyclonedx_kind(one.kind);
  out["bom-ref"] = one.reference;
  if (!one.supplier.empty()) out["supplier"] = {{"name", one.supplier}};
  if (!one.space.empty()) out["group"] = one.space;
  out["name"] = one.name;
  if (!one.version.empty()) out["version"] = one.version;
  if (one.scope == "optional" || one.scope == "peer") out["scope"] = "optional";
  if (one.scope == "dev" || one.scope == "excluded") out["scope"] = "excluded";
  if (one.scope == "required") out["scope"] = "required";
  Json hashes = Json::array();
  for (const auto& hash : one.hashes) {
    const Algorithm* algorithm = writable(hash);
    if (algorithm != nullptr && !algorithm->cyclonedx.empty())
      hashes.push_back({{"alg", algorithm->cyclonedx}, {"content", hash.second}});
  }
  if (!hashes.empty()) out["hashes"] = std::move(hashes);
  if (is_spdx_license(one.license)) {
    out["licenses"] = Json::array({{{"license", {{"id", one.license}}}}});
  } else if (is_expression(one.license)) {
    out["licenses"] = Json::array({{{"expression", one.license}}});
  } else if (!one.license.empty()) {
    out["licenses"] = Json::array({{{"license", {{"name", one.license}}}}});
  }
  if (!one.purl.empty()) out["purl"] = one.purl;
  Json properties = Json::array();
  if (!one.requirement.empty()) properties.push_back({{"name", "assay:requirement"}, {"value", one.requirement}});
  for (const std::string& path : one.found_in) properties.push_back({{"name", "assay:found-in"}, {"value", path}});
  if (!properties.empty()) out["properties"] = std::move(properties);
  return out;
}

std::string spdx_purpose(std::string_view kind) {
  if (kind == "application" || kind == "framework" || kind == "library" || kind == "container" || kind == "device" ||
      kind == "firmware" || kind == "file") {
    std::string out(kind);
    for (char& c : out) c = static_cast<char>(c - 'a' + 'A');
    return out;
  }
  return kind == "operating-system" ? "OPERATING-SYSTEM" : "OTHER";
}

}  // namespace

std::string cyclonedx_json(const Inventory& inventory, const InventoryStamp& stamp) {
  Json metadata;
  if (!stamp.created.empty()) metadata["timestamp"] = stamp.created;
  metadata["tools"] = {
      {"components", Json::array({{{"type", "application"}, {"name", "assay"}, {"version", stamp.tool_version}}})}};
  if (!inventory.name.empty()) {
    metadata["component"] = {{"type", "application"}, {"bom-ref", "assay:subject"}, {"name", inventory.name}};
    if (!inventory.version.empty()) metadata["component"]["version"] = inventory.version;
  }
  Json components = Json::array();
  for (const InventoryComponent& one : inventory.components) components.push_back(component_json(one));
  Json dependencies = Json::array();
  for (std::size_t i = 0; i < inventory.dependencies.size();) {
    const std::uint32_t from = inventory.dependencies[i].first;
    Json targets = Json::array();
    for (; i < inventory.dependencies.size() && inventory.dependencies[i].first == from; ++i) {
      targets.push_back(inventory.components[inventory.dependencies[i].second].reference);
    }
    dependencies.push_back({{"ref", inventory.components[from].reference}, {"dependsOn", std::move(targets)}});
  }
  Json out;
  out["$schema"] = "http://cyclonedx.org/schema/bom-1.6.schema.json";
  out["bomFormat"] = "CycloneDX";
  out["specVersion"] = "1.6";
  out["serialNumber"] = "urn:uuid:" + uuid_of(written(metadata) + written(components) + written(dependencies));
  out["version"] = 1;
  out["metadata"] = std::move(metadata);
  out["components"] = std::move(components);
  out["dependencies"] = std::move(dependencies);
  return written(out);
}

std::string spdx_json(const Inventory& inventory, const InventoryStamp& stamp) {
  Json packages = Json::array();
  Json relationships = Json::array();
  const auto identifier = [](std::size_t i) { return fmt::format("SPDXRef-{}", i + 1); };
  const auto relate = [&](std::string from, std::string_view kind, std::string to) {
    relationships.push_back(
        {{"spdxElementId", std::move(from)}, {"relationshipType", kind}, {"relatedSpdxElement", std::move(to)}});
  };
  for (std::size_t i = 0; i < inventory.components.size(); ++i) {
    const InventoryComponent& one = inventory.components[i];
    Json package;
    package["SPDXID"] = identifier(i);
    package["name"] = one.space.empty() ? one.name : one.space + (one.purl_type == "maven" ? ":" : "/") + one.name;
    if (!one.version.empty()) package["versionInfo"] = one.version;
    package["supplier"] = one.supplier.empty() ? std::string("NOASSERTION") : "Organization: " + one.supplier;
    package["downloadLocation"] = "NOASSERTION";
    package["filesAnalyzed"] = false;
    Json checksums = Json::array();
    for (const auto& hash : one.hashes) {
      if (const Algorithm* algorithm = writable(hash))
        checksums.push_back({{"algorithm", algorithm->spdx}, {"checksumValue", hash.second}});
    }
    if (!checksums.empty()) package["checksums"] = std::move(checksums);
    package["licenseConcluded"] = "NOASSERTION";
    package["licenseDeclared"] = is_expression(one.license) ? one.license : std::string("NOASSERTION");
    package["copyrightText"] = "NOASSERTION";
    if (!one.purl.empty()) {
      package["externalRefs"] = Json::array(
          {{{"referenceCategory", "PACKAGE-MANAGER"}, {"referenceType", "purl"}, {"referenceLocator", one.purl}}});
    }
    package["primaryPackagePurpose"] = spdx_purpose(one.kind);
    packages.push_back(std::move(package));
    relate("SPDXRef-DOCUMENT", "DESCRIBES", identifier(i));
  }
  for (const auto& [from, to] : inventory.dependencies) relate(identifier(from), "DEPENDS_ON", identifier(to));
  Json out;
  out["spdxVersion"] = "SPDX-2.3";
  out["dataLicense"] = "CC0-1.0";
  out["SPDXID"] = "SPDXRef-DOCUMENT";
  out["name"] = inventory.name.empty() ? std::string("inventory") : inventory.name;
  out["documentNamespace"] = "urn:uuid:" + uuid_of(written(packages) + written(relationships));
  out["creationInfo"] = {{"created", stamp.created.empty() ? std::string("1970-01-01T00:00:00Z") : stamp.created},
                         {"creators", Json::array({"Tool: assay-" + stamp.tool_version})}};
  out["packages"] = std::move(packages);
  out["relationships"] = std::move(relationships);
  return written(out);
}

}  // namespace assay::sbom

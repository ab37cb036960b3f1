#include "sbom-import/recognise.h"

#include "analyzer/formats/json_tree.h"

namespace assay::sbom {
namespace {

constexpr std::size_t enough = 8192;

bool holds(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

}  // namespace

std::optional<ArtifactKind> recognise_sbom(std::string_view head) {
  head = head.substr(0, enough);
  const std::size_t first = head.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
  if (first == std::string_view::npos) return std::nullopt;
  if (head[first] == '<' && holds(head, "cyclonedx.org/schema/bom/1.") && (holds(head, "<bom") || holds(head, ":bom")))
    return ArtifactKind::cyclonedx;
  if (head[first] != '{') return std::nullopt;
  const formats::JsonTree tree(head);
  formats::JsonNode root = tree.root();
  if (root.at("sbom").is_object()) root = root.at("sbom");
  bool components = false;
  bool packages = false;
  bool schema = false;
  bool lock = false;
  bool spec = false;
  for (const auto [key, value] : root.members()) {
    const std::string_view name = key.text();
    if (name == "bomFormat" || (name == "$schema" && holds(value.string(), "cyclonedx.org")))
      return ArtifactKind::cyclonedx;
    if (name == "spdxVersion" || (name == "SPDXID" && holds(value.string(), "SPDXRef"))) return ArtifactKind::spdx;
    if (name == "@context" && holds(value.source(), "spdx.org")) return ArtifactKind::spdx;
    if (name == "@graph") schema = holds(value.source(), "spdxId");
    // Some tools write the elements before the head; their identifiers tell.
    const bool elements = name == "files" || name == "packages" || name == "relationships";
    const std::string_view listed = elements ? value.source() : std::string_view{};
    if (holds(listed, "\"SPDXID\"") && (holds(listed, "\"checksums\"") || holds(listed, "\"downloadLocation\"")))
      return ArtifactKind::spdx;
    spec = spec || name == "specVersion";
    lock = lock || name == "lockfileVersion";
    if (name == "workspaces" && lock) return std::nullopt;  // bun.lock, told by its name
    components = components || name == "components" || name == "metadata";
    packages = packages || name == "packages" || name == "dependencies" || name == "requires";
  }
  if (schema) return ArtifactKind::spdx;
  if (spec && components) return ArtifactKind::cyclonedx;
  if (lock && packages) return ArtifactKind::npm_lock;
  return std::nullopt;
}

std::optional<ArtifactKind> recognise_sbom_name(std::string_view path) {
  const std::string_view name = path.substr(path.rfind('/') + 1);
  if (name == "package-lock.json" || name == "npm-shrinkwrap.json" || name == ".package-lock.json")
    return ArtifactKind::npm_lock;
  if (name == "package.json") return ArtifactKind::npm_manifest;
  const bool text = name.ends_with(".txt") || name.ends_with(".in");
  const bool folder = holds(path, "requirements/");
  if (text && (holds(name, "requirements") || name == "constraints.txt" || folder))
    return ArtifactKind::pip_requirements;
  return std::nullopt;
}

}  // namespace assay::sbom

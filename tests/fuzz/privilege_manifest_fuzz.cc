#include <cstddef>
#include <cstdint>
#include <string_view>

#include "analyzer/product/privilege_manifests.h"

// The first byte chooses the name, and with it the format.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static constexpr const char* names[] = {"a.service",     "sudoers",   "install.sh",          "a.inf",
                                          "a.wxs",         "role.yaml", "compose.yaml",        "policy.json",
                                          "manifest.json", "app.plist", "AndroidManifest.xml", "a.spec"};
  if (size == 0) return 0;
  const assay::Artifact artifact{
      .id = assay::artifact_id(1, 0), .path = names[data[0] % 12], .kind = assay::ArtifactKind::privilege_manifest};
  assay::evidence::Rows rows(artifact.id);
  assay::product::read_privilege_manifest(
      {artifact, std::string_view(reinterpret_cast<const char*>(data) + 1, size - 1)}, rows);
  return 0;
}

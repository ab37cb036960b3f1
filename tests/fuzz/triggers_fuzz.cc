#include <cstdint>

#include "analyzer/source/source_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace assay;
  static constexpr const char* paths[] = {"setup.py",
                                          "pyproject.toml",
                                          "a.pth",
                                          "binding.gyp",
                                          "Cargo.toml",
                                          "a.gemspec",
                                          "composer.json",
                                          "a.targets",
                                          ".husky/pre-push",
                                          ".vscode/tasks.json",
                                          ".vscode/settings.json",
                                          ".claude/settings.json",
                                          ".mcp.json",
                                          ".devcontainer.json",
                                          ".cursor/rules/a.mdc"};
  if (size == 0) return 0;
  const Artifact artifact{
      .id = artifact_id(1, 0), .path = paths[data[0] % std::size(paths)], .kind = ArtifactKind::text};
  evidence::Rows rows(artifact.id);
  source::read_source_file({artifact, {reinterpret_cast<const char*>(data + 1), size - 1}}, rows);
  return 0;
}

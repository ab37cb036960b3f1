#include <array>
#include <cstdint>
#include <string>

#include "analyzer/app/collect.h"

// The way of any file through recognition, refinement, archives and every reader, as `assay scan` takes it. The first
// byte chooses the name, so that readers that go by name are reached as well.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace assay;
  static constexpr std::array names = {"a",
                                       "a.txt",
                                       "a.json",
                                       "a.yaml",
                                       "a.js",
                                       "a.py",
                                       "a.sh",
                                       "Makefile",
                                       "Dockerfile",
                                       "a.log",
                                       "a.service",
                                       "etc/sudoers",
                                       "AndroidManifest.xml",
                                       "manifest.json",
                                       "package.json",
                                       "package-lock.json",
                                       "requirements.txt",
                                       "Cargo.lock",
                                       "action.yml",
                                       ".github/workflows/a.yml",
                                       ".gitlab-ci.yml",
                                       "bom.cdx.json",
                                       "a.spdx.json",
                                       "a.intoto.jsonl",
                                       "product.yaml",
                                       "CLAUDE.md",
                                       ".cursor/rules/a.mdc",
                                       "model.pkl",
                                       "a.whl",
                                       "a.tgz"};
  if (size == 0) return 0;
  const auto tree = intake::in_memory(
      {{names[data[0] % names.size()], std::string(reinterpret_cast<const char*>(data) + 1, size - 1)}});
  bool any = false;
  app::collect(*tree, {}, [&](const app::Collection& read) { any = any || !read.artifacts.empty(); });
  if (!any) __builtin_trap();
  return 0;
}

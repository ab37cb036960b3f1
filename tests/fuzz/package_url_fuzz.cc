#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "sbom-import/package_url.h"

// The canonical form of whatever is accepted is accepted again and is its own canonical form.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto first = assay::sbom::parse_package_url({reinterpret_cast<const char*>(data), size});
  if (!first) return 0;
  const std::string text = assay::sbom::to_text(*first);
  const auto second = assay::sbom::parse_package_url(text);
  if (second && assay::sbom::to_text(*second) != text) std::abort();
  return 0;
}

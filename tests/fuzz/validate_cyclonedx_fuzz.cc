#include <cstddef>
#include <cstdint>

#include "sbom-import/recognise.h"
#include "sbom-import/validate.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  static_cast<void>(assay::sbom::recognise_sbom(text));
  static_cast<void>(assay::sbom::validate_cyclonedx(text));
  return 0;
}

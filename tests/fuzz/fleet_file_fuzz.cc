#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "analyzer/fleet/fleet_file.h"
#include "analyzer/fleet/hunt.h"

// FLEET.yaml, and the words of `assay hunt`. The directory does not exist, so nothing on the machine is looked at.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace assay;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto fleet = fleet::read_fleet(text, "fleet.yaml", "/nonexistent/assay"); !fleet) {
    if (fleet.error().message.empty()) std::abort();
  }
  if (const auto indicators = fleet::read_indicator(text, {}); indicators && indicators->empty()) std::abort();
  return 0;
}

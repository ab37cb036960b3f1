#include <cstdint>
#include <string_view>

#include "analyzer/engine/suppression.h"

// A file of exceptions is either refused with a place or gives exceptions that all have a reason.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto read = assay::engine::read_exceptions(text, "exceptions.yaml");
  if (!read) {
    if (read.error().message.empty()) __builtin_trap();
    return 0;
  }
  for (const auto& exception : *read) {
    if (exception.reason.empty()) __builtin_trap();
  }
  return 0;
}

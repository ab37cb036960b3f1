#include <cstdint>
#include <string_view>

#include "analyzer/source/c_answer.h"
#include "analyzer/source/c_family.h"

// The literal scan that decides on a parse, and the worker's answer: the worker met hostile text, so it may say
// anything.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace assay;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  (void)source::wants_c_parse(text);
  evidence::Rows rows(artifact_id(1, 0));
  (void)source::read_c_answer(text, rows);
  return 0;
}

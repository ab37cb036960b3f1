#include <cstddef>
#include <cstdint>
#include <string_view>

#include "analyzer/history/commit_text.h"
#include "analyzer/history/object_store.h"
#include "analyzer/history/path_role.h"

// The hand-written parsers of objects, configuration and paths; objects as a whole are guarded by their hashes.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  assay::history::read_commit(text);
  assay::history::read_tag(text);
  assay::history::read_configuration(text);
  assay::history::without_credentials(text);
  assay::history::role_of(text);
  return 0;
}

#pragma once

#include <cstddef>
#include <string>

#include "analyzer/base/limits.h"
#include "analyzer/buildlog/journal.h"
#include "analyzer/buildlog/line.h"

namespace assay::buildlog {

// Finds runs of 60 and more encoded characters and writes log_blob rows for those that mean something:
//   - a run that is the whole line, whatever it decodes to (equally long lines in a row are one wrapped run), unless it
//   is
//     the hexadecimal form of a digest or reads like a name;
//   - a run inside a line only when it hides a secret map, an environment, a key, a script or another encoding.
// Real logs hold tens of thousands of runs of the second kind that mean nothing (paths, digests, integrity values).
class BlobFinder {
 public:
  void look(const Line& line, Journal& journal);
  // The log or the step ends: nothing can continue a wrapped run.
  void flush(Journal& journal);
  bool budget_spent() const { return budget_ == 0; }

 private:
  void embedded(const Line& line, std::string_view run, Journal& journal);

  std::size_t budget_ = limits::max_decode_bytes;
  std::size_t rows_ = 0;
  std::string pending_;
  std::size_t pending_width_ = 0;
  Span pending_span_{};
};

}  // namespace assay::buildlog

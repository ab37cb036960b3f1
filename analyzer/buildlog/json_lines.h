#pragma once

#include <cstdint>
#include <string_view>

#include "analyzer/base/position.h"

namespace assay::buildlog {

// The lines of a file of JSON lines, one pass.
class JsonLines {
 public:
  explicit JsonLines(std::string_view bytes) : rest_(bytes) {}

  // The next line that holds an object; false at the end.
  bool next(std::string_view& line) {
    while (!rest_.empty()) {
      line = rest_.substr(0, rest_.find('\n'));
      rest_.remove_prefix(line.size() == rest_.size() ? line.size() : line.size() + 1);
      ++number_;
      if (line.find('{') != std::string_view::npos) return true;
    }
    return false;
  }

  // Where a span of the current line stands in the file.
  Span moved(Span span) const {
    span.begin.line += number_ - 1;
    span.end.line += number_ - 1;
    return span;
  }

 private:
  std::string_view rest_;
  std::uint32_t number_ = 0;
};

}  // namespace assay::buildlog

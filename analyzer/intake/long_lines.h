#pragma once

#include <cstddef>
#include <string_view>

#include "analyzer/base/utf16.h"

namespace assay::intake {

// Shortens lines while a file is being read, so that one line of any length costs no more memory than what is read of
// it. Line ends stay, so line numbers do as well. One object a file, one thread.
class LineShortener {
 public:
  // Keeps `most` bytes of each line; twice as many of UTF-16, whose line ends are looked for in whole units.
  LineShortener(std::size_t most, utf16::Order order);

  // Moves what is kept of the next `size` bytes, which stand at `from`, to `to` and returns how many they are. `to` is
  // `from` or any place before it. Of UTF-16 every block but the last has an even size.
  std::size_t keep(const char* from, std::size_t size, char* to);

 private:
  std::size_t line_end(std::string_view rest) const;

  std::size_t most_;
  utf16::Order order_;
  std::size_t kept_ = 0;  // of the line at hand
};

}  // namespace assay::intake

#include "analyzer/source/position_cursor.h"

#include <algorithm>

namespace assay::source {

Position PositionCursor::at(std::size_t offset) {
  offset = std::min(offset, text_.size());
  if (offset < offset_) {
    offset_ = 0;
    position_ = {1, 1};
  }
  for (; offset_ < offset; ++offset_) {
    const auto byte = static_cast<unsigned char>(text_[offset_]);
    if (byte == '\n') {
      // As in LineIndex: a feed that ends the text opens no further line.
      if (offset_ + 1 < text_.size()) {
        ++position_.line;
        position_.column = 1;
      } else {
        ++position_.column;
      }
    } else {
      // A character counts once it has been passed entirely, so count the bytes that lead.
      if ((byte & 0xC0U) != 0x80U) ++position_.column;
    }
  }
  return position_;
}

}  // namespace assay::source

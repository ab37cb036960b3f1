#pragma once

#include <cstdint>

#include "analyzer/evidence/rows.h"
#include "analyzer/formats/json_tree.h"

namespace assay::provenance {

// Says where in the artifact a node of a document stands. A document is the whole artifact, one line of it (JSON lines:
// `lines_before` others precede it), or was decoded from a stretch of it and then stands where that stretch does.
class Place {
 public:
  Place(evidence::Rows& rows, std::uint32_t lines_before) : rows_(rows), lines_before_(lines_before) {}
  Place(evidence::Rows& rows, evidence::LocationId decoded_from) : rows_(rows), fixed_(decoded_from) {}

  evidence::LocationId of(const formats::JsonNode& node) const {
    if (fixed_ != 0) return fixed_;
    Span span = node.span();
    span.begin.line += lines_before_;
    span.end.line += lines_before_;
    return rows_.locate(span);
  }
  evidence::Rows& rows() const { return rows_; }

 private:
  evidence::Rows& rows_;
  std::uint32_t lines_before_ = 0;
  evidence::LocationId fixed_ = 0;
};

}  // namespace assay::provenance

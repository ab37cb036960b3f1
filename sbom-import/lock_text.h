#pragma once

#include <string>
#include <string_view>

#include "analyzer/evidence/rows.h"
#include "analyzer/formats/position_grid.h"
#include "sbom-import/gaps.h"
#include "sbom-import/lock_rows.h"
#include "sbom-import/stated.h"

namespace assay::sbom {

// What the readers of line-based lockfiles share: lines of the text one after the other, and rows at exact places.
// Pieces handed to it must be views into the text. Used by one reader call; not shared.
class LockText {
 public:
  LockText(std::string_view text, evidence::Rows& rows, std::string_view format, std::string_view purl_type,
           std::string_view declared = "lockfile");

  // The next line without its end; false at the end of the text.
  bool next(std::string_view& line);

  evidence::LocationId place(std::string_view piece);
  void gap(std::string_view piece, std::string_view what);

  // All that LockRows can, for places as LocationId.
  LockRows& rows() { return out_; }

  // A locked package at the place of `where`; 0 when the name is empty or rows are full.
  evidence::RowId package(std::string_view where, std::string_view name, std::string_view version);
  evidence::ComponentRow& last();
  void origin(evidence::RowId component, std::string_view where, std::string_view url, std::string_view integrity);
  void hash(evidence::RowId component, std::string_view where, const Digest& digest);
  void document_version(std::string_view version);

  ReadOutcome finish();

 private:
  std::string_view text_;
  std::string_view rest_;
  formats::PositionGrid grid_;
  evidence::Rows& rows_;
  LockRows out_;
  Gaps gaps_;
};

std::string_view trimmed(std::string_view text);
// Without one pair of equal quotes around it.
std::string_view unquoted(std::string_view text);

}  // namespace assay::sbom

#pragma once

#include <string>
#include <string_view>

#include "analyzer/formats/json_tree.h"
#include "sbom-import/gaps.h"
#include "sbom-import/lock_rows.h"

namespace assay::sbom {

// What the readers of JSON lockfiles share: the tree, the rows, the gaps. Used by one reader call; not shared.
class JsonLock {
 public:
  using RowId = evidence::RowId;
  using JsonNode = formats::JsonNode;

  JsonLock(std::string_view text, evidence::Rows& rows, std::string_view format, std::string_view purl_type,
           std::string_view declared = "lockfile");

  JsonNode root() const { return tree_.root(); }
  LockRows& rows() { return out_; }
  Gaps& gaps() { return gaps_; }
  evidence::LocationId place(const JsonNode& node) { return rows_.locate(node.span()); }

  // Text of a field that should be a string or a number; anything else is a gap.
  std::string_view text(const JsonNode& node, std::string_view field) { return gaps_.text(node, field); }
  RowId package(const JsonNode& where, std::string_view name, std::string_view version);

  // Everything the document's syntax cost is a gap; `commas` says that superfluous ones are not worth a word.
  ReadOutcome finish(bool commas = false);

 private:
  formats::JsonTree tree_;
  evidence::Rows& rows_;
  LockRows out_;
  Gaps gaps_;
};

}  // namespace assay::sbom

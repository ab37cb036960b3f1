#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "analyzer/evidence/rows.h"
#include "sbom-import/stated.h"

namespace assay::sbom {

// The rows of one lockfile, whatever syntax it is written in: packages, origins, digests, and who requires whom, the
// last resolved when all packages are known. Used by one reader call; not shared. An id of 0 (rows are full, no name)
// is taken everywhere and means nothing.
class LockRows {
 public:
  using RowId = evidence::RowId;
  using At = evidence::LocationId;

  LockRows(evidence::Rows& rows, std::string_view format, std::string_view purl_type,
           std::string_view declared = "lockfile");

  evidence::SbomDocumentRow& document() { return rows_.sbom_document[document_index_]; }

  // A package with exactly one version, required; last() is its row until the next one is added.
  RowId package(At at, std::string_view name, std::string_view version);
  // The same for another ecosystem than the document's own.
  RowId package(At at, std::string_view type, std::string_view name, std::string_view version);
  evidence::ComponentRow& last() { return rows_.component.back(); }

  void origin(RowId component, At at, std::string_view url, std::string_view integrity);
  void origin(RowId component, At at, evidence::ComponentOriginRow row);
  void hash(RowId component, At at, const Digest& digest);
  void runs(RowId component, At at, std::string_view hook);

  // `key` is how the document refers to the package; of several packages under one key the first counts.
  void known_as(RowId component, std::string key);
  // Who requires whom: `key` as given to known_as(), tried before `fallback`.
  void require(RowId from, At at, std::string_view target, std::string_view requirement, std::string key,
               std::string fallback = {});
  // The subject itself requires what is known as `key`.
  void direct(std::string key, std::string_view requirement = {});

  // Links what requires what and counts. Call once, at the end.
  void finish();

 private:
  struct Wanted {
    RowId from;
    At at;
    std::string target;
    std::string requirement;
    std::string key;
    std::string fallback;
  };
  struct Known {
    RowId id;
    std::size_t index;
  };
  const Known* find(const std::string& key, const std::string& fallback) const;

  evidence::Rows& rows_;
  std::string type_;
  std::string declared_;
  RowId document_ = 0;
  std::size_t document_index_ = 0;
  std::int64_t listed_ = 0;
  std::unordered_map<std::string, Known> known_;
  std::vector<Wanted> wanted_;
  std::vector<std::pair<std::string, std::string>> direct_;
  std::size_t first_component_ = 0;
};

}  // namespace assay::sbom

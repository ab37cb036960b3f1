#pragma once

#include <string>
#include <string_view>
#include <unordered_map>

#include "analyzer/base/result.h"
#include "analyzer/evidence/database.h"

namespace assay::drift {

// The artifacts of one side (schema `main` or `before`) under the names by which the two sides are compared.
//
// A release carries its own version in the name of its archive and of the folder in it, so "pkg-1.0.tgz!/pkg-1.0/a.js"
// and "pkg-1.1.tgz!/pkg-1.1/a.js" are one file: of a side that is one archive, the archive and the one folder that
// holds everything are left out. Immutable after read().
class Side {
 public:
  static Result<Side> read(evidence::Database& database, std::string_view schema);

  // "" when no such artifact is known.
  const std::string& path(ArtifactId artifact) const;
  bool has(const std::string& path) const { return by_path_.contains(path); }
  // 0 when there is none.
  ArtifactId artifact(const std::string& path) const;

 private:
  std::unordered_map<ArtifactId, std::string> paths_;
  std::unordered_map<std::string, ArtifactId> by_path_;
};

}  // namespace assay::drift

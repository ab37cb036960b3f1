#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "analyzer/base/result.h"
#include "analyzer/evidence/database.h"

namespace assay::drift {

// How the subject comes to require each of its components: a shortest way from what the document is about, or from what
// is required directly, along the table `dependency`. Cycles and components nobody requires are taken as they are.
class DependencyPaths {
 public:
  // Of schema `main`.
  static Result<DependencyPaths> read(evidence::Database& database);

  // "app > express > accepts", ending in the component; a long way is shortened in its middle. Only its name when
  // nobody is known to require it.
  std::string to(evidence::RowId component) const;

 private:
  struct Node {
    evidence::RowId from = 0;
    std::string name;
  };
  std::unordered_map<evidence::RowId, Node> nodes_;
};

}  // namespace assay::drift

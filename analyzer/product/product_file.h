#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "analyzer/base/error.h"
#include "analyzer/base/position.h"
#include "analyzer/evidence/rows.h"
#include "analyzer/intake/input.h"

// product.yaml: what a buyer writes down about a product under review. docs/product.example.yaml shows every key.
namespace assay::product {

// A file or folder the buyer names as evidence, relative to product.yaml.
struct EvidencePath {
  std::string kind;  // repository | sboms | logs | provenance | questionnaire | packages
  std::string path;
  Span at;
};

struct DeclaredPrivilege {
  std::string dimension;
  int level = 0;
  double exposure = 1;
  std::string because;
  Span at;
};

struct DeclaredAnswer {
  std::string control, stage, question, answer;
  double value = 0;
  std::string evidence_class;  // E1 E2 E3 E4 EW NA
  std::string dated, reason;
  Span at;
};

// What could be read of the file, and everything that is wrong with it in file order. A file with problems still gives
// what is right in it; whether to go on is the caller's decision (`review` does not).
struct ProductFile {
  std::string name, vendor, version, assessed_on;
  Span at;  // of the name
  std::vector<EvidencePath> evidence;
  std::vector<DeclaredPrivilege> privileges;
  std::vector<DeclaredAnswer> answers;
  std::vector<Error> problems;  // each with `path`:line:column and what to do
};

// `path` is used in the problems' places only; nothing is opened.
ProductFile parse_product_file(std::string_view bytes, std::string_view path);

// True when the text looks like product.yaml: `product:` and one of its other keys at the left margin of the first
// lines.
bool looks_like_product_file(std::string_view head);

// Reader of product.yaml: rows `product`, `privilege` (known_from 'declared') and `claim`. Each problem becomes a gap.
ReadOutcome read_product(const intake::Input& input, evidence::Rows& rows);

}  // namespace assay::product

#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/base/position.h"
#include "analyzer/formats/json_tree.h"
#include "analyzer/model/artifact.h"

namespace assay::sbom {

// What one reader could not read, with its position: the first `shown` sentences and the number of the rest.
class Gaps {
 public:
  static constexpr std::size_t shown = 20;

  void add(Position where, std::string_view what);
  void add(const formats::JsonNode& where, std::string_view what) { add(where.span().begin, what); }
  // Every problem and every repeated key of the document.
  void add(const formats::JsonTree& tree);
  void nothing_read(std::string why) { nothing_ = std::move(why); }
  bool empty() const { return count_ == 0 && nothing_.empty(); }

  ReadOutcome outcome(std::size_t lost_rows) const;

  // The node's string. A number is taken as written; anything else that is there costs this one field and is a gap.
  std::string_view text(const formats::JsonNode& node, std::string_view field);

 private:
  std::vector<std::string> sentences_;
  std::size_t count_ = 0;
  std::string nothing_;
};

}  // namespace assay::sbom

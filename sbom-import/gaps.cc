#include "sbom-import/gaps.h"

#include <fmt/core.h>

namespace assay::sbom {

void Gaps::add(Position where, std::string_view what) {
  ++count_;
  if (sentences_.size() < shown)
    sentences_.push_back(fmt::format("line {} column {}: {}", where.line, where.column, what));
}

void Gaps::add(const formats::JsonTree& tree) {
  for (const formats::JsonProblem& problem : tree.problems()) add(tree.position(problem.offset), problem.message);
  count_ += tree.problem_count() - tree.problems().size();
  for (const formats::JsonNode& key : tree.duplicates()) {
    if (sentences_.size() >= shown) {
      ++count_;
    } else {
      add(key, fmt::format("the key '{}' is repeated; only the last is read", key.text().substr(0, 80)));
    }
  }
}

std::string_view Gaps::text(const formats::JsonNode& node, std::string_view field) {
  switch (node.kind()) {
    case formats::JsonKind::string:
    case formats::JsonKind::number:
      return node.text();
    case formats::JsonKind::missing:
    case formats::JsonKind::null:
      return {};
    default:
      add(node, fmt::format("{} is not a string", field));
      return {};
  }
}

ReadOutcome Gaps::outcome(std::size_t lost_rows) const {
  ReadOutcome out;
  for (const std::string& sentence : sentences_) out.partly(sentence);
  if (count_ > sentences_.size()) out.partly(fmt::format("and {} more gaps of this kind", count_ - sentences_.size()));
  if (lost_rows > 0) out.partly(fmt::format("{} rows beyond max_rows_per_artifact were not kept", lost_rows));
  if (!nothing_.empty()) out.not_at_all(nothing_);
  return out;
}

}  // namespace assay::sbom

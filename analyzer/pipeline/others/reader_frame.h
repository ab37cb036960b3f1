#pragma once

#include <string_view>

#include "analyzer/base/position.h"
#include "analyzer/evidence/rows.h"
#include "analyzer/formats/yaml_tree.h"
#include "analyzer/intake/input.h"
#include "analyzer/pipeline/definition_file.h"
#include "analyzer/pipeline/others/pipeline_rows.h"

// What the readers of the smaller systems have in common: parse, cap, walk, say what was left out. `Walk` is made of
// the rows and the root (or the text) and has read(). For the sources of this folder.
namespace assay::pipeline::others {

inline constexpr std::size_t max_definition_bytes = std::size_t{4} << 20;

inline ReadOutcome with_losses(ReadOutcome outcome, const evidence::Rows& rows) {
  if (rows.lost() > 0) outcome.partly("more rows than limits::max_rows_per_artifact");
  return outcome;
}

template <class Walk>
ReadOutcome read_yaml_as(std::string_view system, const intake::Input& input, evidence::Rows& rows) {
  ReadOutcome outcome;
  const formats::YamlTree::Salvaged file = formats::YamlTree::salvage(input.bytes);
  const formats::YamlNode root = file.tree.root();
  if (!readable(file, root, outcome)) return outcome;
  PipelineRows out(rows, system, "workflow", input.artifact.path, first_key(root));
  Walk(out, root).read();
  return with_losses(std::move(outcome), rows);
}

template <class Walk>
ReadOutcome read_text_as(std::string_view system, const intake::Input& input, evidence::Rows& rows) {
  ReadOutcome outcome;
  if (input.bytes.size() > max_definition_bytes) outcome.partly("only the first 4 MiB were read");
  PipelineRows out(rows, system, "workflow", input.artifact.path, Span{{1, 1}, {1, 1}});
  Walk(out, input.bytes.substr(0, max_definition_bytes)).read();
  return with_losses(std::move(outcome), rows);
}

}  // namespace assay::pipeline::others

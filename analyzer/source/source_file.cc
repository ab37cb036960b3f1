#include "analyzer/source/source_file.h"

#include <string>

#include "analyzer/source/plain_text.h"
#include "analyzer/source/triggers.h"
#include "analyzer/source/unicode.h"

namespace assay::source {
namespace {

constexpr std::size_t minified_line = 2'000;  // bytes; no person writes or reads such a line

bool runs_unasked(Role roles) {
  return has(roles, Role::install_script) || has(roles, Role::import_time) || has(roles, Role::agent_instruction) ||
         has(roles, Role::editor_config);
}

}  // namespace

ReadOutcome read_source_file(const intake::Input& input, evidence::Rows& rows) {
  const auto count = [&] {
    return rows.unicode_anomaly.size() + rows.execution_trigger.size() + rows.agent_instruction.size();
  };
  const std::size_t before = count();
  ReadOutcome outcome = read_unicode(input, rows);
  if (may_hold_triggers(input.artifact.path)) outcome.merge(read_execution_triggers(input, rows));
  const Artifact& artifact = input.artifact;
  if (count() == before && !runs_unasked(artifact.roles)) return outcome;
  const LineShape shape = line_shape(input.bytes);
  rows.add(evidence::SourceFileRow{
      .at = rows.whole(),
      .path = artifact.path,
      .language = std::string(word(artifact.language)),
      .role = words(artifact.roles),
      .generated = evidence::tri(has(artifact.roles, Role::generated)),
      .minified = evidence::tri(has(artifact.roles, Role::minified) || shape.longest > minified_line),
      .lines = static_cast<std::int64_t>(shape.lines),
      .longest_line = static_cast<std::int64_t>(shape.longest)});
  return outcome;
}

}  // namespace assay::source

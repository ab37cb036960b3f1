#include "analyzer/source/source_file.h"

#include <algorithm>
#include <string>

#include "analyzer/source/binary.h"
#include "analyzer/source/plain_text.h"
#include "analyzer/source/triggers.h"
#include "analyzer/source/unicode.h"

namespace assay::source {
namespace {

constexpr std::size_t minified_line = 2'000;  // bytes; no person writes or reads such a line

// Text under a name that promises a picture, a font, sound or a program. A pointer of git's large file storage is no
// disguise.
bool disguised(std::string_view path, std::string_view text) {
  static constexpr std::string_view promises[] = {".png", ".jpg", ".jpeg", ".gif", ".ico", ".webp", ".woff", ".woff2",
                                                  ".ttf", ".otf", ".eot",  ".mp3", ".mp4", ".exe",  ".dll"};
  const std::size_t dot = path.find_last_of("./");
  if (dot == std::string_view::npos || path[dot] != '.' || path.size() - dot > 6) return false;
  std::string suffix(path.substr(dot));
  for (char& c : suffix) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  if (std::find(std::begin(promises), std::end(promises), suffix) == std::end(promises)) return false;
  return text.size() >= 16 && !text.starts_with("version https://git-lfs");
}

bool runs_unasked(Role roles) {
  return has(roles, Role::install_script) || has(roles, Role::import_time) || has(roles, Role::agent_instruction) ||
         has(roles, Role::editor_config);
}

}  // namespace

ReadOutcome read_source_file(const intake::Input& input, evidence::Rows& rows) {
  const auto count = [&] {
    return rows.unicode_anomaly.size() + rows.execution_trigger.size() + rows.agent_instruction.size() +
           rows.binary_blob.size();
  };
  const std::size_t before = count();
  ReadOutcome outcome = read_unicode(input, rows);
  if (may_hold_triggers(input.artifact.path)) outcome.merge(read_execution_triggers(input, rows));
  const Artifact& artifact = input.artifact;
  if (disguised(artifact.path, input.bytes)) {
    rows.add(evidence::BinaryBlobRow{.at = rows.whole(),
                                     .path = artifact.path,
                                     .format = "text",
                                     .size = static_cast<std::int64_t>(input.bytes.size()),
                                     .entropy = entropy(input.bytes),
                                     .role = words(artifact.roles),
                                     .executable = evidence::Tri::no,
                                     .name_agrees = evidence::Tri::no,
                                     .sha256 = artifact.sha256});
  }
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

#include <fmt/format.h>

#include <algorithm>

#include "analyzer/app/bundled.h"
#include "analyzer/app/command_line.h"
#include "analyzer/app/introduced.h"
#include "analyzer/intake/recognise.h"

namespace assay::app {
namespace {

// What a change can make dangerous together with what it does not touch: definitions and manifests are read whole on
// both sides.
bool is_context(const std::string& path) {
  const intake::Recognised found = intake::recognise(path, "");
  switch (found.kind) {
    case ArtifactKind::github_workflow:
    case ArtifactKind::github_action:
    case ArtifactKind::dependabot_config:
    case ArtifactKind::pre_commit_config:
    case ArtifactKind::gitlab_pipeline:
    case ArtifactKind::ci_definition:
    case ArtifactKind::codeowners:
    case ArtifactKind::dockerfile:
    case ArtifactKind::npm_lock:
    case ArtifactKind::npm_manifest:
    case ArtifactKind::pip_requirements:
      return true;
    default:
      return has(found.roles, Role::lockfile);
  }
}

Result<Subject> revision(const std::string& repository, const std::string& name) {
  Subject subject;
  subject.name = name;
  Source source;
  source.name = name;
  ASSAY_TRY(source.tree, intake::open_revision(repository, name));
  subject.sources.push_back(std::move(source));
  return subject;
}

}  // namespace

// assay gate --base REF: only what the change introduces. Both sides are read from the object database, without
// checkout or network; rules and settings come from the binary and the command line, never from either side.
int run_gate(const std::string& path, const std::string& base, const std::string& head, const CommonOptions& options) {
  const Result<engine::Bundle> rules = load_rules(options.rules_directory);
  if (!rules) return report_error(rules.error());
  const std::string repository = intake::repository_of(path);
  if (repository.empty()) return report_error({ErrorCode::usage, "not a git repository", path});
  const Result<std::string> fork = intake::merge_base(repository, base, head);
  if (!fork) return report_error(fork.error());
  const Result<std::vector<std::string>> changed = intake::changed_paths(repository, *fork, head);
  if (!changed) return report_error(changed.error());
  Result<Subject> before = revision(repository, *fork);
  if (!before) return report_error(before.error());
  Result<Subject> after = revision(repository, head);
  if (!after) return report_error(after.error());

  ExamineOptions settings = options.examine;
  settings.history = false;
  settings.wants = [&](const intake::Entry& entry) {
    return std::binary_search(changed->begin(), changed->end(), entry.path) || is_context(entry.path);
  };
  Result<Examination> examination = examine_change(*before, *after, *rules, settings);
  if (!examination) return report_error(examination.error());
  Report& report = examination->report;
  report.verb = "gate";
  const auto& entries = after->sources.front().tree->entries();
  const auto unread =
      std::count_if(entries.begin(), entries.end(), [&](const intake::Entry& entry) { return !settings.wants(entry); });
  report.subject = fmt::format("{} ({} changed file{}; {} unchanged not read again)", head, changed->size(),
                               changed->size() == 1 ? "" : "s", unread);
  report.compared_with = base;
  if (report.inputs == 0) {
    report.verdict.exit_code = 0;
    report.verdict.sentence = "The change touches nothing.";
  }
  const int written = write_outputs(report, options);
  return written != 0 ? written : report.verdict.exit_code;
}

}  // namespace assay::app

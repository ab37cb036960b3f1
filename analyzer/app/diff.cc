#include <fmt/format.h>
#include <sys/stat.h>

#include "analyzer/app/bundled.h"
#include "analyzer/app/command_line.h"
#include "analyzer/app/introduced.h"

namespace assay::app {
namespace {

bool exists(const std::string& path) {
  struct stat status {};
  return path == "-" || stat(path.c_str(), &status) == 0;
}

// A path when there is one, else a revision of the repository.
Result<Subject> side(const std::string& name, const std::string& repository) {
  if (exists(name)) return open_subject({name});
  const std::string found = intake::repository_of(repository);
  if (found.empty())
    return fail(ErrorCode::usage, "neither a path nor, without a git repository here, a revision", name);
  Subject subject;
  subject.name = name;
  Source source;
  source.name = name;
  ASSAY_TRY(source.tree, intake::open_revision(found, name));
  subject.sources.push_back(std::move(source));
  return subject;
}

}  // namespace

// assay diff OLD NEW: what changed between two states of one thing, and what of it looks like an attack. The histories
// of repositories are no part of either state.
int run_diff(const std::string& old_name, const std::string& new_name, const std::string& repository,
             const CommonOptions& options) {
  if (old_name == "-" && new_name == "-")
    return report_error({ErrorCode::usage, "only one side can be standard input", "-"});
  const Result<engine::Bundle> rules = load_rules(options.rules_directory);
  if (!rules) return report_error(rules.error());
  const Result<Subject> before = side(old_name, repository);
  if (!before) return report_error(before.error());
  const Result<Subject> after = side(new_name, repository);
  if (!after) return report_error(after.error());
  ExamineOptions settings = options.examine;
  settings.history = false;
  Result<Examination> examination = examine_change(*before, *after, *rules, settings);
  if (!examination) return report_error(examination.error());
  Report& report = examination->report;
  report.verb = "diff";
  const int written = write_outputs(report, options);
  return written != 0 ? written : report.verdict.exit_code;
}

}  // namespace assay::app

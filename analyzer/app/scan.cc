#include "analyzer/app/bundled.h"
#include "analyzer/app/command_line.h"
#include "analyzer/app/fix.h"
#include "analyzer/app/past.h"

namespace assay::app {

// assay scan PATH…: the way through the house without a policy around it.
int run_scan(const std::vector<std::string>& paths, const CommonOptions& options) {
  const Result<engine::Bundle> rules = load_rules(options.rules_directory);
  if (!rules) return report_error(rules.error());
  Result<Subject> subject = open_subject(paths);
  if (!subject) return report_error(subject.error());
  if (options.past_contents) {
    if (const Result<void> added = add_past_contents(*subject); !added) return report_error(added.error());
  }

  Result<Examination> examination = examine(*subject, nullptr, *rules, options.examine);
  if (!examination) return report_error(examination.error());
  examination->report.verb = "scan";

  if (!options.fix.empty()) {
    const int fixed = run_fix(*subject, examination->report, *rules, options);
    leave(fixed != 0 ? fixed : examination->report.verdict.exit_code);
  }
  const int written = write_outputs(examination->report, options);
  // The system takes memory back at once; freeing each row of a large subject would cost a fifth of the whole time.
  leave(written != 0 ? written : examination->report.verdict.exit_code);
}

}  // namespace assay::app

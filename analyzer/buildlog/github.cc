#include <string>
#include <unordered_set>
#include <vector>

#include "analyzer/buildlog/commands.h"
#include "analyzer/buildlog/framing.h"
#include "analyzer/buildlog/github_lines.h"
#include "analyzer/buildlog/time_stamp.h"

namespace assay::buildlog {
namespace {

constexpr std::int64_t tolerated_backwards = 5'000;  // milliseconds; standard error and output race
constexpr std::size_t max_pending = 200;

// GitHub Actions: raw job logs, the step files of a log archive, and `gh run view --log` (the runner's sources:
// JobExtension, ActionManager, ActionCommandManager; the lines before "Current runner version" come from the service).
//
// The runner prints outside of steps only before the first step and after the last one, so what claims to be the runner
// inside a step was printed by the step. The beginning of a step itself can be imitated with a group command; only a
// heading that names an action which set-up never downloaded gives that away.
class GithubFraming final : public Framing {
 public:
  std::string_view strip(Line& line, Journal& journal) override;
  Remaining structure(const Line& line, Journal& journal) override;
  void finish(const Line& last, Journal& journal) override;

 private:
  enum class Segment : std::uint8_t { before, setup, step, complete };
  enum class Group : std::uint8_t { none, run, permissions, image, system, package, inputs, other };
  enum class Block : std::uint8_t { script, with, env, done };

  void begin_run(const Line& line, Journal& journal);
  void begin_setup(const Line& line, Journal& journal);
  void begin_step(const Line& line, std::string_view heading, Journal& journal);
  void leave_step(Journal& journal);
  void open_group(const Line& line, std::string_view name, Journal& journal);
  Remaining in_group(const Line& line, Journal& journal);
  Remaining in_setup(const Line& line, Journal& journal);
  Remaining in_step(const Line& line, Journal& journal);
  Remaining in_end(const Line& line, Journal& journal);
  void commands_stopped(const Line& line, Journal& journal);
  void settle(bool followed_by_step, Journal& journal);

  Clock clock_;
  std::string_view body_;  // of the current line, not rendered: colours cannot pass for markers
  std::string_view job_;   // of gh's prefix
  Segment segment_ = Segment::before;
  Group group_ = Group::none;
  Block block_ = Block::script;
  bool setup_seen_ = false;
  bool steps_seen_ = false;
  bool checkout_seen_ = false;
  bool preparing_ = false;  // "Prepare all required actions" inside a step
  bool image_group_ = false;
  std::string package_name_;                  // of an immutable action package
  std::unordered_set<std::string> resolved_;  // "owner/name@ref"
  std::vector<Span> pending_;                 // download lines inside a step whose purpose the next line tells
  Span end_{};                                // "Cleaning up orphan processes"
  Span group_span_{};
  std::string stop_token_;
  Span stop_span_{};
};

std::string_view GithubFraming::strip(Line& line, Journal& journal) {
  std::string_view text = line.raw;
  take(text, "\xEF\xBB\xBF");
  std::string_view stamp = leading_stamp(text);
  if (stamp.empty()) {
    if (const std::size_t prefix = gh_prefix(text); prefix > 0) {
      const std::string_view job = text.substr(0, text.find('\t'));
      if (!job_.empty() && job != job_) {
        leave_step(journal);
        segment_ = Segment::before;
        clock_ = Clock{};
      }
      job_ = job;
      text.remove_prefix(prefix);
      stamp = leading_stamp(text);
    }
  }
  line.time = stamp;
  if (!stamp.empty()) {
    text.remove_prefix(stamp.size());
    take(text, " ");
    if (segment_ == Segment::complete && is_header(text)) clock_ = Clock{};
    if (const std::int64_t back = clock_.backwards(stamp); back > tolerated_backwards && journal.has_run()) {
      journal.gap(line.span(), "time-goes-back", "by " + std::to_string(back / 1'000) + " s");
    }
  }
  body_ = text;
  return text;
}

void GithubFraming::begin_run(const Line& line, Journal& journal) {
  journal.open_run(line, "github");
  if (!job_.empty()) journal.run().job = shown(job_);
  segment_ = Segment::step;
  journal.speak(Voice::step);
  setup_seen_ = steps_seen_ = checkout_seen_ = preparing_ = image_group_ = false;
  group_ = Group::none;
  resolved_.clear();
  pending_.clear();
}

void GithubFraming::begin_setup(const Line& line, Journal& journal) {
  segment_ = Segment::setup;
  setup_seen_ = true;
  journal.open_step(line, line.text, "Set up job", "setup");
  journal.speak(Voice::runner);
}

void GithubFraming::leave_step(Journal& journal) {
  settle(false, journal);
  if (!stop_token_.empty()) {
    journal.gap(stop_span_, "stop-commands",
                "commands of the runner are switched off and not on again before the step ends");
    stop_token_.clear();
  }
  journal.close_step();
  group_ = Group::none;
}

// Lines that claim downloads within a step are the runner's only when they prepare a composite action that is called
// next.
void GithubFraming::settle(bool followed_by_step, Journal& journal) {
  if (!followed_by_step) {
    for (const Span& span : pending_)
      journal.gap(span, "forged-runner-line", "a step printed the line with which set-up names a downloaded action");
  }
  pending_.clear();
  preparing_ = false;
}

void GithubFraming::begin_step(const Line& line, std::string_view heading, Journal& journal) {
  settle(true, journal);
  leave_step(journal);
  segment_ = Segment::step;
  steps_seen_ = true;
  group_ = Group::run;
  block_ = Block::script;
  const std::string action = action_of(heading);
  const bool uses = !action.empty() || heading.starts_with("./") || heading.starts_with("docker://");
  journal.open_step(line, line.text.substr(line.text.find(']') + 1), "Run " + std::string(heading),
                    uses ? "uses" : "run");
  if (uses) block_ = Block::done;
  journal.speak(Voice::runner);
  if (!action.empty() && setup_seen_ && !resolved_.contains(action)) {
    journal.gap(line, line.text, "forged-runner-line", "the heading names an action that set-up did not download");
  }
  if (action.starts_with("actions/checkout@")) checkout_seen_ = true;
}

void GithubFraming::open_group(const Line& line, std::string_view name, Journal& journal) {
  group_ = Group::other;
  group_span_ = line.span();
  if (name == "GITHUB_TOKEN Permissions") {
    group_ = Group::permissions;
    if (segment_ == Segment::step && setup_seen_)
      journal.gap(line, line.text, "forged-runner-line", "a step printed the heading of the token's permissions");
  } else if (name == "Runner Image" || name == "Virtual Environment") {
    group_ = Group::image;
    image_group_ = image_group_ || segment_ == Segment::setup;
  } else if (name == "Operating System") {
    group_ = Group::system;
  } else if (std::string_view rest = name; take(rest, "Download immutable action package '")) {
    group_ = Group::package;
    package_name_ = std::string(rest.substr(0, rest.find('\'')));
    if (segment_ == Segment::setup) resolved_.insert(lower(package_name_));
  } else if (segment_ == Segment::setup && trimmed(name) == "Inputs") {
    group_ = Group::inputs;
  } else if (name == "Cleaning the repository" && segment_ == Segment::step && journal.has_run()) {
    journal.run().reused = evidence::Tri::yes;
  }
}

Remaining GithubFraming::in_group(const Line& line, Journal& journal) {
  const std::string_view text = line.text;
  const bool setup = segment_ == Segment::setup;
  switch (group_) {
    case Group::permissions:
      read_permission(line, journal);
      return Remaining::nothing;
    case Group::image: {
      std::string_view rest = text;
      if (setup && (take(rest, "Image: ") || take(rest, "Environment: "))) journal.run().image = shown(trimmed(rest));
      return Remaining::nothing;
    }
    case Group::system:
      if (setup && journal.run().image.empty()) journal.run().image = shown(trimmed(text));
      return Remaining::nothing;
    case Group::package:
      read_action_package(line, package_name_, journal);
      return Remaining::nothing;
    case Group::inputs:
      return Remaining::scan;
    case Group::run:
      break;
    default:
      return Remaining::tools;
  }
  if (body_ == "with:") {
    block_ = Block::with;
  } else if (body_ == "env:") {
    block_ = Block::env;
  } else if (body_.starts_with("shell: ")) {
    block_ = Block::done;
  } else if (block_ == Block::script) {
    read_command(line, text, CommandSource::script, journal);
    return Remaining::scan;
  } else if (block_ == Block::with || block_ == Block::env) {
    read_step_setting(line, block_ == Block::env, journal);
    return Remaining::scan;
  }
  return Remaining::nothing;
}

Remaining GithubFraming::in_setup(const Line& line, Journal& journal) {
  std::string_view rest = line.text;
  if (take(rest, "Download action repository '")) {
    std::string key;
    if (read_download(line, rest, journal, key)) resolved_.insert(std::move(key));
    return Remaining::nothing;
  }
  return read_header(line, journal) ? Remaining::nothing : Remaining::tools;
}

void GithubFraming::commands_stopped(const Line& line, Journal& journal) {
  std::string_view text = body_;
  if (!stop_token_.empty()) {
    const bool resumed = (text.starts_with("::") && text.substr(2) == stop_token_ + "::") ||
                         (text.starts_with("##[") && text.substr(3) == stop_token_ + "]");
    if (resumed) stop_token_.clear();
    return;
  }
  if (!take(text, "::stop-commands::") && !take(text, "##[stop-commands]")) return;
  stop_token_ = std::string(trimmed(text).substr(0, 200));
  stop_span_ = line.span(line.text);
  journal.event(line, line.text, {.kind = "commands-stopped", .value = stop_token_});
}

Remaining GithubFraming::in_step(const Line& line, Journal& journal) {
  if (body_.starts_with("::") || !stop_token_.empty() || body_.starts_with("##[stop")) commands_stopped(line, journal);
  if (body_ == "Prepare all required actions") {
    preparing_ = true;
    return Remaining::nothing;
  }
  if (preparing_ && body_ == "Getting action download info") return Remaining::nothing;
  std::string_view rest = body_;
  if (take(rest, "Download action repository '")) {
    std::string key;
    if (read_download(line, line.text.substr(line.text.size() - std::min(line.text.size(), rest.size())), journal,
                      key)) {
      if (preparing_) resolved_.insert(std::move(key));
      if (!setup_seen_) return Remaining::nothing;
      if (pending_.size() < max_pending) pending_.push_back(line.span(line.text));
      if (!preparing_) settle(false, journal);
      return Remaining::nothing;
    }
  } else if (preparing_) {
    settle(false, journal);
  }
  if (setup_seen_ && runner_only(body_)) {
    journal.gap(line, line.text, "forged-runner-line",
                "a step printed a line that only the runner prints outside of steps");
    return Remaining::scan;
  }
  if (body_.starts_with("Removing previously created refs") && journal.has_run())
    journal.run().reused = evidence::Tri::yes;
  if (std::string_view name = line.text; take(name, "Syncing repository: ") && journal.run().repository.empty()) {
    journal.run().repository = lower(trimmed(name));
  }
  return Remaining::tools;
}

Remaining GithubFraming::in_end(const Line& line, Journal& journal) {
  if (read_orphan(line, journal)) return Remaining::nothing;
  if (allowed_at_end(body_)) return Remaining::nothing;
  journal.gap(end_, "forged-runner-line", "steps go on after the line with which the runner ends a job");
  segment_ = Segment::step;
  journal.speak(Voice::step);
  return in_step(line, journal);
}

Remaining GithubFraming::structure(const Line& line, Journal& journal) {
  if (segment_ == Segment::before || (segment_ == Segment::complete && is_header(body_))) {
    if (body_.empty() && segment_ == Segment::before) return Remaining::nothing;
    leave_step(journal);
    begin_run(line, journal);
    if (is_header(body_)) begin_setup(line, journal);
  } else if (segment_ == Segment::step && !steps_seen_ && !setup_seen_ && line.number < 50 && is_header(body_)) {
    begin_setup(line, journal);
  }
  evidence::LogRunRow& run = journal.run();
  if (!line.time.empty()) {
    if (run.started.empty()) run.started = line.time;
    run.ended = line.time;
  }
  ++run.lines;
  if (body_.starts_with("##[")) {
    std::string_view rest = body_;
    if (take(rest, "##[group]")) {
      const bool heading = rest.starts_with("Run ") && segment_ != Segment::complete;
      if (heading) {
        begin_step(line, rest.substr(4), journal);
        return Remaining::scan;
      }
      if (group_ == Group::run) journal.speak(Voice::step);
      if (preparing_) settle(false, journal);
      open_group(line, rest, journal);
      return Remaining::scan;
    }
    if (rest.starts_with("##[endgroup]")) {
      if (group_ == Group::run) journal.speak(Voice::step);
      group_ = Group::none;
      return Remaining::nothing;
    }
    if (take(rest, "##[error]") || take(rest, "##[warning]")) {
      journal.event_once(line, line.text, {.kind = body_.starts_with("##[error]") ? "error" : "warning"});
      if (body_.starts_with("##[error]Process completed with exit code ")) journal.step_failed();
      return Remaining::scan;
    }
    if (take(rest, "##[command]")) {
      read_command(line, line.text.substr(std::min<std::size_t>(line.text.size(), 11)), CommandSource::toolkit,
                   journal);
      return Remaining::scan;
    }
  }
  if (group_ != Group::none && group_ != Group::other) return in_group(line, journal);
  if (segment_ == Segment::complete) return in_end(line, journal);
  if (body_ == "Post job cleanup.") {
    leave_step(journal);
    journal.open_step(line, line.text, "Post job cleanup", "post");
    journal.speak(Voice::step);
    return Remaining::nothing;
  }
  if (body_ == "Cleaning up orphan processes") {
    leave_step(journal);
    journal.speak(Voice::runner);
    segment_ = Segment::complete;
    end_ = line.span(line.text);
    if (run.reused == evidence::Tri::not_examined && checkout_seen_) run.reused = evidence::Tri::no;
    if (run.self_hosted == evidence::Tri::not_examined && setup_seen_)
      run.self_hosted = self_hosted(run.runner, image_group_);
    return Remaining::nothing;
  }
  return segment_ == Segment::setup ? in_setup(line, journal) : in_step(line, journal);
}

void GithubFraming::finish(const Line& last, Journal& journal) {
  if (!journal.has_run()) return;
  const bool complete = segment_ == Segment::complete;
  leave_step(journal);
  evidence::LogRunRow& run = journal.run();
  if (setup_seen_ && run.self_hosted == evidence::Tri::not_examined)
    run.self_hosted = self_hosted(run.runner, image_group_);
  // The file of one step in an archive of logs ends where set-up ends.
  const bool setup_alone =
      segment_ == Segment::setup && last.text.find("Complete job name: ") != std::string_view::npos;
  if (setup_seen_ && !complete && !setup_alone)
    journal.gap(last.span(), "truncated", "the log has the runner's beginning but not its end");
}

}  // namespace

std::unique_ptr<Framing> make_github_framing() {
  return std::make_unique<GithubFraming>();
}

}  // namespace assay::buildlog

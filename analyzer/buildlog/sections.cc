#include <algorithm>
#include <array>
#include <string>

#include "analyzer/buildlog/agent.h"
#include "analyzer/buildlog/checkout.h"
#include "analyzer/buildlog/commands.h"
#include "analyzer/buildlog/section_framing.h"
#include "analyzer/buildlog/time_stamp.h"

namespace assay::buildlog {
namespace {

// GitLab: "section_start:1560896352:step_script[options] CR ESC[0K", nested sections allowed, commands as "$ cmd".
// Runner 17 may put "2024-05-01T10:00:00.000000Z 00O " before each line.
class GitlabFraming final : public SectionFraming {
 public:
  GitlabFraming() : SectionFraming(System::gitlab) {}

  std::string_view strip(Line& line, Journal& journal) override {
    begin(line, journal);
    std::string_view text = line.raw;
    if (const std::string_view stamp = leading_stamp(text); !stamp.empty() && text.size() > stamp.size() + 5) {
      line.time = stamp;
      text.remove_prefix(stamp.size() + 5);
    }
    for (int markers = 0; markers < 16; ++markers) {
      while (take(text, "\x1b[0K")) {
      }
      std::string_view rest = text;
      const bool start = take(rest, "section_start:");
      if (!start && !take(rest, "section_end:")) break;
      const std::int64_t seconds = take_number(rest);
      if (seconds < 0 || !take(rest, ":")) break;
      const std::size_t end = rest.find('\r');
      std::string_view name = rest.substr(0, end);
      name = name.substr(0, name.find('['));
      text = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
      moment(seconds * 1'000);
      if (start) {
        section(line, name, journal);
      } else if (name == open_) {
        journal.close_step();
        open_.clear();
      }
    }
    if (line.time.empty()) line.time = moment();
    return text;
  }

  Remaining structure(const Line& line, Journal& journal) override {
    std::string_view rest = line.text;
    if (take(rest, "Running with gitlab-runner ")) {
      journal.event(line, rest, {.kind = "runner-version", .value = shown(trimmed(rest))});
    } else if (take(rest, "Running on runner-") || take(rest, "  on ")) {
      if (journal.run().runner.empty()) journal.run().runner = shown(take_word(rest));
    } else if (take(rest, "Checking out ")) {
      // "Checking out 0a1b2c3d as detached HEAD (ref is refs/merge-requests/1/head)..."
      const std::string_view commit = take_word(rest);
      const std::size_t ref = rest.find("(ref is ");
      std::string_view name = ref == std::string_view::npos ? std::string_view{} : rest.substr(ref + 8);
      name = name.substr(0, name.find(')'));
      const bool request = name.starts_with("refs/") || name.empty();
      checked_out(line, commit, request ? std::string(name) : "refs/heads/" + std::string(name), commit, journal);
    } else if (line.text.starts_with("Job succeeded") || line.text.starts_with("ERROR: Job failed")) {
      ended_ = true;
    }
    if (line.text.starts_with("ERROR: Job failed")) journal.step_failed();
    return Remaining::tools;
  }

 private:
  static bool owned_by_runner(std::string_view name) {
    constexpr std::array<std::string_view, 4> names{"prepare_executor", "prepare_script", "get_sources",
                                                    "restore_cache"};
    for (const std::string_view one : names) {
      if (name == one) return true;
    }
    return false;
  }

  void section(const Line& line, std::string_view name, Journal& journal) {
    const bool own = owned_by_runner(name);
    if (script_begun_ && own) {
      journal.gap(line, line.raw, "forged-runner-line", "a script opened a section that belongs to the runner");
    }
    script_begun_ = script_begun_ || name == "step_script" || name == "build_script";
    open_ = std::string(name.substr(0, 200));
    journal.open_step(line, line.raw, name, own && !script_begun_ ? "setup" : "section");
    journal.speak(own && !script_begun_ ? Voice::runner : Voice::step);
  }

  std::string open_;
  bool script_begun_ = false;
  bool ended_ = false;
};

// Travis: "travis_fold:start:NAME CR ESC[0K", "travis_time:start:ID CR ESC[0K", commands as "$ cmd".
class TravisFraming final : public SectionFraming {
 public:
  TravisFraming() : SectionFraming(System::travis) {}

  std::string_view strip(Line& line, Journal& journal) override {
    begin(line, journal);
    std::string_view text = line.raw;
    for (int markers = 0; markers < 32; ++markers) {
      std::string_view rest = text;
      take(rest, "\r");
      take(rest, "\x1b[0K");
      if (!take(rest, "travis_fold:") && !take(rest, "travis_time:")) break;
      const bool start = take(rest, "start:");
      const bool fold = text.find("travis_fold:") < 8;
      if (!start) take(rest, "end:");
      const std::size_t end = rest.find('\r');
      const std::string_view name = rest.substr(0, end);
      text = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
      if (fold && start)
        journal.open_step(line, line.raw, name, name == "worker_info" || name == "system_info" ? "setup" : "section");
      if (fold && !start) journal.close_step();
      if (const std::size_t begun = name.find("start="); !fold && begun != std::string_view::npos) {
        std::string_view digits = name.substr(begun + 6);
        if (const std::int64_t nanoseconds = take_nanoseconds(digits); nanoseconds > 0) moment(nanoseconds / 1'000'000);
      }
    }
    take(text, "\x1b[0K");
    line.time = moment();
    return text;
  }

  Remaining structure(const Line& line, Journal& journal) override {
    std::string_view rest = line.text;
    if (take(rest, "hostname: ")) {
      if (journal.run().runner.empty()) journal.run().runner = shown(take_word(rest));
    } else if (rest.starts_with("The command \"") && rest.find("\" exited with ") != std::string_view::npos &&
               !rest.ends_with("exited with 0.")) {
      journal.step_failed();
    } else if (take(rest, "The log exceeded ") || rest.starts_with("The job exceeded the maximum log length")) {
      journal.gap(line, line.text, "truncated", "the log was cut at its maximum length");
    }
    return Remaining::tools;
  }

 private:
  static std::int64_t take_nanoseconds(std::string_view digits) {
    std::int64_t value = 0;
    std::size_t count = 0;
    for (; count < digits.size() && count < 19 && digits[count] >= '0' && digits[count] <= '9'; ++count) {
      if (value > 900'000'000'000'000'000) return -1;
      value = value * 10 + (digits[count] - '0');
    }
    return value;
  }
};

// Buildkite: "ESC _bk;t=1729032357206 BEL" before each line, headings "~~~ ", "--- ", "+++ ", "^^^ +++".
class BuildkiteFraming final : public SectionFraming {
 public:
  BuildkiteFraming() : SectionFraming(System::buildkite) {}

  std::string_view strip(Line& line, Journal& journal) override {
    std::string_view text = line.raw;
    while (take(text, "\x1b_bk;t=")) {
      const std::int64_t stamp = take_number(text);
      if (stamp >= 0) moment(stamp);
      take(text, "\x07");
    }
    begin(line, journal);
    line.time = moment();
    return text;
  }

  Remaining structure(const Line& line, Journal& journal) override {
    std::string_view rest = line.text;
    if (take(rest, "~~~ ") || take(rest, "--- ") || take(rest, "+++ ")) {
      const bool agent = rest.starts_with("Preparing working directory") || rest.starts_with("Running agent");
      journal.open_step(line, rest, trimmed(rest), agent ? "setup" : "group");
      return Remaining::scan;
    }
    if (rest.find("Error: The command exited with status ") < 8) journal.step_failed();
    return Remaining::tools;
  }
};

// Jenkins: "[Pipeline] { (Stage name)", "[Pipeline] sh", commands as "+ cmd"; optionally a stamp in brackets before
// each line.
class JenkinsFraming final : public SectionFraming {
 public:
  JenkinsFraming() : SectionFraming(System::jenkins) {}

  std::string_view strip(Line& line, Journal& journal) override {
    begin(line, journal);
    std::string_view text = line.raw;
    if (text.starts_with('[')) {
      const std::string_view stamp = leading_stamp(text.substr(1));
      if (!stamp.empty()) {
        line.time = stamp;
        text.remove_prefix(stamp.size() + 1);
        take(text, "] ");
      }
    } else if (text.size() > 9 && text[2] == ':' && text[5] == ':' && text[8] == ' ' && text[0] >= '0' &&
               text[0] <= '2' && text[7] >= '0' && text[7] <= '9') {
      line.time = text.substr(0, 8);
      text = trimmed_left(text.substr(9));
    }
    return text;
  }

  Remaining structure(const Line& line, Journal& journal) override {
    std::string_view rest = line.text;
    if (take(rest, "[Pipeline] ")) {
      if (take(rest, "{ (")) journal.open_step(line, rest, rest.substr(0, rest.rfind(')')), "section");
      return Remaining::nothing;
    }
    if (rest.starts_with("ERROR: script returned exit code ")) journal.step_failed();
    if (take(rest, "Running on ") || take(rest, "Building remotely on ")) {
      journal.run().runner = shown(take_until(rest, " in "));
    } else if (take(rest, "Checking out Revision ")) {
      // "Checking out Revision 0123… (origin/PR-12)"
      const std::string_view commit = take_word(rest);
      std::string_view ref = trimmed(rest);
      if (take(ref, "(")) ref = ref.substr(0, ref.find(')'));
      std::string_view number = ref.substr(ref.rfind('/') + 1);
      const bool request = take(number, "PR-");
      checked_out(line, commit, request ? "refs/pull/" + std::string(number) + "/head" : std::string(ref), commit,
                  journal);
    }
    return Remaining::tools;
  }
};

// Azure Pipelines: GitHub's stamps, "##[section]Starting: NAME".
class AzureFraming final : public SectionFraming {
 public:
  AzureFraming() : SectionFraming(System::azure) {}

  std::string_view strip(Line& line, Journal& journal) override {
    begin(line, journal);
    std::string_view text = line.raw;
    take(text, "\xEF\xBB\xBF");
    line.time = leading_stamp(text);
    if (!line.time.empty()) {
      text.remove_prefix(line.time.size());
      take(text, " ");
      evidence::LogRunRow& run = journal.run();
      if (run.started.empty()) run.started = line.time;
      run.ended = line.time;
      if (const std::int64_t back = clock_.backwards(line.time); back > 5'000) {
        journal.gap(line.span(), "time-goes-back", "by " + std::to_string(back / 1'000) + " s");
      }
    }
    body_ = text;
    return text;
  }

  Remaining structure(const Line& line, Journal& journal) override {
    std::string_view rest = body_;
    if (take(rest, "##[section]Starting: ")) {
      journal.open_step(line, line.text, trimmed(rest), "run");
      return Remaining::nothing;
    }
    if (take(rest, "##[command]")) {
      read_command(line, line.text.substr(std::min<std::size_t>(line.text.size(), 11)), CommandSource::toolkit,
                   journal);
      return Remaining::scan;
    }
    if (rest.starts_with("##[error]")) journal.step_failed();
    if (take(rest, "Agent name: '")) journal.run().runner = shown(take_until(rest, "'"));
    return Remaining::tools;
  }

 private:
  Clock clock_;
  std::string_view body_;
};

}  // namespace

std::unique_ptr<Framing> make_section_framing(System system) {
  switch (system) {
    case System::gitlab:
      return std::make_unique<GitlabFraming>();
    case System::travis:
      return std::make_unique<TravisFraming>();
    case System::buildkite:
      return std::make_unique<BuildkiteFraming>();
    case System::jenkins:
      return std::make_unique<JenkinsFraming>();
    case System::azure:
      return std::make_unique<AzureFraming>();
    case System::teamcity:
      return make_teamcity_framing();
    case System::buildkit:
      return make_buildkit_framing();
    case System::drone:
      return make_drone_framing();
    case System::msbuild:
      return make_msbuild_framing();
    default:
      return make_plain_framing(system);
  }
}

std::unique_ptr<Framing> make_framing(System system) {
  if (system == System::github) return make_github_framing();
  if (system == System::agent) return make_agent_framing();
  return make_section_framing(system);
}

}  // namespace assay::buildlog

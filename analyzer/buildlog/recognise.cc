#include "analyzer/buildlog/recognise.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "analyzer/base/find_literal.h"
#include "analyzer/buildlog/agent.h"
#include "analyzer/buildlog/drone.h"
#include "analyzer/buildlog/line.h"
#include "analyzer/buildlog/msbuild.h"

namespace assay::buildlog {
namespace {

constexpr std::size_t head_bytes = 8 << 10;

bool digit(char c) {
  return c >= '0' && c <= '9';
}

// Lines of package managers and build tools, by their beginning. Each is rare outside a log at the start of a line.
constexpr auto tool_lines = std::to_array<std::string_view>({"Collecting ",
                                                             "Successfully installed ",
                                                             "Downloading from ",
                                                             "[INFO] Scanning for projects",
                                                             "[INFO] BUILD ",
                                                             "npm WARN ",
                                                             "npm warn ",
                                                             "npm ERR! ",
                                                             "npm error ",
                                                             "npm notice ",
                                                             "> Task :",
                                                             "BUILD SUCCESSFUL in ",
                                                             "BUILD FAILED",
                                                             "   Compiling ",
                                                             "    Finished ",
                                                             "go: downloading ",
                                                             "Requirement already satisfied: ",
                                                             "Looking in indexes: ",
                                                             "added ",
                                                             "$ npm ",
                                                             "+ docker ",
                                                             "Step 1/",
                                                             "[INFO] --- ",
                                                             "Reading package lists...",
                                                             "checking for ",
                                                             "checking whether ",
                                                             "config.status: ",
                                                             "configure: ",
                                                             "make[1]: ",
                                                             "Starting a Gradle Daemon",
                                                             "yarn install v"});

int tool_line(std::string_view line) {
  for (std::size_t i = 0; i < tool_lines.size(); ++i) {
    if (line.starts_with(tool_lines[i])) return static_cast<int>(i);
  }
  return -1;
}

}  // namespace

std::string_view word(System system) {
  switch (system) {
    case System::github:
      return "github";
    case System::azure:
      return "azure";
    case System::gitlab:
      return "gitlab";
    case System::travis:
      return "travis";
    case System::buildkite:
      return "buildkite";
    case System::jenkins:
      return "jenkins";
    case System::mock:
      return "mock";
    case System::agent:
      return "agent";
    case System::circleci:
      return "circleci";
    case System::teamcity:
      return "teamcity";
    case System::buildkit:
      return "buildkit";
    case System::drone:
      return "drone";
    case System::msbuild:
      return "msbuild";
    case System::bazel:
      return "bazel";
    case System::witness:
      return "witness";
    case System::plain:
      break;
  }
  return "plain";
}

std::string_view leading_stamp(std::string_view line) {
  // 2022-05-13T18:52:42.8183210Z, with any number of digits for the fraction
  if (line.size() < 20 || line[4] != '-' || line[10] != 'T' || line[13] != ':' || line[16] != ':' || line[7] != '-')
    return {};
  if (!digit(line[0]) || !digit(line[5]) || !digit(line[18])) return {};
  std::size_t at = 19;
  if (line[at] == '.') {
    for (++at; at < line.size() && at < 30 && digit(line[at]);) ++at;
  }
  if (at >= line.size() || line[at] != 'Z') return {};
  return line.substr(0, at + 1);
}

std::size_t gh_prefix(std::string_view line) {
  line = line.substr(0, 1'000);
  const std::size_t first = line.find('\t');
  const std::size_t second = first == std::string_view::npos ? first : line.find('\t', first + 1);
  if (second == std::string_view::npos) return 0;
  std::string_view rest = line.substr(second + 1);
  const std::size_t mark = take(rest, "\xEF\xBB\xBF") ? 3 : 0;
  return leading_stamp(rest).empty() ? 0 : second + 1 + mark;
}

System system_of(std::string_view head) {
  head = head.substr(0, head_bytes);
  if (find_literal(head, "\x1b_bk;t=") != std::string_view::npos) return System::buildkite;
  if (find_literal(head, "travis_fold:start:") != std::string_view::npos ||
      find_literal(head, "travis_time:start:") != std::string_view::npos) {
    return System::travis;
  }
  if (find_literal(head, "section_start:") != std::string_view::npos ||
      find_literal(head, "Running with gitlab-runner ") != std::string_view::npos) {
    return System::gitlab;
  }
  bool stamps = false;
  int vertices = 0;
  int counted = 0;
  bool counted_from_0 = false;
  LineSplitter lines(head);
  for (Line line; lines.next(line);) {
    std::string_view text = line.raw;
    take(text, "\xEF\xBB\xBF");
    if (const std::string_view stamp = leading_stamp(text); !stamp.empty()) {
      stamps = true;
      text.remove_prefix(stamp.size());
      if (trimmed_left(text).starts_with("##[section]Starting:")) return System::azure;
      continue;
    }
    if (text.starts_with("[20") && !leading_stamp(text.substr(1)).empty())
      text.remove_prefix(std::min(text.size(), text.find(']') + 2));
    else if (text.size() > 9 && text[2] == ':' && text[5] == ':' && text[8] == ' ' && digit(text[0]))
      text = trimmed_left(text.substr(9));
    if (text.starts_with("TeamCity URL http") || text.starts_with("TeamCity server version") ||
        text.starts_with("##teamcity[") ||
        (text.starts_with("[") && text.size() > 12 && text[3] == ':' && text[6] == ':' && text[9] == ']' &&
         text.find("[Step ") < 20)) {
      return System::teamcity;
    }
    if (begins_msbuild(text)) return System::msbuild;
    std::string_view step;
    std::string_view number;
    // The first line of a step is counted 0, or it is the tail of a log.
    if (drone_prefix(text, step, number) > 0 && ++counted >= 2 && counted_from_0) return System::drone;
    counted_from_0 = counted_from_0 || (counted == 1 && number == "0");
    if (text.starts_with('#') && text.size() > 3 && digit(text[1])) {
      const std::string_view after = text.substr(std::min(text.find(' '), text.size() - 1) + 1);
      if (after.starts_with("[internal] ") || after.starts_with("building with \"") || after.starts_with("DONE ") ||
          (after.starts_with('[') && after.find('/') < 40 && after.find("] ") < 60))
        ++vertices;
      if (vertices >= 2) return System::buildkit;
    }
    if (text.starts_with("Started by upstream project ") || text.starts_with("Started by timer") ||
        text.starts_with("Started by an SCM change") || text.starts_with("Building in workspace /") ||
        text.starts_with("Building remotely on ") || text.starts_with("Branch indexing")) {
      return System::jenkins;
    }
    if (text.starts_with("[Pipeline] ") || text.starts_with("Obtained Jenkinsfile from ") ||
        text.starts_with("Started by user ")) {
      return System::jenkins;
    }
    if (text.starts_with("Mock Version:") || text.starts_with("ENTER [") || text.find("Mock Version: ") < 40 ||
        text.starts_with("sbuild (Debian sbuild)")) {
      return System::mock;
    }
    stamps = stamps || gh_prefix(text) > 0;
  }
  if (stamps) return System::github;
  return looks_like_agent_log(head) ? System::agent : System::plain;
}

bool looks_like_build_log(std::string_view head) {
  head = head.substr(0, head_bytes);
  const System system = system_of(head);
  if (system != System::plain && system != System::github && system != System::azure) return true;
  std::uint32_t lines_seen = 0;
  std::uint32_t stamped = 0;
  std::uint32_t bracketed = 0;
  // Control sequences of a terminal stand in nothing but what was printed to one.
  const bool terminal = head.find("\x1b[") != std::string_view::npos || head.find("\x1b]8;") != std::string_view::npos;
  bool framing = false;
  std::uint64_t tools = 0;
  LineSplitter lines(head);
  for (Line line; lines.next(line);) {
    ++lines_seen;
    std::string_view text = line.raw;
    take(text, "\xEF\xBB\xBF");
    if (std::string_view stamp = leading_stamp(text); !stamp.empty()) {
      // Runners write seven digits; application logs write three, six or nine.
      if (stamp.size() == 28) ++stamped;
      text.remove_prefix(stamp.size());
      take(text, " ");
    } else if (text.starts_with("[20") && !leading_stamp(text.substr(1)).empty()) {
      ++bracketed;
    } else if (gh_prefix(text) > 0) {
      ++stamped;
      framing = true;
    }
    framing = framing || text.starts_with("##[") || text.starts_with("Requested labels:") ||
              text.starts_with("Current runner version:") || text.starts_with("[command]") ||
              text.starts_with("Post job cleanup.");
    if (const int tool = tool_line(text); tool >= 0) tools |= std::uint64_t{1} << tool;
  }
  if (lines_seen == 0) return false;
  if (bracketed * 4 >= lines_seen * 3 && lines_seen >= 5) return true;
  if (terminal) return true;
  if (stamped * 2 >= lines_seen) return true;
  if (framing && stamped > 0) return true;
  return (tools & (tools - 1)) != 0;
}

}  // namespace assay::buildlog

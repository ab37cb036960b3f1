#include "analyzer/buildlog/msbuild.h"

#include <algorithm>
#include <string>

#include "analyzer/buildlog/commands.h"
#include "analyzer/buildlog/section_framing.h"

namespace assay::buildlog {
namespace {

bool letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

// Whether an indented line is the command line of a task: it begins with the path of a program.
bool runs_program(std::string_view text) {
  std::string_view rest = text;
  std::string_view program = take_word(rest);
  if (program.starts_with('"')) {
    const std::size_t end = text.find('"', 1);
    if (end == std::string_view::npos) return false;
    program = text.substr(1, end - 1);
    rest = text.substr(end + 1);
  }
  const bool path = program.find_first_of("/\\") != std::string_view::npos;
  return path && (program.ends_with(".exe") || program.ends_with(".dll") || program.ends_with(".cmd")) &&
         !trimmed(rest).empty();
}

class MsbuildFraming final : public SectionFraming {
 public:
  MsbuildFraming() : SectionFraming(System::msbuild) {}

  std::string_view strip(Line& line, Journal& journal) override {
    begin(line, journal);
    std::string_view text = line.raw;
    take(text, "\xEF\xBB\xBF");
    // "     1>" and, in detailed logs, "10:00:00.123     1>".
    std::string_view rest = trimmed_left(text);
    if (rest.size() > 12 && rest[2] == ':' && rest[5] == ':' && rest[8] == '.') {
      line.time = rest.substr(0, 12);
      rest = trimmed_left(rest.substr(12));
    }
    std::size_t digits = rest.find_first_not_of("0123456789:");
    if (digits != std::string_view::npos && digits > 0 && digits < 8 && rest[digits] == '>')
      return rest.substr(digits + 1);
    return line.time.empty() ? text : rest;
  }

  Remaining structure(const Line& line, Journal& journal) override {
    const std::string_view text = line.text;
    if (text.starts_with("Project \"") && text.find(" on node ") != std::string_view::npos) {
      journal.open_step(line, text, trimmed(text), "group");
      return Remaining::nothing;
    }
    const std::string_view whole = trimmed(text);
    const bool indented = text.starts_with("  ");
    if (!indented && whole.ends_with(':') && whole.size() > 2 && whole.size() < 120 &&
        std::all_of(whole.begin(), whole.end() - 1, [](char c) { return letter(c) || (c >= '0' && c <= '9'); })) {
      journal.open_step(line, whole, whole.substr(0, whole.size() - 1), "section");
      return Remaining::nothing;
    }
    if (whole == "Build FAILED.") journal.step_failed();
    if (indented && runs_program(whole)) {
      read_command(line, whole, CommandSource::script, journal);
      return Remaining::scan;
    }
    // What Exec tasks and build events run is shown as written.
    const std::string_view step = journal.step_name();
    if (indented && (step == "PreBuildEvent" || step == "PostBuildEvent"))
      read_command(line, whole, CommandSource::trace, journal);
    return Remaining::tools;
  }
};

}  // namespace

bool begins_msbuild(std::string_view line) {
  line = trimmed_left(line);
  return line.starts_with("Microsoft (R) Build Engine version ") || line.starts_with("MSBuild version ") ||
         (line.starts_with("Build started ") && line.size() < 60 && line.find(':') != std::string_view::npos) ||
         (line.starts_with("Project \"") && line.find(" on node ") != std::string_view::npos);
}

std::unique_ptr<Framing> make_msbuild_framing() {
  return std::make_unique<MsbuildFraming>();
}

}  // namespace assay::buildlog

#include <algorithm>
#include <string>

#include "analyzer/buildlog/commands.h"
#include "analyzer/buildlog/section_framing.h"

namespace assay::buildlog {
namespace {

bool digit(char c) {
  return c >= '0' && c <= '9';
}

// TeamCity's downloaded build log: "[10:00:01]i: [Step 1/2] text", "[10:00:01]W:\t [Step 1/2] text", service messages
// "##teamcity[blockOpened name='x']" of a step itself.
class TeamcityFraming final : public SectionFraming {
 public:
  TeamcityFraming() : SectionFraming(System::teamcity) {}

  std::string_view strip(Line& line, Journal& journal) override {
    begin(line, journal);
    std::string_view text = line.raw;
    take(text, "\xEF\xBB\xBF");
    if (text.size() > 10 && text[0] == '[' && digit(text[1]) && text[3] == ':' && text[6] == ':' && text[9] == ']') {
      line.time = text.substr(1, 8);
      text.remove_prefix(10);
      if (!text.empty() && text[0] != ' ' && text[0] != ':') text.remove_prefix(1);
      take(text, " ");
      take(text, ":");
      text = trimmed_left(text);
    }
    if (text.starts_with("[Step ")) {
      if (const std::size_t end = text.find("] "); end != std::string_view::npos && end < 20) {
        const std::string_view step = text.substr(1, end - 1);
        if (step != step_) {
          step_ = std::string(step);
          journal.open_step(line, line.raw, step, "run");
        }
        text.remove_prefix(end + 2);
      }
    }
    return text;
  }

  Remaining structure(const Line& line, Journal& journal) override {
    std::string_view rest = line.text;
    if (take(rest, "Starting: ")) {
      read_command(line, rest, CommandSource::script, journal);
      return Remaining::scan;
    }
    if (rest.starts_with("Step ") && rest.find('/') < 12) {
      journal.open_step(line, line.text, trimmed(rest), "run");
      return Remaining::nothing;
    }
    if (take(rest, "Agent name: ") || take(rest, "Agent Name: ")) journal.run().runner = shown(trimmed(rest));
    if (rest.starts_with("Process exited with code ") && !rest.starts_with("Process exited with code 0"))
      journal.step_failed();
    return Remaining::tools;
  }

 private:
  std::string step_;
};

// BuildKit's plain progress: "#12 [build 3/7] RUN npm ci", then "#12 0.456 output", "#12 DONE 1.2s", "#12 ERROR: …".
// Vertices run at once, so that output may stand below the heading of another one.
class BuildkitFraming final : public SectionFraming {
 public:
  BuildkitFraming() : SectionFraming(System::buildkit) {}

  std::string_view strip(Line& line, Journal& journal) override {
    begin(line, journal);
    // "#12 0.456 output": what a step printed, as it printed it.
    std::string_view rest = line.raw;
    if (!take(rest, "#")) return line.raw;
    std::size_t at = 0;
    while (at < rest.size() && digit(rest[at])) ++at;
    if (at == 0 || at + 1 >= rest.size() || rest[at] != ' ' || !digit(rest[at + 1])) return line.raw;
    std::size_t end = at + 1;
    while (end < rest.size() && (digit(rest[end]) || rest[end] == '.')) ++end;
    if (end >= rest.size() || rest[end] != ' ' || rest.substr(at, end - at).find('.') == std::string_view::npos)
      return line.raw;
    return rest.substr(end + 1);
  }

  Remaining structure(const Line& line, Journal& journal) override {
    std::string_view rest = line.text;
    if (!rest.starts_with('#')) return Remaining::tools;
    std::size_t at = 1;
    while (at < rest.size() && digit(rest[at])) ++at;
    if (at == 1 || at >= rest.size() || rest[at] != ' ') return Remaining::tools;
    rest = trimmed_left(rest.substr(at));
    if (rest.starts_with("[") && rest.find("] ") != std::string_view::npos) {
      journal.open_step(line, rest, rest, rest.starts_with("[internal]") ? "setup" : "run");
      std::string_view command = rest.substr(rest.find("] ") + 2);
      if (take(command, "RUN ")) {
        while (command.starts_with("--")) take_word(command), command = trimmed_left(command);
        read_command(line, command, CommandSource::script, journal);
      }
      return Remaining::scan;
    }
    if (rest.starts_with("ERROR")) journal.step_failed();
    return Remaining::tools;
  }
};

// "ENTER ['do'](['bash', …" is what mock runs; a line of "+---" above "| Title |" is sbuild's section.
class PlainFraming final : public SectionFraming {
 public:
  explicit PlainFraming(System system) : SectionFraming(system) {}

  std::string_view strip(Line& line, Journal& journal) override {
    begin(line, journal);
    std::string_view text = line.raw;
    take(text, "\xEF\xBB\xBF");
    // "[2026-01-10T10:00:00Z] text": the stamp that log stores put before each line.
    if (text.starts_with('[')) {
      const std::string_view stamp = leading_stamp(text.substr(1));
      if (!stamp.empty() && text.size() > stamp.size() + 1 && text[stamp.size() + 1] == ']') {
        line.time = stamp;
        if (journal.run().started.empty()) journal.run().started = stamp;
        journal.run().ended = stamp;
        text.remove_prefix(stamp.size() + 2);
        take(text, " ");
      }
    }
    return text;
  }

  Remaining structure(const Line& line, Journal& journal) override {
    std::string_view rest = line.text;
    if (rest.starts_with("ENTER ['do") || take(rest, "Executing command: ")) {
      journal.open_step(line, line.text, trimmed(line.text), "section");
      return Remaining::scan;
    }
    const bool ruled = ruled_;
    ruled_ = rest.starts_with("+----") && rest.ends_with("-+");
    if (ruled && rest.starts_with("| ") && rest.ends_with("|")) {
      journal.open_step(line, line.text, trimmed(rest.substr(1, rest.size() - 2)), "section");
      return Remaining::nothing;
    }
    if (take(rest, "sbuild (Debian sbuild) ")) {
      const std::size_t on = rest.rfind(" on ");
      if (on != std::string_view::npos && journal.run().runner.empty())
        journal.run().runner = shown(trimmed(rest.substr(on + 4)));
    }
    return Remaining::tools;
  }

 private:
  bool ruled_ = false;
};

}  // namespace

std::unique_ptr<Framing> make_teamcity_framing() {
  return std::make_unique<TeamcityFraming>();
}
std::unique_ptr<Framing> make_buildkit_framing() {
  return std::make_unique<BuildkitFraming>();
}
std::unique_ptr<Framing> make_plain_framing(System system) {
  return std::make_unique<PlainFraming>(system);
}

}  // namespace assay::buildlog

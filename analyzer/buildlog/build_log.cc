#include "analyzer/buildlog/build_log.h"

#include <fmt/core.h>

#include <memory>
#include <string>

#include "analyzer/base/limits.h"
#include "analyzer/buildlog/address.h"
#include "analyzer/buildlog/blobs.h"
#include "analyzer/buildlog/command_run.h"
#include "analyzer/buildlog/commands.h"
#include "analyzer/buildlog/framing.h"
#include "analyzer/buildlog/screen.h"
#include "analyzer/buildlog/tools.h"
#include "analyzer/buildlog/transcript.h"

namespace assay::buildlog {
namespace {

class Reading {
 public:
  Reading(std::string_view bytes, evidence::Rows& rows)
      : lines_(bytes), journal_(rows), framing_(make_framing(system_of(bytes))) {}

  // What a transcript says is read line by line as well; everything a message says stands where the message does.
  Reading(const Transcript& log, evidence::Rows& rows)
      : lines_({}), journal_(rows), framing_(make_framing(System::plain)) {
    Line last;
    last.place = Span{};
    journal_.open_run(last, word(log.system));
    journal_.run().run = log.run;
    std::int32_t step = -1;
    for (const Message& message : log.messages) {
      Line line;
      line.place = message.at.value_or(Span{});
      line.time = message.time;
      if (message.step != step && message.step >= 0) {
        const std::string_view heading = log.headings[static_cast<std::size_t>(message.step)];
        journal_.open_step(line, heading, heading, "run");
      }
      step = message.step;
      line.raw = line.text = message.text;
      if (message.speech == Speech::command) read_command(line, message.text, CommandSource::script, journal_);
      if (message.speech == Speech::fetched) contacted(line, message.text, word(log.system), journal_);
      if (message.speech != Speech::printed) continue;
      if (message.text.starts_with("ERROR: ")) journal_.step_failed();
      LineSplitter splitter(message.text);
      while (splitter.next(line)) {
        line.place = message.at.value_or(Span{});
        one(line);
        last = line;
        last.text = last.raw;
        last.origin = nullptr;
      }
    }
    blobs_.flush(journal_);
    framing_->finish(last, journal_);
  }

  void read() {
    Line last;
    for (Line line; lines_.next(line);) {
      one(line);
      last = line;
      last.text = last.raw;
      last.origin = nullptr;
    }
    blobs_.flush(journal_);
    framing_->finish(last, journal_);
  }

  void report(ReadOutcome& outcome) const {
    if (lines_.cut_lines() > 0) {
      outcome.partly(fmt::format("{} lines are longer than {} bytes and were read up to there (max_log_line_bytes)",
                                 lines_.cut_lines(), limits::max_log_line_bytes));
    }
    if (journal_.events_left_out()) {
      outcome.partly(fmt::format("the log tells more than {} events; the rest was left out (max_log_events)",
                                 limits::max_log_events));
    }
    if (blobs_.budget_spent())
      outcome.partly(
          fmt::format("decoding of blobs ended after {} bytes (max_decode_bytes)", limits::max_decode_bytes));
  }

 private:
  void one(Line& line) {
    const std::string_view body = framing_->strip(line, journal_);
    const bool plain = Screen::plain(body);
    if (plain) {
      line.text = body;
    } else {
      line.text = screen_.render(body, static_cast<std::size_t>(body.data() - line.raw.data()));
      line.origin = screen_.origin();
    }
    const Remaining remaining = framing_->structure(line, journal_);
    if (remaining == Remaining::nothing) return;
    if (remaining == Remaining::tools) read_tool_line(line, journal_);
    addresses(line, line.text);
    blobs_.look(line, journal_);
    if (!plain) hidden(line);
  }

  void addresses(const Line& line, std::string_view text) {
    for (std::size_t colon = text.find(':'); colon != std::string_view::npos; colon = text.find(':', colon + 1)) {
      if (colon + 2 < text.size() && text[colon + 1] == '/' && text[colon + 2] == '/') {
        Address address;
        if (!address_at(text, colon, address)) continue;
        mentioned(line, address, journal_);
        if (address.host == "github.com") run_address(address);
      } else if (colon < 120 && colon + 1 < text.size() && text[colon + 1] == ' ') {
        after_colon(line, text.substr(0, colon), text.substr(colon + 2));
      }
    }
  }

  // Docker's "TAG: Pulling from NAME" and "TAG: digest: sha256:… size: 1".
  void after_colon(const Line& line, std::string_view tag, std::string_view rest) {
    tag = trimmed(tag);
    if (rest.empty() || (rest[0] != 'P' && rest[0] != 'd') || tag.find(' ') != std::string_view::npos) return;
    StepMemory& memory = journal_.memory();
    if (take(rest, "Pulling from ")) {
      memory.pulled_image = std::string(tag) + "\n" + std::string(take_word(rest));
    } else if (!memory.pushed_image.empty() && take(rest, "digest: ")) {
      const std::string_view digest = take_word(rest);
      if (!digest.starts_with("sha256:")) return;
      image(line, memory.pushed_image + ":" + std::string(tag), digest, "published", journal_);
    }
  }

  // "https://github.com/OWNER/NAME/actions/runs/ID…" of the repository that is being built names the run.
  void run_address(const Address& address) {
    evidence::LogRunRow& run = journal_.run();
    const std::size_t at = address.url.find("/actions/runs/");
    if (!run.run.empty() || run.repository.empty() || at == std::string::npos) return;
    if (lower(address.url.substr(0, at)) != "https://github.com/" + run.repository) return;
    const std::size_t end = address.url.find_first_not_of("0123456789", at + 14);
    if (end != at + 14) run.run = address.url.substr(0, end);
  }

  // What a terminal does not show is read as well; it is a gap only when it says something the visible text does not:
  // an address, a download command or a runner's marker.
  void hidden(const Line& line) {
    for (const std::string_view stretch : screen_.replaced()) {
      if (stretch.size() < 12) continue;
      const bool address = stretch.find("://") != std::string_view::npos;
      const bool telling = address || stretch.find("##[") != std::string_view::npos ||
                           stretch.find("curl ") != std::string_view::npos ||
                           stretch.find("wget ") != std::string_view::npos;
      if (!telling) continue;
      Address found;
      if (address && first_address(stretch, found)) {
        if (line.text.find(found.host) != std::string_view::npos) continue;
        mentioned(line, found, journal_);
      } else if (address) {
        continue;
      }
      journal_.gap(line.span(), "hidden-text", "written over: " + std::string(stretch.substr(0, 200)));
      break;
    }
    if (screen_.concealed().find_first_not_of(" \t") != std::string::npos) {
      journal_.gap(line.span(), "hidden-text", "set in concealed characters: " + screen_.concealed().substr(0, 200));
    }
  }

  LineSplitter lines_;
  Journal journal_;
  std::unique_ptr<Framing> framing_;
  Screen screen_;
  BlobFinder blobs_;
};

}  // namespace

ReadOutcome read_build_log(const Transcript& log, evidence::Rows& rows) {
  ReadOutcome outcome;
  const Reading reading(log, rows);
  reading.report(outcome);
  for (const std::string& gap : log.gaps) outcome.partly(gap);
  if (rows.lost() > 0) outcome.partly(fmt::format("{} rows were left out (max_rows_per_artifact)", rows.lost()));
  return outcome;
}

ReadOutcome read_build_log(const intake::Input& input, evidence::Rows& rows) {
  ReadOutcome outcome;
  std::string_view bytes = input.bytes;
  if (bytes.size() > limits::max_document_bytes) {
    outcome.partly(fmt::format("the log is longer than {} bytes and was read up to there (max_document_bytes)",
                               limits::max_document_bytes));
    bytes = bytes.substr(0, limits::max_document_bytes);
  }
  if (looks_like_transcript(bytes.substr(0, 8192))) {
    outcome.merge(read_build_log(read_transcript(bytes), rows));
    return outcome;
  }
  Reading reading(bytes, rows);
  reading.read();
  reading.report(outcome);
  if (rows.lost() > 0) outcome.partly(fmt::format("{} rows were left out (max_rows_per_artifact)", rows.lost()));
  return outcome;
}

ReadOutcome read_command_runs(const intake::Input& input, evidence::Rows& rows) {
  const std::optional<Transcript> log = command_runs(input.bytes);
  return log ? read_build_log(*log, rows) : ReadOutcome{};
}

}  // namespace assay::buildlog

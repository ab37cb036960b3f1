#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_set>

#include "analyzer/buildlog/line.h"
#include "analyzer/evidence/rows.h"

namespace assay::buildlog {

// Who printed a line, as far as its place in the log tells: the CI system outside of any step, or whatever a step ran.
enum class Voice : std::uint8_t { runner, step };

// What tool readers remember between the lines of one step; forgotten when the next step begins.
struct StepMemory {
  bool npm_publishing = false;      // "npm notice Publishing to" was seen
  bool pnpm_dependencies = false;   // below a "dependencies:" heading of pnpm
  bool twine_uploading = false;     // "Uploading distributions to" was seen
  bool gems = false;                // RubyGems or Bundler is at work
  std::string twine_index{};        // its address
  std::string pushed_image{};       // "The push refers to repository [X]"
  std::string pulled_image{};       // "latest: Pulling from X"
  std::string packed_digest{};      // SHA-1 that npm printed of the package it packed
  std::string checked_out_ref{};    // ref named last together with a commit
  std::string checked_out{};        // commit named last
  std::string lifecycle_package{};  // "> pkg@1 postinstall" was the previous line
};

// Writes the rows of one log: keeps the current run and step, fills in what every row shares, holds repeated facts
// back. One thread; lives for one read_build_log call.
class Journal {
 public:
  explicit Journal(evidence::Rows& rows) : rows_(rows) {}

  // Begins a job's log. Facts of the header are written into run() as they appear.
  void open_run(const Line& line, std::string_view system);
  bool has_run() const { return run_ >= 0; }
  evidence::LogRunRow& run() { return rows_.log_run[static_cast<std::size_t>(run_)]; }

  void open_step(const Line& line, std::string_view part, std::string_view name, std::string_view kind);
  void close_step();
  // The system says that the open step failed.
  void step_failed();
  bool in_step() const { return step_ != 0; }
  // Heading and kind of the open step, "" when none is open.
  std::string_view step_name() const;
  std::string_view step_kind() const;

  void speak(Voice voice) { voice_ = voice; }
  Voice voice() const { return voice_; }

  // Adds the event; `at` becomes the place of `part`, and run, step, said_by, time and text are filled in.
  void event(const Line& line, std::string_view part, evidence::LogEventRow row);
  // As event(), unless this step already told the same kind, ecosystem, name, version and value.
  void event_once(const Line& line, std::string_view part, evidence::LogEventRow row);
  // True the first time a step asks with this key; false once the log has all the events it may have.
  bool first_time(std::string_view key, std::uint64_t seed);

  void gap(const Line& line, std::string_view part, std::string_view kind, const std::string& detail);
  void gap(Span span, std::string_view kind, const std::string& detail);
  void blob(Span span, evidence::LogBlobRow row);

  StepMemory& memory() { return memory_; }
  bool events_left_out() const { return events_left_out_; }

 private:
  // Whether no more events are taken; asking means that one is left out then.
  bool full();

  evidence::Rows& rows_;
  std::int64_t run_ = -1;  // index in rows_.log_run
  evidence::RowId run_id_ = 0;
  evidence::RowId step_ = 0;
  std::int64_t steps_ = 0;  // of this run
  Voice voice_ = Voice::step;
  StepMemory memory_;
  std::unordered_set<std::uint64_t> seen_;
  std::size_t gaps_ = 0;
  bool events_left_out_ = false;
};

// Of a line, what a report shows: valid UTF-8 of at most limits::max_line_bytes_shown bytes.
std::string shown(std::string_view text);
std::string lower(std::string_view text);

}  // namespace assay::buildlog

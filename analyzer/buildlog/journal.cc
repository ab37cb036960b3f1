#include "analyzer/buildlog/journal.h"

#include <utility>

#include "analyzer/base/digest.h"
#include "analyzer/base/limits.h"
#include "analyzer/base/utf8.h"

namespace assay::buildlog {
namespace {

constexpr std::size_t max_gaps = 1'000;  // more of them say nothing new
constexpr std::size_t max_remembered = std::size_t{1} << 20;

}  // namespace

std::string shown(std::string_view text) {
  if (text.size() > limits::max_line_bytes_shown) {
    std::size_t end = limits::max_line_bytes_shown;
    while (end > limits::max_line_bytes_shown - 4 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
    return utf8::repaired(text.substr(0, end)) + "…";
  }
  return utf8::repaired(text);
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

void Journal::open_run(const Line& line, std::string_view system) {
  close_step();
  run_id_ = rows_.add(evidence::LogRunRow{.at = rows_.locate(line.span()), .system = std::string(system)});
  run_ = static_cast<std::int64_t>(rows_.log_run.size()) - 1;
  steps_ = 0;
}

void Journal::open_step(const Line& line, std::string_view part, std::string_view name, std::string_view kind) {
  close_step();
  step_ = rows_.add(evidence::LogStepRow{.at = rows_.locate(line.span(part)),
                                         .log_run_id = run_id_,
                                         .position = steps_++,
                                         .name = shown(name),
                                         .kind = std::string(kind),
                                         .started = std::string(line.time)});
}

void Journal::close_step() {
  step_ = 0;
  memory_ = StepMemory{};
  seen_.clear();
}

void Journal::step_failed() {
  if (step_ != 0) rows_.log_step.back().failed = evidence::Tri::yes;
}

std::string_view Journal::step_name() const {
  return step_ == 0 ? std::string_view{} : rows_.log_step.back().name;
}
std::string_view Journal::step_kind() const {
  return step_ == 0 ? std::string_view{} : rows_.log_step.back().kind;
}

bool Journal::full() {
  if (rows_.log_event.size() < limits::max_log_events) return false;
  events_left_out_ = true;
  return true;
}

void Journal::event(const Line& line, std::string_view part, evidence::LogEventRow row) {
  if (full()) return;
  row.at = rows_.locate(line.span(part));
  row.log_run_id = run_id_;
  row.log_step_id = step_;
  if (row.said_by.empty()) row.said_by = voice_ == Voice::runner ? "runner" : "step";
  row.time = line.time;
  row.text = shown(trimmed(line.text));
  rows_.add(std::move(row));
}

void Journal::event_once(const Line& line, std::string_view part, evidence::LogEventRow row) {
  if (full()) return;
  std::uint64_t key = digest::stable_hash(row.kind);
  for (const std::string* one : {&row.ecosystem, &row.name, &row.version, &row.value}) {
    key = digest::stable_hash("\n", digest::stable_hash(*one, key));
  }
  if (seen_.size() < max_remembered && !seen_.insert(key).second) return;
  event(line, part, std::move(row));
}

bool Journal::first_time(std::string_view key, std::uint64_t seed) {
  if (full()) return false;
  return seen_.size() >= max_remembered || seen_.insert(digest::stable_hash(key, seed)).second;
}

void Journal::gap(Span span, std::string_view kind, const std::string& detail) {
  if (++gaps_ > max_gaps) return;
  rows_.add(evidence::LogGapRow{
      .at = rows_.locate(span), .log_run_id = run_id_, .kind = std::string(kind), .detail = shown(detail)});
}

void Journal::gap(const Line& line, std::string_view part, std::string_view kind, const std::string& detail) {
  gap(line.span(part), kind, detail);
}

void Journal::blob(Span span, evidence::LogBlobRow row) {
  row.at = rows_.locate(span);
  row.log_run_id = run_id_;
  row.log_step_id = step_;
  rows_.add(std::move(row));
}

}  // namespace assay::buildlog

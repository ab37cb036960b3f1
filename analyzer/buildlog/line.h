#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "analyzer/base/position.h"

namespace assay::buildlog {

// One line of a log on its way through the readers. Views into the log and into the Screen that rendered it: valid
// until the next line is read.
struct Line {
  std::uint32_t number = 0;               // 1-based
  std::string_view raw;                   // the bytes, line end removed, cut at limits::max_log_line_bytes
  std::string_view time;                  // time stamp of the CI system as written, "" when the line has none
  std::string_view text;                  // what a person sees: stamp, colours and overwritten text removed
  std::optional<Span> place{};            // where the line stands, when that is not a line of the file
  const std::uint32_t* origin = nullptr;  // offset in `raw` of each byte of `text`; null when `text` is part of `raw`

  // Where `part`, a stretch of `text`, stands. A stretch of other memory gives the whole line.
  Span span(std::string_view part) const;
  Span span() const;
};

// Cuts bytes into lines at LF. A line longer than limits::max_log_line_bytes is handed out by its beginning only;
// `cut_lines` counts those. One pass, no copies.
class LineSplitter {
 public:
  explicit LineSplitter(std::string_view bytes) : rest_(bytes) {}

  // False at the end. A last line without LF counts; nothing after a last LF does not.
  bool next(Line& line);
  std::uint32_t lines() const { return number_; }
  std::uint32_t cut_lines() const { return cut_; }

 private:
  std::string_view rest_;
  std::uint32_t number_ = 0;
  std::uint32_t cut_ = 0;
};

std::string_view trimmed(std::string_view text);
std::string_view trimmed_left(std::string_view text);
// Removes `prefix` from the front of `text` when it stands there.
bool take(std::string_view& text, std::string_view prefix);
// The text before `stop`, which is removed with it from `text`; all of it when `stop` does not occur.
std::string_view take_until(std::string_view& text, std::string_view stop);
// The next run of characters other than blanks, removed from `text`.
std::string_view take_word(std::string_view& text);

}  // namespace assay::buildlog

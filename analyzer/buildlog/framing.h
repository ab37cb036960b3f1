#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "analyzer/buildlog/journal.h"
#include "analyzer/buildlog/line.h"
#include "analyzer/buildlog/recognise.h"

namespace assay::buildlog {

// What is left to do with a line once the framing has read it.
enum class Remaining : std::uint8_t {
  nothing,  // the line belongs to the CI system alone
  scan,     // addresses and blobs may stand in it, but no tool printed it
  tools,    // a tool may have printed it
};

// How one CI system frames what steps print: stamps, headings, sections, header and end. One object a log, one thread.
// For each line the driver calls strip(), renders what it returns, then structure().
class Framing {
 public:
  virtual ~Framing() = default;
  // Takes stamp and markers off line.raw, sets line.time, and returns the rest.
  virtual std::string_view strip(Line& line, Journal& journal) = 0;
  // Reads headings and the system's own facts; line.text is set.
  virtual Remaining structure(const Line& line, Journal& journal) = 0;
  // The log ends after `last`.
  virtual void finish(const Line& last, Journal& journal) = 0;
};

std::unique_ptr<Framing> make_framing(System system);

// The framings, a file each or, where thin, together.
std::unique_ptr<Framing> make_github_framing();
std::unique_ptr<Framing> make_section_framing(System system);

}  // namespace assay::buildlog

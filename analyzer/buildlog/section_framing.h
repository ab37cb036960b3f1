#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "analyzer/buildlog/framing.h"
#include "analyzer/buildlog/time_stamp.h"

namespace assay::buildlog {

// What the thinner framings share: a run that begins with the first line, sections as steps, stamps from epochs.
class SectionFraming : public Framing {
 public:
  explicit SectionFraming(System system) : system_(system) {}

  void finish(const Line&, Journal& journal) override { journal.close_step(); }

 protected:
  void begin(const Line& line, Journal& journal) {
    if (!journal.has_run()) {
      journal.open_run(line, word(system_));
      journal.speak(Voice::step);
    }
    if (!epoch_.empty()) {
      evidence::LogRunRow& run = journal.run();
      if (run.started.empty()) run.started = epoch_;
      run.ended = epoch_;
    }
    ++journal.run().lines;
  }
  void moment(std::int64_t milliseconds) {
    if (milliseconds == moment_) return;
    moment_ = milliseconds;
    epoch_ = stamp_of(milliseconds);
  }
  std::string_view moment() const { return epoch_; }

 private:
  System system_;
  std::int64_t moment_ = -1;
  std::string epoch_;
};

// Framings of a file each.
std::unique_ptr<Framing> make_drone_framing();
std::unique_ptr<Framing> make_msbuild_framing();

// Framings of console.cc.
std::unique_ptr<Framing> make_teamcity_framing();
std::unique_ptr<Framing> make_buildkit_framing();
// mock, sbuild and logs without framing.
std::unique_ptr<Framing> make_plain_framing(System system);

}  // namespace assay::buildlog

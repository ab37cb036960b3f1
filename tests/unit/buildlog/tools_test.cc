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

TEST(ToolLines, OtherInstallers) {
  EXPECT_THAT(packages("installed demo@1.2.3 with binaries:\n├── axios@1.14.1\n└── @s/n@2.0.0\n"),
              ElementsAre("package-installed|npm|demo|1.2.3", "package-installed|npm|axios|1.14.1",
                          "package-installed|npm|@s/n|2.0.0"));
  EXPECT_THAT(
      packages("  - Updating requests (2.27.0 -> 2.28.1)\n  - Upgrading symfony/console (v5.4.1 => v5.4.2)\n"),
      ElementsAre("package-installed|pypi|requests|2.28.1", "package-installed|composer|symfony/console|v5.4.2"));
  EXPECT_THAT(packages("Fetching rake-13.0.6.gem\nSuccessfully installed rake-13.0.6\n1 gem installed\n"),
              ElementsAre("package-installed|gem|rake|13.0.6"));
  EXPECT_THAT(packages("Fetching gem metadata from https://rubygems.org/.......\nUsing rake 13.0.6\n"),
              ElementsAre("package-installed|gem|rake|13.0.6"));
  EXPECT_THAT(packages("Using Python 3.11.2 environment at: .venv\nUsing cached demo-1.0-py3-none-any.whl (3 kB)\n"),
              ElementsAre("package-downloaded|pypi|demo|1.0"));
  EXPECT_THAT(packages("Successfully installed 'Demo.Tool 1.2.3' to C:\\x\n"),
              ElementsAre("package-installed|nuget|demo.tool|1.2.3"));
  EXPECT_THAT(packages("  Installing ripgrep v14.1.0\n"), ElementsAre("package-installed|cargo|ripgrep|14.1.0"));
  EXPECT_THAT(packages("go: added example.com/m v1.2.3\n"),
              ElementsAre("package-requested|golang|example.com/m|v1.2.3"));
  EXPECT_THAT(packages("go: added some words\n  - Updating files\nUsing docker image x\n"), IsEmpty());
}

TEST(ToolLines, PublishersAndSigners) {
  EXPECT_THAT(packages("Publishing demo (1.0.1) to PyPI\n - Uploading demo-1.0.1-py3-none-any.whl 100%\n"),
              ElementsAre("published|pypi|demo|1.0.1"));
  EXPECT_THAT(
      packages("Publishing 2 files https://upload.pypi.org/legacy/\nUploading demo-1.0.1-py3-none-any.whl (3KiB)\n"),
      ElementsAre("published|pypi|demo|1.0.1"));
  EXPECT_THAT(
      packages(" DONE  Published example.demo v1.0.0.\n🚀  Published example.other v2.0.0\n"),
      ElementsAre("published|vscode-extension|example.demo|1.0.0", "published|vscode-extension|example.other|2.0.0"));
  EXPECT_THAT(
      reading("Successfully signed: setup.exe\njar signed.\ngpg: using \"0A1B\" as default secret key for signing\n")
          .ask("SELECT ecosystem, name FROM log_event WHERE kind = 'signed'"),
      ElementsAre("file|setup.exe", "file|", "openpgp|0A1B"));
}

TEST(ToolLines, NetworkOfGitCurlCmakeApkAndDocker) {
  const auto hosts = [](const std::string& log) {
    return reading(log).ask("SELECT name, host FROM log_event WHERE kind = 'url-contacted'");
  };
  EXPECT_THAT(hosts("* Connected to files.example.com (192.0.2.1) port 443\n"), ElementsAre("curl|files.example.com"));
  EXPECT_THAT(hosts("To https://git.example.com/o/n.git\n"), ElementsAre("git push|git.example.com"));
  EXPECT_THAT(hosts("-- Downloading https://cmake.example.com/x.tar.gz\n"), ElementsAre("cmake|cmake.example.com"));
  EXPECT_THAT(hosts("fetch https://apk.example.com/x/APKINDEX.tar.gz\n"), ElementsAre("apk|apk.example.com"));
  EXPECT_THAT(hosts("    Updating git repository `https://crates.example.com/x`\n"),
              ElementsAre("cargo|crates.example.com"));
  EXPECT_THAT(hosts("To be continued\n-- The C compiler identification is GNU\nfetch this\n"), IsEmpty());
  test::Reading log = reading(
      "Step 1/3 : FROM node:18 AS build\nTrying to pull quay.io/o/tool:1...\nSuccessfully tagged "
      "demo:latest\nSubmodule "
      "path 'vendor/x': checked out '0123456789012345678901234567890123456789'\n-- Found OpenSSL: /usr/lib/x.so (found "
      "version \"3.0.11\")\n");
  EXPECT_THAT(
      log.ask("SELECT kind, name, version FROM log_event WHERE kind LIKE 'image-%' OR kind LIKE 'submodule%' OR "
              "kind = 'tool-found'"),
      ElementsAre("image-requested|node|18", "image-pulled|o/tool|1", "image-built|demo|latest",
                  "submodule-checked-out|vendor/x|", "tool-found|OpenSSL|3.0.11"));
}

TEST(ToolLines, Compilers) {
  const auto facts = [](const std::string& log) {
    return reading(log).ask("SELECT kind, name, value FROM log_event WHERE kind IN ('compiled', 'compiler-option')");
  };
  EXPECT_THAT(
      facts("gcc -O2 -c src/a.c -o src/a.o\nlibtool: compile:  x86_64-linux-gnu-gcc-12 -c b.cc -include /tmp/h.h\n"),
      ElementsAre("compiled|src/a.c|gcc", "compiled|b.cc|x86_64-linux-gnu-gcc-12",
                  "compiler-option|-include|/tmp/h.h"));
  EXPECT_THAT(facts("+ /usr/bin/clang -fplugin=/opt/p.so -Wl,-force_load,/opt/x.a m.m\n"),
              ElementsAre("compiled|m.m|clang", "compiler-option|-fplugin|/opt/p.so",
                          "compiler-option|-Wl,-force_load|/opt/x.a"));
  EXPECT_THAT(facts("gcc is missing a.c\n").size(), 1U);
  EXPECT_THAT(facts("gcc: error: a.c\nclang-tidy a.cc\ngcc-ar rcs x.a a.o\ncc -MF a.c\n"), IsEmpty());
}

TEST(ToolLines, TestSummaries) {
  const auto runs = [](const std::string& log) {
    return reading(log).ask("SELECT name, value, version FROM log_event WHERE kind = 'tests-run'");
  };
  EXPECT_THAT(runs("==== 3 failed, 5 passed in 1.20s ====\n"), ElementsAre("pytest|failed|3"));
  EXPECT_THAT(runs("5 passed in 0.10s\n"), ElementsAre("pytest|passed|0"));
  EXPECT_THAT(runs("Tests:       1 failed, 4 passed, 5 total\n"), ElementsAre("jest|failed|1"));
  EXPECT_THAT(runs("[INFO] Tests run: 5, Failures: 0, Errors: 0, Skipped: 0\n"), ElementsAre("surefire|passed|0"));
  EXPECT_THAT(runs("[ERROR] Tests run: 5, Failures: 1, Errors: 1, Skipped: 0\n"), ElementsAre("surefire|failed|2"));
  EXPECT_THAT(runs("test result: FAILED. 1 passed; 2 failed; 0 ignored\n"), ElementsAre("cargo|failed|2"));
  EXPECT_THAT(runs("ok  \texample.com/m\t0.01s\nFAIL\texample.com/n\t0.02s\n"),
              ElementsAre("go|passed|0", "go|failed|1"));
  EXPECT_THAT(runs("67% tests passed, 1 tests failed out of 3\n"), ElementsAre("ctest|failed|1"));
  EXPECT_THAT(runs("  12 passing (3s)\n  2 failing\n"), ElementsAre("mocha|passed|0", "mocha|failed|2"));
  EXPECT_THAT(runs("5 examples, 1 failure\n"), ElementsAre("rspec|failed|1"));
  EXPECT_THAT(runs("Failed!  - Failed:     1, Passed:     3, Skipped:     0\n"), ElementsAre("dotnet|failed|1"));
  EXPECT_THAT(runs("OK (5 tests, 7 assertions)\nTests: 5, Assertions: 7, Failures: 1.\n"),
              ElementsAre("phpunit|passed|0", "phpunit|failed|1"));
  EXPECT_THAT(runs("FAILED (failures=1, errors=2)\n"), ElementsAre("unittest|failed|3"));
  EXPECT_THAT(runs("3 failed attempts\n12 files passed\n=======\nTests: none\nOK (done)\n"), IsEmpty());
}

}  // namespace
}  // namespace assay::buildlog

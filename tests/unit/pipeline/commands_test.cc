#include "analyzer/pipeline/commands.h"

#include <gtest/gtest.h>

namespace assay::pipeline {
namespace {

CommandFacts facts(std::string_view line) {
  return describe(formats::split_shell(line).commands.at(0));
}

TEST(Commands, UnwrapsWhatRunsThem) {
  EXPECT_EQ(facts("sudo -E /usr/bin/npm ci").program, "npm");
  EXPECT_EQ(facts("env A=b timeout 5 make all").program, "make");
  EXPECT_EQ(facts("A=b ./gradlew build").program, "gradlew");
  EXPECT_EQ(facts("sudo").program, "sudo");
}

TEST(Commands, KnowsInstallersAndDownloads) {
  EXPECT_EQ(facts("npm ci").installs, "npm");
  EXPECT_EQ(facts("npm test").installs, "");
  EXPECT_EQ(facts("python3 -m pip install x").installs, "pip");
  EXPECT_EQ(facts("python3 -m pytest").installs, "");
  EXPECT_EQ(facts("curl -fsSL -o x https://example.com/a").downloads, "https://example.com/a");
  EXPECT_EQ(facts("wget -O- $URL").downloads, "$URL");
  EXPECT_EQ(facts("echo https://example.com").downloads, "");
}

TEST(Commands, KnowsWhatPublishes) {
  EXPECT_EQ(facts("npm publish --access public").publishes, "package");
  EXPECT_EQ(facts("npm publish --dry-run").publishes, "");
  EXPECT_EQ(facts("cargo +nightly publish").publishes, "package");
  EXPECT_EQ(facts("bundle exec gem push a.gem").publishes, "package");
  EXPECT_EQ(facts("pipx run twine==6.1.0 upload dist/*").publishes, "package");
  EXPECT_EQ(facts("bunx npm publish").publishes, "package");
  EXPECT_EQ(facts("docker buildx build --push .").publishes, "image");
  EXPECT_EQ(facts("gh release upload v1 x").publishes, "release");
  EXPECT_EQ(facts("git push origin HEAD").publishes, "branch");
  EXPECT_EQ(facts("git commit").publishes, "");
}

TEST(Commands, KnowsWhatRunsTheWorkspace) {
  for (const std::string_view line :
       {"make", "./x.sh", "bash ci/x.sh", "npm ci", "pip install -e .", "python -m pytest", "source env.sh"}) {
    EXPECT_TRUE(facts(line).runs_workspace) << line;
  }
  for (const std::string_view line :
       {"echo make", "npm --version", "npm install -g x", "pip install x", "bash -c 'x'", "ls ./x"}) {
    EXPECT_FALSE(facts(line).runs_workspace) << line;
  }
}

TEST(Commands, WritesJson) {
  EXPECT_EQ(json_array({"a\"b", "c\\", "\n"}), "[\"a\\\"b\",\"c\\\\\",\"\\u000a\"]");
}

}  // namespace
}  // namespace assay::pipeline

#include "sbom-import/lockfiles.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/reading.h"

namespace assay::sbom {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> packages(LockfileReader reader, std::string_view text) {
  test::Reading reading(reader, "lock", text, ArtifactKind::text);
  return reading.ask(
      "SELECT full_name, c.version, coalesce(o.kind, ''), coalesce(o.host, ''), coalesce(o.immutable, ''), line, "
      "column FROM component c "
      "LEFT JOIN component_origin o USING (component_id) JOIN location l ON l.location_id = c.at ORDER BY "
      "c.component_id");
}

TEST(Lockfiles, Cargo) {
  EXPECT_THAT(packages(read_cargo_lock,
                       "version = 3\n[[package]]\nname = \"app\"\nversion = \"0.1.0\"\ndependencies = [\n \"a\",\n]\n\n"
                       "[[package]]\nname = \"a\"\nversion = \"1.0.0\"\nsource = "
                       "\"registry+https://github.com/rust-lang/crates.io-index\"\nchecksum = \"ab\"\n"
                       "[[package]]\nname = \"g\"\nversion = \"2.0.0\"\nsource = "
                       "\"git+https://example.com/g?rev=1#0123456789012345678901234567890123456789\"\n"),
              ElementsAre("app|0.1.0||||3|9", "a|1.0.0|registry|github.com|1|10|9", "g|2.0.0|git|example.com|1|15|9"));
}

TEST(Lockfiles, Python) {
  EXPECT_THAT(packages(read_python_lock,
                       "[[package]]\nname = \"My_Thing\"\nversion = \"1.0\"\nfiles = [\n    {file = \"a.whl\", hash = "
                       "\"sha256:ab\"},\n]\n"
                       "[package.dependencies]\nname = \">=1\"\n\n[[package]]\nname = \"here\"\nversion = "
                       "\"0\"\nsource = { virtual = \".\" }\n"
                       "[metadata]\nname = \"x\"\n"),
              ElementsAre("my-thing|1.0|registry||1|2|9"));
}

TEST(Lockfiles, YarnClassicAndBerry) {
  EXPECT_THAT(packages(read_yarn_lock,
                       "# yarn lockfile v1\n\n\"@s/a@^1.0.0\", \"@s/a@^1.1.0\":\n  version \"1.2.0\"\n  resolved "
                       "\"https://registry.yarnpkg.com/@s/a/-/a-1.2.0.tgz#0123456789012345678901234567890123456789\"\n"
                       "  dependencies:\n    version \"9\"\n\nb@npm:real@2:\n  version \"2.0.0\"\n"),
              ElementsAre("@s/a|1.2.0|registry|registry.yarnpkg.com|0|3|1", "real|2.0.0|registry||0|9|1"));
  EXPECT_THAT(packages(read_yarn_lock,
                       "__metadata:\n  version: 6\n\n\"a@npm:^1.0.0\":\n  version: 1.0.0\n  resolution: "
                       "\"a@npm:1.0.0\"\n  checksum: ab\n\n"
                       "\"w@workspace:.\":\n  version: 0.0.0-use.local\n  resolution: \"w@workspace:.\"\n"),
              ElementsAre("a|1.0.0|registry||1|4|1"));
}

TEST(Lockfiles, Pnpm) {
  EXPECT_THAT(
      packages(read_pnpm_lock,
               "lockfileVersion: '9.0'\npackages:\n  '@s/a@1.0.0':\n    resolution: {integrity: sha512-AAEC}\n "
               " b@2.0.0:\n    resolution: {tarball: https://example.com/b.tgz}\n  c@file:c:\n    version: 1.0.0\n"),
      ElementsAre("@s/a|1.0.0|registry||1|3|3", "b|2.0.0|url|example.com|0|5|3", "c|1.0.0|file||0|7|3"));
  EXPECT_THAT(packages(read_pnpm_lock,
                       "lockfileVersion: 5.4\npackages:\n  /@s/a/1.0.0_peer@2.0.0:\n    resolution: {integrity: "
                       "sha512-AAEC}\n  /b/2.0.0:\n    dev: true\n"),
              ElementsAre("@s/a|1.0.0|registry||1|3|3", "b|2.0.0|registry||0|5|3"));
}

TEST(Lockfiles, GoSum) {
  EXPECT_THAT(packages(read_go_sum,
                       "example.com/a v1.0.0 h1:AAEC=\nexample.com/a v1.0.0/go.mod h1:AAED=\nexample.com/b "
                       "v1.0.0/go.mod h1:AAEE=\n"),
              ElementsAre("example.com/a|v1.0.0|registry||1|1|1"));
}

TEST(Lockfiles, Gemfile) {
  EXPECT_THAT(packages(read_gemfile_lock,
                       "GIT\n  remote: https://example.com/g.git\n  revision: "
                       "0123456789012345678901234567890123456789\n  specs:\n    g (1.0)\n\n"
                       "GEM\n  remote: https://rubygems.org/\n  specs:\n    a (2.0-x86_64-linux)\n      b (~> 1)\n"),
              ElementsAre("g|1.0|git|example.com|1|5|5", "a|2.0|registry|rubygems.org|0|10|5"));
}

TEST(Lockfiles, ComposerAndPipfile) {
  EXPECT_THAT(
      packages(
          read_composer_lock,
          R"({"packages": [{"name": "v/p", "version": "1.0", "dist": {"url": "https://api.github.com/repos/v/p/zipball/x", "shasum": ""}}], "packages-dev": []})"),
      ElementsAre("v/p|1.0|registry|api.github.com|0|1|24"));
  EXPECT_THAT(
      packages(
          read_pipfile_lock,
          R"({"default": {"A_b": {"version": "==1.0", "hashes": ["sha256:ab"]}}, "develop": {"c": {"git": "https://example.com/c.git", "ref": "main"}}})"),
      ElementsAre("a-b|1.0|registry||1|1|14", "c||git|example.com|0|1|81"));
}

TEST(Lockfiles, AreToldByName) {
  EXPECT_EQ(lockfile_reader("a/b/yarn.lock"), &read_yarn_lock);
  EXPECT_EQ(lockfile_reader("yarn.lock.txt"), nullptr);
}

TEST(Lockfiles, SurviveAnything) {
  for (const LockfileReader reader : {read_cargo_lock, read_python_lock, read_yarn_lock, read_pnpm_lock, read_go_sum,
                                      read_gemfile_lock, read_composer_lock, read_pipfile_lock}) {
    for (const std::string_view text :
         {std::string_view{""}, std::string_view{"\n\n"}, std::string_view{"[[package]]"}, std::string_view{"{"},
          std::string_view{"\0:\xFF", 3}, std::string_view{"a:\n  version \""}, std::string_view{"GEM\n    x ("},
          std::string_view{"packages: {/: {}, '@': 1}"}}) {
      const Artifact artifact{.id = artifact_id(1, 0), .path = "lock"};
      evidence::Rows rows(artifact.id);
      reader({artifact, text}, rows);
      EXPECT_EQ(rows.sbom_document.size(), 1U);
    }
  }
}

}  // namespace
}  // namespace assay::sbom

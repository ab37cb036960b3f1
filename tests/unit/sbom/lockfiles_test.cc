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

// "who>whom version requirement at line", whom by name when the file has it.
std::vector<std::string> edges(LockfileReader reader, std::string_view text) {
  test::Reading reading(reader, "lock", text, ArtifactKind::text);
  return reading.ask(
      "SELECT a.full_name || '>' || coalesce(b.full_name, d.target) || ' ' || coalesce(b.version, '') || ' ' || "
      "d.requirement || ' at ' || l.line FROM dependency d JOIN component a USING (component_id) LEFT JOIN component b "
      "ON "
      "b.component_id = d.target_id JOIN location l ON l.location_id = d.at ORDER BY d.dependency_id");
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
              ElementsAre("my-thing|1.0|registry||1|2|9", "here|0||||11|9"));
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

TEST(Lockfiles, YarnSaysWhoRequiresWhom) {
  EXPECT_THAT(edges(read_yarn_lock,
                    "a@^1.0.0, a@^1.1.0:\n  version \"1.2.0\"\n  dependencies:\n    \"@s/b\" \"^2.0.0\"\n    gone "
                    "\"*\"\n  optionalDependencies:\n    c \"file:./c\"\n\n\"@s/b@^2.0.0\":\n  version \"2.3.0\"\n\n"
                    "\"c@file:./c\":\n  version \"0.0.0\"\n"),
              ElementsAre("a>@s/b 2.3.0 ^2.0.0 at 4", "a>gone  * at 5", "a>c 0.0.0 file:./c at 7"));
  EXPECT_THAT(edges(read_yarn_lock,
                    "\"a@npm:^1.0.0\":\n  version: 1.0.0\n  resolution: \"a@npm:1.0.0\"\n  dependencies:\n    b: "
                    "\"npm:^2\"\n    b2: ^2\n  bin:\n    a: ./a.js\n\n\"b@npm:^2\":\n  version: 2.0.0\n  resolution: "
                    "\"b@npm:2.0.0\"\n\n\"b2@npm:^2\":\n  version: 2.1.0\n"),
              ElementsAre("a>b 2.0.0 npm:^2 at 5", "a>b2 2.1.0 ^2 at 6"));
}

// What lies in a folder of the project is no package of the registry.
TEST(Lockfiles, YarnFoldersAreFolders) {
  EXPECT_THAT(
      packages(read_yarn_lock,
               "\"c@file:./c\":\n  version \"0.0.0\"\n\n\"d@link:../d\":\n  version \"0.0.0\"\n\n\"e@../e\":\n"
               "  version \"1.0.0\"\n\nf@^1:\n  version \"1.0.0\"\n"),
      ElementsAre("c|0.0.0|file|||1|1", "d|0.0.0|file|||4|1", "e|1.0.0|file|||7|1", "f|1.0.0|registry||0|10|1"));
}

TEST(Lockfiles, PnpmSaysWhoRequiresWhom) {
  EXPECT_THAT(edges(read_pnpm_lock,
                    "lockfileVersion: '9.0'\npackages:\n  '@s/a@1.0.0':\n    resolution: {integrity: sha512-AAEC}\n  "
                    "b@2.0.0:\n    resolution: {}\nsnapshots:\n  '@s/a@1.0.0(b@2.0.0)':\n    dependencies:\n      b: "
                    "2.0.0(c@1.0.0)\n      alias: b@2.0.0\n"),
              ElementsAre("@s/a>b 2.0.0 2.0.0(c@1.0.0) at 10", "@s/a>b 2.0.0 b@2.0.0 at 11"));
  EXPECT_THAT(edges(read_pnpm_lock,
                    "lockfileVersion: 5.4\npackages:\n  /a/1.0.0_b@2.0.0:\n    dependencies:\n      b: 2.0.0\n      x: "
                    "/b/2.0.0\n  /b/2.0.0:\n    dev: true\n"),
              ElementsAre("a>b 2.0.0 2.0.0 at 5", "a>b 2.0.0 /b/2.0.0 at 6"));
}

TEST(Lockfiles, GemfileSaysWhoRequiresWhomAndWhatTheSubjectWants) {
  EXPECT_THAT(
      edges(read_gemfile_lock,
            "GEM\n  remote: https://rubygems.org/\n  specs:\n    a (1.0.0)\n      b (>= 2, < 3)\n      gone\n    b "
            "(2.1.0)\n\nDEPENDENCIES\n  a (~> 1.0)!\n"),
      ElementsAre("a>b 2.1.0 >= 2, < 3 at 5", "a>gone   at 6"));
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

TEST(Lockfiles, PythonOfEveryTool) {
  EXPECT_THAT(
      packages(
          read_python_lock,
          "\xEF\xBB\xBFversion = 1\r\n[[package]]\r\nname = \"a\"\r\nversion = \"1\"\r\nsource = { registry = "
          "\"https://pypi.org/simple\" }\r\nsdist = { url = \"https://example.com/a\", hash = \"sha256:ab\" }\r\n"),
      ElementsAre("a|1|registry|pypi.org|1|3|9"));
  EXPECT_THAT(
      packages(read_python_lock,
               "[[package]]\nname = 'g'\nversion = '2'\n[package.source]\ntype = \"git\"\nurl = "
               "\"https://example.com/g.git\"\nresolved_reference = \"0123456789012345678901234567890123456789\"\n"),
      ElementsAre("g|2|git|example.com|1|2|9"));
}

TEST(Lockfiles, SayWhoRequiresWhom) {
  test::Reading reading(
      read_cargo_lock, "lock",
      "[[package]]\nname = \"app\"\nversion = \"0.1.0\"\ndependencies = [\n \"a 1.0.0\",\n \"gone\",\n]\n"
      "[[package]]\nname = \"a\"\nversion = \"1.0.0\"\n[[package]]\nname = \"a\"\nversion = \"2.0.0\"\n",
      ArtifactKind::text);
  EXPECT_THAT(
      reading.ask(
          "SELECT f.name, coalesce(t.name || t.version, '?'), target, line, column FROM dependency d JOIN component f "
          "ON "
          "f.component_id = d.component_id LEFT JOIN component t ON t.component_id = d.target_id JOIN location l ON "
          "l.location_id = d.at"),
      ElementsAre("app|a1.0.0|a|5|3", "app|?|gone|6|3"));
}

TEST(Lockfiles, GoMod) {
  EXPECT_THAT(
      packages(
          read_go_mod,
          "module example.com/app // us\n\ngo 1.21\ntoolchain go1.22.5\nrequire example.com/a v1.0.0\nrequire (\n\t"
          "\"example.com/b\" v1.1.0 // indirect\n\texample.com/c v1.2.0\n)\nreplace example.com/a => example.com/fork "
          "v9.0.0\nreplace example.com/c v1.2.0 => ./c\nreplace example.com/b v7.0.0 => ./b\n"),
      ElementsAre("example.com/app|||||1|8", "stdlib|v1.22.5||||4|13", "example.com/fork|v9.0.0||||5|9",
                  "example.com/b|v1.1.0||||7|3", "example.com/c|v1.2.0|file|||8|2"));
}

TEST(Lockfiles, GradleMixAndGemspec) {
  test::Reading gradle(
      read_gradle_lock, "gradle.lockfile",
      "# x\r\ng:a:1.0=compileClasspath,testCompileClasspath\r\ng:t:2=testCompileClasspath\r\nempty=\r\n",
      ArtifactKind::text);
  EXPECT_THAT(gradle.ask("SELECT full_name, version, scope FROM component"),
              ElementsAre("g/a|1.0|required", "g/t|2|dev"));
  EXPECT_THAT(
      packages(read_mix_lock,
               "%{\n  \"a\": {:hex, :a, \"0.2.0\", \"aa\", [:mix], [{:b, \"~> 1.0\", [hex: :b]}], \"hexpm\", "
               "\"7af5c7e09fe1d40f76c8e4f9dd2be7cebd83909f31fee7cd0e9eadc567da8353\"},\n  \"g\": {:git, "
               "\"https://example.com/g.git\", \"4294a3ac5262582144e117c10a1537287b6c1fe8\", []},\n}\n"),
      ElementsAre("a|0.2.0|registry||1|2|4", "g|4294a3ac5262582144e117c10a1537287b6c1fe8|git|example.com|1|3|4"));
  EXPECT_THAT(
      packages(read_gemspec, "Gem::Specification.new do |s|\n  s.name = \"a\".freeze\n  s.version = '1.2'\nend\n"),
      ElementsAre("a|1.2||||2|13"));
  EXPECT_THAT(packages(read_gemspec, "Gem::Specification.new do |spec|\n  s.name = \"a\"\n  s.version = '1.2'\nend\n"),
              ElementsAre());
}

TEST(Lockfiles, Nuget) {
  EXPECT_THAT(
      packages(
          read_nuget_lock,
          R"({"version": 1, "dependencies": {"net8.0": {"A": {"type": "Direct", "resolved": "1.0", "contentHash": "AAEC"}, "p": {"type": "Project"}}}})"),
      ElementsAre("a|1.0|registry||1|1|44", "p||workspace|||1|111"));
  EXPECT_THAT(packages(read_nuget_config,
                       "\xEF\xBB\xBF<?xml version=\"1.0\"?>\r\n<packages>\r\n  <package id=\"A.B\" version=\"1.0\" "
                       "/>\r\n</packages>"),
              ElementsAre("a.b|1.0||||3|16"));
  EXPECT_THAT(packages(read_msbuild_packages,
                       "<Project><ItemGroup>\n<PackageVersion Include=\" A \" Version=\"[1.0]\"/>\n<PackageReference "
                       "Include=\"B\" Version=\"$(V)\"/></ItemGroup></Project>"),
              ElementsAre("a|1.0||||2|27"));
}

TEST(Lockfiles, BunConanSwift) {
  EXPECT_THAT(
      packages(
          read_bun_lock,
          R"({"lockfileVersion": 1, "workspaces": {"": {"name": "r",},}, "packages": {"a": ["@s/a@1.0.0", "", {}, "sha512-AAEC"], "w": ["w@workspace:w"],}})"),
      ElementsAre("@s/a|1.0.0|registry||1|1|74"));
  EXPECT_THAT(packages(read_conan_lock,
                       R"({"version": "0.5", "requires": ["a/1.0@u/c#0123456789abcdef0123456789abcdef%1.5"]})"),
              ElementsAre("a|1.0|registry||1|1|33"));
  EXPECT_THAT(
      packages(
          read_swift_resolved,
          R"({"pins": [{"identity": "n", "location": "git@example.com:o/N.git", "state": {"revision": "0123456789012345678901234567890123456789", "version": "1.0"}}]})"),
      ElementsAre("example.com/o/N|1.0|git|example.com|1|1|41"));
}

TEST(Lockfiles, PubAndPods) {
  EXPECT_THAT(packages(read_pubspec_lock,
                       "packages:\n  a:\n    description:\n      url: \"https://pub.dev\"\n      sha256: ab\n    "
                       "source: hosted\n    version: \"1.0\"\n"),
              ElementsAre("a|1.0|registry|pub.dev|1|2|3"));
  EXPECT_THAT(packages(read_podfile_lock, "PODS:\n  - A (1.0):\n    - B/C (= 2)\n  - B/C (2.0)\n"),
              ElementsAre("A|1.0||||2|5", "B/C|2.0||||4|5"));
}

TEST(Lockfiles, WhatIsInstalled) {
  EXPECT_THAT(packages(read_python_metadata,
                       "Metadata-Version: 2.1\nName: A_b\nVersion: 1.0\nRequires-Dist: c>=1\n\nName: not this\n"),
              ElementsAre("a-b|1.0||||2|7"));
  EXPECT_THAT(packages(read_pom_properties, "#x\r\nversion=1.4\r\ngroupId=g\r\nartifactId=a\r\n"),
              ElementsAre("g/a|1.4||||4|12"));
  EXPECT_THAT(packages(read_dpkg_status,
                       "Package: a\nStatus: install ok installed\nVersion: 1:2-3\n\nPackage: b\nStatus: deinstall ok "
                       "config-files\nVersion: 1\n"),
              ElementsAre("a|1:2-3||||1|10"));
  EXPECT_THAT(packages(read_apk_installed, "C:Q1AAEC\nP:musl\nV:1.2-r0\n\n"), ElementsAre("musl|1.2-r0||||2|3"));
}

TEST(Lockfiles, AreToldByName) {
  EXPECT_EQ(lockfile_reader("a/b/yarn.lock"), &read_yarn_lock);
  EXPECT_EQ(lockfile_reader("yarn.lock.txt"), nullptr);
}

TEST(Lockfiles, SurviveAnything) {
  for (const LockfileReader reader :
       {read_cargo_lock,      read_python_lock,    read_yarn_lock,        read_pnpm_lock,    read_go_sum,
        read_gemfile_lock,    read_composer_lock,  read_pipfile_lock,     read_go_mod,       read_gradle_lock,
        read_mix_lock,        read_gemspec,        read_pubspec_lock,     read_podfile_lock, read_nuget_lock,
        read_dotnet_deps,     read_nuget_config,   read_msbuild_packages, read_conan_lock,   read_bun_lock,
        read_swift_resolved,  read_sbt_lock,       read_renv_lock,        read_conda_meta,   read_julia_manifest,
        read_python_metadata, read_pom_properties, read_jar_manifest,     read_dpkg_status,  read_apk_installed}) {
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

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sbom-import/lockfiles.h"
#include "tests/support/reading.h"

// Lockfiles and manifests of Deno, Lean, Nim, Haskell, Paket, Erlang, Go's vendor folder, conda, Maven and Gradle.
namespace assay::sbom {
namespace {

using ::testing::ElementsAre;

// "type name version scope kind line:column"
std::vector<std::string> packages(LockfileReader reader, std::string_view text) {
  test::Reading reading(reader, "lock", text, ArtifactKind::text);
  return reading.ask(
      "SELECT purl_type || ' ' || full_name || ' ' || c.version || ' ' || scope || ' ' || coalesce(o.kind, '-') || ' ' "
      "|| "
      "coalesce(o.immutable, '-') || ' ' || line || ':' || column FROM component c LEFT JOIN component_origin o USING "
      "(component_id) JOIN location l ON l.location_id = c.at ORDER BY c.component_id");
}

std::vector<std::string> edges(LockfileReader reader, std::string_view text) {
  test::Reading reading(reader, "lock", text, ArtifactKind::text);
  return reading.ask(
      "SELECT a.full_name || '>' || coalesce(b.full_name || ' ' || b.version, '?' || d.target) || ' at ' || l.line "
      "FROM "
      "dependency d JOIN component a USING (component_id) LEFT JOIN component b ON b.component_id = d.target_id JOIN "
      "location l ON l.location_id = d.at ORDER BY d.dependency_id");
}

constexpr std::string_view deno = R"({"version": "4",
"specifiers": {"jsr:@std/assert@1": "1.0.6", "npm:chalk@5": "5.3.0"},
"jsr": {"@std/assert@1.0.6": {"integrity": "ab", "dependencies": ["jsr:@std/internal"]},
"@std/internal@1.0.4": {"integrity": "cd"}},
"npm": {"chalk@5.3.0": {"integrity": "sha512-AAEC", "dependencies": ["ansi@1.0.0"]},
"ansi@1.0.0_peer@2.0.0": {"integrity": "sha512-AAED", "scripts": true}},
"remote": {"https://example.com/mod.ts": "ef"}})";

TEST(FurtherLocks, Deno) {
  EXPECT_THAT(packages(read_deno_lock, deno),
              ElementsAre(" @std/assert 1.0.6 required registry 1 3:9", " @std/internal 1.0.4 required registry 1 4:1",
                          "npm chalk 5.3.0 required registry 1 5:9", "npm ansi 1.0.0 required registry 1 6:1",
                          " https://example.com/mod.ts  required url 1 7:12"));
  EXPECT_THAT(edges(read_deno_lock, deno),
              ElementsAre("@std/assert>@std/internal 1.0.4 at 3", "chalk>ansi 1.0.0 at 5"));
  test::Reading reading(read_deno_lock, "deno.lock", deno, ArtifactKind::text);
  EXPECT_EQ(reading.one("SELECT name FROM component JOIN install_trigger USING (component_id)"), "ansi");
  EXPECT_EQ(reading.one("SELECT group_concat(name, ' ') FROM component WHERE direct = 1"), "@std/assert chalk");
}

TEST(FurtherLocks, LakeAndNimble) {
  EXPECT_THAT(
      packages(read_lake_manifest,
               "{\"version\": \"1.1.0\", \"packages\": [\n{\"url\": \"https://github.com/o/batteries\", \"rev\": "
               "\"0123456789012345678901234567890123456789\", \"name\": \"batteries\"},\n{\"type\": \"path\", "
               "\"name\": \"here\", \"dir\": \"../here\"}]}"),
      ElementsAre(" batteries 0123456789012345678901234567890123456789 required git 1 2:102",
                  " here  required file - 3:26"));
  EXPECT_THAT(
      packages(read_nimble_lock,
               "{\"packages\": {\n\"a\": {\"version\": \"1.0\", \"vcsRevision\": "
               "\"0123456789012345678901234567890123456789\", \"url\": \"https://example.com/a\", \"dependencies\": "
               "[]}}}"),
      ElementsAre("nim a 1.0 required git 1 2:1"));
}

TEST(FurtherLocks, Haskell) {
  EXPECT_THAT(
      packages(read_cabal_freeze,
               "active-repositories: hackage.haskell.org:merge\nconstraints: any.aeson ==2.1,\n             aeson "
               "+ordered,\n             any.base ==4.18,\n             any.setup.Cabal ==3.0\nindex-state: x ==1\n"),
      ElementsAre("hackage aeson 2.1 required - - 2:18", "hackage base 4.18 required - - 4:18",
                  "hackage Cabal 3.0 dev - - 5:24"));
  EXPECT_THAT(
      packages(read_stack_lock,
               "packages:\n- completed:\n    hackage: a-b-1.2@sha256:ab,10\n- completed:\n    name: g\n    version: "
               "0.1\n    git: https://example.com/g\n    commit: 0123456789012345678901234567890123456789\n"),
      ElementsAre("hackage a-b 1.2 required registry 1 3:14", "hackage g 0.1 required git 1 5:11"));
}

constexpr std::string_view paket =
    "NUGET\n  remote: https://api.nuget.org/v3/index.json\n    Argu (6.1.1)\n      FSharp.Core (>= 4.3.2)\n    "
    "FSharp.Core "
    "(8.0)\n\nGROUP Test\nGITHUB\n  remote: o/r\n    file.fs (0123456789012345678901234567890123456789)\n";

TEST(FurtherLocks, Paket) {
  EXPECT_THAT(packages(read_paket_lock, paket),
              ElementsAre("nuget argu 6.1.1 required registry 0 3:5", "nuget fsharp.core 8.0 required registry 0 5:5",
                          "github o/r 0123456789012345678901234567890123456789 required git 1 10:5"));
  EXPECT_THAT(edges(read_paket_lock, paket), ElementsAre("argu>fsharp.core 8.0 at 4"));
}

TEST(FurtherLocks, RebarKnowsTheOuterDigest) {
  const std::string digest(64, 'A');
  const std::string text =
      "{\"1.2.0\",\n[{<<\"a\">>,{pkg,<<\"real_a\">>,<<\"1.0.0\">>},0},\n {<<\"g\">>,{git,\"https://example.com/"
      "g\",{ref,\"0123456789012345678901234567890123456789\"}},1}]}.\n[\n{pkg_hash,[\n {<<\"a\">>, "
      "<<\"" +
      std::string(64, 'B') + "\">>}]},\n{pkg_hash_ext,[\n {<<\"a\">>, <<\"" + digest + "\">>}]}\n].\n";
  EXPECT_THAT(packages(read_rebar_lock, text),
              ElementsAre("hex real_a 1.0.0 required registry 0 2:6",
                          "hex g 0123456789012345678901234567890123456789 required git 1 3:6"));
  test::Reading reading(read_rebar_lock, "rebar.lock", text, ArtifactKind::text);
  EXPECT_EQ(reading.one("SELECT value FROM component_hash"), std::string(64, 'a'));
  EXPECT_EQ(reading.one("SELECT group_concat(direct) FROM component"), "1,0");
}

TEST(FurtherLocks, GoVendorFolder) {
  EXPECT_THAT(
      packages(read_go_vendor,
               "# example.com/a v1.0.0\n## explicit; go 1.20\nexample.com/a/x\n# example.com/b v1.0.0 => "
               "example.com/c v1.1.0\n## explicit\n# example.com/d v0.0.0 => ./d\n# example.com/b => example.com/c "
               "v1.1.0\n"),
      ElementsAre("golang example.com/a v1.0.0 required - - 1:3", "golang example.com/c v1.1.0 required - - 4:27",
                  "golang example.com/d v0.0.0 workspace file - 6:3"));
}

TEST(FurtherLocks, Conda) {
  EXPECT_THAT(
      packages(
          read_conda_environment,
          "name: x\ndependencies:\n- numpy=1.26.4=py312\n- conda-forge::zlib >=1.2\n- pip:\n  - requests==2.31.0\n"),
      ElementsAre("conda numpy 1.26.4 required - - 3:3", "conda zlib  required - - 4:3",
                  "pypi requests 2.31.0 required - - 6:5"));
  EXPECT_THAT(
      packages(read_conda_lock,
               "version: 1\npackage:\n- name: zlib\n  version: 1.2.13\n  manager: conda\n  platform: linux-64\n  url: "
               "https://conda.anaconda.org/conda-forge/linux-64/zlib-1.2.13-h1_4.conda\n  hash:\n    md5: ab\n- name: "
               "flask\n  version: '3.0'\n  manager: pip\n  url: https://files.pythonhosted.org/flask.whl\n  hash:\n    "
               "sha256: cd\n  category: dev\n"),
      ElementsAre("conda zlib 1.2.13 required registry 1 3:9", "pypi flask 3.0 dev registry 1 10:9"));
  EXPECT_THAT(
      packages(
          read_pixi_lock,
          "version: 6\npackages:\n- conda: https://conda.anaconda.org/conda-forge/linux-64/my-pkg-1.2-h1_4.conda\n  "
          "sha256: ab\n- pypi: https://files.pythonhosted.org/packages/a/my_thing-2.0-py3-none-any.whl\n  sha256: "
          "cd\n"),
      ElementsAre("conda my-pkg 1.2 required registry 1 3:10", "pypi my-thing 2.0 required registry 1 5:9"));
}

constexpr std::string_view pom = R"(<project>
<groupId>com.example</groupId><artifactId>app</artifactId><version>1</version>
<properties><lib.version>2.5</lib.version></properties>
<dependencyManagement><dependencies>
<dependency><groupId>org.managed</groupId><artifactId>m</artifactId><version>3</version></dependency>
</dependencies></dependencyManagement>
<dependencies>
<dependency><groupId>org.lib</groupId><artifactId>lib</artifactId><version>${lib.version}</version></dependency>
<dependency><groupId>org.managed</groupId><artifactId>m</artifactId><scope>test</scope></dependency>
<dependency><groupId>${project.groupId}</groupId><artifactId>r</artifactId><version>[1,2)</version></dependency>
<dependency><groupId>${unknown}</groupId><artifactId>u</artifactId><version>1</version></dependency>
<dependency><groupId>org.loop</groupId><artifactId>l</artifactId><version>${lib.version.${x}}</version></dependency>
</dependencies>
<repositories><repository><url>https://repo.example.com/maven</url></repository></repositories>
</project>)";

TEST(FurtherLocks, Pom) {
  EXPECT_THAT(packages(read_pom, pom),
              ElementsAre("maven org.lib/lib 2.5 required - - 8:51", "maven org.managed/m 3 dev - - 9:55",
                          "maven com.example/r  required - - 10:62", "maven org.loop/l  required - - 12:52"));
  test::Reading reading(read_pom, "pom.xml", pom, ArtifactKind::text);
  EXPECT_EQ(reading.outcome().coverage, Coverage::partly_read);
  EXPECT_EQ(reading.one("SELECT subject || ' ' || subject_version FROM sbom_document"), "com.example:app 1");
  EXPECT_EQ(reading.one("SELECT kind || ' ' || host FROM component_origin"), "extra-index repo.example.com");
}

TEST(FurtherLocks, APomInsideAJarIsNoManifest) {
  EXPECT_EQ(lockfile_reader("service/pom.xml"), &read_pom);
  EXPECT_EQ(lockfile_reader("a.jar!/META-INF/maven/g/a/pom.xml"), nullptr);
}

TEST(FurtherLocks, GradleVerification) {
  const std::string_view text =
      "<verification-metadata><components>\n<component group=\"g\" name=\"a\" version=\"1\">\n<artifact "
      "name=\"a-1.jar\"><sha256 value=\"AB\"/></artifact><artifact name=\"a-1.pom\"><sha256 "
      "value=\"cd\"/></artifact></component></components></verification-metadata>";
  EXPECT_THAT(packages(read_gradle_verification, text), ElementsAre("maven g/a 1 required - - 2:28"));
  test::Reading reading(read_gradle_verification, "verification-metadata.xml", text, ArtifactKind::text);
  EXPECT_EQ(reading.one("SELECT algorithm || ' ' || value FROM component_hash"), "sha-256 ab");
}

TEST(FurtherLocks, SurviveAnything) {
  for (const LockfileReader reader :
       {read_deno_lock, read_lake_manifest, read_nimble_lock, read_cabal_freeze, read_paket_lock, read_rebar_lock,
        read_go_vendor, read_conda_environment, read_conda_lock, read_pixi_lock, read_stack_lock, read_pom,
        read_gradle_verification}) {
    for (const std::string_view text :
         {std::string_view{""}, std::string_view{"{"}, std::string_view{"\0:\xFF", 3},
          std::string_view{"constraints: ==,==1"}, std::string_view{"NUGET\n    (\n      ("},
          std::string_view{"{<<\"a\">>,{pkg,<<\""}, std::string_view{"# \n# a\n## explicit"},
          std::string_view{"packages: [{conda: '-'}, {pypi: x}, 1]\npackage: [1]\ndependencies: [=, {pip: [=]}]"},
          std::string_view{"<project><dependencies><dependency/>"},
          std::string_view{"{\"npm\": {\"@\": 1}, \"jsr\": {\"\": {}}}"}}) {
      const Artifact artifact{.id = artifact_id(1, 0), .path = "lock"};
      evidence::Rows rows(artifact.id);
      reader({artifact, text}, rows);
      EXPECT_EQ(rows.sbom_document.size(), 1U);
    }
  }
}

}  // namespace
}  // namespace assay::sbom

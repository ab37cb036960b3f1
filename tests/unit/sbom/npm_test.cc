#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sbom-import/readers.h"
#include "tests/support/reading.h"

namespace assay::sbom {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr std::string_view lock = R"({
  "name": "app", "version": "1.0.0", "lockfileVersion": 3,
  "packages": {
    "": {"name": "app", "version": "1.0.0", "dependencies": {"a": "^1.0.0", "alias": "npm:real@^2.0.0"}, "workspaces": ["w"]},
    "node_modules/a": {
      "version": "1.2.0",
      "resolved": "https://registry.npmjs.org/a/-/a-1.2.0.tgz",
      "integrity": "sha512-AAEC",
      "hasInstallScript": true,
      "dependencies": {"b": "^1"}
    },
    "node_modules/a/node_modules/b": {"version": "1.0.0", "resolved": "http://example.com/b.tgz", "dev": true},
    "node_modules/b": {"version": "2.0.0", "resolved": "git+ssh://git@github.com/o/b.git#0123456789012345678901234567890123456789"},
    "node_modules/alias": {"name": "real", "version": "2.0.1", "resolved": "https://registry.npmjs.org/real/-/real-2.0.1.tgz", "integrity": "sha1-AAEC sha512-AAEC"},
    "node_modules/w": {"resolved": "w", "link": true},
    "w": {"version": "0.0.1", "dependencies": {"b": "*"}},
    "node_modules/c": {"version": "1.0.0", "inBundle": true}
  }
})";

class PackageLockReader : public ::testing::Test {
 protected:
  test::Reading reading_{read_package_lock, "package-lock.json", lock, ArtifactKind::npm_lock};
};

TEST_F(PackageLockReader, NamesEachPackageWhereItsKeyStands) {
  EXPECT_THAT(reading_.ask("SELECT full_name, version, scope, direct, line, column FROM component c JOIN location l ON "
                           "l.location_id = c.at ORDER BY component_id"),
              ElementsAre("app|1.0.0|subject|NULL|4|18", "a|1.2.0|required|1|5|5", "b|1.0.0|dev|0|12|5",
                          "b|2.0.0|required|1|13|5", "real|2.0.1|required|1|14|5", "w||workspace|0|15|5",
                          "w|0.0.1|workspace|0|16|5", "c|1.0.0|required|0|17|5"));
}

TEST_F(PackageLockReader, ReadsOriginAndIntegrity) {
  EXPECT_THAT(reading_.ask("SELECT name, o.kind, host, o.integrity, immutable FROM component_origin o JOIN component "
                           "USING (component_id) ORDER BY component_origin_id"),
              ElementsAre("a|registry|registry.npmjs.org|sha512-AAEC|1", "b|url|example.com||0", "b|git|github.com||1",
                          "real|registry|registry.npmjs.org|sha1-AAEC sha512-AAEC|1", "w|workspace|||NULL"));
  EXPECT_THAT(reading_.ask("SELECT name, algorithm, value, line FROM component_hash h JOIN component USING "
                           "(component_id) JOIN location l ON l.location_id = h.at"),
              ElementsAre("a|sha-512|000102|8", "real|sha-1|000102|14", "real|sha-512|000102|14"));
}

TEST_F(PackageLockReader, ReadsInstallScripts) {
  EXPECT_EQ(reading_.one("SELECT name, hook, line FROM install_trigger t JOIN component USING (component_id) JOIN "
                         "location l ON l.location_id = t.at"),
            "a|hasInstallScript|9");
}

TEST_F(PackageLockReader, ResolvesARequirementToTheNearestCopy) {
  EXPECT_THAT(reading_.ask("SELECT f.bom_ref, t.bom_ref, d.requirement FROM dependency d JOIN component f USING "
                           "(component_id) LEFT JOIN component t ON t.component_id = d.target_id"),
              ElementsAre("|node_modules/a|^1.0.0", "|node_modules/alias|npm:real@^2.0.0",
                          "node_modules/a|node_modules/a/node_modules/b|^1", "w|node_modules/b|*"));
}

TEST_F(PackageLockReader, KeepsWhatAnAliasWasAskedAs) {
  EXPECT_EQ(reading_.one("SELECT requirement FROM component WHERE full_name = 'real'"), "npm:real@^2.0.0");
}

TEST(PackageLock, ReadsTheFirstFormat) {
  test::Reading reading(read_package_lock, "package-lock.json",
                        R"({"name": "x", "version": "1.0.0", "lockfileVersion": 1, "requires": true, "dependencies": {
    "a": {"version": "1.0.0", "resolved": "https://registry.npmjs.org/a/-/a-1.0.0.tgz", "integrity": "sha512-AAEC", "requires": {"b": "^2"},
      "dependencies": {"b": {"version": "2.0.0", "dev": true}}},
    "al": {"version": "npm:real@3.0.0"},
    "g": {"version": "github:o/g#0123456789012345678901234567890123456789"}
  }})",
                        ArtifactKind::npm_lock);
  EXPECT_THAT(reading.ask("SELECT full_name, version, bom_ref, scope, line FROM component c JOIN location l ON "
                          "l.location_id = c.at WHERE scope <> 'subject'"),
              ElementsAre("a|1.0.0|node_modules/a|required|2", "b|2.0.0|node_modules/a/node_modules/b|dev|3",
                          "real|3.0.0|node_modules/al|required|4",
                          "g|github:o/g#0123456789012345678901234567890123456789|node_modules/g|required|5"));
  EXPECT_EQ(reading.one("SELECT f.name, t.name FROM dependency d JOIN component f USING (component_id) JOIN component "
                        "t ON t.component_id = d.target_id"),
            "a|b");
  EXPECT_EQ(reading.one("SELECT host, immutable FROM component_origin WHERE kind = 'git'"), "github.com|1");
}

TEST(PackageLock, SurvivesEntriesOfTheWrongType) {
  test::Reading reading(
      read_package_lock, "package-lock.json",
      R"({"lockfileVersion": 3, "packages": {"": 1, "node_modules/a": [], "node_modules/b": {"version": 7, "integrity": "nonsense", "resolved": {}}}})",
      ArtifactKind::npm_lock);
  EXPECT_EQ(reading.one("SELECT full_name, version FROM component"), "b|7");
  EXPECT_EQ(reading.outcome().gaps.size(), 4U);
}

TEST(PackageJson, ReadsRequirementsAndTheirPlaces) {
  test::Reading reading(read_package_json, "p/package.json", R"({
  "name": "@me/app", "version": "1.0.0",
  "dependencies": {"exact": "1.2.3", "range": "^1.2.3", "alias": "npm:real@1.0.0", "short": "owner/repo", "pinned": "git+https://example.com/r.git#0123456789012345678901234567890123456789"},
  "devDependencies": {"tool": "http://example.com/t.tgz"}
})",
                        ArtifactKind::npm_manifest);
  EXPECT_THAT(reading.ask("SELECT full_name, version, requirement, scope, pinned, line FROM component c JOIN location "
                          "l ON l.location_id = c.at WHERE scope <> 'subject'"),
              ElementsAre("exact|1.2.3|1.2.3|required|1|3", "range||^1.2.3|required|0|3",
                          "real|1.0.0|npm:real@1.0.0|required|1|3", "short||owner/repo|required|0|3",
                          HasSubstr("pinned||git+https"), "tool||http://example.com/t.tgz|dev|0|4"));
  EXPECT_THAT(reading.ask("SELECT kind, host, url, immutable FROM component_origin"),
              ElementsAre("git|github.com|owner/repo|0", HasSubstr("git|example.com|git+https"),
                          "url|example.com|http://example.com/t.tgz|0"));
  EXPECT_EQ(reading.one("SELECT full_name FROM component WHERE scope = 'subject'"), "@me/app");
}

TEST(PackageJson, OnlyScriptsThatInstallationRunsAreTriggers) {
  test::Reading reading(read_package_json, "package.json", R"({"scripts": {
    "test": "node test.js",
    "postinstall": "node ./scripts/setup.js --quiet"
  }})",
                        ArtifactKind::npm_manifest);
  EXPECT_EQ(
      reading.one("SELECT hook, command, line, column FROM install_trigger t JOIN location l ON l.location_id = t.at"),
      "postinstall|node ./scripts/setup.js --quiet|3|20");
  EXPECT_EQ(reading.one("SELECT phase, kind, target, path FROM execution_trigger"),
            "install|lifecycle script|scripts/setup.js|package.json");
}

}  // namespace
}  // namespace assay::sbom

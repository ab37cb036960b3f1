#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sbom-import/readers.h"
#include "sbom-import/recognise.h"
#include "tests/support/reading.h"

namespace assay::sbom {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr std::string_view document = R"({
  "bomFormat": "CycloneDX",
  "specVersion": "1.5",
  "serialNumber": "urn:uuid:1",
  "metadata": {"timestamp": "2026-01-01T00:00:00Z", "tools": {"components": [{"name": "maker", "version": "2"}]},
    "component": {"bom-ref": "root", "type": "application", "name": "app", "version": "9"}},
  "components": [
    {"bom-ref": "a", "type": "library", "group": "@scope", "name": "one", "version": "1.0.0",
     "purl": "pkg:npm/%40scope/one@1.0.0", "supplier": {"name": "Example"}, "licenses": [{"license": {"id": "MIT"}}],
     "hashes": [{"alg": "SHA-256", "content": "ABCDEF"}],
     "externalReferences": [{"type": "distribution", "url": "https://registry.npmjs.org/@scope/one/-/one-1.0.0.tgz"},
                            {"type": "website", "url": "https://example.com"}],
     "components": [{"bom-ref": "b", "type": "library", "name": "inner", "version": "2"}]}
  ],
  "dependencies": [{"ref": "root", "dependsOn": ["a"]}, {"ref": "a", "dependsOn": ["b", "gone"]}],
  "vulnerabilities": [{"id": "MAL-2026-1", "analysis": {"state": "false_positive"}, "affects": [{"ref": "a"}]}]
})";

class CycloneDxReader : public ::testing::Test {
 protected:
  test::Reading reading_{read_cyclonedx_json, "bom.json", document, ArtifactKind::cyclonedx};
};

TEST_F(CycloneDxReader, TellsTheDocument) {
  EXPECT_EQ(
      reading_.one(
          "SELECT version, serial, created, generator, subject, subject_version, component_count FROM sbom_document"),
      "1.5|urn:uuid:1|2026-01-01T00:00:00Z|maker 2|app|9|2");
}

TEST_F(CycloneDxReader, ListsComponentsAtEveryDepthWhereTheirNamesStand) {
  EXPECT_THAT(
      reading_.ask("SELECT c.full_name, c.version, c.purl_type, c.scope, c.direct, l.line, l.column, l.end_column "
                   "FROM component c JOIN location l ON l.location_id = c.at ORDER BY c.component_id"),
      ElementsAre("app|9||subject|NULL|6|69|74", "@scope/one|1.0.0|npm||1|8|68|73", "inner|2|||0|13|65|72"));
  EXPECT_EQ(reading_.one("SELECT supplier, license FROM component WHERE name = 'one'"), "Example|MIT");
}

TEST_F(CycloneDxReader, KeepsHashesAndWhereAComponentComesFrom) {
  EXPECT_EQ(reading_.one("SELECT algorithm, value, line FROM component_hash h JOIN location l ON l.location_id = h.at"),
            "sha-256|abcdef|10");
  EXPECT_EQ(reading_.one("SELECT kind, host, line FROM component_origin o JOIN location l ON l.location_id = o.at"),
            "registry|registry.npmjs.org|11");
}

TEST_F(CycloneDxReader, ResolvesDependenciesAndNamesTheOnesItCannot) {
  EXPECT_THAT(
      reading_.ask("SELECT a.name, b.name, d.target FROM dependency d LEFT JOIN component a USING (component_id) "
                   "LEFT JOIN component b ON b.component_id = d.target_id"),
      ElementsAre("app|one|a", "one|inner|b", "one|NULL|gone"));
  ASSERT_EQ(reading_.outcome().gaps.size(), 1U);
  EXPECT_THAT(reading_.outcome().gaps[0], HasSubstr("line 15 column"));
}

TEST_F(CycloneDxReader, ReadsWhatIsSaidAboutVulnerabilities) {
  EXPECT_EQ(reading_.one("SELECT identifier, state, v.justification, name FROM vulnerability_statement v JOIN "
                         "component USING (component_id)"),
            "MAL-2026-1|not_affected|false_positive|one");
}

TEST(CycloneDx, ABadFieldCostsThatFieldAlone) {
  test::Reading reading(read_cyclonedx_json, "b.json",
                        "{\"bomFormat\":\"CycloneDX\",\"specVersion\":1.4,\"components\":[{\"name\":\"a\",\"version\":{"
                        "},\"purl\":\"nonsense\"},7,"
                        "{\"name\":\"b\",\"version\":\"2\"}]}",
                        ArtifactKind::cyclonedx);
  EXPECT_THAT(reading.ask("SELECT name, version, purl FROM component"), ElementsAre("a||nonsense", "b|2|"));
  EXPECT_EQ(reading.one("SELECT version FROM sbom_document"), "1.4");
  EXPECT_EQ(reading.outcome().coverage, Coverage::partly_read);
  EXPECT_EQ(reading.outcome().gaps.size(), 3U);
}

TEST(CycloneDx, TruncationKeepsWhatStandsBefore) {
  test::Reading reading(read_cyclonedx_json, "b.json", document.substr(0, document.find("\"dependencies\"")),
                        ArtifactKind::cyclonedx);
  EXPECT_EQ(reading.one("SELECT count(*) FROM component"), "3");
  EXPECT_EQ(reading.outcome().coverage, Coverage::partly_read);
}

TEST(CycloneDx, RepeatedKeysAreAGap) {
  test::Reading reading(read_cyclonedx_json, "b.json",
                        R"({"bomFormat":"CycloneDX","specVersion":"1.4","components":[{"name":"good","name":"evil"}]})",
                        ArtifactKind::cyclonedx);
  EXPECT_EQ(reading.one("SELECT name FROM component"), "evil");
  ASSERT_EQ(reading.outcome().gaps.size(), 1U);
  EXPECT_THAT(reading.outcome().gaps[0], HasSubstr("'name' is repeated"));
}

TEST(CycloneDx, GapsAreCapped) {
  std::string text = R"({"bomFormat":"CycloneDX","specVersion":"1.4","components":[1)";
  for (int i = 0; i < 99; ++i) text += ",1";
  test::Reading reading(read_cyclonedx_json, "b.json", text + "]}", ArtifactKind::cyclonedx);
  ASSERT_EQ(reading.outcome().gaps.size(), 21U);
  EXPECT_THAT(reading.outcome().gaps.back(), HasSubstr("80 more"));
}

TEST(CycloneDx, WhatIsNoObjectIsNotRead) {
  for (const char* text : {"", "[]", "7", "\"x\""}) {
    EXPECT_EQ(test::Reading(read_cyclonedx_json, "b.json", text, ArtifactKind::cyclonedx).outcome().coverage,
              Coverage::not_read)
        << text;
  }
}

TEST(Recognise, GoesByKeysNotByMentions) {
  EXPECT_EQ(recognise_sbom("\xEF\xBB\xBF\n{\"specVersion\": \"1.4\", \"bomFormat\":\"CycloneDX\""),
            ArtifactKind::cyclonedx);
  EXPECT_EQ(recognise_sbom(R"({"SPDXID": "SPDXRef-DOCUMENT", "name)"), ArtifactKind::spdx);
  EXPECT_EQ(recognise_sbom(R"({"@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld", "@graph": [)"),
            ArtifactKind::spdx);
  EXPECT_EQ(recognise_sbom(R"({"name": "x", "lockfileVersion": 3, "packages": {"": )"), ArtifactKind::npm_lock);
  EXPECT_EQ(recognise_sbom(R"({"text": "bomFormat spdxVersion lockfileVersion"})"), std::nullopt);
  EXPECT_EQ(recognise_sbom(R"({"files": [{"fileName": "./a", "SPDXID": "SPDXRef-a", "checksums": [{)"),
            ArtifactKind::spdx);
  EXPECT_EQ(recognise_sbom(R"({"files": [{"fileName": "./a", "checksums": [{)"), std::nullopt);
  EXPECT_EQ(recognise_sbom("bomFormat"), std::nullopt);
  EXPECT_EQ(recognise_sbom(""), std::nullopt);
  EXPECT_EQ(recognise_sbom_name("a/b/package-lock.json"), ArtifactKind::npm_lock);
  EXPECT_EQ(recognise_sbom_name("requirements/dev.txt"), ArtifactKind::pip_requirements);
  EXPECT_EQ(recognise_sbom_name("notes.txt"), std::nullopt);
}

}  // namespace
}  // namespace assay::sbom

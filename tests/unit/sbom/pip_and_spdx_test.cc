#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sbom-import/readers.h"
#include "tests/support/reading.h"

namespace assay::sbom {
namespace {

using ::testing::ElementsAre;

TEST(Requirements, ReadsSpecifiersHashesAndContinuations) {
  test::Reading reading(read_pip_requirements, "requirements.txt",
                        "# a comment \\\n"
                        "Some_Package[extra]==1.0 ; python_version < '3' \\\r\n"
                        "    --hash=sha256:ABCD \\\n"
                        "    --hash sha256:ef01\n"
                        "other >= 2 # why\n"
                        "star==1.*\n",
                        ArtifactKind::pip_requirements);
  EXPECT_THAT(reading.ask("SELECT full_name, version, requirement, pinned, line, column, end_column FROM component c "
                          "JOIN location l ON l.location_id = c.at"),
              ElementsAre("some-package|1.0|==1.0|1|2|1|13", "other||>= 2|0|5|1|6", "star||==1.*|0|6|1|5"));
  EXPECT_THAT(
      reading.ask(
          "SELECT algorithm, value, line, column FROM component_hash h JOIN location l ON l.location_id = h.at"),
      ElementsAre("sha-256|abcd|3|12", "sha-256|ef01|4|12"));
  EXPECT_EQ(reading.outcome().coverage, Coverage::read);
}

TEST(Requirements, ReadsUtf16WithTheSamePositions) {
  std::string wide = "\xFF\xFE";
  for (const char c : std::string_view("# x\n  a==1.0#note\n")) wide.append(1, c).append(1, '\0');
  test::Reading reading(read_pip_requirements, "requirements.txt", wide, ArtifactKind::pip_requirements);
  EXPECT_EQ(
      reading.one("SELECT full_name, version, line, column FROM component c JOIN location l ON l.location_id = c.at"),
      "a|1.0|2|3");
}

TEST(Requirements, ReadsPlacesAndIndexes) {
  test::Reading reading(read_pip_requirements, "requirements.txt",
                        "--index-url https://user:pw@Pypi.example.com/simple\n"
                        "--extra-index-url=https://other.example.com/simple\n"
                        "-r base.txt\n"
                        "-e git+https://github.com/o/r.git@main#egg=Thing\n"
                        "direct @ https://example.com/direct-1.0.tar.gz\n"
                        "./local\n"
                        "https://example.com/my_wheel-2.0-py3-none-any.whl\n"
                        "!!!\n",
                        ArtifactKind::pip_requirements);
  EXPECT_THAT(
      reading.ask("SELECT kind, host, immutable, line FROM component_origin o JOIN location l ON l.location_id = o.at"),
      ElementsAre("index|pypi.example.com|0|1", "extra-index|other.example.com|0|2", "git|github.com|0|4",
                  "url|example.com|0|5", "file||0|6", "url|example.com|0|7"));
  EXPECT_THAT(reading.ask("SELECT full_name FROM component ORDER BY component_id"),
              ElementsAre("thing", "direct", "./local", "my-wheel"));
  EXPECT_EQ(reading.one("SELECT target, requirement FROM dependency"), "base.txt|-r");
  ASSERT_EQ(reading.outcome().gaps.size(), 1U);
  EXPECT_EQ(reading.outcome().gaps[0].substr(0, 15), "line 8 column 1");
}

TEST(Spdx, ReadsPackagesChecksumsAndRelationships) {
  test::Reading reading(read_spdx_json, "s.json", R"({
  "spdxVersion": "SPDX-2.3", "SPDXID": "SPDXRef-DOCUMENT", "name": "doc", "documentNamespace": "https://example.com/1",
  "creationInfo": {"created": "2026-01-01T00:00:00Z", "creators": ["Tool: maker-1", "Person: A"]},
  "packages": [
    {"SPDXID": "SPDXRef-root", "name": "product", "versionInfo": "3", "downloadLocation": "NOASSERTION"},
    {"SPDXID": "SPDXRef-a", "name": "a", "versionInfo": "1.0", "supplier": "Organization: Example", "licenseConcluded": "NOASSERTION", "licenseDeclared": "MIT",
     "downloadLocation": "git+https://example.com/a.git@0123456789012345678901234567890123456789",
     "checksums": [{"algorithm": "SHA1", "checksumValue": "AB"}],
     "externalRefs": [{"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": "pkg:pypi/A@1.0"}]}
  ],
  "files": [{"SPDXID": "SPDXRef-f", "fileName": "./x", "checksums": [{"algorithm": "SHA256", "checksumValue": "cd"}]}, {"fileName": "./y"}],
  "relationships": [
    {"spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBES", "relatedSpdxElement": "SPDXRef-root"},
    {"spdxElementId": "SPDXRef-a", "relationshipType": "DEPENDENCY_OF", "relatedSpdxElement": "SPDXRef-root"}
  ]
})",
                        ArtifactKind::spdx);
  EXPECT_EQ(reading.one("SELECT version, serial, generator, subject, component_count FROM sbom_document"),
            "2.3|https://example.com/1|maker-1|product|1");
  EXPECT_THAT(reading.ask("SELECT full_name, purl_type, version, scope, kind, supplier, license, line FROM component c "
                          "JOIN location l ON l.location_id = c.at"),
              ElementsAre("product||3|subject|library|||5", "a|pypi|1.0||library|Example|MIT|6", "./x||||file|||11"));
  EXPECT_THAT(reading.ask("SELECT algorithm, value FROM component_hash"), ElementsAre("sha-1|ab", "sha-256|cd"));
  EXPECT_EQ(reading.one("SELECT kind, immutable FROM component_origin"), "git|1");
  EXPECT_EQ(reading.one("SELECT f.name, t.name FROM dependency d JOIN component f USING (component_id) JOIN component "
                        "t ON t.component_id = d.target_id"),
            "product|a");
  EXPECT_EQ(reading.outcome().coverage, Coverage::read);
}

TEST(Spdx, ReadsTheThirdFormat) {
  test::Reading reading(read_spdx_json, "s.jsonld",
                        R"({"@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld", "@graph": [
    {"type": "CreationInfo", "@id": "_:c", "specVersion": "3.0.1", "created": "2026-01-01T00:00:00Z"},
    {"type": "SpdxDocument", "spdxId": "https://example.com/d", "name": "doc"},
    {"type": "software_Package", "spdxId": "https://example.com/a", "name": "a", "software_packageVersion": "1", "software_packageUrl": "pkg:npm/a@1",
     "verifiedUsing": [{"type": "Hash", "algorithm": "sha256", "hashValue": "ab"}]},
    {"type": "software_Package", "spdxId": "https://example.com/b", "name": "b"},
    {"type": "Relationship", "spdxId": "https://example.com/r", "from": "https://example.com/a", "relationshipType": "dependsOn", "to": ["https://example.com/b"]}
  ]})",
                        ArtifactKind::spdx);
  EXPECT_THAT(
      reading.ask(
          "SELECT full_name, version, purl_type, line FROM component c JOIN location l ON l.location_id = c.at"),
      ElementsAre("a|1|npm|4", "b|||6"));
  EXPECT_EQ(reading.one("SELECT version, subject FROM sbom_document"), "3.0.1|doc");
  EXPECT_EQ(reading.one("SELECT f.name, t.name FROM dependency d JOIN component f USING (component_id) JOIN component "
                        "t ON t.component_id = d.target_id"),
            "a|b");
  EXPECT_EQ(reading.one("SELECT algorithm, value FROM component_hash"), "sha-256|ab");
}

}  // namespace
}  // namespace assay::sbom

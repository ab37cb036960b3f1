#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sbom-import/readers.h"
#include "sbom-import/recognise.h"
#include "tests/support/reading.h"

namespace assay::sbom {
namespace {

using ::testing::ElementsAre;

constexpr std::string_view tags =
    "\xEF\xBB\xBFSPDXVersion: SPDX-2.3\r\nSPDXID: SPDXRef-DOCUMENT\r\nDocumentName: doc\r\nDocumentNamespace: "
    "https://example.com/x\r\n"
    "Creator: Tool: maker-1\r\nCreated: 2024-01-01T00:00:00Z\r\n\r\n# package\r\nPackageName: app\r\nSPDXID: "
    "SPDXRef-app\r\n"
    "PackageComment: <text>\r\nPackageName: not this\r\n</text>\r\nPackageVersion: 1\r\nPackageName: a\r\nSPDXID: "
    "SPDXRef-a\r\n"
    "PackageVersion: 2.0\r\nPackageSupplier: Organization: Org\r\nPackageDownloadLocation: "
    "https://example.com/a.tgz\r\n"
    "PackageChecksum: SHA1: 0123456789abcdef0123456789abcdef01234567\r\nExternalRef: PACKAGE-MANAGER purl "
    "pkg:npm/a@2.0\r\n"
    "PackageLicenseConcluded: MIT\r\n"
    "Relationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-app\r\nRelationship: SPDXRef-app DEPENDS_ON SPDXRef-a\r\n";

constexpr std::string_view json =
    R"({"spdxVersion":"SPDX-2.3","SPDXID":"SPDXRef-DOCUMENT","name":"doc","documentNamespace":"https://example.com/x",
"creationInfo":{"creators":["Tool: maker-1"],"created":"2024-01-01T00:00:00Z"},
"packages":[{"name":"app","SPDXID":"SPDXRef-app","versionInfo":"1"},{"name":"a","SPDXID":"SPDXRef-a","versionInfo":"2.0",
"supplier":"Organization: Org","downloadLocation":"https://example.com/a.tgz","licenseConcluded":"MIT",
"checksums":[{"algorithm":"SHA1","checksumValue":"0123456789abcdef0123456789abcdef01234567"}],
"externalRefs":[{"referenceCategory":"PACKAGE-MANAGER","referenceType":"purl","referenceLocator":"pkg:npm/a@2.0"}]}],
"relationships":[{"spdxElementId":"SPDXRef-DOCUMENT","relationshipType":"DESCRIBES","relatedSpdxElement":"SPDXRef-app"},
{"spdxElementId":"SPDXRef-app","relationshipType":"DEPENDS_ON","relatedSpdxElement":"SPDXRef-a"}]})";

std::vector<std::string> everything(std::string_view text) {
  test::Reading reading(read_spdx, "x.spdx", text, ArtifactKind::spdx);
  EXPECT_EQ(reading.outcome().coverage, Coverage::read) << ::testing::PrintToString(reading.outcome().gaps);
  std::vector<std::string> out;
  for (const std::string_view table :
       {"SELECT version, serial, created, generator, subject, component_count FROM sbom_document",
        "SELECT component_id, purl, name, full_name, version, supplier, scope, bom_ref, license, direct FROM component",
        "SELECT component_id, algorithm, value FROM component_hash",
        "SELECT component_id, kind, url FROM component_origin",
        "SELECT component_id, target_id, target FROM dependency"}) {
    for (std::string& row : reading.ask(table)) out.push_back(std::move(row));
  }
  return out;
}

TEST(SpdxText, TagsSayWhatTheSameDocumentSaysInJson) {
  const std::vector<std::string> of_tags = everything(tags);
  EXPECT_GE(of_tags.size(), 6U);
  EXPECT_EQ(of_tags, everything(json));
}

TEST(SpdxText, YamlSaysTheSame) {
  // JSON is YAML; a comment makes it nothing else.
  EXPECT_EQ(everything("# yaml\n" + std::string(json)), everything(json));
}

TEST(SpdxText, PlacesAreThoseOfTheText) {
  test::Reading reading(read_spdx, "x.spdx", tags, ArtifactKind::spdx);
  EXPECT_THAT(
      reading.ask("SELECT name, line, column FROM component JOIN location ON location_id = at ORDER BY component_id"),
      ElementsAre("app|9|14", "a|15|14"));
}

TEST(SpdxText, IsToldByContent) {
  EXPECT_EQ(recognise_sbom(tags), ArtifactKind::spdx);
  EXPECT_EQ(recognise_sbom("---\nSPDXID: SPDXRef-DOCUMENT\nspdxVersion: SPDX-2.3\n"), ArtifactKind::spdx);
  EXPECT_EQ(recognise_sbom("Every file says SPDXVersion: SPDX-2.3 somewhere"), std::nullopt);
}

TEST(SpdxText, SurvivesAnything) {
  for (const std::string_view text :
       {std::string_view("SPDXVersion:"), std::string_view("SPDXVersion: x\nPackageName: <text>"),
        std::string_view("SPDXVersion: x\nPackageName:\nPackageChecksum: :\nExternalRef: a"),
        std::string_view("a: [")}) {
    test::Reading reading(read_spdx, "x.spdx", text, ArtifactKind::spdx);
    EXPECT_NE(reading.outcome().coverage, Coverage::read);
  }
}

}  // namespace
}  // namespace assay::sbom

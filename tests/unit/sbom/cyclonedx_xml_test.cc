#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sbom-import/readers.h"
#include "sbom-import/recognise.h"
#include "sbom-import/validate.h"
#include "tests/support/reading.h"

namespace assay::sbom {
namespace {

using ::testing::ElementsAre;

constexpr std::string_view xml = R"(<?xml version="1.0"?>
<b:bom xmlns:b="http://cyclonedx.org/schema/bom/1.4" serialNumber="urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79" version="1">
  <b:metadata><b:timestamp>2024-01-01T00:00:00Z</b:timestamp><b:tools><b:tool><b:name>maker</b:name><b:version>2</b:version></b:tool></b:tools>
    <b:component type="application" bom-ref="app"><b:name>app</b:name><b:version>1.0</b:version></b:component></b:metadata>
  <b:components>
    <b:component type="library" bom-ref="a"><b:supplier><b:name>Org &amp; Co</b:name><b:url>https://example.com</b:url></b:supplier>
      <b:group>g</b:group><b:name>a</b:name><b:version>1</b:version><b:scope>optional</b:scope>
      <b:hashes><b:hash alg="MD5">0123456789abcdef0123456789abcdef</b:hash></b:hashes>
      <b:licenses><b:license><b:id>MIT</b:id></b:license></b:licenses><b:purl>pkg:maven/g/a@1</b:purl>
      <b:externalReferences><b:reference type="vcs"><b:url>https://example.com/a.git</b:url></b:reference></b:externalReferences>
      <b:components><b:component type="file"><b:name>inner</b:name></b:component></b:components></b:component>
  </b:components>
  <b:dependencies><b:dependency ref="app"><b:dependency ref="a"/></b:dependency></b:dependencies>
  <b:vulnerabilities><b:vulnerability><b:id>CVE-2024-1</b:id><b:analysis><b:state>not_affected</b:state></b:analysis>
    <b:affects><b:target><b:ref>a</b:ref></b:target></b:affects></b:vulnerability></b:vulnerabilities>
</b:bom>
)";

constexpr std::string_view json = R"({"bomFormat":"CycloneDX","specVersion":"1.4","version":1,
"serialNumber":"urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79",
"metadata":{"timestamp":"2024-01-01T00:00:00Z","tools":[{"name":"maker","version":"2"}],
"component":{"type":"application","bom-ref":"app","name":"app","version":"1.0"}},
"components":[{"type":"library","bom-ref":"a","supplier":{"name":"Org & Co","url":["https://example.com"]},
"group":"g","name":"a","version":"1","scope":"optional","hashes":[{"alg":"MD5","content":"0123456789abcdef0123456789abcdef"}],
"licenses":[{"license":{"id":"MIT"}}],"purl":"pkg:maven/g/a@1",
"externalReferences":[{"type":"vcs","url":"https://example.com/a.git"}],"components":[{"type":"file","name":"inner"}]}],
"dependencies":[{"ref":"app","dependsOn":["a"]}],
"vulnerabilities":[{"id":"CVE-2024-1","analysis":{"state":"not_affected"},"affects":[{"ref":"a"}]}]})";

std::vector<std::string> everything(std::string_view text) {
  test::Reading reading(read_cyclonedx, "bom", text, ArtifactKind::cyclonedx);
  EXPECT_EQ(reading.outcome().coverage, Coverage::read) << ::testing::PrintToString(reading.outcome().gaps);
  std::vector<std::string> out;
  for (const std::string_view table : {"SELECT format, version, serial, created, generator, subject, subject_version, "
                                       "component_count FROM sbom_document",
                                       "SELECT component_id, purl, purl_namespace, name, full_name, version, kind, "
                                       "supplier, scope, bom_ref, license, direct FROM component",
                                       "SELECT component_id, algorithm, value FROM component_hash",
                                       "SELECT component_id, kind, url FROM component_origin",
                                       "SELECT component_id, target_id, target FROM dependency",
                                       "SELECT component_id, identifier, state FROM vulnerability_statement"}) {
    for (std::string& row : reading.ask(table)) out.push_back(std::move(row));
  }
  return out;
}

std::size_t violations(std::string_view text) {
  const auto found = validate_cyclonedx(text);
  return found ? found->size() : 999;
}

TEST(CycloneDxXml, SaysWhatTheSameDocumentSaysInJson) {
  const std::vector<std::string> of_xml = everything(xml);
  EXPECT_EQ(of_xml.size(), 8U);
  EXPECT_EQ(of_xml, everything(json));
}

TEST(CycloneDxXml, PlacesAreThoseOfTheXml) {
  test::Reading reading(read_cyclonedx, "bom", xml, ArtifactKind::cyclonedx);
  EXPECT_THAT(
      reading.ask("SELECT name, line, column FROM component JOIN location ON location_id = at ORDER BY component_id"),
      ElementsAre("app|4|59", "a|7|35", "inner|11|54"));
  EXPECT_EQ(reading.one("SELECT line || ':' || column FROM component_hash JOIN location ON location_id = at"), "8:35");
}

TEST(CycloneDxXml, IsJudgedStrictly) {
  EXPECT_EQ(violations(xml), 0U);
  const std::string_view head = "<bom xmlns=\"http://cyclonedx.org/schema/bom/1.5\" version=\"1\"><components>";
  const auto with = [&](std::string_view component) {
    return violations(std::string(head) + std::string(component) + "</components></bom>");
  };
  EXPECT_EQ(with("<component type=\"library\" x=\"y\"><name>a</name></component>"), 0U);
  EXPECT_EQ(with("<component type=\"nothing\"><name>a</name></component>"), 1U);
  EXPECT_EQ(with("<component type=\"library\"></component>"), 1U);
  EXPECT_EQ(with("<component type=\"library\"><name>a</name><name>b</name></component>"), 1U);
  EXPECT_EQ(with("<component type=\"library\"><name>a</name><unheard/></component>"), 1U);
  EXPECT_EQ(with("<component type=\"library\"><name>a</name><x:more xmlns:x=\"urn:x\"/></component>"), 0U);
  EXPECT_GT(violations("<bom xmlns=\"http://cyclonedx.org/schema/bom/1.5\"><components>"), 0U);
  EXPECT_EQ(violations("<bom xmlns=\"http://cyclonedx.org/schema/bom/1.99\"/>"), 1U);
}

TEST(CycloneDxXml, ObeysNoEntityAndNoDepth) {
  const std::string entity =
      "<!DOCTYPE bom [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><bom "
      "xmlns=\"http://cyclonedx.org/schema/bom/1.4\"><components>"
      "<component type=\"library\"><name>&x;</name></component></components></bom>";
  test::Reading reading(read_cyclonedx, "bom", entity, ArtifactKind::cyclonedx);
  EXPECT_THAT(reading.ask("SELECT name FROM component"), ElementsAre("&x;"));
  std::string deep = "<bom xmlns=\"http://cyclonedx.org/schema/bom/1.4\">";
  for (int i = 0; i < 50'000; ++i) deep += "<components><component type=\"library\">";
  test::Reading other(read_cyclonedx, "bom", deep, ArtifactKind::cyclonedx);
  EXPECT_EQ(other.outcome().coverage, Coverage::partly_read);
}

TEST(CycloneDxXml, IsToldByContent) {
  EXPECT_EQ(recognise_sbom(xml), ArtifactKind::cyclonedx);
  EXPECT_EQ(recognise_sbom("<html>http://cyclonedx.org/docs/</html>"), std::nullopt);
}

}  // namespace
}  // namespace assay::sbom

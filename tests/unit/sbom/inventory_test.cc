#include "sbom-import/inventory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sbom-import/readers.h"
#include "sbom-import/validate.h"
#include "tests/support/reading.h"

namespace assay::sbom {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::string_view lock = R"({"name": "app", "version": "1.0.0", "lockfileVersion": 3, "packages": {
  "": {"name": "app", "version": "1.0.0"},
  "node_modules/b": {"version": "1.0.0", "dependencies": {"@s/a": "*"}, "license": "MIT OR Apache-2.0", "dev": true},
  "node_modules/c/node_modules/b": {"version": "1.0.0", "license": "MIT"},
  "node_modules/@s/a": {"version": "2.0.0", "license": "Own \u0001 words", "integrity": "sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg=="}
}})";

class InventoryOf : public ::testing::Test {
 protected:
  test::Reading reading_{read_package_lock, "package-lock.json", lock, ArtifactKind::npm_lock};
  Inventory inventory_ = inventory_of(reading_.database()).value();
};

TEST_F(InventoryOf, HoldsEachPackageOnceInOrder) {
  std::vector<std::string> lines;
  for (const InventoryComponent& one : inventory_.components) lines.push_back(one.purl + " " + one.scope);
  EXPECT_THAT(lines, ElementsAre("pkg:npm/%40s/a@2.0.0 required", "pkg:npm/b@1.0.0 required"));
  EXPECT_THAT(inventory_.dependencies, ElementsAre(std::pair(1U, 0U)));
  EXPECT_EQ(inventory_.name, "app");
}

TEST_F(InventoryOf, IsWrittenAsValidCycloneDx) {
  const std::string text = cyclonedx_json(inventory_, {.tool_version = "0", .created = "2026-01-01T00:00:00Z"});
  const auto violations = validate_cyclonedx(text);
  ASSERT_TRUE(violations.has_value());
  for (const Violation& one : *violations) ADD_FAILURE() << one.path << ": " << one.message;
  EXPECT_EQ(text, cyclonedx_json(inventory_, {.tool_version = "0", .created = "2026-01-01T00:00:00Z"}));
  EXPECT_THAT(text, HasSubstr("\"expression\": \"MIT OR Apache-2.0\""));
  EXPECT_THAT(text, HasSubstr("\"alg\": \"SHA-512\""));
}

TEST_F(InventoryOf, SurvivesItsOwnReaders) {
  test::Reading cyclonedx(read_cyclonedx_json, "x", cyclonedx_json(inventory_, {}), ArtifactKind::cyclonedx);
  EXPECT_EQ(cyclonedx.outcome().coverage, Coverage::read);
  EXPECT_THAT(cyclonedx.ask("SELECT full_name, version FROM component WHERE scope <> 'subject'"),
              ElementsAre("@s/a|2.0.0", "b|1.0.0"));
  EXPECT_EQ(cyclonedx.one("SELECT count(*) FROM dependency WHERE target_id IS NOT NULL"), "1");
  test::Reading spdx(read_spdx_json, "x", spdx_json(inventory_, {}), ArtifactKind::spdx);
  EXPECT_EQ(spdx.outcome().coverage, Coverage::read);
  EXPECT_THAT(spdx.ask("SELECT full_name, version FROM component"), ElementsAre("@s/a|2.0.0", "b|1.0.0"));
}

TEST(Inventory, LeavesOutARequirementThatALockfileResolves) {
  test::Reading reading(read_pip_requirements, "requirements.txt", "a>=1\nb==2\nB>=1\n",
                        ArtifactKind::pip_requirements);
  std::vector<std::string> lines;
  const Inventory inventory = inventory_of(reading.database()).value();
  for (const InventoryComponent& one : inventory.components) lines.push_back(one.purl + one.requirement);
  EXPECT_THAT(lines, ElementsAre("pkg:pypi/a>=1", "pkg:pypi/b@2"));
}

std::string verdict(std::string_view text) {
  const auto violations = validate_cyclonedx(text);
  if (!violations) return "error";
  if (violations->empty()) return "valid";
  const Violation& first = violations->front();
  return std::to_string(first.position.line) + ":" + std::to_string(first.position.column) + " " + first.path;
}

TEST(Validate, PointsAtWhatIsWrong) {
  EXPECT_EQ(verdict(R"({"bomFormat": "CycloneDX", "specVersion": "1.6"})"), "valid");
  EXPECT_EQ(verdict(R"({"bomFormat": "CycloneDX", "specVersion": "1.4"})"), "1:1 ") << "version is required until 1.4";
  EXPECT_EQ(verdict(R"({"bomFormat": "Cyclone", "specVersion": "1.6"})"), "1:15 bomFormat");
  EXPECT_EQ(verdict("{\"bomFormat\": \"CycloneDX\", \"specVersion\": \"1.6\",\n \"components\": [{\"type\": "
                    "\"libary\", \"name\": \"a\"}]}"),
            "2:26 components[0].type");
  EXPECT_EQ(verdict(R"({"bomFormat": "CycloneDX", "specVersion": "1.6", "unknown": 1})"), "1:50 unknown");
  EXPECT_EQ(verdict(R"({"bomFormat": "CycloneDX", "specVersion": "1.3", "version": 1, "vulnerabilities": []})"),
            "1:64 vulnerabilities");
  EXPECT_EQ(verdict(R"({"bomFormat": "CycloneDX", "specVersion": "1.6", "serialNumber": "urn:uuid:1"})"),
            "1:66 serialNumber");
  EXPECT_EQ(
      verdict(R"({"bomFormat": "CycloneDX", "specVersion": "1.6", "metadata": {"timestamp": "2026-13-01T00:00:00Z"}})"),
      "1:76 metadata.timestamp");
  EXPECT_EQ(verdict(R"({"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "version": 2})"), "1:64 ");
  EXPECT_EQ(verdict("[]"), "error");
  EXPECT_EQ(verdict(R"({"specVersion": "9.9"})"), "error");
}

}  // namespace
}  // namespace assay::sbom

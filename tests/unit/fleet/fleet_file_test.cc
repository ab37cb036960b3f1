#include "analyzer/fleet/fleet_file.h"

#include <gmock/gmock.h>

#include "tests/unit/fleet/fleet_support.h"

namespace assay::fleet {
namespace {

using test::TemporaryDirectory;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(FleetFile, ReadsEntriesSortedByName) {
  const auto fleet = read_fleet(
      "- {name: zeta, path: clones/z, sboms: [out/sbom], logs: out/logs}\n"
      "- path: /srv/alpha\n",
      "FLEET.yaml", "/base");
  ASSERT_TRUE(fleet.has_value()) << fleet.error().text();
  ASSERT_EQ(fleet->subjects.size(), 2U);
  EXPECT_EQ(fleet->subjects[0].name, "alpha");
  EXPECT_EQ(fleet->subjects[0].path, "/srv/alpha");
  EXPECT_EQ(fleet->subjects[1].path, "/base/clones/z");
  EXPECT_THAT(fleet->subjects[1].sboms, ElementsAre("/base/out/sbom"));
  EXPECT_THAT(fleet->subjects[1].logs, ElementsAre("/base/out/logs"));
}

TEST(FleetFile, ARootGivesEveryRepositoryInIt) {
  TemporaryDirectory directory;
  std::filesystem::create_directories(directory / "clones/one/.git");
  std::filesystem::create_directories(directory / "clones/two.git/objects");
  std::ofstream(directory / "clones/two.git/HEAD") << "ref: refs/heads/main\n";
  std::filesystem::create_directories(directory / "clones/not-a-repository");
  const auto fleet = read_fleet("fleet:\n  - {root: clones}\n", "FLEET.yaml", directory.path());
  ASSERT_TRUE(fleet.has_value()) << fleet.error().text();
  ASSERT_EQ(fleet->subjects.size(), 2U);
  EXPECT_EQ(fleet->subjects[0].name, "one");
  EXPECT_EQ(fleet->subjects[1].name, "two");
}

TEST(FleetFile, ErrorsNameThePlace) {
  const auto where = [](std::string_view text) {
    const auto fleet = read_fleet(text, "FLEET.yaml", "/nowhere");
    return fleet ? std::string("no error") : fleet.error().where;
  };
  EXPECT_EQ(where("- {path: a}\n- {path: b, colour: red}\n"), "FLEET.yaml:2:13");
  EXPECT_EQ(where("- {path: a}\n- {path: other/a}\n"), "FLEET.yaml:2:3") << "one name twice";
  EXPECT_EQ(where("- name: a\n"), "FLEET.yaml:1:3") << "no path";
  EXPECT_EQ(where("- {root: clones}\n"), "FLEET.yaml:1:10") << "no such directory";
  EXPECT_EQ(where("- {root: clones, name: x}\n"), "FLEET.yaml:1:3");
  EXPECT_EQ(where("fleat: []\n"), "FLEET.yaml:1:1");
  EXPECT_EQ(where("text\n"), "FLEET.yaml:1:1");
  EXPECT_THAT(where("- {path: [\n"), HasSubstr("FLEET.yaml:"));
}

}  // namespace
}  // namespace assay::fleet

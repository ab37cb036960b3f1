#include "analyzer/fleet/hunt.h"

#include <gmock/gmock.h>

#include "tests/unit/fleet/hunting.h"

namespace assay::fleet {
namespace {

using evidence::Rows;
using evidence::Tri;
using ::testing::ElementsAre;

const std::string bad_commit(40, 'b');
const std::string good_commit(40, 'c');

using test::HuntTest;

void component(Rows& rows, std::uint32_t line, const std::string& name, const std::string& version,
               const std::string& declared_in, const std::string& requirement = "") {
  rows.add(evidence::ComponentRow{.at = rows.locate({{line, 5}, {line, 9}}),
                                  .purl_type = "npm",
                                  .name = name,
                                  .full_name = name,
                                  .version = version,
                                  .declared_in = declared_in,
                                  .pinned = evidence::tri(requirement.empty()),
                                  .requirement = requirement});
}

TEST_F(HuntTest, APackageHasFourAnswers) {
  subject("a-locked", ArtifactKind::npm_lock, "package-lock.json",
          [](Rows& rows) { component(rows, 7, "axios", "1.14.1", "lockfile"); });
  subject("b-range", ArtifactKind::npm_manifest, "web/package.json",
          [](Rows& rows) { component(rows, 3, "axios", "", "manifest", "^1.0.0"); });
  subject("c-other-version", ArtifactKind::npm_lock, "package-lock.json",
          [](Rows& rows) { component(rows, 7, "axios", "1.14.0", "lockfile"); });
  subject("d-no-input", ArtifactKind::source, "main.c", [](Rows&) {});
  subject(
      "e-unread", ArtifactKind::npm_lock, "package-lock.json", [](Rows&) {}, Coverage::not_read);
  subject("f-sbom-without-version", ArtifactKind::cyclonedx, "bom.json",
          [](Rows& rows) { component(rows, 4, "axios", "", "sbom"); });
  EXPECT_THAT(hunt_for("pkg:npm/axios@1.14.1"),
              ElementsAre("a-locked AFFECTED package-lock.json:7", "b-range POSSIBLE web/package.json:3",
                          "f-sbom-without-version POSSIBLE bom.json:4", "d-no-input NOT EXAMINED",
                          "e-unread NOT EXAMINED", "c-other-version NOT SEEN"));
}

TEST_F(HuntTest, ALockfileBesideTheManifestSettlesTheRange) {
  subject("settled", ArtifactKind::npm_lock, "web/package-lock.json", [](Rows& rows) {
    component(rows, 7, "axios", "1.14.0", "lockfile");
    component(rows, 3, "axios", "", "manifest", "^1.0.0");
  });
  EXPECT_THAT(hunt_for("axios@1.14.1"), ElementsAre("settled NOT SEEN"));
}

TEST_F(HuntTest, AnActionByCommitAndTag) {
  const auto uses = [](const std::string& reference, const std::string& kind) {
    return [=](Rows& rows) {
      rows.add(evidence::UsesRow{.at = rows.locate({{9, 9}, {9, 20}}),
                                 .kind = "action",
                                 .name = "acme/build",
                                 .reference = reference,
                                 .reference_kind = kind,
                                 .immutable = evidence::tri(kind == "commit")});
    };
  };
  subject("bad", ArtifactKind::github_workflow, ".github/workflows/a.yml", uses(bad_commit, "commit"));
  subject("good", ArtifactKind::github_workflow, ".github/workflows/a.yml", uses(good_commit, "commit"));
  subject("tagged", ArtifactKind::github_workflow, ".github/workflows/a.yml", uses("v1", "branch-or-tag"));
  EXPECT_THAT(hunt_for("acme/build@" + bad_commit),
              ElementsAre("bad AFFECTED .github/workflows/a.yml:9", "tagged POSSIBLE .github/workflows/a.yml:9",
                          "good NOT SEEN"));
  EXPECT_THAT(hunt_for("acme/build@v1"), ::testing::Contains("tagged AFFECTED .github/workflows/a.yml:9"));
}

TEST_F(HuntTest, ALogSaysWhatATagBecame) {
  subject("ran", ArtifactKind::build_log, "logs/1.txt", [](Rows& rows) {
    rows.add(evidence::LogEventRow{.at = rows.locate({{12, 1}, {12, 80}}),
                                   .kind = "action-resolved",
                                   .name = "acme/build",
                                   .version = "v1",
                                   .value = bad_commit});
  });
  EXPECT_THAT(hunt_for("acme/build@" + bad_commit), ElementsAre("ran AFFECTED logs/1.txt:12"));
}

TEST_F(HuntTest, ACommitAnywhereInTheHistory) {
  const auto history = [](const std::string& oid, bool cut) {
    return [=](Rows& rows) {
      rows.add(evidence::RepositoryRow{.at = rows.whole(), .cut = evidence::tri(cut)});
      for (const char digit : std::string("0123456789"))
        rows.add(evidence::GitCommitRow{.at = rows.whole(), .oid = std::string(40, digit)});
      rows.add(evidence::GitCommitRow{.at = rows.whole(), .oid = oid});
    };
  };
  subject("has", ArtifactKind::repository, ".git", history(bad_commit, false));
  subject("has-not", ArtifactKind::repository, ".git", history(good_commit, false));
  subject("shallow", ArtifactKind::repository, ".git", history(good_commit, true));
  EXPECT_THAT(hunt_for(bad_commit), ::testing::Contains("has AFFECTED .git:0"));
  Store store = std::move(Store::open(directory_ / "store").value());
  const auto report = hunt(store, {{.kind = IndicatorKind::commit, .name = {}, .value = bad_commit}});
  ASSERT_TRUE(report.has_value());
  ASSERT_EQ(report->subjects.size(), 3U);
  EXPECT_EQ(report->subjects[1].subject, "shallow");
  EXPECT_EQ(report->subjects[1].answer, Answer::not_examined);
  EXPECT_THAT(report->subjects[1].not_examined, ElementsAre("the clone does not hold the whole history"));
  EXPECT_EQ(report->subjects[2].answer, Answer::not_seen);
}

TEST_F(HuntTest, AHostCoversWhatIsBelowItAndNothingBeside) {
  const auto contacted = [](const std::string& host) {
    return [=](Rows& rows) {
      rows.add(evidence::LogEventRow{.at = rows.locate({{5, 1}, {5, 9}}),
                                     .kind = "url-contacted",
                                     .value = "https://" + host + "/",
                                     .host = host});
    };
  };
  subject("below", ArtifactKind::build_log, "log", contacted("a.evil.example"));
  subject("beside", ArtifactKind::build_log, "log", contacted("notevil.example"));
  subject("exact", ArtifactKind::build_log, "log", contacted("evil.example"));
  EXPECT_THAT(hunt_for("https://evil.example/path"),
              ElementsAre("below AFFECTED log:5", "exact AFFECTED log:5", "beside NOT SEEN"));
}

TEST_F(HuntTest, ADigestOfAComponent) {
  const std::string digest(64, 'd');
  subject("has", ArtifactKind::cyclonedx, "bom.json", [=](Rows& rows) {
    const auto id = rows.add(evidence::ComponentRow{.at = rows.whole(), .name = "x", .full_name = "x", .version = "1"});
    rows.add(evidence::ComponentHashRow{
        .at = rows.locate({{8, 3}, {8, 5}}), .component_id = id, .algorithm = "sha-256", .value = digest});
  });
  EXPECT_THAT(hunt_for("sha256:" + digest), ElementsAre("has AFFECTED bom.json:8"));
}

TEST(Indicator, ReadsWhatPeopleType) {
  const auto kinds = [](std::string_view text) {
    const auto read = read_indicator(text, {});
    std::string out;
    if (!read) return std::string("error");
    for (const Indicator& one : *read) {
      out += std::string(out.empty() ? "" : " ") + std::string(word(one.kind)) + ":" + one.purl_type + ":" + one.name +
             one.value;
      for (const std::string& version : one.versions) out += "@" + version;
    }
    return out;
  };
  EXPECT_EQ(kinds("pkg:npm/%40scope/Name@1.0.0?a=b"), "package:npm:@scope/name@1.0.0");
  EXPECT_EQ(kinds("pkg:npm/@scope/name"), "package:npm:@scope/name");
  EXPECT_EQ(kinds("pkg:pypi/Foo_Bar@2"), "package:pypi:foo-bar@2");
  EXPECT_EQ(kinds("axios@1.14.1"), "package::axios@1.14.1");
  EXPECT_EQ(kinds("@scope/name@1"), "package::@scope/name@1");
  EXPECT_EQ(kinds("acme/Build@v1"), "action::acme/build@v1");
  EXPECT_EQ(kinds("acme/build/sub@v1"), "action::acme/build@v1");
  EXPECT_EQ(kinds("github.com/a/b"), "package::github.com/a/b");
  EXPECT_EQ(kinds("socket.io"), "host::socket.io package::socket.io");
  EXPECT_EQ(kinds("192.0.2.7"), "ip::192.0.2.7");
  EXPECT_EQ(kinds("https://user@evil.example:8443/x"), "host::evil.example");
  EXPECT_EQ(kinds(std::string(40, 'A')), "commit::" + std::string(40, 'a') + " hash::" + std::string(40, 'a'));
  EXPECT_EQ(kinds(""), "error");
  EXPECT_EQ(kinds("two words"), "error");
  EXPECT_EQ(kinds("pkg:npm"), "error");
}

TEST(Indicator, AnIncidentStandsForWhatItLeft) {
  sqlite3* handle = nullptr;
  ASSERT_EQ(sqlite3_open(":memory:", &handle), SQLITE_OK);
  ASSERT_EQ(
      sqlite3_exec(
          handle,
          "CREATE TABLE incident(incident, name); CREATE TABLE bad_package(incident, purl_type, full_name, version, "
          "valid_from, "
          "valid_until); CREATE TABLE incident_family(incident, family);"
          "INSERT INTO incident_family VALUES('storm', 'self-propagation');"
          "CREATE TABLE indicator(incident, kind, subject, value);"
          "INSERT INTO incident VALUES('storm', 'Storm');"
          "INSERT INTO bad_package VALUES('storm', 'npm', 'a', '1', '', ''), ('storm', 'npm', 'a', '2', '', ''), "
          "('storm', 'npm', 'a', '3', '2026-03-31', '2026-04-01'), ('storm', 'npm', 'b', '', '', ''), "
          "('storm', 'githubactions', 'Acme/Build', '', '2026-03-14', '2026-03-15'), ('calm', 'npm', 'c', '1', '', '');"
          "INSERT INTO indicator VALUES('storm', 'domain', '', 'Evil.example'), ('storm', 'action-commit', "
          "'Acme/Build', 'BB'), ('storm', 'marker', '', 'x')",
          nullptr, nullptr, nullptr),
      SQLITE_OK);
  sqlite3_int64 size = 0;
  unsigned char* bytes = sqlite3_serialize(handle, "main", &size, 0);
  const std::string image(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
  sqlite3_free(bytes);
  sqlite3_close(handle);
  const auto read = read_indicator("storm", image);
  ASSERT_TRUE(read.has_value()) << read.error().text();
  std::vector<std::string> found;
  for (const Indicator& one : *read) {
    std::string line = std::string(word(one.kind)) + " " + one.name;
    for (const std::string& version : one.versions) line += "@" + version;
    line += one.window.from ? " from " + std::to_string(*one.window.from) : "";
    line += one.window.until ? " until " + std::to_string(*one.window.until) : "";
    found.push_back(line);
    EXPECT_EQ(one.incident, "storm");
    EXPECT_TRUE(one.spreads);
  }
  const std::string march = " from 1773446400 until 1773619199";
  EXPECT_THAT(found,
              ElementsAre("package Acme/Build" + march, "package a@1@2", "package a@3 from 1774915200 until 1775087999",
                          "package b", "action acme/build@bb" + march, "host evil.example"))
      << "the commit decides, the window of the action's name goes with it";
}

}  // namespace
}  // namespace assay::fleet

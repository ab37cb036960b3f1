#include "analyzer/drift/compare.h"

#include <gmock/gmock.h>

#include "analyzer/evidence/rows.h"

namespace assay::drift {
namespace {

using evidence::Database;
using evidence::RowId;
using evidence::Rows;
using evidence::Tri;
using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::Field;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

struct Package {
  std::string name;
  std::string version;
  std::string digest{};
  std::string host = "registry.example.com";
  bool runs = false;
  std::string requirement{};
  std::string type = "npm";
  Tri pinned = Tri::yes;
  std::string origin = "registry";
};

// One side, filled by hand: artifacts of one document each, and logs.
class Half {
 public:
  Half& document(const std::string& path, const std::vector<Package>& packages, const std::string& format = "npm-lock",
                 const std::string& declared = "lockfile") {
    Rows& rows = artifact(path);
    const RowId document = rows.add(evidence::SbomDocumentRow{.at = rows.whole(), .format = format});
    for (const Package& one : packages) {
      const std::uint32_t line = ++line_;
      const RowId id = rows.add(evidence::ComponentRow{.at = rows.locate({{line, 1}, {line, 5}}),
                                                       .sbom_document_id = document,
                                                       .purl_type = one.type,
                                                       .name = one.name,
                                                       .full_name = one.name,
                                                       .version = one.version,
                                                       .scope = "required",
                                                       .declared_in = declared,
                                                       .pinned = one.pinned,
                                                       .requirement = one.requirement});
      ids_[one.name] = id;
      if (!one.digest.empty())
        rows.add(evidence::ComponentHashRow{.at = rows.locate({{line, 20}, {line, 30}}),
                                            .component_id = id,
                                            .algorithm = "sha-512",
                                            .value = one.digest});
      if (!one.host.empty())
        rows.add(evidence::ComponentOriginRow{.at = rows.locate({{line, 40}, {line, 50}}),
                                              .component_id = id,
                                              .kind = one.origin,
                                              .url = "https://" + one.host + "/" + one.name,
                                              .host = one.host,
                                              .integrity = one.digest.empty() ? "" : "sha512-x"});
      if (one.runs)
        rows.add(evidence::InstallTriggerRow{.at = rows.locate({{line, 60}, {line, 70}}), .component_id = id});
    }
    return *this;
  }
  Half& requires_(const std::string& from, const std::string& target) {
    Rows& rows = *rows_.back();
    rows.add(evidence::DependencyRow{
        .at = rows.whole(), .component_id = ids_.at(from), .target_id = ids_.at(target), .target = target});
    return *this;
  }
  Half& log(const std::vector<evidence::LogEventRow>& events, const std::string& runner = "hosted 1",
            Tri kept = Tri::no) {
    Rows& rows = artifact("build.log");
    rows.add(evidence::LogRunRow{.at = rows.whole(), .system = "github", .runner = runner, .self_hosted = kept});
    for (evidence::LogEventRow event : events) {
      event.at = rows.locate({{++line_, 1}, {line_, 5}});
      rows.add(std::move(event));
    }
    return *this;
  }
  Half& source(const std::string& path, const std::string& function, const std::string& capability) {
    Rows& rows = artifact(path);
    rows.add(evidence::CallRow{
        .at = rows.locate({{++line_, 1}, {line_, 5}}), .caller = function, .callee = "f", .capability = capability});
    return *this;
  }

  void load(Database& database, std::string_view schema) const {
    ASSERT_TRUE(database.insert(schema, std::span<const Artifact>(artifacts_)));
    for (const auto& rows : rows_) ASSERT_TRUE(database.insert(schema, *rows));
    ASSERT_TRUE(database.finish_loading(schema));
  }

 private:
  Rows& artifact(const std::string& path) {
    Artifact one;
    one.id = artifact_id(static_cast<std::uint32_t>(artifacts_.size() + 1), 0);
    one.path = path;
    rows_.push_back(std::make_unique<Rows>(one.id));
    artifacts_.push_back(std::move(one));
    return *rows_.back();
  }

  std::vector<Artifact> artifacts_;
  std::vector<std::unique_ptr<Rows>> rows_;
  std::map<std::string, RowId> ids_;
  std::uint32_t line_ = 0;
};

std::vector<Change> changes(const Half& was, const Half& now) {
  Database database = std::move(Database::create().value());
  EXPECT_TRUE(database.add_schema("before"));
  was.load(database, "before");
  now.load(database, "main");
  Result<std::vector<Change>> found = compare(database, {});
  EXPECT_TRUE(found) << found.error().text();
  return found ? std::move(*found) : std::vector<Change>{};
}

auto change(const std::string& kind, const std::string& name, const std::string& was, const std::string& now) {
  return AllOf(Field("kind", &Change::kind, kind), Field("name", &Change::name, name), Field("was", &Change::was, was),
               Field("now", &Change::now, now));
}

TEST(Drift, EqualSidesDifferInNothing) {
  Half side;
  side.document("lock", {{"a", "1.0.0", "aa"}, {"b", "2.0.0", "bb"}}).requires_("a", "b");
  EXPECT_THAT(changes(side, side), IsEmpty());
}

TEST(Drift, VersionsGoUpAndDown) {
  const auto found = changes(Half().document("lock", {{"a", "1.9.0"}, {"b", "2.0.0"}, {"c", "1.0"}}),
                             Half().document("lock", {{"a", "1.10.0"}, {"b", "1.9.9"}, {"d", "0.1"}}));
  EXPECT_THAT(found, UnorderedElementsAre(change("version-up", "a", "1.9.0", "1.10.0"),
                                          change("version-down", "b", "2.0.0", "1.9.9"),
                                          change("removed", "c", "1.0", ""), change("added", "d", "", "0.1")));
}

TEST(Drift, OfSeveralVersionsTheNearestArePaired) {
  const auto found = changes(Half().document("lock", {{"a", "1.0.0"}, {"a", "2.0.0"}, {"a", "3.0.0"}}),
                             Half().document("lock", {{"a", "1.0.0"}, {"a", "2.0.1"}}));
  EXPECT_THAT(found,
              UnorderedElementsAre(change("version-up", "a", "2.0.0", "2.0.1"), change("removed", "a", "3.0.0", "")));
}

TEST(Drift, OtherBytesUnderOneVersionStandAtTheDigest) {
  const auto found =
      changes(Half().document("lock", {{"a", "1.0.0", "aa"}}), Half().document("lock", {{"a", "1.0.0", "ab"}}));
  ASSERT_THAT(found, ElementsAre(change("digest-changed", "a", "aa", "ab")));
  EXPECT_EQ(found[0].at.path, "lock");
  EXPECT_EQ(found[0].at.span, (Span{{1, 20}, {1, 30}}));
  EXPECT_EQ(found[0].before.span, (Span{{1, 1}, {1, 5}}));
}

TEST(Drift, OneMoreFileOfAVersionIsNoOtherDigest) {
  EXPECT_THAT(changes(Half().document("lock", {{"a", "1.0.0", "aa"}}),
                      Half().document("lock", {{"a", "1.0.0", "aa"}, {"a", "1.0.0", "ab"}})),
              testing::Not(Contains(Field(&Change::kind, "added"))));
}

TEST(Drift, IntegrityOriginAndScriptOfOneEntry) {
  const auto found = changes(
      Half().document("lock", {{"a", "1.0.0", "aa"}, {"b", "1.0.0", "bb"}, {"c", "1.0.0", "cc"}, {"d", "1.0.0", "dd"}}),
      Half().document("lock", {{"a", "1.0.0", ""},
                               {"b", "1.0.0", "bb", "drop.example.net"},
                               {"c", "1.0.1", "ce", "registry.example.com", true},
                               {"d", "1.0.0", "dd", "git.example.net", false, "", "npm", Tri::yes, "git"}}));
  EXPECT_THAT(found, UnorderedElementsAre(
                         change("integrity-lost", "a", "1.0.0", "1.0.0"),
                         change("origin-moved", "b", "registry.example.com", "drop.example.net"),
                         change("version-up", "c", "1.0.0", "1.0.1"), change("install-script", "c", "1.0.0", "1.0.1"),
                         change("left-registry", "d", "registry.example.com", "https://git.example.net/d")));
}

TEST(Drift, AFormatThatCannotSayIsNoLoss) {
  EXPECT_THAT(changes(Half().document("lock", {{"a", "1.0.0", "aa"}}),
                      Half().document("bom.json", {{"a", "1.0.0", "", ""}}, "cyclonedx", "sbom")),
              IsEmpty());
}

TEST(Drift, AcrossFormatsThePackageIsTheSame) {
  EXPECT_THAT(changes(Half().document("bom.json", {{"a", "1.0.0", "", "", false, "", ""}}, "cyclonedx", "sbom"),
                      Half().document("lock", {{"a", "1.0.1", "aa"}})),
              ElementsAre(change("version-up", "a", "1.0.0", "1.0.1")));
}

TEST(Drift, PinnedBecomesRange) {
  EXPECT_THAT(
      changes(Half().document("m", {{"a", "1.0.0"}}, "npm-manifest", "manifest"),
              Half().document("m", {{"a", "", "", "", false, "^1.0.0", "npm", Tri::no}}, "npm-manifest", "manifest")),
      ElementsAre(change("unpinned", "a", "1.0.0", "^1.0.0")));
}

TEST(Drift, ANewPackageIsReachedByAPath) {
  const auto found = changes(Half().document("lock", {{"a", "1.0.0"}, {"b", "1.0.0"}}).requires_("a", "b"),
                             Half()
                                 .document("lock", {{"a", "1.0.0"}, {"b", "1.0.1"}, {"c", "3.0.0"}})
                                 .requires_("a", "b")
                                 .requires_("b", "c"));
  EXPECT_THAT(found, Contains(AllOf(change("new-requirement", "c", "1.0.0", "1.0.1"), Field(&Change::detail, "b"),
                                    Field(&Change::step, "patch"))));
  EXPECT_THAT(found, Contains(AllOf(change("added", "c", "", "3.0.0"), Field(&Change::path, "c"))));
}

TEST(Drift, ARequirementCycleEnds) {
  const auto found = changes(
      Half().document("lock", {{"a", "1.0.0"}}),
      Half().document("lock", {{"a", "1.0.0"}, {"b", "1"}, {"c", "1"}}).requires_("b", "c").requires_("c", "b"));
  EXPECT_THAT(found, UnorderedElementsAre(change("added", "b", "", "1"), change("added", "c", "", "1")));
}

TEST(Drift, ReleasesAreComparedWithoutTheirOwnNames) {
  const auto found =
      changes(Half().source("p-1.0.tgz!/p-1.0/a.c", "f", "network").source("p-1.0.tgz!/p-1.0/b.c", "", "file"),
              Half().source("p-1.1.tgz!/p-1.1/a.c", "f", "network").source("p-1.1.tgz!/p-1.1/b.c", "g", "process"));
  ASSERT_THAT(found, ElementsAre(change("capability-gained", "process", "", "f")));
  EXPECT_EQ(found[0].path, "b.c");
  EXPECT_EQ(found[0].detail, "g");
  EXPECT_EQ(found[0].before.path, "p-1.0.tgz!/p-1.0/b.c");
}

TEST(Drift, LogsAreComparedAsFacts) {
  using Event = evidence::LogEventRow;
  const Event tool{
      .kind = "action-resolved", .ecosystem = "github", .name = "o/tool", .version = "v1.2.3", .value = "11"};
  Event moved = tool;
  moved.value = "22";
  const Event read{.kind = "permission-granted", .name = "contents", .value = "read"};
  Event write = read;
  write.value = "write";
  const Event host{.kind = "url-contacted", .value = "https://m1.example.com/a", .host = "m1.example.com"};
  Event mirror = host;
  mirror.host = "m22.example.com";
  const Event drop{.kind = "url-contacted", .value = "https://drop.example.net", .host = "drop.example.net"};
  const auto found =
      changes(Half().log({tool, read, host}), Half().log({moved, write, mirror, drop}, "mine", Tri::yes));
  EXPECT_THAT(found, UnorderedElementsAre(change("moved-commit", "o/tool", "11", "22"),
                                          change("permission-widened", "contents", "read", "write"),
                                          change("new-host", "drop.example.net", "", "https://drop.example.net"),
                                          change("runner-changed", "mine", "hosted, hosted 1", "self-hosted, mine")));
}

TEST(Drift, AnInstalledPackageIsExplainedByTheLockfile) {
  using Event = evidence::LogEventRow;
  const Event carrier{.kind = "package-installed", .ecosystem = "npm", .name = "carrier", .version = "4"};
  const auto explained = changes(Half().document("lock", {{"a", "1"}}).log({}),
                                 Half().document("lock", {{"a", "1"}, {"carrier", "4"}}).log({carrier}));
  EXPECT_THAT(explained, Contains(AllOf(Field(&Change::kind, "new-package"), Field(&Change::explained, "yes"))));
  const auto unexplained =
      changes(Half().document("lock", {{"a", "1"}}).log({}), Half().document("lock", {{"a", "1"}}).log({carrier}));
  EXPECT_THAT(unexplained, ElementsAre(AllOf(Field(&Change::kind, "new-package"), Field(&Change::explained, "no"))));
}

TEST(Drift, HostileRepetitionIsBounded) {
  std::vector<Package> many;
  std::vector<Package> others;
  for (int i = 0; i < 20'000; ++i) {
    many.push_back({"a", std::to_string(i), std::to_string(i)});
    others.push_back({"a", "1" + std::to_string(i) + "x", std::to_string(i)});
  }
  others.pop_back();
  EXPECT_FALSE(changes(Half().document("lock", many), Half().document("lock", others)).empty());
}

TEST(VersionStep, IsTheFirstNumberThatDiffers) {
  EXPECT_EQ(step_between("1.2.3", "2.0.0"), "major");
  EXPECT_EQ(step_between("1.2.3", "1.3.0"), "minor");
  EXPECT_EQ(step_between("v1.2.3", "1.2.4"), "patch");
  EXPECT_EQ(step_between("1.2", "1.2.0.1"), "smaller");
  EXPECT_EQ(step_between("1.2.3-rc.1", "1.2.3"), "smaller");
  EXPECT_EQ(step_between("1.2.3", "1.2.3"), "");
  EXPECT_EQ(step_between("main", "1.2.3"), "");
  EXPECT_EQ(step_between("99999999999999999999.1", "99999999999999999998.1"), "major");
}

TEST(PlainOrder, NumbersByValueAndPreReleasesFirst) {
  EXPECT_LT(*plain_order("1.9", "1.10"), 0);
  EXPECT_LT(*plain_order("1.0.0-rc.1", "1.0.0"), 0);
  EXPECT_GT(*plain_order("1.0.1", "1.0"), 0);
  EXPECT_EQ(*plain_order("1.0", "1.0"), 0);
  EXPECT_FALSE(plain_order("main", "1.0"));
  EXPECT_GT(*plain_order("100000000000000000000", "99999999999999999999"), 0);
}

}  // namespace
}  // namespace assay::drift

#include "analyzer/evidence/database.h"
#include "analyzer/evidence/loader.h"

#include <gtest/gtest.h>

#include <optional>

#include "analyzer/evidence/schema.h"

namespace assay::evidence {
namespace {

Database loaded() {
  Database database = std::move(Database::create().value());
  const Artifact artifact{.id = artifact_id(3, 0), .path = "a/b.yml", .kind = ArtifactKind::github_workflow};
  Rows rows(artifact.id);
  const RowId workflow =
      rows.add(WorkflowRow{.at = rows.locate({{1, 1}, {9, 1}}), .system = "github", .path = "a/b.yml"});
  rows.add(
      JobRow{.at = rows.locate({{4, 3}, {4, 8}}), .workflow_id = workflow, .name = "build", .self_hosted = Tri::no});
  EXPECT_TRUE(database.insert("main", std::span<const Artifact>(&artifact, 1)).has_value());
  EXPECT_TRUE(database.insert("main", rows).has_value());
  EXPECT_TRUE(database.finish_loading("main").has_value());
  return database;
}

TEST(Database, AnswersJoinsOverRows) {
  Database database = loaded();
  Statement statement = std::move(
      database
          .prepare(
              "SELECT j.name, j.at, j.self_hosted, j.inherits_secrets FROM job j JOIN workflow USING (workflow_id)")
          .value());
  ASSERT_TRUE(statement.step().value());
  EXPECT_EQ(statement.text(0), "build");
  EXPECT_EQ(statement.integer(2), 0);
  EXPECT_TRUE(statement.is_null(3)) << "not examined is NULL";
  const Database::Place place = database.place(statement.integer(1)).value();
  EXPECT_EQ(place.path, "a/b.yml");
  EXPECT_EQ(place.span.begin.line, 4U);
}

TEST(Database, RefusesToWriteThroughAQuery) {
  Database database = loaded();
  EXPECT_FALSE(database.prepare("DELETE FROM job").has_value());
  EXPECT_FALSE(database.prepare("SELECT 1; SELECT 2").has_value());
  EXPECT_FALSE(database.prepare("").has_value());
}

TEST(Database, StopsAQueryThatNeverEnds) {
  Database database = loaded();
  Statement statement = std::move(
      database.prepare("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n) SELECT max(i) FROM n").value());
  const Result<bool> row = statement.step();
  ASSERT_FALSE(row.has_value());
  EXPECT_EQ(row.error().code, ErrorCode::limit);
}

TEST(Database, MatchesRegularExpressionsInLinearTime) {
  Database database = loaded();
  Statement statement = std::move(database.prepare("SELECT 'tj-actions/changed-files' REGEXP '^tj-[a-z]+/'").value());
  ASSERT_TRUE(statement.step().value());
  EXPECT_EQ(statement.integer(0), 1);
}

TEST(Database, CountsTheEditsBetweenTexts) {
  Database database = loaded();
  const auto distance = [&](std::string_view a, std::string_view b) -> std::optional<std::int64_t> {
    Statement statement = std::move(database.prepare("SELECT edit_distance(?, ?), edit_distance(?2, ?1)").value());
    statement.bind(1, a);
    statement.bind(2, b);
    EXPECT_TRUE(statement.step().value());
    EXPECT_EQ(statement.shown(0), statement.shown(1)) << a << ' ' << b;
    return statement.is_null(0) ? std::nullopt : std::optional(statement.integer(0));
  };
  EXPECT_EQ(distance("", ""), 0);
  EXPECT_EQ(distance("", "abc"), 3);
  EXPECT_EQ(distance("actions", "action"), 1);
  EXPECT_EQ(distance("actions", "cations"), 1);  // neighbours exchanged
  EXPECT_EQ(distance("actions", "acti0ns"), 1);
  EXPECT_EQ(distance("actions", "Actions"), 1);  // case counts
  EXPECT_EQ(distance("kitten", "sitting"), 3);
  EXPECT_EQ(distance("ca", "abc"), 3);  // what was exchanged is not edited again
  EXPECT_EQ(distance(std::string(128, 'a'), std::string(128, 'b')), 128);
  EXPECT_EQ(distance(std::string(129, 'a'), "a"), std::nullopt);
  Statement null = std::move(database.prepare("SELECT edit_distance(NULL, 'a')").value());
  ASSERT_TRUE(null.step().value());
  EXPECT_TRUE(null.is_null(0));
}

TEST(Database, OrdersVersionsByTheirEcosystem) {
  Database database = loaded();
  const auto order = [&](std::string_view sql) -> std::optional<std::int64_t> {
    Statement statement = std::move(database.prepare(sql).value());
    EXPECT_TRUE(statement.step().value());
    return statement.is_null(0) ? std::nullopt : std::optional(statement.integer(0));
  };
  EXPECT_EQ(order("SELECT version_compare('npm', '1.9.0', '1.10.0')"), -1);
  EXPECT_EQ(order("SELECT version_compare('PyPI', '1.0', '1.0.0')"), 0);
  EXPECT_EQ(order("SELECT version_compare('deb', '1.0', '1.0~rc1')"), 1);
  EXPECT_EQ(order("SELECT version_compare('generic', '1', '2')"), std::nullopt);
  EXPECT_EQ(order("SELECT version_compare('npm', NULL, '2')"), std::nullopt);
}

// A connection opened from a snapshot sees every schema, and what changes later is not in it.
TEST(Database, ASnapshotAnswersOtherConnections) {
  Database database = std::move(Database::create().value());
  ASSERT_TRUE(database.add_schema("before").has_value());
  Rows rows(artifact_id(1, 0));
  rows.add(JobRow{.name = "build"});
  ASSERT_TRUE(database.insert("main", rows).has_value());
  ASSERT_TRUE(database.finish_loading("main").has_value());
  Rows old(artifact_id(1, 0));
  old.add(JobRow{.name = "old build"});
  ASSERT_TRUE(database.insert("before", old).has_value());
  database.allow_steps(20'000);
  const Snapshot snapshot = std::move(database.snapshot().value());
  Rows later(artifact_id(2, 0));
  later.add(JobRow{.name = "later"});
  ASSERT_TRUE(database.insert("main", later).has_value());

  Database first = std::move(Database::open(snapshot).value());
  Database second = std::move(Database::open(snapshot).value());
  for (Database* other : {&first, &second}) {
    EXPECT_TRUE(other->has_schema("before"));
    Statement names = std::move(
        other->prepare("SELECT group_concat(name) FROM (SELECT name FROM job UNION ALL SELECT name FROM before.job)")
            .value());
    ASSERT_TRUE(names.step().value());
    EXPECT_EQ(names.shown(0), "build,old build");
    EXPECT_FALSE(other->execute("DELETE FROM job").has_value());
    Statement endless = std::move(
        other->prepare("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n")
            .value());
    EXPECT_EQ(endless.step().error().code, ErrorCode::limit);
  }
}

// A table filled at once holds what it holds when filled artifact by artifact.
TEST(Database, FillsTablesFromManyArtifactsAtOnce) {
  std::vector<std::unique_ptr<Rows>> many;
  Database one_by_one = std::move(Database::create().value());
  for (std::uint32_t i = 1; i <= 3; ++i) {
    many.push_back(std::make_unique<Rows>(artifact_id(i, 0)));
    for (std::uint32_t job = 0; job < i; ++job) many.back()->add(JobRow{.name = std::to_string(job)});
    many.back()->add(StepRow{.at = many.back()->whole()});
    ASSERT_TRUE(one_by_one.insert("main", *many.back()).has_value());
  }
  Database at_once = std::move(Database::create().value());
  Loader loader(at_once, "main");
  ASSERT_TRUE(loader.add(std::span<const std::unique_ptr<Rows>>(many)).has_value());
  ASSERT_TRUE(loader.finish().has_value());
  const auto all = [](Database& database) {
    std::vector<std::string> rows;
    Statement statement = std::move(
        database.prepare("SELECT job_id || name FROM job UNION ALL SELECT step_id || ',' || at FROM step ORDER BY 1")
            .value());
    while (statement.step().value()) rows.push_back(statement.shown(0));
    return rows;
  };
  EXPECT_EQ(all(at_once).size(), 9U);
  EXPECT_EQ(all(at_once), all(one_by_one));
}

TEST(Rows, IdsComeFromTheArtifactAlone) {
  Rows one(artifact_id(7, 2));
  Rows two(artifact_id(7, 2));
  EXPECT_EQ(one.add(JobRow{.name = "a"}), two.add(JobRow{.name = "b"}));
  EXPECT_NE(one.add(JobRow{.name = "c"}), Rows(artifact_id(8, 0)).add(JobRow{.name = "a"}));
}

TEST(Schema, EveryTableBeginsWithItsKey) {
  ASSERT_GT(schema().size(), 30U);
  for (const TableDefinition& table : schema()) {
    EXPECT_EQ(table.columns.front().type, ColumnType::key) << table.name;
  }
}

}  // namespace
}  // namespace assay::evidence

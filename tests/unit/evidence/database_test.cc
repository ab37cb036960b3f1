#include "analyzer/evidence/database.h"

#include <gtest/gtest.h>

#include "analyzer/evidence/schema.h"

namespace assay::evidence {
namespace {

Database loaded() {
  Database database = std::move(Database::create().value());
  const Artifact artifact{.id = artifact_id(3, 0), .path = "a/b.yml", .kind = ArtifactKind::github_workflow};
  Rows rows(artifact.id);
  const RowId workflow = rows.add(WorkflowRow{.at = rows.locate({{1, 1}, {9, 1}}), .system = "github", .path = "a/b.yml"});
  rows.add(JobRow{.at = rows.locate({{4, 3}, {4, 8}}), .workflow_id = workflow, .name = "build", .self_hosted = Tri::no});
  EXPECT_TRUE(database.insert("main", std::span<const Artifact>(&artifact, 1)).has_value());
  EXPECT_TRUE(database.insert("main", rows).has_value());
  EXPECT_TRUE(database.finish_loading("main").has_value());
  return database;
}

TEST(Database, AnswersJoinsOverRows) {
  Database database = loaded();
  Statement statement = std::move(database.prepare("SELECT j.name, j.at, j.self_hosted, j.inherits_secrets FROM job j JOIN workflow USING (workflow_id)").value());
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
  Statement statement = std::move(database.prepare("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n) SELECT max(i) FROM n").value());
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

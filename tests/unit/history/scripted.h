#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "analyzer/evidence/database.h"
#include "analyzer/history/history.h"
#include "analyzer/history/scripted_repository.h"

namespace assay::test {

// A directory that is gone with the object.
class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::string pattern = (std::filesystem::temp_directory_path() / "assay-history-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  ~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// What read_history makes of a repository, as a database to ask.
class HistoryReading {
 public:
  explicit HistoryReading(const std::string& path, const history::HistoryOptions& options = {})
      : artifact_{.id = artifact_id(1, 0), .path = ".git", .kind = ArtifactKind::repository},
        rows_(artifact_.id),
        outcome_(history::read_history(path, options, rows_)),
        database_(std::move(evidence::Database::create().value())) {
    EXPECT_TRUE(database_.insert("main", std::span<const Artifact>(&artifact_, 1)).has_value());
    EXPECT_TRUE(database_.insert("main", rows_).has_value());
    EXPECT_TRUE(database_.finish_loading("main").has_value());
  }

  const ReadOutcome& outcome() const { return outcome_; }
  const evidence::Rows& rows() const { return rows_; }

  // Each row as its columns joined with '|'; NULL is "NULL".
  std::vector<std::string> ask(std::string_view sql) {
    std::vector<std::string> out;
    auto statement = database_.prepare(sql);
    EXPECT_TRUE(statement.has_value()) << statement.error().message;
    while (statement) {
      const auto row = statement->step();
      EXPECT_TRUE(row.has_value()) << row.error().message;
      if (!row || !*row) break;
      std::string line;
      for (int i = 0; i < statement->column_count(); ++i) {
        line += (i > 0 ? "|" : "") + (statement->is_null(i) ? std::string("NULL") : statement->shown(i));
      }
      out.push_back(line);
    }
    return out;
  }
  std::string one(std::string_view sql) {
    const std::vector<std::string> all = ask(sql);
    return all.size() == 1 ? all.front() : "(" + std::to_string(all.size()) + " rows)";
  }

 private:
  Artifact artifact_;
  evidence::Rows rows_;
  ReadOutcome outcome_;
  evidence::Database database_;
};

}  // namespace assay::test

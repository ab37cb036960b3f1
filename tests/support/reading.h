#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "analyzer/evidence/database.h"
#include "analyzer/evidence/rows.h"
#include "analyzer/intake/input.h"

namespace assay::test {

using Reader = ReadOutcome (*)(const intake::Input&, evidence::Rows&);

// What one reader made of one text, as a database to ask.
class Reading {
 public:
  Reading(Reader reader, std::string_view path, std::string_view bytes, ArtifactKind kind,
          Language language = Language::none)
      : artifact_{.id = artifact_id(1, 0),
                  .path = std::string(path),
                  .kind = kind,
                  .language = language,
                  .size = bytes.size()},
        rows_(artifact_.id),
        outcome_(reader({artifact_, bytes}, rows_)),
        database_(std::move(evidence::Database::create().value())) {
    EXPECT_TRUE(database_.insert("main", std::span<const Artifact>(&artifact_, 1)).has_value());
    EXPECT_TRUE(database_.insert("main", rows_).has_value());
    EXPECT_TRUE(database_.finish_loading("main").has_value());
  }

  const evidence::Rows& rows() const { return rows_; }
  const ReadOutcome& outcome() const { return outcome_; }
  evidence::Database& database() { return database_; }

  // Each row of the query as its columns joined with '|'; NULL is "NULL".
  std::vector<std::string> ask(std::string_view sql) {
    std::vector<std::string> out;
    auto statement = database_.prepare(sql);
    EXPECT_TRUE(statement.has_value()) << statement.error().message;
    if (!statement) return out;
    while (true) {
      auto row = statement->step();
      EXPECT_TRUE(row.has_value());
      if (!row || !*row) return out;
      std::string line;
      for (int i = 0; i < statement->column_count(); ++i) {
        if (i > 0) line += '|';
        line += statement->is_null(i) ? "NULL" : statement->shown(i);
      }
      out.push_back(line);
    }
  }
  // "line:column" of the location with this id, through SQL.
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

#pragma once

#include <gtest/gtest.h>
#include <sqlite3.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "analyzer/evidence/database.h"
#include "analyzer/fleet/fleet_file.h"
#include "analyzer/fleet/store.h"

namespace assay::fleet::test {

class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::string pattern = (std::filesystem::temp_directory_path() / "assay-fleet-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  ~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }
  const std::string& path() const { return path_; }

  // A directory with one file, as good as a clone for everything here.
  void clone(const std::string& name, const std::string& text = "x") const {
    std::filesystem::create_directories(path_ + "/" + name);
    std::ofstream(path_ + "/" + name + "/file") << text;
  }

 private:
  std::string path_;
};

// The evidence of one subject, filled by `fill`.
template <class Fill>
std::unique_ptr<evidence::Database> evidence_of(const std::string& path, ArtifactKind kind, Fill&& fill,
                                                Coverage coverage = Coverage::read) {
  auto database = std::make_unique<evidence::Database>(std::move(evidence::Database::create().value()));
  Artifact artifact{.id = artifact_id(1, 0), .path = path, .kind = kind};
  artifact.outcome.coverage = coverage;
  evidence::Rows rows(artifact.id);
  fill(rows);
  EXPECT_TRUE(database->insert("main", std::span<const Artifact>(&artifact, 1)).has_value());
  EXPECT_TRUE(database->insert("main", rows).has_value());
  EXPECT_TRUE(database->finish_loading("main").has_value());
  return database;
}

inline Finding finding(const std::string& rule, const std::string& fingerprint) {
  Finding out;
  out.rule = rule;
  out.message = rule + " says so";
  out.fingerprint = fingerprint;
  out.at = {"file", {{3, 1}, {3, 2}}};
  return out;
}

// Every row of every table but the runs' start times, as text: what two equal stores have in common.
inline std::string contents(const std::string& path) {
  sqlite3* handle = nullptr;
  sqlite3_open_v2(path.c_str(), &handle, SQLITE_OPEN_READONLY, nullptr);
  std::string out;
  const auto ask = [&](const std::string& sql, auto&& row) {
    sqlite3_stmt* statement = nullptr;
    EXPECT_EQ(sqlite3_prepare_v2(handle, sql.c_str(), -1, &statement, nullptr), SQLITE_OK) << sql;
    while (sqlite3_step(statement) == SQLITE_ROW) row(statement);
    sqlite3_finalize(statement);
  };
  std::vector<std::string> tables;
  ask("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name",
      [&](sqlite3_stmt* s) { tables.emplace_back(reinterpret_cast<const char*>(sqlite3_column_text(s, 0))); });
  for (const std::string& table : tables) {
    out += "== " + table + "\n";
    std::vector<std::string> lines;
    ask("SELECT * FROM \"" + table + "\"", [&](sqlite3_stmt* s) {
      std::string line;
      for (int i = 0; i < sqlite3_column_count(s); ++i) {
        const auto* bytes = static_cast<const char*>(sqlite3_column_blob(s, i));
        line += std::string(bytes == nullptr ? "" : bytes, static_cast<std::size_t>(sqlite3_column_bytes(s, i))) + "|";
      }
      lines.push_back(line);
    });
    std::sort(lines.begin(), lines.end());
    for (const std::string& line : lines) out += line + "\n";
  }
  sqlite3_close(handle);
  return out;
}

}  // namespace assay::fleet::test

#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/base/result.h"
#include "analyzer/evidence/rows.h"

struct sqlite3;
struct sqlite3_stmt;

namespace assay::evidence {

// A prepared statement. Move-only; must not outlive its Database. Columns are read after step() returned true.
class Statement {
 public:
  Statement() = default;
  Statement(Statement&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Statement& operator=(Statement&& other) noexcept;
  ~Statement();

  // True: a row is there. False: no more rows. An error when the query failed or ran out of steps.
  Result<bool> step();
  void reset();
  void bind(int parameter, std::int64_t value);
  void bind(int parameter, std::string_view value);

  int column_count() const;
  std::string_view column_name(int column) const;
  bool is_null(int column) const;
  std::int64_t integer(int column) const;
  double real(int column) const;
  std::string_view text(int column) const;  // valid until the next step
  // The value as a person would write it: integers and text as they are, NULL as "".
  std::string shown(int column) const;
  // Integer, real, text or NULL: sqlite3's own type code.
  int type(int column) const;

 private:
  friend class Database;
  explicit Statement(sqlite3_stmt* handle) : handle_(handle) {}
  sqlite3_stmt* handle_ = nullptr;
};

// One subject's evidence, in an SQLite database in memory. Schemas: `main` always; `before`, `past` and `known` when
// given. Used by one thread at a time; many databases may live side by side.
class Database {
 public:
  // An empty `main` with every table.
  static Result<Database> create();

  Database(Database&& other) noexcept
      : handle_(std::exchange(other.handle_, nullptr)),
        limit_(std::move(other.limit_)),
        schemas_(std::move(other.schemas_)),
        places_(std::move(other.places_)) {}
  Database& operator=(Database&&) = delete;
  ~Database();

  // Adds an empty schema of evidence tables beside `main`: "before".
  Result<void> add_schema(std::string_view name);
  // Attaches a read-only database image that must outlive this object (the one inside the binary), or a file.
  Result<void> attach_image(std::string_view name, std::string_view image);
  Result<void> attach_file(std::string_view name, const std::string& path);
  bool has_schema(std::string_view name) const;

  // Appends rows; ids are already in them.
  Result<void> insert(std::string_view schema, const Rows& rows);
  // The same for many artifacts: a table is filled at once, which is twice as fast.
  Result<void> insert(std::string_view schema, std::span<const std::unique_ptr<Rows>> many);
  Result<void> insert(std::string_view schema, std::span<const Artifact> artifacts);
  // Call once after the last insert of a schema: makes the indexes.
  Result<void> finish_loading(std::string_view schema);

  // Fewer steps for each statement than limits::max_query_steps.
  void allow_steps(std::uint64_t most) { limit_->most = most; }
  // A statement that can only read, stopped after limits::max_query_steps. The error says what SQLite said.
  Result<Statement> prepare(std::string_view sql);
  // Statements of Assay's own that may write.
  Result<void> execute(const std::string& sql);

  // Where a location id points; an id without a row is an artifact as a whole, `artifact_id << 23`; path "" when it is
  // neither.
  struct Place {
    std::string path;
    Span span;
    ArtifactId artifact = 0;
  };
  Result<Place> place(LocationId at, std::string_view schema = "main");

 private:
  struct StepLimit {
    std::uint64_t most = limits::max_query_steps;
    std::uint64_t steps_left = limits::max_query_steps;
  };
  Database() : limit_(std::make_unique<StepLimit>()) {}
  friend class Statement;

  sqlite3* handle_ = nullptr;
  std::unique_ptr<StepLimit> limit_;
  std::vector<std::string> schemas_;
  std::map<std::string, Statement, std::less<>> places_;  // by schema: asked thousands of times
};

}  // namespace assay::evidence

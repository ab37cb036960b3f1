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

// The bytes of a loaded database, from which connections for other threads are opened. Never changes; must outlive
// them.
class Snapshot {
 public:
  Snapshot(Snapshot&&) noexcept = default;
  Snapshot& operator=(Snapshot&&) noexcept = default;

 private:
  friend class Database;
  // SQLite's allocation.
  struct Bytes {
    Bytes() = default;
    Bytes(const Bytes&) = delete;
    Bytes& operator=(const Bytes&) = delete;
    ~Bytes();
    unsigned char* data = nullptr;
  };
  struct Part {
    std::string name;
    std::string path;              // of an attached file, else ""
    std::string_view image;        // of anything else
    std::unique_ptr<Bytes> bytes;  // what `image` shows, when this snapshot made it
  };
  Snapshot() = default;
  std::vector<Part> parts_;
  std::uint64_t most_steps_ = 0;
};

// One subject's evidence, in an SQLite database in memory. Schemas: `main` always; `before`, `past` and `known` when
// given. Used by one thread at a time; many databases may live side by side.
class Database {
 public:
  // An empty `main` with every table.
  static Result<Database> create();
  // Another connection to what a database held, read-only, for another thread. It answers as that database does.
  static Result<Database> open(const Snapshot& snapshot);
  // Costs a copy of the evidence.
  Result<Snapshot> snapshot() const;

  Database(Database&& other) noexcept
      : handle_(std::exchange(other.handle_, nullptr)),
        limit_(std::move(other.limit_)),
        schemas_(std::move(other.schemas_)),
        places_(std::move(other.places_)) {}
  Database& operator=(Database&&) = delete;
  ~Database();

  // Bytes of evidence in `main`.
  Result<std::uint64_t> size();

  // Adds an empty schema of evidence tables beside `main`: "before".
  Result<void> add_schema(std::string_view name);
  // Attaches a read-only database image that must outlive this object (the one inside the binary), or a file.
  Result<void> attach_image(std::string_view name, std::string_view image);
  Result<void> attach_file(std::string_view name, const std::string& path);
  bool has_schema(std::string_view name) const;

  // A few rows at once; Loader (loader.h) is the way for many. finish_loading() once after the last.
  Result<void> insert(std::string_view schema, const Rows& rows);
  Result<void> insert(std::string_view schema, std::span<const Artifact> artifacts);
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
  // `image` of what was attached from memory, `path` of what was attached as a file, neither for tables of our own.
  struct Schema {
    std::string name;
    std::string_view image{};
    std::string path{};
  };
  Database() : limit_(std::make_unique<StepLimit>()) {}
  static Result<Database> open();
  friend class Statement;
  friend class Loader;

  sqlite3* handle_ = nullptr;
  std::unique_ptr<StepLimit> limit_;
  std::vector<Schema> schemas_;
  std::map<std::string, Statement, std::less<>> places_;  // by schema: asked thousands of times
};

}  // namespace assay::evidence

#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "analyzer/base/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace assay::fleet {

// A statement of the store's own SQL, which the tests run in full: a failed step is remembered by the connection's
// transaction, so callers check once, at commit.
class Query {
 public:
  Query(sqlite3* handle, const std::string& sql);
  Query(Query&& other) noexcept
      : statement_(std::exchange(other.statement_, nullptr)), column_(other.column_), code_(other.code_) {}
  Query& operator=(Query&&) = delete;
  ~Query();

  Query& bind(std::int64_t value);
  Query& bind(std::string_view value);
  Query& bind_blob(std::string_view value);
  Query& bind_null();

  bool step();   // true: a row is there
  bool run();    // steps to the end and makes ready for the next binding; false when that failed
  void again();  // makes ready for the next binding
  bool failed() const { return code_ != 0; }

  std::int64_t integer(int column) const;
  std::string text(int column) const;
  std::string_view blob(int column) const;  // valid until the next step
  bool is_null(int column) const;
  sqlite3_stmt* handle() const { return statement_; }

 private:
  sqlite3_stmt* statement_ = nullptr;
  int column_ = 0;
  int code_ = 0;
};

// One connection to a store file. Used by one thread at a time.
class Connection {
 public:
  enum class Mode : std::uint8_t { read, write };
  static Result<Connection> open(const std::string& path, Mode mode);
  Connection(Connection&& other) noexcept
      : handle_(std::exchange(other.handle_, nullptr)), path_(std::move(other.path_)) {}
  Connection& operator=(Connection&&) = delete;
  ~Connection();

  Result<void> execute(const std::string& sql);
  Query query(const std::string& sql) const { return Query(handle_, sql); }
  Error error() const;
  sqlite3* handle() const { return handle_; }
  const std::string& path() const { return path_; }

 private:
  Connection(sqlite3* handle, std::string path) : handle_(handle), path_(std::move(path)) {}
  sqlite3* handle_ = nullptr;
  std::string path_;
};

}  // namespace assay::fleet

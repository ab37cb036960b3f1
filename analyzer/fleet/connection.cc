#include "analyzer/fleet/connection.h"

#include <sqlite3.h>

namespace assay::fleet {

Query::Query(sqlite3* handle, const std::string& sql) {
  const int code = sqlite3_prepare_v2(handle, sql.c_str(), static_cast<int>(sql.size()), &statement_, nullptr);
  if (code != SQLITE_OK) code_ = code;
}

Query::~Query() {
  sqlite3_finalize(statement_);
}

Query& Query::bind(std::int64_t value) {
  sqlite3_bind_int64(statement_, ++column_, value);
  return *this;
}
Query& Query::bind(std::string_view value) {
  sqlite3_bind_text64(statement_, ++column_, value.data() == nullptr ? "" : value.data(), value.size(),
                      SQLITE_TRANSIENT, SQLITE_UTF8);
  return *this;
}
Query& Query::bind_blob(std::string_view value) {
  sqlite3_bind_blob64(statement_, ++column_, value.data() == nullptr ? "" : value.data(), value.size(),
                      SQLITE_TRANSIENT);
  return *this;
}
Query& Query::bind_null() {
  sqlite3_bind_null(statement_, ++column_);
  return *this;
}

bool Query::step() {
  if (statement_ == nullptr) return false;
  const int code = sqlite3_step(statement_);
  if (code != SQLITE_ROW && code != SQLITE_DONE) code_ = code;
  return code == SQLITE_ROW;
}

bool Query::run() {
  while (step()) {
  }
  again();
  return code_ == 0;
}

void Query::again() {
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
  column_ = 0;
}

std::int64_t Query::integer(int column) const {
  return sqlite3_column_int64(statement_, column);
}
std::string Query::text(int column) const {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
  return text == nullptr ? std::string()
                         : std::string(text, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column)));
}
std::string_view Query::blob(int column) const {
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_, column));
  return bytes == nullptr ? std::string_view{}
                          : std::string_view(bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column)));
}
bool Query::is_null(int column) const {
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

Result<Connection> Connection::open(const std::string& path, Mode mode) {
  sqlite3* handle = nullptr;
  const int flags =
      (mode == Mode::read ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE) | SQLITE_OPEN_NOMUTEX;
  const int code = sqlite3_open_v2(path.c_str(), &handle, flags, nullptr);
  Connection connection(handle, path);
  if (code != SQLITE_OK) return fail(ErrorCode::io, handle == nullptr ? "out of memory" : sqlite3_errmsg(handle), path);
  sqlite3_busy_timeout(handle, 60'000);
  if (mode == Mode::write) {
    ASSAY_CHECK(connection.execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"));
  }
  ASSAY_CHECK(connection.execute("PRAGMA trusted_schema=OFF; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-65536;"));
  return connection;
}

Connection::~Connection() {
  sqlite3_close_v2(handle_);
}

Error Connection::error() const {
  return Error{ErrorCode::io, sqlite3_errmsg(handle_), path_};
}

Result<void> Connection::execute(const std::string& sql) {
  if (sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) return tl::unexpected<Error>(error());
  return {};
}

}  // namespace assay::fleet

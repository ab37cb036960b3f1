#include "analyzer/evidence/database.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>

#include "analyzer/evidence/loader.h"
#include "analyzer/evidence/schema.h"
#include "analyzer/evidence/sql_functions.h"

namespace assay::evidence {
namespace {

constexpr int steps_between_checks = 10'000;

Error out_of_steps() {
  return {ErrorCode::limit, "the query took more steps than max_query_steps allows", {}};
}

Error sqlite_error(sqlite3* handle) {
  return Error{ErrorCode::rule, sqlite3_errmsg(handle), {}};
}

}  // namespace

Statement& Statement::operator=(Statement&& other) noexcept {
  std::swap(handle_, other.handle_);
  return *this;
}

Statement::~Statement() {
  sqlite3_finalize(handle_);
}

Result<bool> Statement::step() {
  const int code = sqlite3_step(handle_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  if (code == SQLITE_INTERRUPT) return tl::unexpected<Error>(out_of_steps());
  return tl::unexpected<Error>(sqlite_error(sqlite3_db_handle(handle_)));
}

void Statement::reset() {
  sqlite3_reset(handle_);
  sqlite3_clear_bindings(handle_);
}
void Statement::bind(int parameter, std::int64_t value) {
  sqlite3_bind_int64(handle_, parameter, value);
}
void Statement::bind(int parameter, std::string_view value) {
  sqlite3_bind_text64(handle_, parameter, value.data(), value.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
}
int Statement::column_count() const {
  return sqlite3_column_count(handle_);
}
std::string_view Statement::column_name(int column) const {
  return sqlite3_column_name(handle_, column);
}
bool Statement::is_null(int column) const {
  return sqlite3_column_type(handle_, column) == SQLITE_NULL;
}
std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(handle_, column);
}
double Statement::real(int column) const {
  return sqlite3_column_double(handle_, column);
}
int Statement::type(int column) const {
  return sqlite3_column_type(handle_, column);
}
std::string_view Statement::text(int column) const {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(handle_, column));
  if (text == nullptr) return {};
  return {text, static_cast<std::size_t>(sqlite3_column_bytes(handle_, column))};
}
std::string Statement::shown(int column) const {
  return std::string(text(column));
}

Snapshot::Bytes::~Bytes() {
  sqlite3_free(data);
}

Result<Database> Database::open() {
  Database database;
  if (sqlite3_open_v2(":memory:", &database.handle_,
                      SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI,
                      nullptr) != SQLITE_OK) {
    return fail(ErrorCode::internal, "SQLite could not open a database in memory");
  }
  add_sql_functions(database.handle_);
  ASSAY_CHECK(
      database.execute("PRAGMA main.page_size=16384; PRAGMA main.journal_mode=OFF; PRAGMA main.synchronous=OFF; PRAGMA "
                       "temp_store=MEMORY; PRAGMA "
                       "trusted_schema=OFF;"));
  StepLimit* limit = database.limit_.get();
  sqlite3_progress_handler(
      database.handle_, steps_between_checks,
      [](void* context) {
        auto* left = static_cast<StepLimit*>(context);
        if (left->steps_left < steps_between_checks) return 1;
        left->steps_left -= steps_between_checks;
        return 0;
      },
      limit);
  return database;
}

Result<Database> Database::create() {
  ASSAY_TRY(Database database, open());
  ASSAY_CHECK(database.execute(create_tables("main")));
  database.schemas_.push_back({.name = "main"});
  return database;
}

Result<Snapshot> Database::snapshot() const {
  Snapshot snapshot;
  snapshot.most_steps_ = limit_->most;
  for (const Schema& schema : schemas_) {
    Snapshot::Part& part = snapshot.parts_.emplace_back();
    part.name = schema.name;
    part.path = schema.path;
    part.image = schema.image;
    if (!schema.path.empty() || !schema.image.empty()) continue;
    sqlite3_int64 size = 0;
    part.bytes = std::make_unique<Snapshot::Bytes>();
    part.bytes->data = sqlite3_serialize(handle_, schema.name.c_str(), &size, 0);
    if (part.bytes->data == nullptr) return fail(ErrorCode::internal, "no memory for a snapshot of the evidence");
    part.image = {reinterpret_cast<const char*>(part.bytes->data), static_cast<std::size_t>(size)};
  }
  return snapshot;
}

Result<Database> Database::open(const Snapshot& snapshot) {
  ASSAY_TRY(Database database, open());
  database.allow_steps(snapshot.most_steps_);
  for (const Snapshot::Part& part : snapshot.parts_) {
    if (!part.path.empty()) {
      ASSAY_CHECK(database.attach_file(part.name, part.path));
    } else {
      ASSAY_CHECK(database.attach_image(part.name, part.image));
    }
  }
  return database;
}

Database::~Database() {
  sqlite3_close_v2(handle_);
}

Result<std::uint64_t> Database::size() {
  ASSAY_TRY(Statement statement,
            prepare("SELECT page_count * page_size FROM pragma_page_count('main'), pragma_page_size('main')"));
  ASSAY_TRY(const bool found, statement.step());
  return found ? static_cast<std::uint64_t>(statement.integer(0)) : 0;
}

Result<void> Database::add_schema(std::string_view name) {
  ASSAY_CHECK(execute(fmt::format("ATTACH ':memory:' AS \"{}\"; PRAGMA \"{}\".journal_mode=OFF;", name, name)));
  ASSAY_CHECK(execute(create_tables(name)));
  schemas_.push_back({.name = std::string(name)});
  return {};
}

Result<void> Database::attach_image(std::string_view name, std::string_view image) {
  if (name != "main") ASSAY_CHECK(execute(fmt::format("ATTACH ':memory:' AS \"{}\";", name)));
  auto* bytes = const_cast<unsigned char*>(reinterpret_cast<const unsigned char*>(image.data()));
  const auto size = static_cast<sqlite3_int64>(image.size());
  if (sqlite3_deserialize(handle_, std::string(name).c_str(), bytes, size, size, SQLITE_DESERIALIZE_READONLY) !=
      SQLITE_OK) {
    return tl::unexpected<Error>(sqlite_error(handle_));
  }
  // Pages are read where they lie instead of through a cache of copies.
  ASSAY_CHECK(execute(fmt::format("PRAGMA \"{}\".mmap_size={};", name, size)));
  schemas_.push_back({.name = std::string(name), .image = image});
  return {};
}

Result<void> Database::attach_file(std::string_view name, const std::string& path) {
  sqlite3_stmt* statement = nullptr;
  const std::string sql = fmt::format("ATTACH ? AS \"{}\"", name);
  sqlite3_prepare_v2(handle_, sql.c_str(), -1, &statement, nullptr);
  std::string uri = "file:";
  for (const char c : path) {
    if (c == '%' || c == '?' || c == '#') {
      uri += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    } else {
      uri += c;
    }
  }
  uri += "?mode=ro";
  sqlite3_bind_text(statement, 1, uri.c_str(), -1, SQLITE_TRANSIENT);
  const int code = sqlite3_step(statement);
  sqlite3_finalize(statement);
  if (code != SQLITE_DONE) return fail(ErrorCode::io, sqlite3_errmsg(handle_), path);
  schemas_.push_back({.name = std::string(name), .path = path});
  return {};
}

bool Database::has_schema(std::string_view name) const {
  return std::any_of(schemas_.begin(), schemas_.end(), [&](const Schema& schema) { return schema.name == name; });
}

Result<void> Database::insert(std::string_view schema_name, const Rows& rows) {
  return Loader(*this, schema_name).add(rows);
}

Result<void> Database::insert(std::string_view schema_name, std::span<const Artifact> artifacts) {
  return Loader(*this, schema_name).add(artifacts);
}

Result<void> Database::finish_loading(std::string_view schema_name) {
  return Loader(*this, schema_name).finish();
}

Result<Statement> Database::prepare(std::string_view sql) {
  sqlite3_stmt* handle = nullptr;
  const char* rest = nullptr;
  if (sqlite3_prepare_v2(handle_, sql.data(), static_cast<int>(sql.size()), &handle, &rest) != SQLITE_OK) {
    return tl::unexpected<Error>(sqlite_error(handle_));
  }
  Statement statement(handle);
  if (handle == nullptr) return fail(ErrorCode::rule, "the query is empty");
  if (sqlite3_stmt_readonly(handle) == 0)
    return fail(ErrorCode::rule, "the query is not a SELECT: evidence is read-only");
  const std::string_view remaining = sql.substr(static_cast<std::size_t>(rest - sql.data()));
  if (remaining.find_first_not_of(" \t\r\n;") != std::string_view::npos) {
    return fail(ErrorCode::rule, "more than one statement; a query is one SELECT");
  }
  limit_->steps_left = limit_->most;
  return statement;
}

Result<void> Database::execute(const std::string& sql) {
  limit_->steps_left = limit_->most;
  char* message = nullptr;
  if (const int code = sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, &message); code != SQLITE_OK) {
    if (code == SQLITE_INTERRUPT) {
      sqlite3_free(message);
      return tl::unexpected<Error>(out_of_steps());
    }
    Error error{ErrorCode::internal, message == nullptr ? "SQLite failed" : message, {}};
    sqlite3_free(message);
    return tl::unexpected<Error>(std::move(error));
  }
  return {};
}

Result<Database::Place> Database::place(LocationId at, std::string_view schema_name) {
  auto known = places_.find(schema_name);
  if (known == places_.end()) {
    ASSAY_TRY(
        Statement made,
        prepare(fmt::format(
            "SELECT a.path, l.line, l.\"column\", l.end_line, l.end_column, a.artifact_id FROM {0}.artifact a "
            "LEFT JOIN {0}.location l ON l.location_id = ?1 AND l.artifact_id = a.artifact_id "
            "WHERE a.artifact_id = coalesce((SELECT artifact_id FROM {0}.location WHERE location_id = ?1), ?1 >> 23)",
            schema_name)));
    known = places_.emplace(std::string(schema_name), std::move(made)).first;
  }
  Statement& statement = known->second;
  statement.reset();
  statement.bind(1, at);
  ASSAY_TRY(const bool found, statement.step());
  Place place;
  if (found) {
    place.path = statement.shown(0);
    const auto number = [&](int column) { return static_cast<std::uint32_t>(statement.integer(column)); };
    place.span = {{number(1), number(2)}, {number(3), number(4)}};
    place.artifact = statement.integer(5);
  }
  statement.reset();
  return place;
}

}  // namespace assay::evidence

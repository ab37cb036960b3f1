#include "analyzer/evidence/database.h"

#include <fmt/format.h>
#include <re2/re2.h>
#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <optional>

#include "analyzer/evidence/schema.h"

namespace assay::evidence {
namespace {

constexpr int steps_between_checks = 10'000;
constexpr int worth_analysing = 5'000;  // rows
constexpr int commonest_name = 20;      // one row in so many may have the same name

constexpr std::size_t longest_compared = 128;  // bytes

int edit_distance(std::string_view a, std::string_view b) {
  // Three rows of the table: the one being filled and the two before it, which an exchange looks back to.
  std::array<std::array<int, longest_compared + 1>, 3> rows{};
  for (std::size_t j = 0; j <= b.size(); ++j) rows[0][j] = static_cast<int>(j);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    auto& row = rows[i % 3];
    const auto& above = rows[(i + 2) % 3];
    const auto& above_that = rows[(i + 1) % 3];
    row[0] = static_cast<int>(i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        row[j] = std::min(row[j], above_that[j - 2] + 1);
    }
  }
  return rows[a.size() % 3][b.size()];
}

// text REGEXP pattern, with RE2: linear in the text whatever the pattern.
void regexp_function(sqlite3_context* context, int, sqlite3_value** values) {
  const auto text_of = [](sqlite3_value* value) {
    const auto* text = reinterpret_cast<const char*>(sqlite3_value_text(value));
    return text == nullptr ? std::string_view{}
                           : std::string_view(text, static_cast<std::size_t>(sqlite3_value_bytes(value)));
  };
  auto* compiled = static_cast<re2::RE2*>(sqlite3_get_auxdata(context, 0));
  std::unique_ptr<re2::RE2> made;
  if (compiled == nullptr) {
    re2::RE2::Options options;
    options.set_log_errors(false);
    const std::string_view pattern = text_of(values[0]);
    made = std::make_unique<re2::RE2>(re2::StringPiece(pattern.data(), pattern.size()), options);
    if (!made->ok()) {
      sqlite3_result_error(context, ("invalid regular expression: " + made->error()).c_str(), -1);
      return;
    }
    compiled = made.get();
  }
  const std::string_view text = text_of(values[1]);
  sqlite3_result_int(context, re2::RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), *compiled) ? 1 : 0);
  if (made != nullptr) {
    sqlite3_set_auxdata(context, 0, made.release(), [](void* old) { delete static_cast<re2::RE2*>(old); });
  }
}

// edit_distance(a, b): how many bytes must be inserted, deleted, replaced or exchanged with their neighbour to make one
// text of the other (optimal string alignment). NULL when one is NULL or longer than longest_compared: the work is
// quadratic.
void edit_distance_function(sqlite3_context* context, int, sqlite3_value** values) {
  std::array<std::string_view, 2> texts;
  for (std::size_t i = 0; i < 2; ++i) {
    const auto* text = reinterpret_cast<const char*>(sqlite3_value_text(values[i]));
    if (text == nullptr) return sqlite3_result_null(context);
    texts[i] = {text, static_cast<std::size_t>(sqlite3_value_bytes(values[i]))};
    if (texts[i].size() > longest_compared) return sqlite3_result_null(context);
  }
  sqlite3_result_int(context, edit_distance(texts[0], texts[1]));
}

Error out_of_steps() {
  return {ErrorCode::limit, "the query took more steps than max_query_steps allows", {}};
}

Error sqlite_error(sqlite3* handle) {
  return Error{ErrorCode::rule, sqlite3_errmsg(handle), {}};
}

// One insert statement for one table, reused row by row.
class Inserter {
 public:
  Inserter(sqlite3* handle, std::string_view schema, std::string_view table, int columns) {
    std::string sql = fmt::format("INSERT INTO {}.\"{}\" VALUES(?", schema, table);
    for (int i = 1; i < columns; ++i) sql += ",?";
    sql += ")";
    sqlite3_prepare_v2(handle, sql.c_str(), static_cast<int>(sql.size()), &statement_, nullptr);
  }
  ~Inserter() { sqlite3_finalize(statement_); }
  Inserter(const Inserter&) = delete;
  Inserter& operator=(const Inserter&) = delete;

  void begin() { column_ = 0; }
  void integer(std::int64_t value) { sqlite3_bind_int64(statement_, ++column_, value); }
  void reference(std::int64_t value) {
    if (value == 0) {
      sqlite3_bind_null(statement_, ++column_);
    } else {
      sqlite3_bind_int64(statement_, ++column_, value);
    }
  }
  void tri(Tri value) {
    if (value == Tri::not_examined) {
      sqlite3_bind_null(statement_, ++column_);
    } else {
      sqlite3_bind_int64(statement_, ++column_, static_cast<std::int64_t>(value));
    }
  }
  void real(double value) { sqlite3_bind_double(statement_, ++column_, value); }
  void text(const std::string& value) {
    sqlite3_bind_text64(statement_, ++column_, value.data(), value.size(), SQLITE_STATIC, SQLITE_UTF8);
  }
  bool end() {
    const int code = sqlite3_step(statement_);
    sqlite3_reset(statement_);
    return code == SQLITE_DONE;
  }

 private:
  sqlite3_stmt* statement_ = nullptr;
  int column_ = 0;
};

#define ASSAY_TABLE(Type, table, doc) [[maybe_unused]] void put(Inserter& insert, const Type##Row& row) {
#define ASSAY_KEY(column) insert.integer(row.column);
#define ASSAY_AT() insert.reference(row.at);
#define ASSAY_LINK(column, doc) insert.reference(row.column);
#define ASSAY_NAME(column, doc) insert.text(row.column);
#define ASSAY_TEXT(column, doc) insert.text(row.column);
#define ASSAY_INT(column, doc) insert.integer(row.column);
#define ASSAY_REAL(column, doc) insert.real(row.column);
#define ASSAY_TRI(column, doc) insert.tri(row.column);
#define ASSAY_END(Type, table) }
#include "analyzer/evidence/schema/all.def"
#include "analyzer/evidence/schema/undefine.def"

int columns_of(std::string_view table) {
  for (const TableDefinition& definition : schema()) {
    if (definition.name == table) return static_cast<int>(definition.columns.size());
  }
  return 0;
}

// The rows of one table from many artifacts. The statement is made when the first row comes: most tables stay empty.
template <class Row>
bool insert_rows(sqlite3* handle, std::string_view schema_name, std::string_view table,
                 std::span<const Rows* const> many, std::vector<Row> Rows::*rows_of) {
  std::optional<Inserter> insert;
  for (const Rows* rows : many) {
    for (const Row& row : rows->*rows_of) {
      if (!insert) insert.emplace(handle, schema_name, table, columns_of(table));
      insert->begin();
      put(*insert, row);
      if (!insert->end()) return false;
    }
  }
  return true;
}

bool insert_all(sqlite3* handle, std::string_view schema_name, std::span<const Rows* const> many) {
  bool good = true;
#define ASSAY_TABLE(Type, table, doc) good = good && insert_rows(handle, schema_name, #table, many, &Rows::table);
#define ASSAY_KEY(column)
#define ASSAY_AT()
#define ASSAY_LINK(column, doc)
#define ASSAY_NAME(column, doc)
#define ASSAY_TEXT(column, doc)
#define ASSAY_INT(column, doc)
#define ASSAY_REAL(column, doc)
#define ASSAY_TRI(column, doc)
#define ASSAY_END(Type, table)
#include "analyzer/evidence/schema/all.def"
#include "analyzer/evidence/schema/undefine.def"
  return good;
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

Result<Database> Database::create() {
  Database database;
  if (sqlite3_open_v2(":memory:", &database.handle_,
                      SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI,
                      nullptr) != SQLITE_OK) {
    return fail(ErrorCode::internal, "SQLite could not open a database in memory");
  }
  sqlite3_create_function_v2(database.handle_, "regexp", 2, SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS,
                             nullptr, regexp_function, nullptr, nullptr, nullptr);
  sqlite3_create_function_v2(database.handle_, "edit_distance", 2,
                             SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS, nullptr, edit_distance_function,
                             nullptr, nullptr, nullptr);
  ASSAY_CHECK(
      database.execute("PRAGMA main.journal_mode=OFF; PRAGMA main.synchronous=OFF; PRAGMA temp_store=MEMORY; PRAGMA "
                       "trusted_schema=OFF;"));
  ASSAY_CHECK(database.execute(create_tables("main")));
  database.schemas_.emplace_back("main");
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

Database::~Database() {
  sqlite3_close_v2(handle_);
}

Result<void> Database::add_schema(std::string_view name) {
  ASSAY_CHECK(execute(fmt::format("ATTACH ':memory:' AS \"{}\"; PRAGMA \"{}\".journal_mode=OFF;", name, name)));
  ASSAY_CHECK(execute(create_tables(name)));
  schemas_.emplace_back(name);
  return {};
}

Result<void> Database::attach_image(std::string_view name, std::string_view image) {
  ASSAY_CHECK(execute(fmt::format("ATTACH ':memory:' AS \"{}\";", name)));
  auto* bytes = const_cast<unsigned char*>(reinterpret_cast<const unsigned char*>(image.data()));
  const auto size = static_cast<sqlite3_int64>(image.size());
  if (sqlite3_deserialize(handle_, std::string(name).c_str(), bytes, size, size, SQLITE_DESERIALIZE_READONLY) !=
      SQLITE_OK) {
    return tl::unexpected<Error>(sqlite_error(handle_));
  }
  schemas_.emplace_back(name);
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
  schemas_.emplace_back(name);
  return {};
}

bool Database::has_schema(std::string_view name) const {
  return std::find(schemas_.begin(), schemas_.end(), name) != schemas_.end();
}

Result<void> Database::insert(std::string_view schema_name, const Rows& rows) {
  const Rows* const one = &rows;
  if (!insert_all(handle_, schema_name, {&one, 1})) return tl::unexpected<Error>(sqlite_error(handle_));
  return {};
}

Result<void> Database::insert(std::string_view schema_name, std::span<const std::unique_ptr<Rows>> many) {
  std::vector<const Rows*> all;
  all.reserve(many.size());
  for (const std::unique_ptr<Rows>& rows : many) all.push_back(rows.get());
  if (!insert_all(handle_, schema_name, all)) return tl::unexpected<Error>(sqlite_error(handle_));
  return {};
}

Result<void> Database::insert(std::string_view schema_name, std::span<const Artifact> artifacts) {
  Inserter insert(handle_, schema_name, "artifact", columns_of("artifact"));
  for (const Artifact& artifact : artifacts) {
    ArtifactRow row{.artifact_id = artifact.id,
                    .path = artifact.path,
                    .name = artifact.path.substr(artifact.path.rfind('/') + 1),
                    .kind = std::string(word(artifact.kind)),
                    .language = std::string(word(artifact.language)),
                    .role = words(artifact.roles),
                    .size = static_cast<std::int64_t>(artifact.size),
                    .sha256 = artifact.sha256,
                    .coverage = std::string(word(artifact.outcome.coverage)),
                    .reason = fmt::format("{}", fmt::join(artifact.outcome.gaps, "; "))};
    insert.begin();
    put(insert, row);
    if (!insert.end()) return tl::unexpected<Error>(sqlite_error(handle_));
  }
  return {};
}

Result<void> Database::finish_loading(std::string_view schema_name) {
  std::string sql;
  std::string names;
  for (const TableDefinition& table : schema()) {
    // An empty table needs no index, and most are empty.
    ASSAY_TRY(Statement any, prepare(fmt::format("SELECT 1 FROM {}.\"{}\" LIMIT 1", schema_name, table.name)));
    ASSAY_TRY(const bool found, any.step());
    if (!found) continue;
    sql += create_indexes(schema_name, table);
    for (const Column& column : table.columns) {
      if (column.type == ColumnType::name)
        fmt::format_to(std::back_inserter(names), "{}'{}.{}'", names.empty() ? "" : ",", table.name, column.name);
    }
  }
  ASSAY_CHECK(execute(sql));
  // Without statistics SQLite guesses which index is selective; with few rows any guess will do.
  if (sqlite3_total_changes(handle_) < worth_analysing) return {};
  // ANALYZE knows averages only, but names are skewed: one program in ten is git. A name is taken to be as common as
  // the commonest, so that queries go along links first.
  return execute(fmt::format(
      "PRAGMA analysis_limit=400; ANALYZE {0}; UPDATE {0}.sqlite_stat1 SET stat = CAST(stat AS INTEGER) || ' ' || "
      "max(CAST(substr(stat, instr(stat, ' ')) AS INTEGER), CAST(stat AS INTEGER) / {2}) WHERE idx IN ({1}); "
      "ANALYZE {0}.sqlite_schema;",
      schema_name, names, commonest_name));
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

#include "analyzer/feeds/known_database.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <cctype>
#include <initializer_list>
#include <memory>

#include "analyzer/base/digest.h"
#include "sbom-import/package_url.h"

namespace assay::feeds {
namespace {

constexpr const char* tables = R"(
CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE incident(incident TEXT PRIMARY KEY, name TEXT NOT NULL, date TEXT NOT NULL, certainty TEXT NOT NULL,
  privileged_product INTEGER NOT NULL, summary TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE incident_family(incident TEXT NOT NULL, family TEXT NOT NULL, PRIMARY KEY(incident, family)) WITHOUT ROWID;
CREATE TABLE indicator(incident TEXT NOT NULL, kind TEXT NOT NULL, subject TEXT NOT NULL, value TEXT NOT NULL, certainty TEXT NOT NULL,
  PRIMARY KEY(kind, value, subject, incident)) WITHOUT ROWID;
CREATE TABLE bad_package(incident TEXT NOT NULL, purl_type TEXT NOT NULL, full_name TEXT NOT NULL, version TEXT NOT NULL, certainty TEXT NOT NULL,
  valid_from TEXT NOT NULL, valid_until TEXT NOT NULL, PRIMARY KEY(full_name, purl_type, version, incident)) WITHOUT ROWID;
CREATE TABLE vulnerable_action(name TEXT NOT NULL, versions TEXT NOT NULL, advisory TEXT NOT NULL, severity TEXT NOT NULL,
  PRIMARY KEY(name, advisory)) WITHOUT ROWID;
CREATE TABLE publisher(system TEXT NOT NULL, owner TEXT NOT NULL, PRIMARY KEY(owner, system)) WITHOUT ROWID;
CREATE TABLE popular(purl_type TEXT NOT NULL, full_name TEXT NOT NULL, rank INTEGER NOT NULL, PRIMARY KEY(full_name, purl_type)) WITHOUT ROWID;
)";

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c); });
  return out;
}

class Builder {
 public:
  Builder() {
    sqlite3_open_v2(":memory:", &handle_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
  }
  ~Builder() { sqlite3_close_v2(handle_); }
  Builder(const Builder&) = delete;
  Builder& operator=(const Builder&) = delete;

  bool execute(const char* sql) { return sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr) == SQLITE_OK; }

  bool insert(const char* table, std::initializer_list<std::string_view> values) {
    std::string sql = fmt::format("INSERT OR IGNORE INTO {} VALUES(", table);
    for (std::size_t i = 0; i < values.size(); ++i) sql += i == 0 ? "?" : ",?";
    sql += ")";
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v2(handle_, sql.c_str(), -1, &statement, nullptr) != SQLITE_OK) return false;
    int column = 0;
    for (const std::string_view value : values) {
      sqlite3_bind_text64(statement, ++column, value.data(), value.size(), SQLITE_STATIC, SQLITE_UTF8);
      rows_ += value;
      rows_ += '\x1f';
    }
    rows_ += '\n';
    const bool good = sqlite3_step(statement) == SQLITE_DONE;
    sqlite3_finalize(statement);
    return good;
  }

  std::string digest() const { return digest::sha256(rows_); }
  std::string message() const { return sqlite3_errmsg(handle_); }

  std::string image() {
    execute("PRAGMA page_size=4096; VACUUM; ANALYZE;");
    sqlite3_int64 size = 0;
    unsigned char* bytes = sqlite3_serialize(handle_, "main", &size, 0);
    std::string out(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
    sqlite3_free(bytes);
    return out;
  }

 private:
  sqlite3* handle_ = nullptr;
  std::string rows_;
};

Result<void> add_indicator(Builder& builder, const std::string& incident, const Indicator& indicator,
                           const std::string& where) {
  const bool folds_case = indicator.kind == "domain" || indicator.kind == "email" || indicator.kind == "ip" ||
                          indicator.kind == "url-path" || indicator.kind == "url";
  const std::string value = folds_case ? lower(indicator.value) : indicator.value;
  if (!builder.insert("indicator", {incident, indicator.kind, lower(indicator.subject), value, indicator.certainty})) {
    return fail(ErrorCode::internal, builder.message(), where);
  }
  if (indicator.kind != "package") return {};
  const Result<sbom::PackageUrl> purl = sbom::parse_package_url(indicator.value);
  if (!purl)
    return fail(ErrorCode::rule, fmt::format("'{}' is not a package URL: {}", indicator.value, purl.error().message),
                where);
  const std::string name = sbom::full_name(purl->type, purl->space, purl->name);
  std::vector<std::string> versions = indicator.versions;
  if (indicator.any_version) versions = {""};
  for (const std::string& version : versions) {
    if (!builder.insert("bad_package",
                        {incident, purl->type, name, version, indicator.certainty, indicator.from, indicator.until})) {
      return fail(ErrorCode::internal, builder.message(), where);
    }
  }
  return {};
}

std::vector<std::string_view> words(std::string_view line) {
  std::vector<std::string_view> out;
  while (true) {
    const std::size_t begin = line.find_first_not_of(" \t\r");
    if (begin == std::string_view::npos) return out;
    line.remove_prefix(begin);
    const std::size_t end = std::min(line.find_first_of(" \t\r"), line.size());
    out.push_back(line.substr(0, end));
    line.remove_prefix(end);
  }
}

Result<void> add_list(Builder& builder, const ListFile& list) {
  std::string incident;
  std::string certainty = "reported";
  std::size_t number = 0;
  for (std::string_view rest = list.text; !rest.empty();) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    ++number;
    const std::string where = fmt::format("{}:{}", list.path, number);
    if (line.starts_with("#")) {
      const std::vector<std::string_view> header = words(line.substr(1));
      if (header.size() >= 2 && header[0] == "incident:") incident = header[1];
      if (header.size() >= 2 && header[0] == "certainty:") certainty = header[1];
      continue;
    }
    line = line.substr(0, line.find(" #"));
    const std::vector<std::string_view> parts = words(line);
    if (parts.empty()) continue;
    if (parts[0] == "popular" && parts.size() == 4) {
      const sbom::PackageUrl purl = sbom::package_url_of(parts[1], parts[2], "");
      builder.insert("popular", {parts[1], sbom::full_name(purl.type, purl.space, purl.name), parts[3]});
      continue;
    }
    if (parts[0] == "vulnerable-action" && parts.size() == 5) {
      builder.insert("vulnerable_action", {lower(parts[1]), parts[2], parts[3], parts[4]});
      continue;
    }
    if (parts[0] == "publisher" && parts.size() == 3) {
      builder.insert("publisher", {parts[1], lower(parts[2])});
      continue;
    }
    Indicator indicator;
    indicator.kind = parts[0];
    indicator.certainty = certainty;
    if (parts.size() < 2) return fail(ErrorCode::rule, "a list line is: kind value [subject or versions]", where);
    indicator.value = parts[1];
    if (indicator.kind == "package") {
      indicator.any_version = parts.size() == 2 || parts[2] == "any";
      for (std::size_t i = 2; i < parts.size() && !indicator.any_version; ++i)
        indicator.versions.emplace_back(parts[i]);
    } else if (parts.size() > 2) {
      indicator.subject = parts[2];
    }
    ASSAY_CHECK(add_indicator(builder, incident, indicator, where));
  }
  return {};
}

}  // namespace

Result<std::string> build_known(const std::vector<Incident>& incidents, const std::vector<ListFile>& lists) {
  Builder builder;
  if (!builder.execute(tables)) return fail(ErrorCode::internal, builder.message());
  builder.execute("BEGIN");
  std::string newest;
  for (const Incident& incident : incidents) {
    newest = std::max(newest, incident.date);
    builder.insert("incident", {incident.id, incident.name, incident.date, incident.certainty,
                                incident.privileged_product ? "1" : "0", incident.summary});
    for (const std::string& family : incident.families) builder.insert("incident_family", {incident.id, family});
    for (const Indicator& indicator : incident.indicators)
      ASSAY_CHECK(add_indicator(builder, incident.id, indicator, incident.id));
  }
  for (const ListFile& list : lists) ASSAY_CHECK(add_list(builder, list));
  const std::string digest = builder.digest();
  builder.insert("meta", {"date", newest});
  builder.insert("meta", {"digest", digest});
  builder.insert("meta", {"schema", "1"});
  builder.execute("COMMIT");
  return builder.image();
}

}  // namespace assay::feeds

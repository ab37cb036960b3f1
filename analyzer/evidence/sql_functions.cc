#include "analyzer/evidence/sql_functions.h"

#include <re2/re2.h>
#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string_view>

#include "analyzer/base/credential.h"
#include "analyzer/versions/order.h"

namespace assay::evidence {
namespace {

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

void version_compare_function(sqlite3_context* context, int, sqlite3_value** values) {
  std::array<std::string_view, 3> texts;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const auto* text = reinterpret_cast<const char*>(sqlite3_value_text(values[i]));
    if (text == nullptr) return sqlite3_result_null(context);
    texts[i] = {text, static_cast<std::size_t>(sqlite3_value_bytes(values[i]))};
  }
  const auto order = versions::compare(texts[0], texts[1], texts[2]);
  if (!order) return sqlite3_result_null(context);
  sqlite3_result_int(context, *order < 0 ? -1 : *order > 0 ? 1 : 0);
}

void credential_verdict_function(sqlite3_context* context, int, sqlite3_value** values) {
  std::array<std::string_view, 2> texts;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const auto* text = reinterpret_cast<const char*>(sqlite3_value_text(values[i]));
    if (text == nullptr) return sqlite3_result_null(context);
    texts[i] = {text, static_cast<std::size_t>(sqlite3_value_bytes(values[i]))};
  }
  const std::string_view verdict = word(judge_credential(texts[0], texts[1]));
  sqlite3_result_text(context, verdict.data(), static_cast<int>(verdict.size()), SQLITE_STATIC);
}

}  // namespace

void add_sql_functions(sqlite3* handle) {
  constexpr int traits = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;
  sqlite3_create_function_v2(handle, "regexp", 2, traits, nullptr, regexp_function, nullptr, nullptr, nullptr);
  sqlite3_create_function_v2(handle, "edit_distance", 2, traits, nullptr, edit_distance_function, nullptr, nullptr,
                             nullptr);
  sqlite3_create_function_v2(handle, "version_compare", 3, traits, nullptr, version_compare_function, nullptr, nullptr,
                             nullptr);
  sqlite3_create_function_v2(handle, "credential_verdict", 2, traits, nullptr, credential_verdict_function, nullptr,
                             nullptr, nullptr);
}

}  // namespace assay::evidence

// Every folder below tests/golden that holds `input`: the evidence its readers make, and what a report looks like,
// against files that people have read. The rules are the few of tests/golden/rules, so that a new rule changes nothing
// here. Renew with tests/golden/renew, which prints what changed.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "analyzer/app/examine.h"
#include "analyzer/app/rule_directory.h"
#include "analyzer/app/worker_program.h"
#include "analyzer/evidence/schema.h"
#include "reports/render.h"

namespace assay::app {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

const fs::path root = ASSAY_SOURCE_DIR "/tests/golden";

bool renewing() {
  return std::getenv("ASSAY_RENEW_GOLDEN") != nullptr;
}

std::vector<std::string> all_cases() {
  std::vector<std::string> cases;
  for (auto it = fs::recursive_directory_iterator(root); it != fs::recursive_directory_iterator(); ++it) {
    if (!it->is_directory() || it->path().filename() != "input") continue;
    cases.push_back(it->path().parent_path().lexically_relative(root).string());
    it.disable_recursion_pending();
  }
  std::sort(cases.begin(), cases.end());
  return cases;
}

const engine::Bundle& bundle() {
  static const engine::Bundle built = [] {
    RuleDirectory directory = read_rule_directory((root / "rules").string());
    for (const Error& error : directory.errors) ADD_FAILURE() << error.text();
    return std::move(engine::Bundle::build(std::move(directory.rules), {}).value());
  }();
  return built;
}

Examination examined(const std::string& name) {
  Subject subject;
  subject.name = name;
  Source source = std::move(open_source((root / name / "input").string()).value());
  source.name = name;
  subject.sources.push_back(std::move(source));
  ExamineOptions options;
  options.c_worker = c_worker_program();
  Examination examination = std::move(examine(subject, nullptr, bundle(), options).value());
  // What changes with every release says nothing about a report.
  Report& report = examination.report;
  report.verb = "scan";
  report.assay_version = "0.0.0";
  report.rules_digest = report.known_digest = std::string(64, '0');
  report.known_date = "2000-01-01";
  return examination;
}

std::string place_text(const evidence::Database::Place& place) {
  if (place.span.begin.line == 0) return place.path;
  const Span& span = place.span;
  return fmt::format("{}:{}:{}-{}:{}", place.path, span.begin.line, span.begin.column, span.end.line, span.end.column);
}

// Rows of every table, in the order they were written. Keys are numbered from 1 in each table and places are written
// out; what holds nothing is left out, so that a new column changes only rows that use it.
std::string evidence_text(evidence::Database& database) {
  std::map<std::string, std::map<std::int64_t, std::int64_t>, std::less<>> numbers;  // by name of the key
  std::string out = "{";
  for (const evidence::TableDefinition& table : evidence::schema()) {
    if (table.name == "location") continue;
    const std::string key(table.columns.front().name);
    auto statement = database.prepare(fmt::format("SELECT * FROM main.\"{}\" ORDER BY \"{}\"", table.name, key));
    EXPECT_TRUE(statement.has_value()) << table.name;
    if (!statement) continue;
    std::string rows;
    while (statement->step().value_or(false)) {
      ordered_json row = ordered_json::object();
      for (int i = 0; i < statement->column_count(); ++i) {
        const evidence::Column& column = table.columns[static_cast<std::size_t>(i)];
        const std::string name(column.name);
        if (statement->is_null(i)) continue;
        const bool reference = column.type == evidence::ColumnType::link;
        if (column.type == evidence::ColumnType::key) {
          auto& known = numbers[key];
          known.emplace(statement->integer(i), static_cast<std::int64_t>(known.size()) + 1);
          row[name] = known[statement->integer(i)];
        } else if (column.type == evidence::ColumnType::at || (reference && name.ends_with("_at"))) {
          if (const auto place = database.place(statement->integer(i)); place) row[name] = place_text(*place);
        } else if (reference) {
          const auto known = numbers.find(name);
          const bool numbered = known != numbers.end() && known->second.contains(statement->integer(i));
          row[name] = numbered ? known->second[statement->integer(i)] : statement->integer(i);
        } else if (statement->type(i) == 1) {
          row[name] = statement->integer(i);
        } else if (statement->type(i) == 2) {
          row[name] = statement->real(i);
        } else if (!statement->text(i).empty()) {
          row[name] = statement->shown(i);
        }
      }
      rows += fmt::format("{}\n  {}", rows.empty() ? "" : ",",
                          row.dump(-1, ' ', true, ordered_json::error_handler_t::replace));
    }
    if (!rows.empty()) out += fmt::format("{}\n \"{}\": [{}\n ]", out.size() == 1 ? "" : ",", table.name, rows);
  }
  return out + "\n}\n";
}

std::string first_difference(const std::string& expected, const std::string& got) {
  std::istringstream a(expected);
  std::istringstream b(got);
  std::string x;
  std::string y;
  for (int line = 1;; ++line) {
    const bool more_x = static_cast<bool>(std::getline(a, x));
    const bool more_y = static_cast<bool>(std::getline(b, y));
    if (!more_x && !more_y) return "only in the last line end";
    if (!more_x) x = "(the end)";
    if (!more_y) y = "(the end)";
    if (x != y || more_x != more_y) return fmt::format("line {}\n  expected: {}\n  got:      {}", line, x, y);
  }
}

void compare(const fs::path& file, const std::string& got) {
  if (renewing()) {
    fs::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << got;
    return;
  }
  std::ifstream stream(file, std::ios::binary);
  ASSERT_TRUE(stream.good()) << file.lexically_relative(root) << " is missing; tests/golden/renew writes it";
  std::ostringstream expected;
  expected << stream.rdbuf();
  EXPECT_TRUE(expected.str() == got) << file.lexically_relative(root)
                                     << " differs: " << first_difference(expected.str(), got)
                                     << "\nWhen the new one is right: tests/golden/renew";
}

class Golden : public ::testing::TestWithParam<std::string> {};

TEST_P(Golden, EvidenceAndTerminal) {
  const Examination examination = examined(GetParam());
  const fs::path expected = root / GetParam() / "expected";
  compare(expected / "evidence.json", evidence_text(*examination.database));
  compare(expected / "terminal.txt", reports::terminal(examination.report, {}));
}

INSTANTIATE_TEST_SUITE_P(Cases, Golden, ::testing::ValuesIn(all_cases()), [](const auto& one) {
  std::string name = one.param;
  std::replace_if(
      name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
  return name;
});

class GoldenReport : public ::testing::TestWithParam<std::string> {};

TEST_P(GoldenReport, EveryFormat) {
  const Examination examination = examined(GetParam());
  EXPECT_GT(examination.report.findings.size() + examination.report.not_fully_read.size(), 0U);
  for (const reports::Format& format : reports::formats()) {
    const auto text = reports::render(format.word, examination.report, {});
    ASSERT_TRUE(text.has_value());
    // The name says the format: two of them are .json and two are .txt.
    compare(root / GetParam() / "expected" / fmt::format("{}.{}", format.word, format.extension), *text);
  }
}

std::vector<std::string> report_cases() {
  std::vector<std::string> cases = all_cases();
  std::erase_if(cases, [](const std::string& name) { return !name.starts_with("report/"); });
  return cases;
}

INSTANTIATE_TEST_SUITE_P(Cases, GoldenReport, ::testing::ValuesIn(report_cases()), [](const auto& one) {
  std::string name = one.param;
  std::replace_if(
      name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
  return name;
});

}  // namespace
}  // namespace assay::app

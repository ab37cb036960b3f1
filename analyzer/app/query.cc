#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "analyzer/app/bundled.h"
#include "analyzer/app/command_line.h"
#include "reports/neutralise.h"

namespace assay::app {
namespace {

using Row = std::vector<std::string>;

void print_table(const Row& names, const std::vector<Row>& rows) {
  std::vector<std::size_t> widths;
  for (const std::string& name : names) widths.push_back(name.size());
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::min<std::size_t>(60, std::max(widths[i], row[i].size()));
  }
  const auto print = [&](const Row& row) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) line += fmt::format("{:<{}}  ", row[i], widths[i]);
    while (line.ends_with(' ')) line.pop_back();
    std::puts(line.c_str());
  };
  print(names);
  Row rule;
  for (const std::size_t width : widths) rule.emplace_back(width, '-');
  print(rule);
  for (const Row& row : rows) print(row);
}

}  // namespace

// assay query SQL [PATH…]: asks the evidence anything.
int run_query(const std::string& sql, const std::vector<std::string>& paths, const std::string& format, const CommonOptions& options) {
  const Result<engine::Bundle> rules = load_rules(options.rules_directory);
  if (!rules) return report_error(rules.error());
  const Result<Subject> subject = open_subject(paths);
  if (!subject) return report_error(subject.error());
  const Result<Examination> evidence = gather(*subject, *rules, options.examine);
  if (!evidence) return report_error(evidence.error());
  Result<evidence::Statement> statement = evidence->database->prepare(sql);
  if (!statement) return report_error({ErrorCode::usage, statement.error().message + "; `assay docs evidence` describes the tables", ""});

  Row names;
  for (int i = 0; i < statement->column_count(); ++i) names.emplace_back(statement->column_name(i));
  std::vector<Row> rows;
  nlohmann::ordered_json document = nlohmann::ordered_json::array();
  while (true) {
    const Result<bool> more = statement->step();
    if (!more) return report_error({ErrorCode::usage, more.error().message, ""});
    if (!*more) break;
    Row row;
    nlohmann::ordered_json object = nlohmann::ordered_json::object();
    for (int i = 0; i < statement->column_count(); ++i) {
      row.push_back(format == "table" ? reports::visible(statement->shown(i)) : statement->shown(i));
      nlohmann::ordered_json value = nullptr;
      if (statement->type(i) == 1) value = statement->integer(i);
      if (statement->type(i) == 2) value = statement->real(i);
      if (statement->type(i) == 3 || statement->type(i) == 4) value = statement->shown(i);
      object[names[static_cast<std::size_t>(i)]] = std::move(value);
    }
    rows.push_back(std::move(row));
    document.push_back(std::move(object));
  }
  if (format == "json") {
    std::puts(document.dump(2, ' ', true, nlohmann::json::error_handler_t::replace).c_str());
  } else if (format == "csv") {
    const auto print = [](const Row& row) {
      std::string line;
      for (const std::string& field : row) line += (line.empty() ? "" : ",") + reports::csv_cell(field);
      std::puts(line.c_str());
    };
    print(names);
    for (const Row& row : rows) print(row);
  } else {
    print_table(names, rows);
  }
  return 0;
}

}  // namespace assay::app

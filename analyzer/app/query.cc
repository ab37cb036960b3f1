#include <sqlite3.h>

#include "analyzer/app/bundled.h"
#include "analyzer/app/command_line.h"
#include "analyzer/app/named_questions.h"
#include "reports/answers.h"

namespace assay::app {
namespace {

reports::Cell cell_of(const evidence::Statement& statement, int column) {
  reports::Cell cell;
  cell.text = statement.shown(column);
  switch (statement.type(column)) {
    case SQLITE_INTEGER:
      cell.type = reports::Cell::Type::integer;
      cell.integer = statement.integer(column);
      break;
    case SQLITE_FLOAT:
      cell.type = reports::Cell::Type::real;
      cell.real = statement.real(column);
      break;
    case SQLITE_NULL:
      break;
    default:
      cell.type = reports::Cell::Type::text;
  }
  return cell;
}

Result<reports::Table> answer_of(evidence::Statement& statement) {
  reports::Table table;
  for (int i = 0; i < statement.column_count(); ++i) table.columns.emplace_back(statement.column_name(i));
  while (true) {
    ASSAY_TRY(const bool more, statement.step());
    if (!more) return table;
    std::vector<reports::Cell> row;
    row.reserve(static_cast<std::size_t>(statement.column_count()));
    for (int i = 0; i < statement.column_count(); ++i) row.push_back(cell_of(statement, i));
    table.rows.push_back(std::move(row));
  }
}

}  // namespace

// assay query SQL|NAME [PATH…]: asks the evidence anything.
int run_query(const std::string& sql, const std::vector<std::string>& paths, const std::string& format,
              const CommonOptions& options) {
  const Result<engine::Bundle> rules = load_rules(options.rules_directory);
  if (!rules) return report_error(rules.error());
  const Result<Subject> subject = open_subject(paths);
  if (!subject) return report_error(subject.error());
  const Result<Examination> evidence = gather(*subject, *rules, options.examine);
  if (!evidence) return report_error(evidence.error());
  const NamedQuestion* const named = find_question(sql);
  Result<evidence::Statement> statement =
      evidence->database->prepare(named != nullptr ? named->sql : std::string_view(sql));
  if (!statement)
    return report_error(
        {ErrorCode::usage, statement.error().message + "; `assay docs evidence` describes the tables", ""});
  const Result<reports::Table> answer = answer_of(*statement);
  if (!answer) return report_error({ErrorCode::usage, answer.error().message, ""});
  write_text(reports::table_text(*answer, format));
  return 0;
}

}  // namespace assay::app

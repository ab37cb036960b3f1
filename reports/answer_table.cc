#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "reports/answers.h"
#include "reports/layout.h"
#include "reports/neutralise.h"

namespace assay::reports {
namespace {

constexpr std::size_t widest_column = 60;  // wider values push the rest of their line, not the whole table

using Line = std::vector<std::string>;

std::string aligned(const Table& table) {
  std::vector<Line> lines;
  Line names;
  for (const std::string& name : table.columns) names.push_back(visible(name));
  lines.push_back(std::move(names));
  for (const std::vector<Cell>& row : table.rows) {
    Line line;
    for (const Cell& cell : row) line.push_back(visible(cell.text));
    lines.push_back(std::move(line));
  }
  std::vector<std::size_t> widths(table.columns.size(), 0);
  for (const Line& line : lines) {
    for (std::size_t i = 0; i < line.size(); ++i)
      widths[i] = std::max(widths[i], std::min(widest_column, display_width(line[i])));
  }
  Line rule;
  for (const std::size_t width : widths) rule.emplace_back(width, '-');
  lines.insert(lines.begin() + 1, std::move(rule));

  std::string out;
  for (const Line& line : lines) {
    std::string text;
    for (std::size_t i = 0; i < line.size(); ++i) {
      const std::size_t width = display_width(line[i]);
      text += line[i] + std::string(width < widths[i] ? widths[i] - width : 0, ' ') + "  ";
    }
    while (text.ends_with(' ')) text.pop_back();
    out += text + '\n';
  }
  return out;
}

std::string separated(const Table& table) {
  std::string out;
  const auto append = [&](auto&& values, auto&& text_of) {
    for (std::size_t i = 0; i < values.size(); ++i) out += (i == 0 ? "" : ",") + csv_cell(text_of(values[i]));
    out += '\n';
  };
  append(table.columns, [](const std::string& name) { return name; });
  for (const std::vector<Cell>& row : table.rows) append(row, [](const Cell& cell) { return cell.text; });
  return out;
}

nlohmann::ordered_json value_of(const Cell& cell) {
  switch (cell.type) {
    case Cell::Type::null:
      return nullptr;
    case Cell::Type::integer:
      return cell.integer;
    case Cell::Type::real:
      return cell.real;
    case Cell::Type::text:
      return cell.text;
  }
  return nullptr;
}

std::string objects(const Table& table) {
  nlohmann::ordered_json document = nlohmann::ordered_json::array();
  for (const std::vector<Cell>& row : table.rows) {
    nlohmann::ordered_json object = nlohmann::ordered_json::object();
    for (std::size_t i = 0; i < row.size(); ++i) object[table.columns[i]] = value_of(row[i]);
    document.push_back(std::move(object));
  }
  return document.dump(2, ' ', true, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace

std::string table_text(const Table& table, std::string_view format) {
  if (format == "json") return objects(table);
  if (format == "csv") return separated(table);
  return aligned(table);
}

}  // namespace assay::reports

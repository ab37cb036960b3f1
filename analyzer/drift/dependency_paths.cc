#include "analyzer/drift/dependency_paths.h"

#include <fmt/format.h>

#include <algorithm>

namespace assay::drift {
namespace {

constexpr std::size_t longest_way = 10;  // names shown

}  // namespace

Result<DependencyPaths> DependencyPaths::read(evidence::Database& database) {
  DependencyPaths paths;
  std::vector<evidence::RowId> subjects;
  std::vector<evidence::RowId> direct;
  {
    ASSAY_TRY(
        evidence::Statement rows,
        database.prepare("SELECT component_id, full_name, scope, direct FROM main.component ORDER BY component_id"));
    while (true) {
      ASSAY_TRY(const bool more, rows.step());
      if (!more) break;
      paths.nodes_.emplace(rows.integer(0), Node{0, rows.shown(1)});
      if (rows.text(2) == "subject" || rows.text(2) == "workspace") {
        subjects.push_back(rows.integer(0));
      } else if (rows.integer(3) == 1 && !rows.is_null(3)) {
        direct.push_back(rows.integer(0));
      }
    }
  }
  std::unordered_map<evidence::RowId, std::vector<evidence::RowId>> required;
  {
    ASSAY_TRY(evidence::Statement rows,
              database.prepare("SELECT component_id, target_id FROM main.dependency WHERE component_id IS NOT NULL AND "
                               "target_id IS NOT NULL ORDER BY dependency_id"));
    while (true) {
      ASSAY_TRY(const bool more, rows.step());
      if (!more) break;
      required[rows.integer(0)].push_back(rows.integer(1));
    }
  }
  // Breadth first: the subjects, then what they are said to require without an edge, then the rest.
  std::vector<evidence::RowId> queue;
  std::unordered_map<evidence::RowId, bool> seen;
  const auto begin = [&](const std::vector<evidence::RowId>& roots) {
    for (const evidence::RowId id : roots) {
      if (seen.emplace(id, true).second) queue.push_back(id);
    }
  };
  begin(subjects);
  begin(direct);
  for (std::size_t i = 0; i < queue.size(); ++i) {
    const auto found = required.find(queue[i]);
    if (found == required.end()) continue;
    for (const evidence::RowId target : found->second) {
      const auto node = paths.nodes_.find(target);
      if (node == paths.nodes_.end() || !seen.emplace(target, true).second) continue;
      node->second.from = queue[i];
      queue.push_back(target);
    }
  }
  return paths;
}

std::string DependencyPaths::to(evidence::RowId component) const {
  std::vector<std::string_view> names;
  for (auto node = nodes_.find(component); node != nodes_.end(); node = nodes_.find(node->second.from)) {
    if (!node->second.name.empty()) names.push_back(node->second.name);
    if (node->second.from == 0) break;
  }
  std::reverse(names.begin(), names.end());
  std::string out;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names.size() > longest_way && i == longest_way / 2) {
      out += " > …";
      i = names.size() - longest_way / 2;
    }
    out += fmt::format("{}{}", out.empty() ? "" : " > ", names[i]);
  }
  return out;
}

}  // namespace assay::drift

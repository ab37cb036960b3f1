#include "analyzer/drift/compare.h"

#include <algorithm>
#include <iterator>
#include <tuple>

#include "analyzer/drift/capabilities.h"
#include "analyzer/drift/components.h"
#include "analyzer/drift/dependency_paths.h"
#include "analyzer/drift/documents.h"
#include "analyzer/drift/runs.h"
#include "analyzer/drift/sides.h"

namespace assay::drift {
namespace {

Location location_of(const evidence::Database::Place& place) {
  return {place.path, place.span};
}

// The ways by which new packages came in.
Result<void> add_paths(evidence::Database& database, std::vector<Difference>& components) {
  const auto wants = [](const evidence::DriftRow& row) {
    return row.component_id != 0 && (row.kind == "added" || row.kind == "new-requirement");
  };
  if (std::none_of(components.begin(), components.end(), [&](const Difference& one) { return wants(one.row); }))
    return {};
  ASSAY_TRY(const DependencyPaths paths, DependencyPaths::read(database));
  for (Difference& one : components) {
    if (wants(one.row)) one.row.path = paths.to(one.row.component_id);
  }
  return {};
}

// Where something was removed there is nothing to point at but the document that no longer has it.
Result<void> place_removed(evidence::Database& database, const Side& before, const Side& after,
                           std::vector<Difference>& components) {
  ASSAY_TRY(evidence::Statement any,
            database.prepare("SELECT at FROM main.sbom_document ORDER BY sbom_document_id LIMIT 1"));
  ASSAY_TRY(const bool found, any.step());
  const evidence::LocationId document = found ? any.integer(0) : 0;
  for (Difference& one : components) {
    if (one.row.at != 0) continue;
    const ArtifactId namesake = after.artifact(before.path(one.before_at >> 23));
    one.row.at = namesake != 0 ? namesake << 23 : document;
  }
  return {};
}

Change change_of(const evidence::DriftRow& row) {
  Change change;
  change.area = row.area;
  change.kind = row.kind;
  change.name = row.name;
  change.ecosystem = row.ecosystem;
  change.was = row.was;
  change.now = row.now;
  change.step = row.step;
  change.path = row.path;
  change.detail = row.detail;
  if (row.explained != evidence::Tri::not_examined)
    change.explained = row.explained == evidence::Tri::yes ? "yes" : "no";
  return change;
}

}  // namespace

Result<std::vector<Change>> compare(evidence::Database& database, const CompareOptions& options) {
  const VersionOrder order = [&](std::string_view type, std::string_view a, std::string_view b) {
    std::optional<int> known = options.order ? options.order(type, a, b) : std::nullopt;
    return known ? known : plain_order(a, b);
  };
  ASSAY_TRY(const Side before, Side::read(database, "before"));
  ASSAY_TRY(const Side after, Side::read(database, "main"));
  std::vector<Difference> differences;
  {
    ASSAY_TRY(const std::vector<Counterparts> documents, read_documents(database, before, after));
    for (const Counterparts& one : documents) compare_documents(one, order, differences);
  }
  ASSAY_CHECK(add_paths(database, differences));
  ASSAY_CHECK(place_removed(database, before, after, differences));
  std::vector<Difference> rest;
  ASSAY_CHECK(compare_runs(database, differences, rest));
  ASSAY_CHECK(compare_sources(database, before, after, options.gathering, rest));
  differences.insert(differences.end(), std::make_move_iterator(rest.begin()), std::make_move_iterator(rest.end()));

  // No artifact has the id 0: these rows belong to none.
  evidence::Rows rows(0);
  std::vector<Change> changes;
  changes.reserve(differences.size());
  for (Difference& one : differences) {
    Change change = change_of(one.row);
    ASSAY_TRY(const auto place, database.place(one.row.at));
    change.at = location_of(place);
    if (one.before_at != 0) {
      ASSAY_TRY(const auto old, database.place(one.before_at, "before"));
      change.before = location_of(old);
      one.row.before_path = old.path;
      one.row.before_line = old.span.begin.line;
    }
    changes.push_back(std::move(change));
    rows.add(std::move(one.row));
  }
  ASSAY_CHECK(database.insert("main", rows));
  std::stable_sort(changes.begin(), changes.end(), [](const Change& a, const Change& b) {
    return std::tie(a.area, a.kind, a.name, a.at.path, a.at.span, a.now) <
           std::tie(b.area, b.kind, b.name, b.at.path, b.at.span, b.now);
  });
  return changes;
}

}  // namespace assay::drift

#include "analyzer/drift/documents.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

namespace assay::drift {
namespace {

// Where each component of a side went, so that what belongs to it finds it.
struct Place {
  Document* document = nullptr;
  std::size_t index = 0;
};

template <class Each>
Result<void> each_row(evidence::Database& database, const std::string& sql, Each each) {
  ASSAY_TRY(evidence::Statement rows, database.prepare(sql));
  while (true) {
    ASSAY_TRY(const bool more, rows.step());
    if (!more) return {};
    each(rows);
  }
}

std::string class_of(std::string_view declared_in) {
  return declared_in == "sbom" || declared_in == "lockfile" ? "1 inventory" : fmt::format("2 {}", declared_in);
}

class SideReader {
 public:
  SideReader(evidence::Database& database, std::string schema, const Side& own, const Side& other,
             std::map<std::string, Counterparts>& groups, Document Counterparts::*side)
      : database_(database), schema_(std::move(schema)), own_(own), other_(other), groups_(groups), side_(side) {}

  Result<void> read() {
    ASSAY_CHECK(components());
    ASSAY_CHECK(formats());
    ASSAY_CHECK(hashes());
    ASSAY_CHECK(origins());
    ASSAY_CHECK(triggers());
    return requirements();
  }

 private:
  Result<void> components() {
    return each_row(
        database_,
        fmt::format("SELECT component_id, at, purl_type, full_name, version, requirement, pinned, declared_in FROM "
                    "{}.component WHERE scope NOT IN ('subject', 'workspace') AND full_name <> '' AND declared_in <> "
                    "'log' AND NOT (kind = 'file' AND purl = '') ORDER BY component_id",
                    schema_),
        [&](evidence::Statement& row) {
          Entry entry;
          entry.id = row.integer(0);
          entry.at = row.integer(1);
          entry.type = row.text(2);
          entry.name = row.text(3);
          entry.version = row.text(4);
          entry.requirement = row.text(5);
          if (!row.is_null(6)) entry.pinned = evidence::tri(row.integer(6) == 1);
          Document& document = group(entry.artifact(), row.text(7));
          places_.emplace(entry.id, Place{&document, document.entries.size()});
          document.entries.push_back(std::move(entry));
        });
  }

  Document& group(ArtifactId artifact, std::string_view declared_in) {
    if (artifact == last_artifact_ && declared_in == last_declared_) return *last_document_;
    const std::string& path = own_.path(artifact);
    const bool namesake = !path.empty() && other_.has(path);
    last_artifact_ = artifact;
    last_declared_ = declared_in;
    last_document_ = &(groups_[namesake ? "0 " + path : class_of(declared_in)].*side_);
    if (std::find(of_artifact_[artifact].begin(), of_artifact_[artifact].end(), last_document_) ==
        of_artifact_[artifact].end())
      of_artifact_[artifact].push_back(last_document_);
    return *last_document_;
  }

  Result<void> formats() {
    return each_row(database_, fmt::format("SELECT sbom_document_id, format, version FROM {}.sbom_document", schema_),
                    [&](evidence::Statement& row) {
                      const auto found = of_artifact_.find(row.integer(0) >> 23);
                      if (found == of_artifact_.end()) return;
                      const std::string format = fmt::format("{} {}", row.text(1), row.text(2));
                      for (Document* document : found->second) {
                        auto [known, fresh] = formats_.emplace(document, format);
                        if (!fresh && known->second != format) known->second.clear();
                        document->format = known->second;
                      }
                    });
  }

  Result<void> hashes() {
    return each_row(database_, fmt::format("SELECT component_id, at, algorithm, value FROM {}.component_hash", schema_),
                    [&](evidence::Statement& row) {
                      Entry* entry = find(row.integer(0));
                      if (entry == nullptr) return;
                      entry->hashes.push_back({row.integer(1), row.shown(2), row.shown(3)});
                      entry->has_digest = true;
                      document_->has_digests = true;
                    });
  }

  Result<void> origins() {
    return each_row(
        database_,
        fmt::format(
            "SELECT component_id, kind, url, host, integrity, at FROM {}.component_origin WHERE component_id IS NOT "
            "NULL AND kind IN ('registry', 'git', 'url', 'file') ORDER BY component_origin_id",
            schema_),
        [&](evidence::Statement& row) {
          Entry* entry = find(row.integer(0));
          if (entry == nullptr) return;
          if (entry->origin.empty()) {
            entry->origin = row.text(1);
            entry->url = row.text(2);
            entry->host = row.text(3);
            entry->origin_at = row.integer(5);
          }
          if (!row.text(3).empty()) document_->has_origins = true;
          if (row.text(4).empty()) return;
          entry->has_digest = true;
          document_->has_digests = true;
        });
  }

  Result<void> triggers() {
    return each_row(
        database_,
        fmt::format("SELECT component_id, at FROM {}.install_trigger WHERE component_id IS NOT NULL", schema_),
        [&](evidence::Statement& row) {
          Entry* entry = find(row.integer(0));
          if (entry == nullptr) return;
          if (!entry->runs_on_install) entry->hook_at = row.integer(1);
          entry->runs_on_install = true;
          document_->has_triggers = true;
        });
  }

  Result<void> requirements() {
    ASSAY_CHECK(each_row(database_,
                         fmt::format("SELECT component_id, target_id FROM {}.dependency WHERE component_id IS NOT NULL "
                                     "AND target_id IS NOT NULL ORDER BY dependency_id",
                                     schema_),
                         [&](evidence::Statement& row) {
                           const Entry* target = find(row.integer(1));
                           const Entry* from = find(row.integer(0));
                           if (target == nullptr || from == nullptr) return;
                           document_->needs[from->name][from->version].push_back(target->name);
                         }));
    for (auto& [name, group] : groups_) {
      for (auto& [from, versions] : (group.*side_).needs) {
        for (auto& [version, targets] : versions) {
          std::sort(targets.begin(), targets.end());
          targets.erase(std::unique(targets.begin(), targets.end()), targets.end());
        }
      }
    }
    return {};
  }

  // Also sets document_.
  Entry* find(evidence::RowId id) {
    const auto found = places_.find(id);
    if (found == places_.end()) return nullptr;
    document_ = found->second.document;
    return &document_->entries[found->second.index];
  }

  evidence::Database& database_;
  std::string schema_;
  const Side& own_;
  const Side& other_;
  std::map<std::string, Counterparts>& groups_;
  Document Counterparts::*side_;
  std::unordered_map<evidence::RowId, Place> places_;
  std::unordered_map<ArtifactId, std::vector<Document*>> of_artifact_;
  std::unordered_map<Document*, std::string> formats_;
  Document* document_ = nullptr;
  Document* last_document_ = nullptr;
  ArtifactId last_artifact_ = -1;
  std::string last_declared_;
};

}  // namespace

Result<std::vector<Counterparts>> read_documents(evidence::Database& database, const Side& before, const Side& after) {
  std::map<std::string, Counterparts> groups;
  ASSAY_CHECK(SideReader(database, "before", before, after, groups, &Counterparts::was).read());
  ASSAY_CHECK(SideReader(database, "main", after, before, groups, &Counterparts::now).read());
  std::vector<Counterparts> out;
  out.reserve(groups.size());
  for (auto& [name, group] : groups) out.push_back(std::move(group));
  return out;
}

}  // namespace assay::drift

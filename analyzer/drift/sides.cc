#include "analyzer/drift/sides.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace assay::drift {
namespace {

constexpr std::string_view inside = "!/";

// How many bytes every path begins with that say only which release it is.
std::size_t release_prefix(const std::vector<std::pair<ArtifactId, std::string>>& all) {
  std::string_view archive;
  std::string_view folder;
  bool one_folder = true;
  for (const auto& [id, path] : all) {
    const std::size_t split = path.find(inside);
    if (split == std::string::npos) continue;
    const std::string_view name = std::string_view(path).substr(0, split + inside.size());
    if (!archive.empty() && archive != name) return 0;
    archive = name;
  }
  if (archive.empty()) return 0;
  for (const auto& [id, path] : all) {
    if (!path.starts_with(archive)) {
      if (path.size() + inside.size() != archive.size()) return 0;  // something lies beside the archive
      continue;
    }
    const std::string_view rest = std::string_view(path).substr(archive.size());
    const std::size_t slash = rest.find('/');
    const std::string_view first = slash == std::string_view::npos ? std::string_view() : rest.substr(0, slash + 1);
    one_folder = one_folder && !first.empty() && (folder.empty() || folder == first);
    if (folder.empty()) folder = first;
  }
  return archive.size() + (one_folder ? folder.size() : 0);
}

}  // namespace

Result<Side> Side::read(evidence::Database& database, std::string_view schema) {
  std::vector<std::pair<ArtifactId, std::string>> all;
  ASSAY_TRY(evidence::Statement rows,
            database.prepare(fmt::format("SELECT artifact_id, path FROM {}.artifact ORDER BY artifact_id", schema)));
  while (true) {
    ASSAY_TRY(const bool more, rows.step());
    if (!more) break;
    all.emplace_back(rows.integer(0), rows.shown(1));
  }
  const std::size_t prefix = release_prefix(all);
  Side side;
  side.paths_.reserve(all.size());
  for (auto& [id, path] : all) {
    if (prefix > 0) path = path.size() > prefix ? path.substr(prefix) : std::string();
    side.by_path_.emplace(path, id);
    side.paths_.emplace(id, std::move(path));
  }
  return side;
}

const std::string& Side::path(ArtifactId artifact) const {
  static const std::string none;
  const auto found = paths_.find(artifact);
  return found == paths_.end() ? none : found->second;
}

ArtifactId Side::artifact(const std::string& path) const {
  const auto found = by_path_.find(path);
  return found == by_path_.end() ? 0 : found->second;
}

}  // namespace assay::drift

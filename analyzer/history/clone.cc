#include "analyzer/history/clone.h"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>

#include "analyzer/base/limits.h"

namespace assay::history {
namespace {

std::string configuration_text(const Layout& layout) {
  const std::filesystem::path path = std::filesystem::path(layout.common_dir) / "config";
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error) ||
      std::filesystem::file_size(path, error) > limits::max_rule_bytes * 16)
    return {};
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

std::string_view kind_of(std::string_view name) {
  if (name.starts_with("refs/heads/")) return "branch";
  if (name.starts_with("refs/tags/")) return "tag";
  if (name.starts_with("refs/remotes/")) return "remote-branch";
  return "other";
}

// False when the tag leads to nothing that can be read.
bool follow_tag(const ObjectStore& store, ResolvedReference& reference) {
  for (int depth = 0; depth < 5; ++depth) {
    const auto object = store.read(reference.commit);
    if (!object) {
      reference.is_commit = object.error() == Missing::absent && depth == 0;
      return reference.is_commit;
    }
    reference.is_commit = object->type == GIT_OBJECT_COMMIT;
    if (object->type != GIT_OBJECT_TAG) return true;
    TagText tag = read_tag(object->bytes);
    if (!tag.well_formed) return false;
    reference.commit = tag.target;
    if (!reference.annotated) reference.tag = std::move(tag);
    reference.annotated = true;
  }
  return true;
}

void resolve(Clone& clone) {
  std::size_t broken = 0;
  for (const Reference& reference : clone.references.all) {
    ResolvedReference out{.name = reference.name,
                          .kind = kind_of(reference.name),
                          .commit = reference.target,
                          .is_commit = true,
                          .annotated = false,
                          .tag = {}};
    if (out.kind == "tag" && !follow_tag(clone.store, out)) ++broken;
    if (out.is_commit && out.kind != "other") clone.tips.push_back(out.commit);
    if (out.kind == "branch" || out.kind == "remote-branch") clone.branch_tips.push_back(out.commit);
    clone.resolved.push_back(std::move(out));
  }
  if (clone.references.head) clone.tips.push_back(*clone.references.head);
  if (broken > 0) clone.gaps.push_back(fmt::format("{} tags could not be followed to a commit", broken));
}

}  // namespace

Result<Clone> open_clone(const std::string& repository_path) {
  ASSAY_TRY(Layout layout, find_layout(repository_path));
  ASSAY_TRY(ObjectStore store, ObjectStore::open(layout));
  ConfigurationFacts facts = read_configuration(configuration_text(layout));
  if (facts.object_format != "sha1") {
    return fail(
        ErrorCode::io,
        fmt::format("the repository names its objects with {}, which Assay cannot read yet", facts.object_format),
        repository_path);
  }
  if (facts.ref_storage != "files") {
    return fail(
        ErrorCode::io,
        fmt::format("the repository keeps its references as '{}', which Assay cannot read yet", facts.ref_storage),
        repository_path);
  }
  Clone clone{.layout = std::move(layout), .store = std::move(store), .facts = std::move(facts)};
  clone.references = read_references(clone.layout);
  if (clone.references.unreadable > 0)
    clone.gaps.push_back(fmt::format("{} references hold no object id", clone.references.unreadable));
  resolve(clone);
  return clone;
}

}  // namespace assay::history

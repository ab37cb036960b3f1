#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "analyzer/base/limits.h"
#include "analyzer/formats/json_tree.h"
#include "sbom-import/gaps.h"
#include "sbom-import/readers.h"
#include "sbom-import/stated.h"

namespace assay::sbom {
namespace {

using evidence::LocationId;
using evidence::RowId;
using evidence::Rows;
using evidence::Tri;
using formats::JsonNode;
using formats::JsonTree;

constexpr std::string_view folder = "node_modules/";

// The package name a key below "packages" means: what follows the last "node_modules/".
std::string_view name_in(std::string_view path) {
  const std::size_t at = path.rfind(folder);
  return at == std::string_view::npos ? std::string_view{} : path.substr(at + folder.size());
}

// "npm:real-name@range", as an alias is written; "" for anything else.
std::string_view aliased_name(std::string_view spec) {
  if (!spec.starts_with("npm:")) return {};
  spec.remove_prefix(4);
  const std::size_t at = spec.find('@', 1);
  return spec.substr(0, at);
}

class PackageLock {
 public:
  PackageLock(const JsonTree& tree, Rows& rows) : tree_(tree), rows_(rows) {}

  ReadOutcome read() {
    gaps_.add(tree_);
    const JsonNode root = tree_.root();
    if (!root.is_object()) {
      gaps_.nothing_read("the document is not a JSON object");
      return gaps_.outcome(rows_.lost());
    }
    const JsonNode version = root.at("lockfileVersion");
    const JsonNode packages = root.at("packages");
    document_ = rows_.add(evidence::SbomDocumentRow{
        .at = version.exists() ? place(version) : rows_.whole(),
        .format = "npm-lock",
        .version = std::string(gaps_.text(version, "lockfileVersion")),
        .subject = std::string(gaps_.text(root.at("name"), "name")),
        .subject_version = std::string(gaps_.text(root.at("version"), "version")),
    });
    if (packages.is_object()) {
      for (const auto [key, value] : packages.members()) {
        if (value.at("link").is_true()) linked_.emplace(value.at("resolved").string(), name_in(key.text()));
      }
      for (const auto [key, value] : packages.members()) package(key, value);
      requirements();
    } else if (root.at("dependencies").is_object()) {
      first_format_ = true;
      subject(root);
      nested(root);
      requirements();
    } else if (packages.exists() || root.at("dependencies").exists()) {
      gaps_.add(root, "neither packages nor dependencies is an object");
    } else {
      subject(root);
    }
    rows_.sbom_document.back().component_count = listed_;
    return gaps_.outcome(rows_.lost());
  }

 private:
  struct Entry {
    std::string path;  // "node_modules/a/node_modules/b"
    JsonNode value;
    RowId id;
    std::size_t row;
  };

  LocationId place(const JsonNode& node) { return rows_.locate(node.span()); }

  void subject(const JsonNode& root) {
    const std::string_view name = gaps_.text(root.at("name"), "name");
    evidence::ComponentRow row{
        .at = place(root.at("name").exists() ? root.at("name") : root),
        .sbom_document_id = document_,
        .version = std::string(gaps_.text(root.at("version"), "version")),
        .kind = "application",
        .scope = "subject",
        .declared_in = "lockfile",
    };
    if (!name.empty()) identify(row, "npm", name, row.version);
    keep("", root, std::move(row));
  }

  RowId keep(std::string path, const JsonNode& value, evidence::ComponentRow row) {
    row.bom_ref = path;
    if (row.scope != "subject") ++listed_;
    const RowId id = rows_.add(std::move(row));
    if (id == 0) return 0;
    if (by_path_.emplace(path, entries_.size()).second) {
      entries_.push_back({std::move(path), value, id, rows_.component.size() - 1});
    }
    return id;
  }

  static std::string scope_of(const JsonNode& entry) {
    if (entry.at("dev").is_true()) return "dev";
    if (entry.at("optional").is_true() || entry.at("devOptional").is_true()) return "optional";
    return entry.at("peer").is_true() ? "peer" : "required";
  }

  // An entry of "packages" (lockfileVersion 2 and 3).
  void package(const JsonNode& key, const JsonNode& entry) {
    const std::string_view path = key.text();
    if (!entry.is_object()) {
      gaps_.add(entry, "an entry of packages is not an object");
      return;
    }
    if (path.empty()) {
      subject(entry);
      return;
    }
    const std::string_view inside = name_in(path);
    const JsonNode own_name = entry.at("name");
    std::string_view name = gaps_.text(own_name, "name");
    if (name.empty()) name = inside;
    const bool link = entry.at("link").is_true();
    const bool workspace = inside.empty();  // a folder of the repository, not of node_modules
    // A folder whose package.json names nothing is called what the link to it is called.
    if (const auto known = linked_.find(path); name.empty() && known != linked_.end()) name = known->second;
    if (name.empty()) name = path.substr(path.rfind('/') + 1);
    const JsonNode version = entry.at("version");
    evidence::ComponentRow row{
        .at = place(key),
        .sbom_document_id = document_,
        .version = std::string(gaps_.text(version, "version")),
        .kind = "library",
        .scope = link || workspace ? "workspace" : scope_of(entry),
        .declared_in = "lockfile",
        .license = std::string(entry.at("license").string()),
        .pinned = Tri::yes,
    };
    identify(row, "npm", name, row.version);
    const RowId id = keep(std::string(path), entry, std::move(row));
    if (id == 0) return;
    if (link) {
      const JsonNode resolved = entry.at("resolved");
      rows_.add(evidence::ComponentOriginRow{.at = place(resolved.exists() ? resolved : key),
                                             .component_id = id,
                                             .kind = "workspace",
                                             .url = std::string(gaps_.text(resolved, "resolved"))});
      return;
    }
    if (workspace) return;
    origin(key, entry, id, entry.at("inBundle").is_true());
    if (const JsonNode hook = entry.at("hasInstallScript"); hook.is_true()) {
      rows_.add(evidence::InstallTriggerRow{
          .at = place(hook), .component_id = id, .ecosystem = "npm", .hook = "hasInstallScript"});
    }
  }

  // What is bundled inside another tarball has neither origin nor integrity of its own.
  void origin(const JsonNode& key, const JsonNode& entry, RowId id, bool bundled) {
    const JsonNode resolved = entry.at("resolved");
    const JsonNode integrity = entry.at("integrity");
    const bool has_url = resolved.is_string();
    if (bundled && !has_url) return;
    std::string_view url = gaps_.text(resolved, "resolved");
    // lockfileVersion 1 writes a git or file reference as the version.
    const std::string_view version = entry.at("version").text();
    if (url.empty() && (version.find("://") != std::string_view::npos || version.starts_with("file:") ||
                        version.starts_with("github:") || version.starts_with("git@"))) {
      url = version;
    }
    const std::string_view value = gaps_.text(integrity, "integrity");
    evidence::ComponentOriginRow row = origin_of(url, "npm", value);
    row.at = place(has_url ? resolved : integrity.exists() ? integrity : key);
    row.component_id = id;
    rows_.add(std::move(row));
    const bool good = each_integrity(value, [&](const Digest& digest) {
      rows_.add(evidence::ComponentHashRow{
          .at = place(integrity), .component_id = id, .algorithm = digest.algorithm, .value = digest.value});
    });
    if (!good) gaps_.add(integrity, "integrity is not of the form algorithm-base64");
  }

  // lockfileVersion 1: "dependencies" inside "dependencies".
  void nested(const JsonNode& root) {
    struct Level {
      JsonNode::Members::iterator at;
      JsonNode::Members::iterator end;
      std::string path;
    };
    std::vector<Level> levels;
    const auto enter = [&](const JsonNode& object, std::string path) {
      const JsonNode::Members members = object.at("dependencies").members();
      if (!members.empty()) levels.push_back({members.begin(), members.end(), std::move(path)});
    };
    enter(root, "");
    while (!levels.empty()) {
      Level& level = levels.back();
      if (level.at == level.end) {
        levels.pop_back();
        continue;
      }
      const auto [key, entry] = *level.at;
      ++level.at;
      if (!entry.is_object()) {
        gaps_.add(entry, "an entry of dependencies is not an object");
        continue;
      }
      std::string path = level.path + std::string(folder) + std::string(key.text());
      first_version(key, entry, path);
      enter(entry, path + "/");
    }
  }

  void first_version(const JsonNode& key, const JsonNode& entry, const std::string& path) {
    const std::string_view written = gaps_.text(entry.at("version"), "version");
    std::string_view name = key.text();
    std::string_view version = written;
    std::string requirement;
    if (const std::string_view real = aliased_name(written); !real.empty()) {
      name = real;
      version = written.substr(4 + real.size());
      if (version.starts_with('@')) version.remove_prefix(1);
      requirement = written;
    }
    evidence::ComponentRow row{
        .at = place(key),
        .sbom_document_id = document_,
        .version = std::string(version),
        .kind = "library",
        .scope = scope_of(entry),
        .declared_in = "lockfile",
        .pinned = Tri::yes,
        .requirement = requirement,
    };
    identify(row, "npm", name, row.version);
    const RowId id = keep(path, entry, std::move(row));
    if (id != 0) origin(key, entry, id, entry.at("bundled").is_true());
  }

  // Where `name` is found from the package at `path`: node_modules of the package itself, then of every folder above.
  const Entry* resolve(std::string_view path, std::string_view name) {
    std::string candidate;
    for (std::size_t folders = 0; folders < limits::max_directory_depth; ++folders) {
      candidate.assign(path);
      if (!path.empty()) candidate += '/';
      candidate.append(folder).append(name);
      if (const auto found = by_path_.find(candidate); found != by_path_.end()) return &entries_[found->second];
      if (path.empty()) return nullptr;
      const std::size_t slash = path.rfind('/');
      path = slash == std::string_view::npos ? std::string_view{} : path.substr(0, slash);
      if (path.ends_with("/node_modules")) path = path.substr(0, path.size() - 13);
      if (path == "node_modules") path = {};
    }
    return nullptr;
  }

  void require(const Entry& from, const JsonNode& name, const JsonNode& range, bool direct) {
    const Entry* to = resolve(from.path, name.text());
    rows_.add(evidence::DependencyRow{.at = place(name),
                                      .component_id = from.id,
                                      .target_id = to == nullptr ? 0 : to->id,
                                      .target = std::string(name.text()),
                                      .requirement = std::string(gaps_.text(range, "range"))});
    if (to == nullptr) return;
    evidence::ComponentRow& row = rows_.component[to->row];
    if (direct) row.direct = Tri::yes;
    if (row.requirement.empty() && !aliased_name(range.string()).empty()) row.requirement = range.string();
  }

  void requirements() {
    for (const Entry& entry : entries_) {
      const bool root = entry.path.empty();
      const bool workspace = !root && name_in(entry.path).empty();
      if (root && first_format_) continue;  // lockfileVersion 1 does not say what the root requires
      for (const std::string_view list :
           {"dependencies", "optionalDependencies", "peerDependencies", "devDependencies"}) {
        if (list == "devDependencies" && !root && !workspace) continue;
        for (const auto [name, range] : entry.value.at(list).members()) {
          if (range.is_object()) break;  // lockfileVersion 1 nests packages under the same key
          require(entry, name, range, root || workspace);
        }
      }
      for (const auto [name, range] : entry.value.at("requires").members()) require(entry, name, range, false);
    }
    const bool told = !first_format_ && !entries_.empty() && entries_.front().path.empty();
    if (!told) return;
    for (evidence::ComponentRow& row : rows_.component) {
      if (row.direct == Tri::not_examined && row.scope != "subject") row.direct = Tri::no;
    }
  }

  const JsonTree& tree_;
  Rows& rows_;
  Gaps gaps_;
  RowId document_ = 0;
  bool first_format_ = false;  // lockfileVersion 1
  std::int64_t listed_ = 0;
  std::vector<Entry> entries_;
  std::unordered_map<std::string, std::size_t> by_path_;
  std::unordered_map<std::string_view, std::string_view> linked_;  // folder to name
};

}  // namespace

ReadOutcome read_package_lock(const intake::Input& input, evidence::Rows& rows) {
  const JsonTree tree(input.bytes);
  return PackageLock(tree, rows).read();
}

}  // namespace assay::sbom

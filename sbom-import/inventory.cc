#include "sbom-import/inventory.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <unordered_map>
#include <unordered_set>

#include "sbom-import/package_url.h"

namespace assay::sbom {
namespace {

using Key = std::tuple<std::string, std::string, std::string,
                       std::string>;  // type, full name, version, bom_ref when nothing else tells

template <class Each>
Result<void> each_row(evidence::Database& database, std::string_view sql, Each each) {
  ASSAY_TRY(evidence::Statement statement, database.prepare(sql));
  while (true) {
    ASSAY_TRY(const bool more, statement.step());
    if (!more) return {};
    each(statement);
  }
}

void keep_first(std::string& into, std::string_view text) {
  if (into.empty()) into = text;
}

// The scope that says most about a delivered product wins: what is required somewhere is required.
int rank(std::string_view scope) {
  if (scope == "required") return 0;
  if (scope.empty()) return 1;
  if (scope == "peer") return 2;
  return scope == "optional" ? 3 : 4;
}

class Collector {
 public:
  explicit Collector(evidence::Database& database) : database_(database) {}

  Result<Inventory> collect() {
    ASSAY_CHECK(documents());
    ASSAY_CHECK(components());
    ASSAY_CHECK(hashes());
    drop_resolved_requirements();
    drop_manifests_of_known_jars();
    order();
    ASSAY_CHECK(dependencies());
    return std::move(inventory_);
  }

 private:
  Result<void> documents() {
    std::set<std::pair<std::string, std::string>> subjects;
    ASSAY_CHECK(each_row(database_, "SELECT subject, subject_version, created FROM sbom_document",
                         [&](evidence::Statement& row) {
                           if (!row.text(0).empty()) subjects.emplace(row.text(0), row.text(1));
                           inventory_.created = std::max(inventory_.created, row.shown(2));
                         }));
    if (subjects.size() == 1) std::tie(inventory_.name, inventory_.version) = *subjects.begin();
    return {};
  }

  Result<void> components() {
    return each_row(
        database_,
        "SELECT c.component_id, c.purl, c.purl_type, c.purl_namespace, c.name, c.full_name, c.version, c.kind, "
        "c.supplier, "
        "c.license, c.scope, c.requirement, c.bom_ref, a.path FROM component c "
        "LEFT JOIN location l ON l.location_id = c.at LEFT JOIN artifact a ON a.artifact_id = l.artifact_id "
        "WHERE c.scope <> 'subject' AND c.name <> '' AND NOT (c.scope = 'workspace' AND c.component_id IN "
        "(SELECT component_id FROM component_origin WHERE kind IN ('workspace', 'file'))) ORDER BY c.component_id",
        [&](evidence::Statement& row) { add(row); });
  }

  void add(evidence::Statement& row) {
    // A file of an SBOM is told apart by its reference; a package by type, name and version.
    const bool plain = row.text(2).empty();
    Key key{row.shown(2), row.shown(5), row.shown(6), plain ? row.shown(12) : std::string{}};
    const auto [found, is_new] = by_key_.emplace(std::move(key), all_.size());
    if (is_new) {
      all_.emplace_back();
      names_.push_back(row.shown(5));
    }
    InventoryComponent& one = all_[found->second];
    by_id_.emplace(row.integer(0), found->second);
    if (is_new) {
      one.purl_type = row.text(2);
      one.space = row.text(3);
      one.name = row.text(4);
      one.version = row.text(6);
      one.scope = row.text(10);
    } else if (rank(row.text(10)) < rank(one.scope)) {
      one.scope = row.text(10);
    }
    if (one.purl.empty()) {
      if (const auto purl = parse_package_url(row.text(1))) {
        PackageUrl canonical = *purl;
        if (canonical.version.empty()) canonical.version = one.version;
        one.purl = to_text(canonical);
      }
    }
    keep_first(one.kind, row.text(7));
    keep_first(one.supplier, row.text(8));
    keep_first(one.license, row.text(9));
    if (one.version.empty()) keep_first(one.requirement, row.text(11));
    const std::string path = row.shown(13);
    if (!path.empty() && std::find(one.found_in.begin(), one.found_in.end(), path) == one.found_in.end())
      one.found_in.push_back(path);
  }

  Result<void> hashes() {
    return each_row(database_, "SELECT component_id, algorithm, value FROM component_hash",
                    [&](evidence::Statement& row) {
                      const auto found = by_id_.find(row.integer(0));
                      if (found != by_id_.end()) all_[found->second].hashes.emplace_back(row.shown(1), row.shown(2));
                    });
  }

  void drop_resolved_requirements() {
    std::set<std::pair<std::string_view, std::string_view>> resolved;
    for (std::size_t i = 0; i < all_.size(); ++i) {
      if (!all_[i].version.empty()) resolved.emplace(all_[i].purl_type, names_[i]);
    }
    dropped_.resize(all_.size());
    for (std::size_t i = 0; i < all_.size(); ++i) {
      dropped_[i] =
          all_[i].version.empty() && !all_[i].requirement.empty() && resolved.contains({all_[i].purl_type, names_[i]});
    }
  }

  // What META-INF/MANIFEST.MF says of a jar counts only where no pom.properties of the same jar says it better.
  void drop_manifests_of_known_jars() {
    const auto jar = [](std::string_view path) {
      return path.substr(0, path.rfind("!/") == std::string_view::npos ? 0 : path.rfind("!/"));
    };
    std::unordered_set<std::string_view> known;
    for (const InventoryComponent& one : all_) {
      for (const std::string& path : one.found_in) {
        if (path.ends_with("/pom.properties")) known.insert(jar(path));
      }
    }
    for (std::size_t i = 0; i < all_.size(); ++i) {
      const std::vector<std::string>& paths = all_[i].found_in;
      dropped_[i] =
          dropped_[i] || (!paths.empty() && std::all_of(paths.begin(), paths.end(), [&](const std::string& path) {
            return path.ends_with("META-INF/MANIFEST.MF") && known.contains(jar(path));
          }));
    }
  }

  void order() {
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < all_.size(); ++i) {
      if (!dropped_[i]) order.push_back(i);
    }
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      return std::tie(all_[a].purl_type, names_[a], all_[a].version) <
             std::tie(all_[b].purl_type, names_[b], all_[b].version);
    });
    place_.assign(all_.size(), none);
    std::unordered_set<std::string> references;
    for (const std::size_t i : order) {
      InventoryComponent& one = all_[i];
      std::sort(one.hashes.begin(), one.hashes.end());
      one.hashes.erase(std::unique(one.hashes.begin(), one.hashes.end()), one.hashes.end());
      std::sort(one.found_in.begin(), one.found_in.end());
      const std::string base = !one.purl.empty() ? one.purl : one.name + (one.version.empty() ? "" : "@" + one.version);
      one.reference = base;
      for (int number = 2; !references.insert(one.reference).second; ++number) {
        one.reference = base + "#" + std::to_string(inventory_.components.size()) +
                        (number > 2 ? "." + std::to_string(number) : "");
      }
      place_[i] = static_cast<std::uint32_t>(inventory_.components.size());
      inventory_.components.push_back(std::move(one));
    }
  }

  Result<void> dependencies() {
    auto& edges = inventory_.dependencies;
    ASSAY_CHECK(each_row(
        database_,
        "SELECT component_id, target_id FROM dependency WHERE component_id IS NOT NULL AND target_id IS NOT NULL",
        [&](evidence::Statement& row) {
          const auto from = by_id_.find(row.integer(0));
          const auto to = by_id_.find(row.integer(1));
          if (from == by_id_.end() || to == by_id_.end()) return;
          if (place_[from->second] == none || place_[to->second] == none) return;
          edges.emplace_back(place_[from->second], place_[to->second]);
        }));
    std::sort(edges.begin(), edges.end());
    edges.erase(std::unique(edges.begin(), edges.end()), edges.end());
    return {};
  }

  static constexpr std::uint32_t none = 0xFFFFFFFF;
  evidence::Database& database_;
  Inventory inventory_;
  std::vector<InventoryComponent> all_;
  std::vector<std::string> names_;  // full names, beside all_
  std::vector<bool> dropped_;
  std::vector<std::uint32_t> place_;
  std::map<Key, std::size_t> by_key_;
  std::unordered_map<std::int64_t, std::size_t> by_id_;
};

}  // namespace

Result<Inventory> inventory_of(evidence::Database& database) {
  return Collector(database).collect();
}

}  // namespace assay::sbom

#include "analyzer/drift/components.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <unordered_map>
#include <unordered_set>

namespace assay::drift {
namespace {

using evidence::Tri;
using evidence::tri;

// All entries of one package on each side, by what they state as version.
struct Package {
  std::map<std::string, std::vector<const Entry*>> was;
  std::map<std::string, std::vector<const Entry*>> now;
};

// What the other side knows of a package whatever the version; asked once for each entry of it.
struct Known {
  using Text = std::pair<std::string_view, std::string_view>;
  std::set<Text> digests;                      // algorithm, value
  std::map<Text, std::string_view> digest_of;  // by version and algorithm, one of them
  std::set<Text> origins;                      // kind, host
  std::set<std::string_view> hosts;
  bool runs_on_install = false;

  explicit Known(const Package& package) {
    for (const auto& [version, entries] : package.was) {
      for (const Entry* entry : entries) {
        for (const auto& [place, algorithm, value] : entry->hashes) {
          digests.emplace(algorithm, value);
          digest_of.emplace(Text(version, algorithm), value);
        }
        origins.emplace(entry->origin, entry->host);
        hosts.insert(entry->host);
        runs_on_install = runs_on_install || entry->runs_on_install;
      }
    }
  }
};

struct VersionPair {
  const Entry* was;
  const Entry* now;
};

// Kinds whose `share` is told: what happens to all entries at once is a change of registry or format.
constexpr std::array<std::string_view, 6> shared_kinds = {"digest-changed", "integrity-lost", "origin-moved",
                                                          "left-registry",  "install-script", "unpinned"};

constexpr std::size_t most_compared = 10'000;  // pairs of versions of one package that are looked at

class Comparison {
 public:
  Comparison(const Counterparts& documents, const VersionOrder& order, std::vector<Difference>& out)
      : was_(documents.was), now_(documents.now), order_(order), out_(out), first_(out.size()) {}

  void compare() {
    gather();
    for (const auto& [key, package] : packages_) one_package(package);
    requirements();
    shares();
  }

 private:
  using Key = std::pair<std::string, std::string>;  // type, name

  void gather() {
    std::unordered_set<std::string_view> untyped;
    for (const Document* side : {&was_, &now_}) {
      for (const Entry& entry : side->entries) {
        if (entry.type.empty()) untyped.insert(entry.name);
      }
    }
    const auto key = [&](const Entry& entry) {
      return Key(untyped.contains(entry.name) ? std::string() : entry.type, entry.name);
    };
    for (const Entry& entry : was_.entries) packages_[key(entry)].was[entry.value()].push_back(&entry);
    for (const Entry& entry : now_.entries) packages_[key(entry)].now[entry.value()].push_back(&entry);
  }

  void one_package(const Package& package) {
    if (package.was.empty()) {
      for (const auto& [version, entries] : package.now) add("added", nullptr, entries.front());
      return;
    }
    if (package.now.empty()) {
      for (const auto& [version, entries] : package.was) add("removed", entries.front(), nullptr);
      return;
    }
    const Known known(package);
    std::vector<const Entry*> gone;
    std::vector<const Entry*> come;
    for (const auto& [version, entries] : package.was) {
      if (!package.now.contains(version)) gone.push_back(entries.front());
    }
    for (const auto& [version, entries] : package.now) {
      const auto same = package.was.find(version);
      if (same == package.was.end()) {
        come.push_back(entries.front());
        continue;
      }
      for (const Entry* entry : entries) same_version(known, *same->second.front(), *entry);
    }
    for (const VersionPair& pair : paired(std::move(gone), std::move(come))) {
      if (pair.was == nullptr) {
        add("added", nullptr, pair.now, Tri::yes);
        other_facts(known, *package.was.begin()->second.front(), *pair.now);
      } else if (pair.now == nullptr) {
        add("removed", pair.was, nullptr, Tri::yes);
      } else {
        new_version(*pair.was, *pair.now);
        other_facts(known, *pair.was, *pair.now);
      }
    }
  }

  bool earlier(const Entry* a, const Entry* b) const {
    const std::optional<int> order = order_(a->type.empty() ? b->type : a->type, a->value(), b->value());
    return order.value_or(a->value().compare(b->value())) < 0;
  }

  // Each new version with the nearest old one below it, or else the nearest above; what is left stands alone.
  std::vector<VersionPair> paired(std::vector<const Entry*> gone, std::vector<const Entry*> come) const {
    const auto by_version = [&](const Entry* a, const Entry* b) { return earlier(a, b); };
    // Orders of hostile versions need not be transitive, which std::sort must not see; a merge sort survives it.
    std::stable_sort(gone.begin(), gone.end(), by_version);
    std::stable_sort(come.begin(), come.end(), by_version);
    std::vector<VersionPair> pairs;
    if (gone.size() == come.size() || gone.size() * come.size() > most_compared) {
      for (std::size_t i = 0; i < std::max(gone.size(), come.size()); ++i)
        pairs.push_back({i < gone.size() ? gone[i] : nullptr, i < come.size() ? come[i] : nullptr});
      return pairs;
    }
    for (std::size_t i = come.size(); i-- > 0;) {
      std::size_t best = gone.size();
      for (std::size_t j = gone.size(); j-- > 0;) {
        if (gone[j] == nullptr) continue;
        best = j;
        if (earlier(gone[j], come[i])) break;
      }
      pairs.push_back({best == gone.size() ? nullptr : std::exchange(gone[best], nullptr), come[i]});
    }
    for (const Entry* left : gone) {
      if (left != nullptr) pairs.push_back({left, nullptr});
    }
    std::reverse(pairs.begin(), pairs.end());
    return pairs;
  }

  void new_version(const Entry& was, const Entry& now) {
    if (was.version.empty() || now.version.empty()) {
      if (was.pinned == Tri::yes && now.pinned == Tri::no) return;  // told as "unpinned"
      add("requirement-changed", &was, &now, Tri::yes);
      return;
    }
    const std::optional<int> order = order_(now.type.empty() ? was.type : now.type, was.version, now.version);
    if (order && *order == 0) return;  // "1.0" and "1.0.0", "v1" and "1"
    add(!order ? "version-other" : *order < 0 ? "version-up" : "version-down", &was, &now, Tri::yes);
    steps_[{now.name, now.version}] = {&was, &now};
  }

  void same_version(const Known& known, const Entry& was, const Entry& now) {
    other_facts(known, was, now);
    if (now.version.empty()) return;
    // Of a package of many files some may be published later: only when none of its digests was known did it change.
    for (const auto& [place, algorithm, value] : now.hashes) {
      if (known.digests.contains({algorithm, value})) return;
    }
    for (const auto& [place, algorithm, value] : now.hashes) {
      const auto old = known.digest_of.find({now.version, algorithm});
      if (old == known.digest_of.end()) continue;
      Difference& one = add("digest-changed", &was, &now, Tri::yes);
      one.row.was = old->second;
      one.row.now = value;
      one.row.detail = algorithm;
      one.row.at = place;
      return;
    }
  }

  // What may change with the version or without it.
  void other_facts(const Known& known, const Entry& was, const Entry& now) {
    ++comparable_;
    if (now_.has_digests && was.has_digest && !now.has_digest &&
        (now.origin.empty() || now.origin == "registry" || now.origin == "url"))
      add("integrity-lost", &was, &now, Tri::yes);
    if (was.origin == "registry" && (now.origin == "git" || now.origin == "url" || now.origin == "file") &&
        !known.origins.contains({now.origin, now.host})) {
      Difference& one = add("left-registry", &was, &now, Tri::yes);
      one.row.was = was.host.empty() ? was.origin : was.host;
      one.row.now = now.url;
      one.row.detail = now.origin;
      one.row.at = now.origin_at;
    } else if (!was.host.empty() && !now.host.empty() && was.host != now.host && was.origin == now.origin &&
               !known.hosts.contains(now.host)) {
      Difference& one = add("origin-moved", &was, &now, Tri::yes);
      one.row.was = was.host;
      one.row.now = now.host;
      one.row.detail = now.url;
      one.row.at = now.origin_at;
    }
    const bool can_tell = was_.has_triggers || (was_.format == now_.format && !was_.format.empty());
    if (can_tell && now.runs_on_install && !known.runs_on_install)
      add("install-script", &was, &now, Tri::yes).row.at = now.hook_at;
    if (was.pinned == Tri::yes && now.pinned == Tri::no) {
      Difference& one = add("unpinned", &was, &now, Tri::yes);
      one.row.now = now.value();
    }
  }

  // Packages that are required now by one that did not require them before: in the same version, which is part of what
  // was published and cannot change, or in the version this one replaces.
  void requirements() {
    // A format without edges cannot say that there were none.
    if (was_.needs.empty() && (was_.format != now_.format || was_.format.empty())) return;
    std::unordered_set<std::string_view> names_before;
    std::set<std::pair<std::string_view, std::string_view>> versions_before;
    for (const Entry& entry : was_.entries) {
      names_before.insert(entry.name);
      versions_before.emplace(entry.name, entry.version);
    }
    std::unordered_map<std::string_view, const Entry*> entries;
    for (const Entry& entry : now_.entries) entries.emplace(entry.name, &entry);
    for (const auto& [from, versions] : now_.needs) {
      for (const auto& [version, targets] : versions) {
        VersionPair pair{nullptr, nullptr};
        std::string_view old_version = version;
        if (!versions_before.contains({from, version})) {
          const auto step = steps_.find({from, version});
          if (step == steps_.end()) continue;
          pair = step->second;
          old_version = pair.was->version;
        }
        for (const std::string& target : targets) {
          const auto place = entries.find(target);
          if (place == entries.end() || required_before(from, std::string(old_version), target)) continue;
          Difference& one = add("new-requirement", nullptr, place->second, tri(names_before.contains(target)));
          one.row.detail = from;
          one.row.was = old_version;
          one.row.now = version;
          one.row.step = step_between(old_version, version);
          if (pair.was != nullptr) one.before_at = pair.was->at;
        }
      }
    }
  }

  bool required_before(const std::string& from, const std::string& version, const std::string& target) const {
    const auto versions = was_.needs.find(from);
    if (versions == was_.needs.end()) return false;
    const auto targets = versions->second.find(version);
    return targets != versions->second.end() &&
           std::binary_search(targets->second.begin(), targets->second.end(), target);
  }

  Difference& add(std::string_view kind, const Entry* was, const Entry* now, Tri known = Tri::no) {
    Difference one;
    one.row.area = "component";
    one.row.kind = kind;
    const Entry& named = now != nullptr ? *now : *was;
    one.row.name = named.name;
    one.row.ecosystem = named.type;
    if (was != nullptr) {
      one.row.was = was->value();
      one.before_at = was->at;
    }
    if (now != nullptr) {
      one.row.now = now->value();
      one.row.at = now->at;
      one.row.component_id = now->id;
    }
    if (was != nullptr && now != nullptr && !was->version.empty() && !now->version.empty())
      one.row.step = step_between(was->version, now->version);
    one.row.name_known = known;
    one.row.document_known = tri(!was_.entries.empty() && !now_.entries.empty());
    out_.push_back(std::move(one));
    return out_.back();
  }

  void shares() {
    // One fact for each package: entries that lockfiles repeat say it once.
    std::set<std::array<std::string_view, 4>> seen;
    std::vector<bool> dropped(out_.size() - first_, false);
    std::map<std::string_view, std::size_t> counts;
    for (std::size_t i = first_; i < out_.size(); ++i) {
      const evidence::DriftRow& row = out_[i].row;
      ++counts[row.kind];
      if (std::find(shared_kinds.begin(), shared_kinds.end(), row.kind) == shared_kinds.end()) continue;
      dropped[i - first_] = !seen.insert({row.kind, row.name, row.was, row.now}).second;
    }
    std::map<std::string, double> parts;
    for (const auto& [kind, count] : counts)
      parts[std::string(kind)] =
          comparable_ == 0 ? 0 : std::min(1.0, static_cast<double>(count) / static_cast<double>(comparable_));
    std::size_t to = first_;
    for (std::size_t i = first_; i < out_.size(); ++i) {
      if (dropped[i - first_]) continue;
      const std::string& kind = out_[i].row.kind;
      if (std::find(shared_kinds.begin(), shared_kinds.end(), kind) != shared_kinds.end())
        out_[i].row.share = parts[kind];
      if (to != i) out_[to] = std::move(out_[i]);
      ++to;
    }
    out_.resize(to);
  }

  const Document& was_;
  const Document& now_;
  const VersionOrder& order_;
  std::vector<Difference>& out_;
  std::size_t first_;
  std::map<Key, Package> packages_;
  std::map<Key, VersionPair> steps_;  // by name and version now
  std::size_t comparable_ = 0;        // entries with a counterpart
};

}  // namespace

void compare_documents(const Counterparts& documents, const VersionOrder& order, std::vector<Difference>& out) {
  Comparison(documents, order, out).compare();
}

}  // namespace assay::drift

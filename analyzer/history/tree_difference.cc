#include "analyzer/history/tree_difference.h"

#include <algorithm>
#include <cstring>
#include <memory>

#include "analyzer/base/limits.h"

namespace assay::history {
namespace {

constexpr std::size_t max_cached_bytes = std::size_t{48} << 20;
constexpr std::uint64_t entries_a_repository = std::uint64_t{64} * limits::max_files;
constexpr std::uint64_t entries_a_commit = limits::max_files;
constexpr std::size_t max_path_bytes = 4096;

bool is_tree(std::uint32_t mode) {
  return (mode & 0170000U) == 0040000U;
}
bool is_file(std::uint32_t mode) {
  return (mode & 0170000U) == 0100000U;
}

// Git sorts a directory as if its name ended in '/'.
int compare_names(std::string_view a, bool a_tree, std::string_view b, bool b_tree) {
  const std::size_t common = std::min(a.size(), b.size());
  if (const int order = std::memcmp(a.data(), b.data(), common); order != 0) return order;
  const auto after = [common](std::string_view name, bool tree) {
    return name.size() > common ? static_cast<unsigned char>(name[common]) : static_cast<unsigned char>(tree ? '/' : 0);
  };
  if (const int order = int{after(a, a_tree)} - int{after(b, b_tree)}; order != 0) return order;
  return a.size() < b.size() ? -1 : a.size() > b.size() ? 1 : 0;
}

}  // namespace

const TreeDifference::Tree* TreeDifference::load(const git_oid& oid) {
  if (const auto found = cache_.find(oid); found != cache_.end()) return found->second.get();
  const auto object = store_.read(oid);
  if (!object || object->type != GIT_OBJECT_TREE) {
    note(!object && object.error() == Missing::absent ? Outcome::missing : Outcome::corrupt);
    return nullptr;
  }
  auto tree = std::make_unique<Tree>();
  std::string_view rest = object->bytes;
  while (!rest.empty()) {
    Entry entry;
    std::size_t i = 0;
    while (i < rest.size() && rest[i] >= '0' && rest[i] <= '7' && i < 7)
      entry.mode = entry.mode * 8 + static_cast<std::uint32_t>(rest[i++] - '0');
    const std::size_t end = i < rest.size() && rest[i] == ' ' ? rest.find('\0', i) : std::string_view::npos;
    if (end == std::string_view::npos || end + 1 + GIT_OID_RAWSZ > rest.size()) {
      note(Outcome::corrupt);
      break;
    }
    entry.name_begin = static_cast<std::uint32_t>(tree->names.size());
    entry.name_size = static_cast<std::uint32_t>(end - i - 1);
    tree->names += rest.substr(i + 1, entry.name_size);
    std::memcpy(entry.oid.id, rest.data() + end + 1, GIT_OID_RAWSZ);
    tree->entries.push_back(entry);
    rest.remove_prefix(end + 1 + GIT_OID_RAWSZ);
  }
  const std::size_t bytes = tree->names.size() + tree->entries.size() * sizeof(Entry) + sizeof(Tree);
  if (cached_bytes_ + bytes > max_cached_bytes) {
    retired_.push_back(std::move(cache_));
    cache_.clear();
    cached_bytes_ = 0;
  }
  cached_bytes_ += bytes;
  return cache_.emplace(oid, std::move(tree)).first->second.get();
}

bool TreeDifference::note(Outcome outcome) {
  if (outcome_ == Outcome::complete) outcome_ = outcome;
  return false;
}

void TreeDifference::walk(const git_oid* mine, std::span<const git_oid* const> parents, std::string& path,
                          std::size_t depth) {
  if (depth > limits::max_directory_depth || path.size() > max_path_bytes) {
    note(Outcome::incomplete);
    return;
  }
  static const Tree nothing;
  const auto open = [&](const git_oid* oid) { return oid == nullptr ? &nothing : load(*oid); };
  const Tree* here = open(mine);
  std::vector<const Tree*> theirs;
  for (const git_oid* parent : parents) theirs.push_back(open(parent));
  if (here == nullptr || std::find(theirs.begin(), theirs.end(), nullptr) != theirs.end()) return;

  std::vector<std::size_t> at(theirs.size(), 0);
  std::vector<const Entry*> match(theirs.size());
  std::vector<const git_oid*> below(theirs.size());
  std::size_t mine_at = 0;
  const std::size_t prefix = path.size();
  while (true) {
    if (commit_budget_ == 0 || budget_ == 0) {
      note(Outcome::incomplete);
      return;
    }
    --commit_budget_;
    --budget_;
    // The smallest name any of the trees stands at.
    const Entry* least = mine_at < here->entries.size() ? &here->entries[mine_at] : nullptr;
    std::string_view name = least != nullptr ? here->name(*least) : std::string_view{};
    for (std::size_t i = 0; i < theirs.size(); ++i) {
      if (at[i] >= theirs[i]->entries.size()) continue;
      const Entry& entry = theirs[i]->entries[at[i]];
      const std::string_view other = theirs[i]->name(entry);
      if (least == nullptr || compare_names(other, is_tree(entry.mode), name, is_tree(least->mode)) < 0) {
        least = &entry;
        name = other;
      }
    }
    if (least == nullptr) return;
    const bool tree = is_tree(least->mode);
    const auto stands_here = [&](const Tree& in, std::size_t& position) -> const Entry* {
      if (position >= in.entries.size()) return nullptr;
      const Entry& entry = in.entries[position];
      if (is_tree(entry.mode) != tree || in.name(entry) != name) return nullptr;
      ++position;
      return &entry;
    };
    const Entry* own = stands_here(*here, mine_at);
    bool settled = false;  // equal to some parent
    for (std::size_t i = 0; i < theirs.size(); ++i) {
      match[i] = stands_here(*theirs[i], at[i]);
      const bool equal = own == nullptr ? match[i] == nullptr
                                        : match[i] != nullptr && git_oid_equal(&own->oid, &match[i]->oid) != 0 &&
                                              own->mode == match[i]->mode;
      settled = settled || equal;
    }
    if (settled) continue;
    path += name;
    if (tree) {
      for (std::size_t i = 0; i < theirs.size(); ++i) below[i] = match[i] != nullptr ? &match[i]->oid : nullptr;
      path += '/';
      const std::vector<const git_oid*> parents_below = below;
      walk(own != nullptr ? &own->oid : nullptr, parents_below, path, depth + 1);
    } else if (own != nullptr ? is_file(own->mode) : match[0] != nullptr && is_file(match[0]->mode)) {
      const Entry* before = match.empty() ? nullptr : match[0];
      ChangedFile file{.path = path, .change = FileChange::added, .blob = {}, .before = {}};
      if (before != nullptr) file.before = before->oid;
      if (own != nullptr) file.blob = own->oid;
      file.change = own == nullptr ? FileChange::deleted : before != nullptr ? FileChange::modified : FileChange::added;
      (*seen_)(std::move(file));
    }
    path.resize(prefix);
  }
}

TreeDifference::Outcome TreeDifference::compare(const git_oid& tree, std::span<const git_oid> parents,
                                                const std::function<void(ChangedFile&&)>& seen) {
  if (!started_) budget_ = entries_a_repository;
  started_ = true;
  retired_.clear();
  commit_budget_ = entries_a_commit;
  outcome_ = Outcome::complete;
  seen_ = &seen;
  std::vector<const git_oid*> roots;
  for (const git_oid& parent : parents) {
    if (git_oid_equal(&parent, &tree) != 0) return outcome_;
    roots.push_back(&parent);
  }
  std::string path;
  walk(&tree, roots, path, 0);
  return outcome_;
}

}  // namespace assay::history

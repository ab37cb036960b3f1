#include <string>
#include <string_view>
#include <vector>

#include "sbom-import/lock_text.h"
#include "sbom-import/lockfiles.h"

namespace assay::sbom {
namespace {

// The name in `"@scope/name@npm:^1.0.0, …"` or `name@^1.0.0`.
std::string_view name_of(std::string_view key) {
  key = trimmed(key);
  if (key.starts_with('"')) key.remove_prefix(1);
  const std::size_t at = key.find('@', 1);
  return at == std::string_view::npos ? std::string_view{} : key.substr(0, at);
}

struct Required {
  std::string_view name;
  std::string_view range;
};

struct Entry {
  std::string_view key;
  std::string_view name;
  std::string_view version;
  std::string_view resolved;
  std::string_view integrity;
  std::string_view resolution;  // Berry
  std::string_view checksum;    // Berry
  std::vector<Required> requires_;
};

// Each descriptor of `a@^1.0.0, "a@npm:^1.1.0"`, without quotes.
template <class Each>
void each_descriptor(std::string_view key, const Each& each) {
  while (!key.empty()) {
    const std::size_t end = key.find(", ");
    std::string_view one = trimmed(key.substr(0, end));
    if (one.starts_with('"')) one.remove_prefix(1);
    if (one.ends_with('"')) one.remove_suffix(1);
    if (!one.empty()) each(one);
    key = end == std::string_view::npos ? std::string_view{} : key.substr(end + 2);
  }
}

// The range of the first descriptor.
std::string_view range_of(std::string_view key, std::string_view name) {
  std::string_view first;
  each_descriptor(key, [&](std::string_view one) {
    if (first.empty()) first = one;
  });
  return first.size() > name.size() + 1 ? first.substr(name.size() + 1) : std::string_view{};
}

bool names_a_folder(std::string_view range) {
  for (const std::string_view start : {"file:", "link:", "portal:", "./", "../", "/", "~/"}) {
    if (range.starts_with(start)) return true;
  }
  return false;
}

// Where the entry comes from, and where that is said.
void add_origin(LockText& text, evidence::RowId id, const Entry& now, std::string_view range) {
  if (now.resolved.empty() && now.resolution.empty() && names_a_folder(range)) {
    text.rows().origin(id, text.place(now.key), {.kind = "file", .url = std::string(range)});
    return;
  }
  const std::string_view where = !now.resolved.empty()     ? now.resolved
                                 : !now.resolution.empty() ? now.resolution
                                                           : now.key;
  std::string_view url = now.resolved;
  if (const std::size_t at = now.resolution.find('@', 1); at != std::string_view::npos) {
    const std::string_view reference = now.resolution.substr(at + 1);
    if (!reference.starts_with("npm:") && !reference.starts_with("patch:")) url = reference;
  }
  text.origin(id, where, url, !now.integrity.empty() ? now.integrity : now.checksum);
}

void add_hashes(LockText& text, evidence::RowId id, const Entry& now) {
  each_integrity(now.integrity, [&](const Digest& digest) { text.hash(id, now.integrity, digest); });
  // Classic yarn without integrity puts the SHA-1 into the fragment.
  const std::size_t hash = now.resolved.rfind('#');
  if (hash != std::string_view::npos && now.resolved.size() - hash == 41 &&
      now.resolved.find(".tgz#") != std::string_view::npos)
    text.hash(id, now.resolved.substr(hash + 1), digest_of("sha-1", now.resolved.substr(hash + 1)));
}

void flush(LockText& text, Entry& entry) {
  Entry now = std::move(entry);
  entry = {};
  if (now.name.empty() || now.version.empty()) return;
  const std::string_view range = range_of(now.key, now.name);
  // Berry: "name@npm:1.0.0"; what comes from the workspace is no package.
  if (!now.resolution.empty()) {
    if (now.resolution.find("@workspace:") != std::string_view::npos ||
        now.resolution.find("@link:") != std::string_view::npos)
      return;
    if (const std::string_view real = name_of(now.resolution); !real.empty()) now.name = real;
  } else if (range.starts_with("npm:")) {
    if (const std::string_view real = name_of(range.substr(4)); !real.empty()) now.name = real;
  }
  const evidence::RowId id = text.package(now.key, now.name, now.version);
  add_origin(text, id, now, range);
  add_hashes(text, id, now);
  each_descriptor(now.key, [&](std::string_view descriptor) { text.rows().known_as(id, std::string(descriptor)); });
  for (const Required& one : now.requires_) {
    // Berry leaves the protocol of the registry out where it may.
    text.rows().require(id, text.place(one.name), one.name, one.range,
                        std::string(one.name) + "@" + std::string(one.range),
                        std::string(one.name) + "@npm:" + std::string(one.range));
  }
}

}  // namespace

ReadOutcome read_yarn_lock(const intake::Input& input, evidence::Rows& rows) {
  LockText text(input.bytes, rows, "yarn-lock", "npm");
  Entry entry;
  std::string_view inside;  // the field whose deeper lines these are
  std::string_view line;
  while (text.next(line)) {
    if (line.empty() || line[0] == '#') continue;
    if (line[0] != ' ') {
      flush(text, entry);
      inside = {};
      const std::string_view key = trimmed(line);
      if (key.ends_with(':') && key != "__metadata:") {
        entry.key = key.substr(0, key.size() - 1);
        entry.name = name_of(entry.key);
        if (entry.name.empty()) text.gap(key, "an entry without a name");
      }
      continue;
    }
    const std::string_view field = trimmed(line);
    // The name may be quoted, with anything inside.
    const std::size_t quoted = field.starts_with('"') ? field.find('"', 1) : 0;
    const std::size_t end = quoted == std::string_view::npos ? quoted : field.find_first_of(" :", quoted);
    if (!line.starts_with("  ") || end == std::string_view::npos) continue;
    const std::string_view name = unquoted(field.substr(0, end));
    const std::string_view value = unquoted(trimmed(field.substr(end + 1)));
    if (line.starts_with("   ")) {  // one deeper
      if (inside == "dependencies" || inside == "optionalDependencies") entry.requires_.push_back({name, value});
      continue;
    }
    inside = name;
    if (name == "version") entry.version = value;
    if (name == "resolved") entry.resolved = value;
    if (name == "integrity") entry.integrity = value;
    if (name == "resolution") entry.resolution = value;
    if (name == "checksum") entry.checksum = value;
  }
  flush(text, entry);
  return text.finish();
}

}  // namespace assay::sbom

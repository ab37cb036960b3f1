#include <string>
#include <string_view>

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

struct Entry {
  std::string_view key;
  std::string_view name;
  std::string_view version;
  std::string_view resolved;
  std::string_view integrity;
  std::string_view resolution;  // Berry
  std::string_view checksum;    // Berry
};

void flush(LockText& text, Entry& entry) {
  Entry now = entry;
  entry = {};
  if (now.name.empty() || now.version.empty()) return;
  // Berry: "name@npm:1.0.0"; what comes from the workspace is no package.
  if (!now.resolution.empty()) {
    if (now.resolution.find("@workspace:") != std::string_view::npos ||
        now.resolution.find("@link:") != std::string_view::npos)
      return;
    if (const std::string_view real = name_of(now.resolution); !real.empty()) now.name = real;
  } else if (const std::size_t alias = now.key.find("@npm:"); alias != std::string_view::npos) {
    const std::string_view real = name_of(now.key.substr(alias + 5));
    if (!real.empty()) now.name = real;
  }
  const evidence::RowId id = text.package(now.key, now.name, now.version);
  const std::string_view where = !now.resolved.empty()     ? now.resolved
                                 : !now.resolution.empty() ? now.resolution
                                                           : now.key;
  std::string_view url = now.resolved;
  if (const std::size_t at = now.resolution.find('@', 1); at != std::string_view::npos) {
    const std::string_view reference = now.resolution.substr(at + 1);
    if (!reference.starts_with("npm:") && !reference.starts_with("patch:")) url = reference;
  }
  text.origin(id, where, url, !now.integrity.empty() ? now.integrity : now.checksum);
  each_integrity(now.integrity, [&](const Digest& digest) { text.hash(id, now.integrity, digest); });
  // Classic yarn without integrity puts the SHA-1 into the fragment.
  if (const std::size_t hash = now.resolved.rfind('#'); hash != std::string_view::npos &&
                                                        now.resolved.size() - hash == 41 &&
                                                        now.resolved.find(".tgz#") != std::string_view::npos) {
    text.hash(id, now.resolved.substr(hash + 1), digest_of("sha-1", now.resolved.substr(hash + 1)));
  }
}

}  // namespace

ReadOutcome read_yarn_lock(const intake::Input& input, evidence::Rows& rows) {
  LockText text(input.bytes, rows, "yarn-lock", "npm");
  Entry entry;
  std::string_view line;
  while (text.next(line)) {
    if (line.empty() || line[0] == '#') continue;
    if (line[0] != ' ') {
      flush(text, entry);
      const std::string_view key = trimmed(line);
      if (key.ends_with(':') && key != "__metadata:") {
        entry.key = key.substr(0, key.size() - 1);
        entry.name = name_of(entry.key);
        if (entry.name.empty()) text.gap(key, "an entry without a name");
      }
      continue;
    }
    if (!line.starts_with("  ") || line.starts_with("   ")) continue;  // fields stand at depth one
    std::string_view field = trimmed(line);
    const std::size_t end = field.find_first_of(" :");
    if (end == std::string_view::npos) continue;
    const std::string_view name = unquoted(field.substr(0, end));
    const std::string_view value = unquoted(field.substr(end + 1));
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

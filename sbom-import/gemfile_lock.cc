#include <string>
#include <string_view>
#include <unordered_map>

#include "sbom-import/lock_text.h"
#include "sbom-import/lockfiles.h"

namespace assay::sbom {

// Sections GEM, GIT and PATH with "remote:", "revision:" and "specs:"; a gem stands four spaces deep as "name
// (version)", what it requires six deep as "name" or "name (range)"; below DEPENDENCIES what the subject requires, two
// deep, with "!" behind what has a source of its own; below CHECKSUMS "name (version) sha256=hex".
ReadOutcome read_gemfile_lock(const intake::Input& input, evidence::Rows& rows) {
  LockText text(input.bytes, rows, "gemfile-lock", "gem");
  std::string_view section;
  std::string_view remote;
  std::string_view revision;
  evidence::RowId gem_id = 0;                                  // whose requirements these lines are
  std::unordered_map<std::string_view, evidence::RowId> gems;  // by "name (version)" as written
  std::string_view line;
  while (text.next(line)) {
    if (line.empty()) continue;
    if (line[0] != ' ') {
      section = trimmed(line);
      remote = revision = {};
      gem_id = 0;
      continue;
    }
    const std::string_view body = trimmed(line);
    if (body.starts_with("remote:")) remote = trimmed(body.substr(7));
    if (body.starts_with("revision:")) revision = trimmed(body.substr(9));
    const std::string_view named = body.substr(0, body.find_first_of(" !"));
    const std::size_t bracket = body.find(" (");
    const std::string_view range = bracket != std::string_view::npos && body.ends_with(')')
                                       ? body.substr(bracket + 2, body.size() - bracket - 3)
                                       : std::string_view{};
    if (section == "DEPENDENCIES") {
      text.rows().direct(std::string(named), range);
      continue;
    }
    if (section == "CHECKSUMS") {
      const std::size_t digest = body.find(" sha256=");
      const auto locked = digest == std::string_view::npos ? gems.end() : gems.find(body.substr(0, digest));
      if (locked != gems.end())
        text.hash(locked->second, body.substr(digest + 1), digest_of("sha-256", body.substr(digest + 8)));
      continue;
    }
    if (line.starts_with("      ") && !line.starts_with("       ") && gem_id != 0)
      text.rows().require(gem_id, text.place(named), named, range, std::string(named));
    const bool gem = line.starts_with("    ") && !line.starts_with("     ") && (section == "GEM" || section == "GIT");
    if (!gem || range.empty()) continue;
    std::string_view version = range;
    // "1.2.3-x86_64-linux": the platform is no part of the version.
    if (const std::size_t dash = version.find('-'); dash != std::string_view::npos) version = version.substr(0, dash);
    const std::string_view name = named;
    const evidence::RowId id = gem_id = text.package(name, name, version);
    text.rows().known_as(id, std::string(name));
    gems.emplace(body, id);
    if (section == "GIT") {
      const std::string url = "git+" + std::string(remote) + (revision.empty() ? "" : "#" + std::string(revision));
      text.origin(id, remote.empty() ? name : remote, url, {});
    } else {
      text.origin(id, remote.empty() ? name : remote, remote, {});
    }
  }
  return text.finish();
}

}  // namespace assay::sbom

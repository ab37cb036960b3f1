#include <string_view>

#include "sbom-import/lock_text.h"
#include "sbom-import/lockfiles.h"

namespace assay::sbom {

// Sections GEM, GIT and PATH with "remote:", "revision:" and "specs:"; a gem stands four spaces deep as "name
// (version)".
ReadOutcome read_gemfile_lock(const intake::Input& input, evidence::Rows& rows) {
  LockText text(input.bytes, rows, "gemfile-lock", "gem");
  std::string_view section;
  std::string_view remote;
  std::string_view revision;
  std::string_view line;
  while (text.next(line)) {
    if (line.empty()) continue;
    if (line[0] != ' ') {
      section = trimmed(line);
      remote = revision = {};
      continue;
    }
    const std::string_view body = trimmed(line);
    if (body.starts_with("remote:")) remote = trimmed(body.substr(7));
    if (body.starts_with("revision:")) revision = trimmed(body.substr(9));
    const bool gem = line.starts_with("    ") && !line.starts_with("     ") && (section == "GEM" || section == "GIT");
    const std::size_t open = body.find(" (");
    if (!gem || open == std::string_view::npos || !body.ends_with(')')) continue;
    std::string_view version = body.substr(open + 2, body.size() - open - 3);
    // "1.2.3-x86_64-linux": the platform is no part of the version.
    if (const std::size_t dash = version.find('-'); dash != std::string_view::npos) version = version.substr(0, dash);
    const std::string_view name = body.substr(0, open);
    const evidence::RowId id = text.package(name, name, version);
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

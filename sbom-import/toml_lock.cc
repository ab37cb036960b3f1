#include <string>
#include <string_view>

#include "sbom-import/lock_text.h"
#include "sbom-import/lockfiles.h"
#include "sbom-import/toml_tree.h"

namespace assay::sbom {
namespace {

using evidence::RowId;

Digest prefixed(std::string_view text) {
  const std::size_t colon = text.find(':');
  return colon == std::string_view::npos ? digest_of("sha-256", text)
                                         : digest_of(text.substr(0, colon), text.substr(colon + 1));
}

void say_problems(LockText& text, const TomlTree& tree) {
  for (const std::string_view problem : tree.problems()) text.gap(problem, "not understood as TOML");
}

std::string dashed(std::string_view name) {
  return full_name("pypi", {}, name);
}

// Where a Python package comes from: poetry's and pdm's fields, uv's `source`, pylock's `vcs`, `archive`, `directory`.
// Returns false for a folder of the project itself.
bool python_origin(LockText& text, RowId id, const TomlNode& entry, std::string_view guard, std::string_view name) {
  const TomlNode source = entry.at("source");
  for (const std::string_view key : {"virtual", "editable", "workspace"}) {
    if (source.at(key).exists()) return false;
  }
  const TomlNode vcs = entry.at("vcs");
  TomlNode git = source.at("git").exists()  ? source.at("git")
                 : entry.at("git").exists() ? entry.at("git")
                                            : vcs.at("url");
  TomlNode commit = entry.at("revision").exists() ? entry.at("revision") : vcs.at("commit-id");
  if (source.at("type").text() == "git") {
    git = source.at("url");
    commit = source.at("resolved_reference");
  }
  if (git.is_string()) {
    std::string url = (git.text().starts_with("git") ? "" : "git+") + std::string(git.text());
    if (url.find('#') == std::string::npos && !commit.text().empty()) url += "#" + std::string(commit.text());
    text.origin(id, git.place(), url, {});
    return true;
  }
  const TomlNode path = source.at("directory").exists() ? source.at("directory")
                        : source.at("path").exists()    ? source.at("path")
                        : entry.at("path").is_string()  ? entry.at("path")
                                                        : entry.at("directory").at("path");
  const std::string_view type = source.at("type").text();
  const TomlNode local = path.exists() ? path : type == "directory" || type == "file" ? source.at("url") : TomlNode{};
  if (local.is_string()) {
    text.rows().origin(id, text.place(local.place()), {.kind = "file", .url = std::string(local.text())});
    return true;
  }
  const TomlNode registry = source.at("registry").exists() ? source.at("registry") : entry.at("index");
  const TomlNode url = source.at("url").exists()     ? source.at("url")
                       : entry.at("url").is_string() ? entry.at("url")
                                                     : entry.at("archive").at("url");
  if (registry.is_string() || type == "legacy" || type == "supplemental" || type == "explicit") {
    const TomlNode where = registry.is_string() ? registry : url;
    evidence::ComponentOriginRow row = origin_of(where.text(), "pypi", guard);
    row.kind = "registry";
    text.rows().origin(id, text.place(where.place()), std::move(row));
  } else {
    text.origin(id, url.is_string() ? url.place() : name, url.text(), guard);
  }
  return true;
}

void python_files(LockText& text, RowId id, const TomlNode& entry, std::string_view& guard, bool dry) {
  const auto one = [&](const TomlNode& file) {
    TomlNode hash = file.at("hash");
    if (!hash.exists()) hash = file.at("hashes").at("sha256");
    if (!hash.is_string()) return;
    if (guard.empty()) guard = hash.text();
    if (!dry) text.hash(id, hash.place(), prefixed(hash.text()));
  };
  for (const std::string_view list : {"files", "wheels"}) {
    for (const TomlNode file : entry.at(list).children()) one(file);
  }
  one(entry.at("sdist"));
  one(entry.at("archive"));
}

void python_requires(LockText& text, RowId id, const TomlNode& entry) {
  for (const TomlNode one : entry.at("dependencies").children()) {
    // poetry: name = "range"; uv and pylock: { name = "…" }; pdm: "name>=1".
    std::string_view name = one.key();
    std::string_view range = one.string();
    TomlNode where = one;
    if (one.is_table() && one.key().empty()) {
      where = one.at("name");
      name = where.text();
    } else if (one.is_table()) {
      range = one.at("version").text();
    } else if (one.key().empty()) {
      const std::size_t end = range.find_first_of(" <>=!~;[(@");
      name = range.substr(0, end);
      range = end == std::string_view::npos ? std::string_view{} : range.substr(end);
    }
    const std::string_view place =
        where.is_string() || !one.key().empty() ? (one.key().empty() ? where.place() : one.key()) : name;
    if (!name.empty()) text.rows().require(id, text.place(place), name, range, dashed(name));
  }
}

}  // namespace

ReadOutcome read_cargo_lock(const intake::Input& input, evidence::Rows& rows) {
  LockText text(input.bytes, rows, "cargo-lock", "cargo");
  const TomlTree tree(input.bytes);
  text.document_version(tree.root().at("version").text());
  const TomlNode metadata = tree.root().at("metadata");
  for (const TomlNode entry : tree.root().at("package").children()) {
    const TomlNode name = entry.at("name");
    const TomlNode version = entry.at("version");
    const TomlNode source = entry.at("source");
    if (name.text().empty()) {
      text.gap(entry.place(), "a package has no name");
      continue;
    }
    const RowId id = text.package(name.place(), name.text(), version.text());
    if (id == 0) break;
    const std::string known = std::string(name.text()) + " " + std::string(version.text());
    text.rows().known_as(id, known + " (" + std::string(source.text()) + ")");
    text.rows().known_as(id, known);
    text.rows().known_as(id, std::string(name.text()));
    // Up to version 2 the digests stand in a table of their own.
    const TomlNode checksum = entry.at("checksum").exists()
                                  ? entry.at("checksum")
                                  : metadata.at("checksum " + known + " (" + std::string(source.text()) + ")");
    if (source.is_string()) text.origin(id, source.place(), source.text(), checksum.text());
    if (checksum.is_string() && checksum.text() != "<none>")
      text.hash(id, checksum.place(), digest_of("sha-256", checksum.text()));
    for (const TomlNode target : entry.at("dependencies").children()) {
      const std::string_view written = target.text();
      const std::size_t space = written.find(' ');
      text.rows().require(id, text.place(target.place()), written.substr(0, space),
                          space == std::string_view::npos ? std::string_view{} : written.substr(space + 1),
                          std::string(written), std::string(written.substr(0, written.find(" ("))));
    }
  }
  say_problems(text, tree);
  return text.finish();
}

// poetry.lock, uv.lock, pdm.lock and pylock.toml (PEP 751).
ReadOutcome read_python_lock(const intake::Input& input, evidence::Rows& rows) {
  LockText text(input.bytes, rows, "python-lock", "pypi");
  const TomlTree tree(input.bytes);
  const TomlNode root = tree.root();
  const TomlNode metadata = root.at("metadata");
  const TomlNode stated = root.at("lock-version").exists()       ? root.at("lock-version")
                          : root.at("version").exists()          ? root.at("version")
                          : metadata.at("lock-version").exists() ? metadata.at("lock-version")
                                                                 : metadata.at("lock_version");
  text.document_version(stated.text());
  const TomlNode list = root.at("package").exists() ? root.at("package") : root.at("packages");
  for (const TomlNode entry : list.children()) {
    const TomlNode name = entry.at("name");
    if (name.text().empty()) {
      text.gap(entry.place(), "a package has no name");
      continue;
    }
    const RowId id = text.package(name.place(), name.text(), entry.at("version").text());
    if (id == 0) break;
    text.rows().known_as(id, dashed(name.text()));
    const std::string_view category = entry.at("category").text();
    if (category == "dev") text.last().scope = "dev";
    if (entry.at("optional").text() == "true") text.last().scope = "optional";
    std::string_view guard;
    python_files(text, id, entry, guard, true);
    // poetry before 1.5 keeps the digests apart.
    const TomlNode old = metadata.at("files").at(name.text());
    for (const TomlNode file : old.children()) {
      if (guard.empty()) guard = file.at("hash").text();
    }
    if (python_origin(text, id, entry, guard, name.place())) {
      python_files(text, id, entry, guard, false);
      for (const TomlNode file : old.children())
        text.hash(id, file.at("hash").place(), prefixed(file.at("hash").text()));
    } else {
      text.last().scope = "workspace";
    }
    python_requires(text, id, entry);
  }
  say_problems(text, tree);
  return text.finish();
}

// Manifest.toml of Julia, formats 1 and 2: tables of packages by name, below "deps" since format 2.
ReadOutcome read_julia_manifest(const intake::Input& input, evidence::Rows& rows) {
  LockText text(input.bytes, rows, "julia-manifest", "julia");
  const TomlTree tree(input.bytes);
  const TomlNode root = tree.root();
  const TomlNode format = root.at("manifest_format");
  const std::string_view standard = root.at("julia_version").text();
  text.document_version(format.exists() ? format.text() : "1.0");
  for (const TomlNode versions : (format.exists() ? root.at("deps") : root).children()) {
    if (versions.kind() != TomlKind::array) continue;
    for (const TomlNode entry : versions.children()) {
      const TomlNode uuid = entry.at("uuid");
      if (!uuid.is_string()) continue;
      // Without a version it is part of Julia itself.
      std::string_view version = entry.at("version").text();
      const bool own = version.empty() && !entry.at("git-tree-sha1").exists();
      if (version.empty()) version = own ? standard : std::string_view{};
      const RowId id = text.package(entry.key().empty() ? versions.key() : entry.key(), versions.key(), version);
      if (id == 0) break;
      text.last().bom_ref = uuid.text();
      text.rows().known_as(id, std::string(uuid.text()));
      text.rows().known_as(id, std::string(versions.key()));
      const TomlNode tree_id = entry.at("git-tree-sha1");
      const TomlNode repository = entry.at("repo-url");
      if (const TomlNode path = entry.at("path"); path.is_string()) {
        text.rows().origin(id, text.place(path.place()), {.kind = "file", .url = std::string(path.text())});
      } else if (tree_id.is_string()) {
        evidence::ComponentOriginRow row = origin_of(repository.text(), "julia", tree_id.text());
        row.kind = repository.exists() ? "git" : "registry";
        text.rows().origin(id, text.place(tree_id.place()), std::move(row));
      }
      for (const TomlNode target : entry.at("deps").children()) {
        const bool named = target.key().empty();
        const std::string_view name = named ? target.text() : target.key();
        text.rows().require(id, text.place(named ? target.place() : target.key()), name, {}, std::string(target.text()),
                            std::string(name));
      }
    }
  }
  say_problems(text, tree);
  return text.finish();
}

}  // namespace assay::sbom

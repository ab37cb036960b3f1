#include <algorithm>
#include <string>
#include <string_view>
#include <unordered_map>

#include "sbom-import/lock_text.h"
#include "sbom-import/lockfiles.h"

// Line-based lockfiles of Haskell, .NET (Paket), Erlang and Go's vendor folder.
namespace assay::sbom {
namespace {

using evidence::RowId;

std::size_t indentation(std::string_view line) {
  return std::min(line.find_first_not_of(' '), line.size());
}

// The quoted strings of a line, one after the other; <<"…">> of Erlang included.
bool next_quoted(std::string_view& rest, std::string_view& out) {
  const std::size_t open = rest.find('"');
  if (open == std::string_view::npos) return false;
  const std::size_t close = rest.find('"', open + 1);
  if (close == std::string_view::npos) return false;
  out = rest.substr(open + 1, close - open - 1);
  rest = rest.substr(close + 1);
  return true;
}

}  // namespace

// cabal.project.freeze (cabal.readthedocs.io, "cabal freeze"): constraints "any.NAME ==VERSION"; flags are no versions.
ReadOutcome read_cabal_freeze(const intake::Input& input, evidence::Rows& rows) {
  LockText text(input.bytes, rows, "cabal-freeze", "hackage");
  std::string_view line;
  bool inside = false;
  while (text.next(line)) {
    std::string_view body = line;
    if (!line.empty() && line[0] != ' ' && line[0] != '\t') {
      const std::size_t colon = line.find(':');
      inside = line.substr(0, colon) == "constraints";
      body = colon == std::string_view::npos ? std::string_view{} : line.substr(colon + 1);
    }
    if (!inside || trimmed(body).starts_with("--")) continue;
    while (!body.empty()) {
      const std::size_t comma = body.find(',');
      std::string_view one = trimmed(body.substr(0, comma));
      body = comma == std::string_view::npos ? std::string_view{} : body.substr(comma + 1);
      const std::size_t equals = one.find("==");
      if (equals == std::string_view::npos) continue;
      std::string_view name = trimmed(one.substr(0, equals));
      if (name.starts_with("any.")) name.remove_prefix(4);
      // "setup.NAME" and "PACKAGE:setup.NAME" constrain what builds a package.
      const std::size_t qualifier = name.rfind("setup.");
      if (qualifier != std::string_view::npos) name = name.substr(qualifier + 6);
      const RowId id = text.package(name, name, trimmed(one.substr(equals + 2)));
      if (id != 0 && qualifier != std::string_view::npos) text.last().scope = "dev";
    }
  }
  return text.finish();
}

// paket.lock (fsprojects.github.io/Paket, "The paket.lock file"): groups, below them NUGET, GITHUB, GIT, HTTP, each
// with remotes; a package four spaces deep, what it requires six deep.
ReadOutcome read_paket_lock(const intake::Input& input, evidence::Rows& rows) {
  LockText text(input.bytes, rows, "paket-lock", "nuget");
  std::string_view line;
  std::string_view section;
  std::string_view remote;
  std::string group;
  RowId last = 0;
  while (text.next(line)) {
    const std::string_view body = trimmed(line);
    if (body.empty()) continue;
    const std::size_t depth = indentation(line);
    if (depth == 0) {
      section = body.substr(0, body.find(':'));
      if (body.starts_with("GROUP ")) group = std::string(trimmed(body.substr(6)));
      remote = {};
      last = 0;
      continue;
    }
    if (depth == 2) {
      if (body.starts_with("remote:")) remote = trimmed(body.substr(7));
      continue;
    }
    const std::size_t open = body.find(" (");
    const std::size_t close = open == std::string_view::npos ? open : body.find(')', open);
    if (section == "NUGET" && depth >= 6) {
      const std::string_view name = body.substr(0, std::min(open, body.find(" -")));
      const std::string_view range =
          close == std::string_view::npos ? std::string_view{} : body.substr(open + 2, close - open - 2);
      text.rows().require(last, text.place(name), name, range, group + "/" + full_name("nuget", {}, name));
    } else if (close != std::string_view::npos && depth == 4) {
      const std::string_view name = body.substr(0, open);
      const std::string_view version = body.substr(open + 2, close - open - 2);
      if (section == "NUGET") {
        last = text.package(name, name, version);
        text.rows().known_as(last, group + "/" + full_name("nuget", {}, name));
        evidence::ComponentOriginRow row = origin_of(remote, "nuget", {});
        row.kind = "registry";
        text.rows().origin(last, text.place(remote.empty() ? name : remote), std::move(row));
      } else if (section == "GITHUB" && !remote.empty()) {
        // One file of a repository, at a commit.
        const std::string file = std::string(remote);
        const RowId id = text.rows().package(text.place(name), "github", file, version);
        text.origin(id, remote, "git+https://github.com/" + file + "#" + std::string(version), {});
      } else if (section == "HTTP") {
        const RowId id = text.rows().package(text.place(name), {}, name, {});
        text.origin(id, remote.empty() ? name : remote, remote, {});
      }
    } else if (section == "GIT" && depth == 4 && !remote.empty()) {
      const std::string_view commit = body.substr(body.rfind('(') == std::string_view::npos ? 0 : body.rfind('(') + 1);
      const std::string_view plain = commit.substr(0, commit.find(')'));
      if (!is_commit(plain)) continue;
      const RowId id = text.rows().package(text.place(body), {}, remote, plain);
      text.origin(id, remote, "git+" + std::string(remote) + "#" + std::string(plain), {});
    }
  }
  return text.finish();
}

// rebar.lock (rebar3.org, "Lock files"): {<<"name">>,{pkg,<<"package">>,<<"version">>},Level} or
// {<<"name">>,{git,"url",{ref,"commit"}},Level}; below, pkg_hash and pkg_hash_ext with digests in upper-case hex.
ReadOutcome read_rebar_lock(const intake::Input& input, evidence::Rows& rows) {
  LockText text(input.bytes, rows, "rebar-lock", "hex");
  std::string_view line;
  std::unordered_map<std::string_view, RowId> locked;  // by the name of the dependency
  bool outer_digests = false;
  while (text.next(line)) {
    std::string_view rest = trimmed(line);
    if (rest.find("pkg_hash_ext") != std::string_view::npos) outer_digests = true;
    std::string_view name;
    if (rest.find("{<<\"") == std::string_view::npos) {
      std::string_view version;
      if (rest.starts_with("{\"") && next_quoted(rest, version)) text.document_version(version);
      continue;
    }
    rest = rest.substr(rest.find("{<<\""));
    if (!next_quoted(rest, name)) continue;
    RowId id = 0;
    if (rest.starts_with(">>,{pkg,")) {
      std::string_view package;
      std::string_view version;
      if (!next_quoted(rest, package) || !next_quoted(rest, version)) continue;
      id = text.package(name, package, version);
      if (id == 0) continue;
      if (package != name) text.last().requirement = name;
      text.origin(id, name, {}, {});
    } else if (rest.starts_with(">>,{git")) {
      std::string_view url;
      std::string_view commit;
      if (!next_quoted(rest, url) || !next_quoted(rest, commit)) continue;
      id = text.package(name, name, commit);
      text.origin(id, url, "git+" + std::string(url) + "#" + std::string(commit), {});
    } else if (std::string_view digest; next_quoted(rest, digest) && digest.size() == 64) {
      // Only the outer digest is that of the file a registry hands out.
      const auto found = locked.find(name);
      if (outer_digests && found != locked.end()) text.hash(found->second, digest, digest_of("sha-256", digest));
      continue;
    }
    if (id == 0) continue;
    locked.emplace(name, id);
    // The level follows what it is: 0 is what the project itself asks for.
    const std::size_t end = rest.find("},");
    if (end == std::string_view::npos) continue;
    const std::string_view level = trimmed(rest.substr(end + 2));
    if (!level.empty() && level[0] >= '0' && level[0] <= '9')
      text.last().direct = evidence::tri(level.substr(0, level.find('}')) == "0");
  }
  return text.finish();
}

// vendor/modules.txt (go.dev/ref/mod#vendoring): "# module version [=> replacement]", "## explicit" for what go.mod
// names.
ReadOutcome read_go_vendor(const intake::Input& input, evidence::Rows& rows) {
  LockText text(input.bytes, rows, "go-vendor", "golang");
  std::string_view line;
  bool open = false;
  while (text.next(line)) {
    if (line.starts_with("## ")) {
      if (open && line.find("explicit") != std::string_view::npos) text.last().direct = evidence::Tri::yes;
      continue;
    }
    if (!line.starts_with("# ")) continue;
    std::string_view rest = trimmed(line.substr(2));
    const auto word = [&] {
      const std::size_t end = std::min(rest.find(' '), rest.size());
      const std::string_view one = rest.substr(0, end);
      rest = trimmed(rest.substr(end));
      return one;
    };
    const std::string_view asked = word();
    std::string_view module = asked;
    std::string_view version = rest.starts_with("=>") ? std::string_view{} : word();
    std::string_view folder;
    // Without a version: a replacement that holds for all, listed once more at the end.
    open = !version.empty();
    if (!open) continue;
    if (rest.starts_with("=>")) {
      word();
      const std::string_view by = word();
      const std::string_view by_version = word();
      if (by_version.empty()) {
        folder = by;
      } else {
        module = by;
        version = by_version;
      }
    }
    const RowId id = text.package(module, module, version);
    open = id != 0;
    if (!open) continue;
    text.last().direct = evidence::Tri::no;
    if (module != asked) text.last().requirement = asked;
    if (!folder.empty()) {
      text.last().scope = "workspace";
      text.rows().origin(id, text.place(folder), {.kind = "file", .url = std::string(folder)});
    }
  }
  return text.finish();
}

}  // namespace assay::sbom

#include <string>
#include <string_view>

#include "analyzer/formats/yaml_tree.h"
#include "sbom-import/gaps.h"
#include "sbom-import/lock_rows.h"
#include "sbom-import/lockfiles.h"
#include "sbom-import/package_url.h"

// YAML of conda and of Haskell's Stack: environment.yml, conda-lock.yml, pixi.lock, stack.yaml.lock.
namespace assay::sbom {
namespace {

using evidence::RowId;
using formats::YamlNode;
using formats::YamlTree;

struct Named {
  std::string_view name;
  std::string_view version;
};

// "…/linux-64/zlib-1.2.13-h166bdaf_4.conda": name, version and build in the file's name.
Named conda_file(std::string_view url) {
  std::string_view file = url.substr(url.rfind('/') + 1);
  for (const std::string_view end : {".conda", ".tar.bz2"}) {
    if (file.ends_with(end)) file.remove_suffix(end.size());
  }
  const std::size_t build = file.rfind('-');
  if (build == std::string_view::npos || build == 0) return {};
  const std::size_t version = file.rfind('-', build - 1);
  if (version == std::string_view::npos) return {};
  return {file.substr(0, version), file.substr(version + 1, build - version - 1)};
}

// A wheel or source archive of Python: "name-1.0-py3-none-any.whl", "name-1.0.tar.gz".
Named python_file(std::string_view url) {
  url = url.substr(0, url.find_first_of("?#"));
  std::string_view file = url.substr(url.rfind('/') + 1);
  const bool wheel = file.ends_with(".whl");
  for (const std::string_view end : {".tar.gz", ".zip", ".whl"}) {
    if (file.ends_with(end)) file.remove_suffix(end.size());
  }
  const std::size_t dash = wheel ? file.find('-') : file.rfind('-');
  if (dash == std::string_view::npos) return {};
  const std::string_view rest = file.substr(dash + 1);
  return {file.substr(0, dash), rest.substr(0, rest.find('-'))};
}

// One read of one YAML file: the tree, the rows, the end.
class YamlLock {
 public:
  YamlLock(std::string_view text, evidence::Rows& rows, std::string_view format, std::string_view type,
           std::string_view declared = "lockfile")
      : salvaged_(YamlTree::salvage(text)), rows_(rows), out_(rows, format, type, declared) {}

  YamlNode root() const { return salvaged_.tree.root(); }
  LockRows& rows() { return out_; }
  evidence::LocationId place(const YamlNode& node) { return rows_.locate(node.span()); }
  void hash(RowId id, const YamlNode& sum, std::string_view algorithm) {
    if (sum.exists()) out_.hash(id, place(sum), digest_of(algorithm, sum.text()));
  }
  ReadOutcome finish() {
    out_.finish();
    ReadOutcome outcome;
    if (!salvaged_.complete) outcome.partly(salvaged_.error.text());
    if (rows_.lost() > 0) outcome.partly("rows beyond max_rows_per_artifact were not kept");
    return outcome;
  }

 private:
  YamlTree::Salvaged salvaged_;
  evidence::Rows& rows_;
  LockRows out_;
};

// "channel::name=1.2=build", "name ==1.2", "name>=1,<2" (conda, match specification).
void conda_requirement(YamlLock& lock, const YamlNode& item) {
  std::string_view text = item.text();
  if (const std::size_t channel = text.find("::"); channel != std::string_view::npos) text = text.substr(channel + 2);
  const std::size_t end = text.find_first_of(" =<>!~[");
  const std::string_view name = text.substr(0, end);
  std::string_view range = end == std::string_view::npos ? std::string_view{} : text.substr(end);
  while (range.starts_with(' ')) range.remove_prefix(1);
  std::string_view version;
  if (range.starts_with('=')) {
    version = range.substr(range.starts_with("==") ? 2 : 1);
    version = version.substr(0, version.find('='));
  }
  // "=1.2" alone means 1.2.*; with a build, or with "==", it is one version.
  const bool exact = range.starts_with("==") || (!version.empty() && range.find('=', 1) != std::string_view::npos);
  const bool plain = version.find_first_of("*,<>|! ") == std::string_view::npos;
  const RowId id = lock.rows().package(lock.place(item), name, plain ? version : std::string_view{});
  if (id == 0) return;
  lock.rows().last().requirement = range;
  lock.rows().last().pinned = evidence::tri(exact && plain);
  lock.rows().last().direct = evidence::Tri::yes;
}

void pip_requirement(YamlLock& lock, const YamlNode& item) {
  const std::string_view text = item.text();
  if (text.empty() || text[0] == '-') return;
  const std::size_t end = text.find_first_of(" =<>!~[;@");
  const std::string_view range = end == std::string_view::npos ? std::string_view{} : text.substr(end);
  const std::size_t exact = range.find("==");
  std::string_view version = exact == std::string_view::npos ? std::string_view{} : range.substr(exact + 2);
  version = version.substr(0, version.find_first_of(" ;,*"));
  const RowId id = lock.rows().package(lock.place(item), "pypi", text.substr(0, end), version);
  if (id == 0) return;
  lock.rows().last().requirement = range;
  lock.rows().last().direct = evidence::Tri::yes;
}

}  // namespace

// environment.yml of conda (docs.conda.io, "Managing environments").
ReadOutcome read_conda_environment(const intake::Input& input, evidence::Rows& rows) {
  YamlLock lock(input.bytes, rows, "conda-environment", "conda", "manifest");
  lock.rows().document().subject = lock.root().at("name").text();
  for (const YamlNode item : lock.root().at("dependencies").items()) {
    if (item.is_scalar()) conda_requirement(lock, item);
    for (const YamlNode inner : item.at("pip").items()) pip_requirement(lock, inner);
  }
  return lock.finish();
}

// conda-lock.yml, version 1 (conda.github.io/conda-lock): one entry a platform, conda and pip.
ReadOutcome read_conda_lock(const intake::Input& input, evidence::Rows& rows) {
  YamlLock lock(input.bytes, rows, "conda-lock", "conda");
  lock.rows().document().version = lock.root().at("version").text();
  for (const YamlNode entry : lock.root().at("package").items()) {
    const YamlNode name = entry.at("name");
    const bool pip = entry.at("manager").text() == "pip";
    const RowId id =
        lock.rows().package(lock.place(name), pip ? "pypi" : "conda", name.text(), entry.at("version").text());
    if (id == 0) continue;
    const std::string platform(entry.at("platform").text());
    lock.rows().known_as(id, platform + "/" + std::string(name.text()));
    if (const std::string_view group = entry.at("category").text(); group == "dev") lock.rows().last().scope = "dev";
    if (entry.at("optional").text() == "true" && lock.rows().last().scope == "required")
      lock.rows().last().scope = "optional";
    const YamlNode url = entry.at("url");
    const YamlNode sha256 = entry.at("hash").at("sha256");
    const YamlNode md5 = entry.at("hash").at("md5");
    evidence::ComponentOriginRow row =
        origin_of(url.text(), pip ? "pypi" : "conda", sha256.exists() ? sha256.text() : md5.text());
    if (!pip) row.kind = "registry";
    lock.rows().origin(id, lock.place(url.exists() ? url : name), std::move(row));
    lock.hash(id, sha256, "sha-256");
    lock.hash(id, md5, "md5");
    for (const auto& [target, range] : entry.at("dependencies").entries())
      lock.rows().require(id, lock.place(target), target.text(), range.text(),
                          platform + "/" + std::string(target.text()));
  }
  return lock.finish();
}

// pixi.lock, versions 4 to 6 (pixi.sh, "Lock file"): packages by URL; name and version stand in the URL since
// version 6.
ReadOutcome read_pixi_lock(const intake::Input& input, evidence::Rows& rows) {
  YamlLock lock(input.bytes, rows, "pixi-lock", "conda");
  lock.rows().document().version = lock.root().at("version").text();
  for (const YamlNode entry : lock.root().at("packages").items()) {
    const std::string_view kind = entry.at("kind").text();
    const YamlNode conda = entry.at("conda");
    const YamlNode pypi = entry.at("pypi");
    const bool python = pypi.exists() || kind == "pypi";
    const YamlNode url = conda.exists() ? conda : pypi.exists() ? pypi : entry.at("url");
    if (!url.is_scalar()) continue;
    Named named = python ? python_file(url.text()) : conda_file(url.text());
    if (const std::string_view own = entry.at("name").text(); !own.empty()) named.name = own;
    if (const std::string_view own = entry.at("version").text(); !own.empty()) named.version = own;
    const RowId id = lock.rows().package(lock.place(url), python ? "pypi" : "conda", named.name, named.version);
    if (id == 0) continue;
    const YamlNode sha256 = entry.at("sha256");
    const YamlNode md5 = entry.at("md5");
    evidence::ComponentOriginRow row =
        origin_of(url.text(), python ? "pypi" : "conda", sha256.exists() ? sha256.text() : md5.text());
    if (!python && row.kind == "url") row.kind = "registry";
    lock.rows().origin(id, lock.place(url), std::move(row));
    lock.hash(id, sha256, "sha-256");
    lock.hash(id, md5, "md5");
    lock.rows().last().license = entry.at("license").text();
    // The same package stands once a platform; who requires it is told by name only.
    lock.rows().known_as(id, std::string(named.name));
    for (const char* list : {"depends", "requires_dist"}) {
      for (const YamlNode target : entry.at(list).items()) {
        const std::string_view text = target.text();
        const std::size_t end = text.find_first_of(" <>=!~;[(");
        lock.rows().require(id, lock.place(target), text.substr(0, end),
                            end == std::string_view::npos ? std::string_view{} : text.substr(end),
                            std::string(text.substr(0, end)));
      }
    }
  }
  return lock.finish();
}

// stack.yaml.lock (docs.haskellstack.org, "Lock files"): completed packages as "hackage: name-version@sha256:hex,size",
// git repositories, archives.
ReadOutcome read_stack_lock(const intake::Input& input, evidence::Rows& rows) {
  YamlLock lock(input.bytes, rows, "stack-lock", "hackage");
  for (const YamlNode item : lock.root().at("packages").items()) {
    const YamlNode entry = item.at("completed");
    if (const YamlNode hackage = entry.at("hackage"); hackage.exists()) {
      const std::string_view whole = hackage.text();
      const std::size_t at = whole.find('@');
      const std::string_view named = whole.substr(0, at);
      const std::size_t dash = named.rfind('-');
      if (dash == std::string_view::npos) continue;
      const RowId id = lock.rows().package(lock.place(hackage), named.substr(0, dash), named.substr(dash + 1));
      const std::string_view sum = at == std::string_view::npos ? std::string_view{} : whole.substr(at + 1);
      lock.rows().origin(id, lock.place(hackage), {}, sum);
      // The digest is that of the package's description, which decides what is fetched.
      if (id != 0) lock.rows().last().direct = evidence::Tri::yes;
      continue;
    }
    const YamlNode name = entry.at("name");
    const RowId id = lock.rows().package(lock.place(name), name.text(), entry.at("version").text());
    if (id == 0) continue;
    if (const YamlNode git = entry.at("git"); git.exists()) {
      lock.rows().origin(id, lock.place(git),
                         "git+" + std::string(git.text()) + "#" + std::string(entry.at("commit").text()), {});
    } else if (const YamlNode url = entry.at("url"); url.exists()) {
      const YamlNode sum = entry.at("sha256");
      lock.rows().origin(id, lock.place(url), url.text(), sum.text());
      lock.hash(id, sum, "sha-256");
    }
  }
  return lock.finish();
}

}  // namespace assay::sbom

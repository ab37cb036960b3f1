#include "sbom-import/json_lock.h"

#include "sbom-import/lockfiles.h"

namespace assay::sbom {

JsonLock::JsonLock(std::string_view text, evidence::Rows& rows, std::string_view format, std::string_view purl_type,
                   std::string_view declared)
    : tree_(text), rows_(rows), out_(rows, format, purl_type, declared) {
  if (!tree_.root().is_object()) gaps_.nothing_read("the document is not a JSON object");
}

JsonLock::RowId JsonLock::package(const JsonNode& where, std::string_view name, std::string_view version) {
  if (!name.empty()) return out_.package(place(where), name, version);
  if (where.exists()) gaps_.add(where, "a package has no name");
  return 0;
}

ReadOutcome JsonLock::finish(bool commas) {
  if (commas) {
    for (const formats::JsonProblem& problem : tree_.problems()) {
      if (problem.message.find("comma") == std::string::npos)
        gaps_.add(tree_.position(problem.offset), problem.message);
    }
  } else {
    gaps_.add(tree_);
  }
  out_.finish();
  return gaps_.outcome(rows_.lost());
}

namespace {

using formats::JsonNode;

// "require" of composer: packages are asked for by name; php, ext-* and lib-* are the platform.
bool is_platform(std::string_view name) {
  return name.find('/') == std::string_view::npos;
}

void composer_package(JsonLock& lock, const JsonNode& entry, bool dev) {
  const JsonNode name = entry.at("name");
  const evidence::RowId id =
      lock.package(name.exists() ? name : entry, name.string(), lock.text(entry.at("version"), "version"));
  if (id == 0) return;
  LockRows& rows = lock.rows();
  if (dev) rows.last().scope = "dev";
  for (const JsonNode license : entry.at("license").items()) {
    if (!rows.last().license.empty()) rows.last().license += " OR ";
    rows.last().license += license.string();
  }
  rows.known_as(id, std::string(name.string()));
  const JsonNode dist = entry.at("dist").at("url");
  const JsonNode source = entry.at("source").at("url");
  const JsonNode sum = entry.at("dist").at("shasum");
  const std::string repository =
      "git+" + std::string(source.string()) + "#" + std::string(entry.at("source").at("reference").string());
  if (entry.at("dist").at("type").string() == "path") {
    rows.origin(id, lock.place(dist), {.kind = "file", .url = std::string(dist.string())});
  } else if (dist.is_string()) {
    rows.origin(id, lock.place(dist), dist.string(), sum.string());
    if (source.is_string()) {
      evidence::ComponentOriginRow row = origin_of(repository, "composer", {});
      row.kind = "vcs";
      rows.origin(id, lock.place(source), std::move(row));
    }
  } else if (source.is_string()) {
    rows.origin(id, lock.place(source), repository, {});
  }
  if (!sum.string().empty()) rows.hash(id, lock.place(sum), digest_of("sha-1", sum.string()));
  // A plugin's code runs inside composer itself.
  if (entry.at("type").string() == "composer-plugin") rows.runs(id, lock.place(entry.at("type")), "composer-plugin");
  for (const auto [target, range] : entry.at("require").members()) {
    if (!is_platform(target.text()))
      rows.require(id, lock.place(target), target.text(), range.string(), std::string(target.text()));
  }
}

void pipfile_package(JsonLock& lock, const JsonNode& name, const JsonNode& entry, bool dev) {
  std::string_view version = lock.text(entry.at("version"), "version");
  while (version.starts_with('=')) version.remove_prefix(1);
  const evidence::RowId id = lock.package(name, name.text(), version);
  if (id == 0) return;
  LockRows& rows = lock.rows();
  if (dev) rows.last().scope = "dev";
  std::string_view guard;
  for (const JsonNode digest : entry.at("hashes").items()) {
    const std::string_view text = digest.string();
    const std::size_t colon = text.find(':');
    if (guard.empty()) guard = text;
    if (colon != std::string_view::npos)
      rows.hash(id, lock.place(digest), digest_of(text.substr(0, colon), text.substr(colon + 1)));
  }
  if (const JsonNode git = entry.at("git"); git.is_string()) {
    rows.origin(id, lock.place(git), "git+" + std::string(git.string()) + "#" + std::string(entry.at("ref").string()),
                {});
  } else if (const JsonNode file = entry.at("file").exists() ? entry.at("file") : entry.at("path"); file.is_string()) {
    evidence::ComponentOriginRow row = origin_of(file.string(), "pypi", guard);
    if (row.host.empty()) row.kind = "file";
    rows.origin(id, lock.place(file), std::move(row));
  } else {
    rows.origin(id, lock.place(name), {}, guard);
  }
}

}  // namespace

ReadOutcome read_composer_lock(const intake::Input& input, evidence::Rows& rows) {
  JsonLock lock(input.bytes, rows, "composer-lock", "composer");
  // composer.lock keeps what is for development apart; vendor/composer/installed.json names it at the end.
  for (const JsonNode entry : lock.root().at("packages").items()) composer_package(lock, entry, false);
  for (const JsonNode entry : lock.root().at("packages-dev").items()) composer_package(lock, entry, true);
  return lock.finish();
}

ReadOutcome read_pipfile_lock(const intake::Input& input, evidence::Rows& rows) {
  JsonLock lock(input.bytes, rows, "pipfile-lock", "pypi");
  for (const auto [section, entries] : lock.root().members()) {
    if (section.text() == "_meta") continue;
    for (const auto [name, entry] : entries.members()) pipfile_package(lock, name, entry, section.text() == "develop");
  }
  return lock.finish();
}

}  // namespace assay::sbom

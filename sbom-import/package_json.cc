#include <array>
#include <string>
#include <string_view>

#include "analyzer/formats/json_tree.h"
#include "sbom-import/gaps.h"
#include "sbom-import/readers.h"
#include "sbom-import/stated.h"

namespace assay::sbom {
namespace {

using evidence::RowId;
using evidence::Rows;
using evidence::Tri;
using formats::JsonNode;
using formats::JsonTree;

struct Section {
  std::string_view key;
  std::string_view scope;
};
constexpr std::array sections = {Section{"dependencies", "required"}, Section{"devDependencies", "dev"},
                                 Section{"optionalDependencies", "optional"}, Section{"peerDependencies", "peer"}};

// Scripts npm runs when the package is installed: as a dependency the first three, from a checkout or a git reference
// all.
constexpr std::array<std::string_view, 7> hooks = {"preinstall", "install",     "postinstall", "preprepare",
                                                   "prepare",    "postprepare", "prepublish"};

bool is_word_end(char c) {
  return c == ' ' || c == ';' || c == '&' || c == '|' || c == '"' || c == '\'';
}

// The first word that names a file of the package: "node scripts/setup.js --x" gives "scripts/setup.js".
std::string_view file_named(std::string_view command) {
  constexpr std::array<std::string_view, 10> ends = {".js", ".cjs", ".mjs", ".ts",  ".sh",
                                                     ".py", ".ps1", ".bat", ".cmd", ".exe"};
  for (std::size_t at = 0; at < command.size();) {
    while (at < command.size() && is_word_end(command[at])) ++at;
    std::size_t end = at;
    while (end < command.size() && !is_word_end(command[end])) ++end;
    const std::string_view word = command.substr(at, end - at);
    at = end;
    if (word.find("://") != std::string_view::npos || word.starts_with('-')) continue;
    for (const std::string_view extension : ends) {
      if (word.size() > extension.size() && word.ends_with(extension))
        return word.starts_with("./") ? word.substr(2) : word;
    }
  }
  return {};
}

class PackageJson {
 public:
  PackageJson(const intake::Input& input, const JsonTree& tree, Rows& rows) : input_(input), tree_(tree), rows_(rows) {}

  ReadOutcome read() {
    gaps_.add(tree_);
    const JsonNode root = tree_.root();
    if (!root.is_object()) {
      gaps_.nothing_read("the document is not a JSON object");
      return gaps_.outcome(rows_.lost());
    }
    subject(root);
    for (const Section& section : sections) {
      const JsonNode list = root.at(section.key);
      if (list.exists() && !list.is_object() && list.size() > 0)
        gaps_.add(list, std::string(section.key) + " is not an object");
      for (const auto [name, range] : list.members()) require(name, range, section.scope);
    }
    for (const std::string_view hook : hooks) lifecycle(root.at("scripts").at(hook), hook);
    rows_.sbom_document.back().component_count = listed_;
    return gaps_.outcome(rows_.lost());
  }

 private:
  void subject(const JsonNode& root) {
    const JsonNode name = root.at("name");
    const JsonNode version = root.at("version");
    evidence::ComponentRow row{.at = rows_.locate((name.exists() ? name : root).span()),
                               .version = std::string(gaps_.text(version, "version")),
                               .kind = "application",
                               .scope = "subject",
                               .declared_in = "manifest",
                               .license = std::string(root.at("license").string())};
    row.sbom_document_id = document_ = rows_.add(evidence::SbomDocumentRow{
        .at = row.at,
        .format = "npm-manifest",
        .subject = std::string(gaps_.text(name, "name")),
        .subject_version = row.version,
    });
    if (name.text().empty()) return;
    identify(row, "npm", name.text(), row.version);
    subject_ = rows_.add(std::move(row));
    source_of(root.at("repository"));
  }

  // Where the package says its source is: a URL or {"url": …}; "owner/name" is short for GitHub.
  void source_of(const JsonNode& declared) {
    const JsonNode url = declared.is_object() ? declared.at("url") : declared;
    const std::string_view written = url.string();
    if (written.empty()) return;
    const bool brief = written.find(':') == std::string_view::npos && written.find('/') != std::string_view::npos;
    evidence::ComponentOriginRow origin =
        origin_of(brief ? "github:" + std::string(written) : std::string(written), "npm", {});
    origin.at = rows_.locate(url.span());
    origin.component_id = subject_;
    origin.kind = "vcs";
    origin.url = brief ? "github:" + std::string(written) : std::string(written);
    rows_.add(std::move(origin));
  }

  void require(const JsonNode& key, const JsonNode& range, std::string_view scope) {
    const std::string_view written = gaps_.text(range, "a requirement");
    std::string_view name = key.text();
    std::string_view wanted = written;
    if (written.starts_with("npm:")) {
      const std::size_t at = written.find('@', 5);
      name = written.substr(4, at == std::string_view::npos ? at : at - 4);
      wanted = at == std::string_view::npos ? std::string_view{"*"} : written.substr(at + 1);
    }
    if (name.empty()) {
      gaps_.add(key, "a requirement has no name");
      return;
    }
    const bool elsewhere = wanted.find('/') != std::string_view::npos || wanted.find(':') != std::string_view::npos;
    const bool exact = !elsewhere && is_exact_version(wanted);
    evidence::ComponentRow row{.at = rows_.locate(key.span()),
                               .sbom_document_id = document_,
                               .kind = "library",
                               .scope = std::string(scope),
                               .declared_in = "manifest",
                               .bom_ref = std::string(key.text()),
                               .direct = Tri::yes,
                               .pinned = evidence::tri(exact),
                               .requirement = std::string(written)};
    std::string_view version = exact ? wanted : std::string_view{};
    if (version.starts_with('=')) version.remove_prefix(1);
    if (version.starts_with('v')) version.remove_prefix(1);
    row.version = version;
    identify(row, "npm", name, version);
    const RowId id = rows_.add(std::move(row));
    ++listed_;
    rows_.add(evidence::DependencyRow{.at = rows_.locate(key.span()),
                                      .component_id = subject_,
                                      .target_id = id,
                                      .target = std::string(key.text()),
                                      .requirement = std::string(written)});
    if (!elsewhere || wanted.starts_with("npm:") || wanted.starts_with("catalog:")) return;
    // "owner/name" is short for a repository on GitHub.
    const bool github = wanted.find(':') == std::string_view::npos && !wanted.starts_with('.') &&
                        !wanted.starts_with('/') && !wanted.starts_with('~');
    evidence::ComponentOriginRow origin =
        origin_of(github ? "github:" + std::string(wanted) : std::string(wanted), "npm", {});
    origin.at = rows_.locate(range.span());
    origin.component_id = id;
    origin.url = wanted;
    if (origin.immutable == Tri::yes) rows_.component.back().pinned = Tri::yes;
    rows_.add(std::move(origin));
  }

  void lifecycle(const JsonNode& script, std::string_view hook) {
    const std::string_view command = gaps_.text(script, hook);
    if (command.empty()) return;
    const auto at = rows_.locate(script.span());
    rows_.add(evidence::InstallTriggerRow{
        .at = at, .ecosystem = "npm", .hook = std::string(hook), .command = std::string(command)});
    rows_.add(evidence::ExecutionTriggerRow{.at = at,
                                            .path = input_.artifact.path,
                                            .ecosystem = "npm",
                                            .kind = "lifecycle script",
                                            .phase = "install",
                                            .command = std::string(command),
                                            .target = std::string(file_named(command))});
  }

  const intake::Input& input_;
  const JsonTree& tree_;
  Rows& rows_;
  Gaps gaps_;
  RowId document_ = 0;
  RowId subject_ = 0;
  std::int64_t listed_ = 0;
};

}  // namespace

ReadOutcome read_package_json(const intake::Input& input, evidence::Rows& rows) {
  const JsonTree tree(input.bytes);
  return PackageJson(input, tree, rows).read();
}

}  // namespace assay::sbom

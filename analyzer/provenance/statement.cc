#include "analyzer/provenance/statement.h"

#include <array>
#include <string>

#include "analyzer/provenance/names.h"

namespace assay::provenance {
namespace {

using evidence::AttestationRow;
using evidence::Tri;
using formats::JsonNode;

constexpr std::size_t max_text_bytes = 4'000;

std::string kept(std::string_view text) {
  return std::string(text.substr(0, max_text_bytes));
}

void first(std::string& column, std::string_view value) {
  if (column.empty()) column = kept(value);
}

// A variable of GitHub's environment as a generator wrote it: GITHUB_REF, github_ref.
std::string_view variable(const JsonNode& object, std::string_view name) {
  if (const JsonNode upper = object.at(name); upper.exists()) return upper.text();
  return object.at(lower(name)).text();
}

std::string_view format_of(std::string_view type) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 9> known{
      {{"slsa.dev/provenance/", "slsa-provenance"},
       {"slsa.dev/verification_summary/", "vsa"},
       {"github.com/npm/attestation/", "npm-publish"},
       {"docs.pypi.org/attestations/publish/", "pypi-publish"},
       {"in-toto.io/attestation/release/", "release"},
       {"cyclonedx.org/bom", "sbom"},
       {"spdx.dev/Document", "sbom"},
       {"in-toto.io/attestation/link/", "link"},
       {"in-toto.io/Provenance/", "slsa-provenance"}}};
  for (const auto& [part, word] : known) {
    if (type.find(part) != std::string_view::npos) return word;
  }
  return "in-toto";
}

void self_hosted(std::string_view environment, AttestationRow& row) {
  if (environment == "github-hosted" || environment.ends_with("/github-hosted"))
    row.self_hosted = Tri::no;
  else if (environment == "self-hosted" || environment.ends_with("/self-hosted"))
    row.self_hosted = Tri::yes;
}

void source(std::string_view uri, AttestationRow& row) {
  const RepositoryName name = repository_of(uri);
  first(row.repository, name.repository);
  if (name.reference.starts_with("refs/")) first(row.reference, name.reference);
}

void commit_of(const JsonNode& digest, AttestationRow& row) {
  for (const std::string_view name : {"gitCommit", "sha1", "commit"}) {
    if (const std::string_view value = digest.at(name).string(); value.size() == 40) {
      first(row.source_commit, lower(value));
      return;
    }
  }
}

void run(std::string_view identifier, AttestationRow& row) {
  if (identifier.empty()) return;
  row.run = kept(identifier);
  row.run_id = run_number(identifier);
}

void github_environment(const JsonNode& object, AttestationRow& row) {
  first(row.trigger_event, variable(object, "GITHUB_EVENT_NAME"));
  first(row.reference, variable(object, "GITHUB_REF"));
  first(row.source_commit, variable(object, "GITHUB_SHA"));
  first(row.run_id, variable(object, "GITHUB_RUN_ID"));
  if (const std::string_view name = variable(object, "GITHUB_REPOSITORY"); !name.empty())
    first(row.repository, "github.com/" + lower(name));
  // "owner/name/.github/workflows/x.yml@refs/heads/main"
  if (const std::string_view definition = variable(object, "GITHUB_WORKFLOW_REF");
      !definition.empty() && row.workflow.empty()) {
    const std::size_t at = definition.find(".github/");
    if (at != std::string_view::npos) row.workflow = kept(definition.substr(at, definition.find('@') - at));
  }
}

void slsa_first(const JsonNode& predicate, AttestationRow& row) {
  row.builder = kept(predicate.at("builder").at("id").text());
  const JsonNode recipe = predicate.at("recipe");
  row.build_type = kept(recipe.at("type").text());
  row.workflow = kept(recipe.at("entryPoint").text());
  const JsonNode metadata = predicate.at("metadata");
  run(metadata.at("buildInvocationId").text(), row);
  row.started = kept(metadata.at("buildStartedOn").text());
  row.finished = kept(metadata.at("buildFinishedOn").text());
  if (const JsonNode claim = metadata.at("completeness").at("materials"); claim.exists())
    row.complete = evidence::tri(claim.is_true());
  github_environment(recipe.at("environment"), row);
}

void slsa_second(const JsonNode& predicate, AttestationRow& row) {
  row.builder = kept(predicate.at("builder").at("id").text());
  row.build_type = kept(predicate.at("buildType").text());
  const JsonNode invocation = predicate.at("invocation");
  const JsonNode origin = invocation.at("configSource");
  source(origin.at("uri").text(), row);
  commit_of(origin.at("digest"), row);
  row.workflow = kept(origin.at("entryPoint").text());
  const JsonNode metadata = predicate.at("metadata");
  run(metadata.at("buildInvocationId").text(), row);
  row.started = kept(metadata.at("buildStartedOn").text());
  row.finished = kept(metadata.at("buildFinishedOn").text());
  if (const JsonNode claim = metadata.at("completeness").at("materials"); claim.exists())
    row.complete = evidence::tri(claim.is_true());
  github_environment(invocation.at("environment"), row);
  self_hosted(invocation.at("environment").at("RUNNER_ENVIRONMENT").text(), row);
}

void slsa_third(const JsonNode& predicate, AttestationRow& row) {
  const JsonNode definition = predicate.at("buildDefinition");
  const JsonNode details = predicate.at("runDetails");
  row.builder = kept(details.at("builder").at("id").text());
  row.build_type = kept(definition.at("buildType").text());
  const JsonNode outer = definition.at("externalParameters");
  const JsonNode workflow = outer.at("workflow");
  row.workflow = kept(workflow.is_string() ? workflow.text() : workflow.at("path").text());
  first(row.workflow, outer.at("entryPoint").text());
  first(row.reference, workflow.at("ref").text());
  source(workflow.at("repository").text(), row);
  source(outer.at("source").is_object() ? outer.at("source").at("uri").text() : outer.at("source").text(), row);
  const JsonNode inner = definition.at("internalParameters");
  const JsonNode github = inner.at("github");
  first(row.trigger_event, github.at("event_name").text());
  self_hosted(github.at("runner_environment").text(), row);
  github_environment(inner, row);
  const JsonNode metadata = details.at("metadata");
  run(metadata.at("invocationId").exists() ? metadata.at("invocationId").text() : metadata.at("invocationID").text(),
      row);
  row.started = kept(metadata.at("startedOn").text());
  row.finished = kept(metadata.at("finishedOn").text());
}

void summary(const JsonNode& predicate, AttestationRow& row) {
  row.builder = kept(predicate.at("verifier").at("id").text());
  row.finished = kept(predicate.at("timeVerified").text());
  source(predicate.at("resourceUri").text(), row);
}

class Statement {
 public:
  Statement(const Place& place) : place_(place) {}

  evidence::RowId write(const JsonNode& root, std::string_view envelope) {
    AttestationRow row{.at = place_.of(root), .envelope = std::string(envelope)};
    const JsonNode predicate = root.at("predicate");
    const std::string_view type = root.at("predicateType").text();
    row.predicate_type = kept(type);
    row.format = format_of(type);
    if (const std::size_t slash = type.rfind('/');
        slash != std::string_view::npos && type.substr(slash + 1).starts_with('v'))
      row.version = kept(type.substr(slash + 1));
    const bool slsa = row.format == "slsa-provenance";
    JsonNode materials;
    if (slsa && predicate.at("buildDefinition").exists()) {
      slsa_third(predicate, row);
      materials = predicate.at("buildDefinition").at("resolvedDependencies");
    } else if (slsa) {
      if (predicate.at("recipe").exists())
        slsa_first(predicate, row);
      else
        slsa_second(predicate, row);
      materials = predicate.at("materials");
    } else if (row.format == "vsa") {
      summary(predicate, row);
    }
    self_hosted(row.builder, row);
    row.materials = slsa ? static_cast<std::int64_t>(materials.is_array() ? materials.size() : 0) : -1;
    const JsonNode subjects = root.at("subject");
    row.subjects = static_cast<std::int64_t>(subjects.is_array() ? subjects.size() : 0);
    // The first dependency that is a repository is the one that was built, when nothing else names it.
    for (const JsonNode& material : materials.items()) {
      const RepositoryName name = repository_of(material.at("uri").text());
      if (name.repository.empty() || (!row.repository.empty() && name.repository != row.repository)) continue;
      source(material.at("uri").text(), row);
      commit_of(material.at("digest"), row);
      break;
    }
    const std::string repository = row.repository;
    const bool python = row.format == "pypi-publish" || envelope == "pypi";
    id_ = place_.rows().add(std::move(row));
    for (const JsonNode& one : subjects.items()) subject(one, one.at("name").text(), one.at("digest"), python);
    for (const JsonNode& one : materials.items()) material(one, one.at("uri").text(), one.at("digest"), repository);
    return id_;
  }

  // {"_type": "link", "materials": {path: {algorithm: digest}}, "products": {…}}
  evidence::RowId write_link(const JsonNode& link, std::string_view envelope) {
    id_ = place_.rows().add({.at = place_.of(link),
                             .format = "link",
                             .workflow = kept(link.at("name").text()),
                             .envelope = std::string(envelope),
                             .subjects = static_cast<std::int64_t>(link.at("products").size()),
                             .materials = static_cast<std::int64_t>(link.at("materials").size())});
    for (const auto& [path, digest] : link.at("products").members()) subject(path, path.text(), digest, false);
    for (const auto& [path, digest] : link.at("materials").members()) material(path, path.text(), digest, {});
    return id_;
  }

 private:
  void subject(const JsonNode& at, std::string_view name, const JsonNode& digest, bool python) {
    const PackageName package = package_of(name, python);
    for (const auto& [algorithm, value] : digest.members()) {
      place_.rows().add(evidence::AttestationSubjectRow{.at = place_.of(at),
                                                        .attestation_id = id_,
                                                        .name = kept(name),
                                                        .version = package.version,
                                                        .algorithm = lower(kept(algorithm.text())),
                                                        .digest = lower(kept(value.text())),
                                                        .purl_type = package.type,
                                                        .full_name = package.full});
    }
  }

  void material(const JsonNode& at, std::string_view uri, const JsonNode& digest, const std::string& built) {
    const RepositoryName name = repository_of(uri);
    evidence::AttestationMaterialRow row{
        .at = place_.of(at),
        .attestation_id = id_,
        .uri = kept(uri),
        .repository = name.repository,
        .reference = name.reference.empty() ? package_of(uri, false).version : name.reference,
        .source = evidence::tri(!built.empty() && name.repository == built)};
    const auto members = digest.members();
    if (members.empty()) place_.rows().add(row);
    for (const auto& [algorithm, value] : members) {
      row.algorithm = lower(kept(algorithm.text()));
      row.digest = lower(kept(value.text()));
      place_.rows().add(row);
    }
  }

  const Place& place_;
  evidence::RowId id_ = 0;
};

JsonNode link_of(const JsonNode& root) {
  const JsonNode link = root.at("signed").is_object() ? root.at("signed") : root;
  return link.at("_type").string() == "link" && link.at("products").is_object() ? link : JsonNode{};
}

}  // namespace

bool is_statement(const JsonNode& root) {
  if (root.at("_type").string().find("in-toto.io/Statement/") != std::string_view::npos)
    return root.at("predicateType").is_string();
  return link_of(root).exists();
}

evidence::RowId read_statement(const JsonNode& root, std::string_view envelope, const Place& place) {
  if (!is_statement(root)) return 0;
  Statement statement(place);
  if (const JsonNode link = link_of(root); link.exists()) return statement.write_link(link, envelope);
  return statement.write(root, envelope);
}

}  // namespace assay::provenance

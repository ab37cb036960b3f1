#include "analyzer/pipeline/definition_file.h"
#include "analyzer/pipeline/others/pipeline_rows.h"
#include "analyzer/pipeline/others/reader_frame.h"
#include "analyzer/pipeline/others/readers.h"

namespace assay::pipeline::others {
namespace {

using evidence::RowId;
using evidence::Tri;
using evidence::tri;
using formats::YamlNode;

constexpr int max_walk = 12;

std::string_view variable_control(std::string_view name) {
  if (name == "BITBUCKET_BRANCH" || name == "BITBUCKET_TAG" || name == "BITBUCKET_PR_DESTINATION_BRANCH" ||
      name == "BITBUCKET_BOOKMARK")
    return "insider";
  return name.starts_with("BITBUCKET_") ? "platform" : "";
}

class Bitbucket {
 public:
  Bitbucket(PipelineRows& out, const YamlNode& root) : out_(out), root_(root) {}

  void read() {
    image(root_.at("image"), 0);
    for (const auto& [kind, group] : root_.at("pipelines").entries()) {
      const bool requests = kind.text() == "pull-requests";
      // Pull requests of forks run without the repository's variables.
      out_.trigger(kind.span(),
                   requests                  ? "pull_request"
                   : kind.text() == "custom" ? "manual"
                                             : "push",
                   tri(requests), tri(!requests));
      if (group.is_sequence()) {
        steps(group, std::string(kind.text()), 0);
      } else {
        for (const auto& [pattern, list] : group.entries())
          steps(list, std::string(kind.text()) + "/" + std::string(pattern.text()), 0);
      }
    }
  }

 private:
  void image(const YamlNode& node, RowId job) {
    const YamlNode name = node.is_mapping() ? node.at("name") : node;
    out_.image(name.span(), name.text(), job);
  }

  void steps(const YamlNode& list, const std::string& name, int depth) {
    if (depth > max_walk) return;
    for (const YamlNode& item : list.items()) {
      for (const auto& [key, body] : item.entries()) {
        if (key.text() == "step") step(key, body, name);
        if (key.text() == "parallel") steps(body.is_mapping() ? body.at("steps") : body, name, depth + 1);
        if (key.text() == "stage") steps(body.at("steps"), name, depth + 1);
      }
    }
  }

  void step(const YamlNode& key, const YamlNode& body, const std::string& group) {
    const std::string_view own = body.at("name").text();
    const RowId job = out_.job(key.span(), own.empty() ? std::string_view(group) : own, joined(body.at("runs-on")),
                               body.at("deployment").text());
    out_.rows().job.back().self_hosted = tri(joined(body.at("runs-on")).find("self.hosted") != std::string::npos);
    image(body.at("image"), job);
    if (body.at("oidc").text() == "true") {
      out_.rows().add(evidence::PermissionRow{.at = out_.rows().locate(key_of(body, "oidc").span()),
                                              .job_id = job,
                                              .workflow_id = out_.workflow(),
                                              .scope = "id-token",
                                              .level = "write",
                                              .declared = "job"});
    }
    for (const YamlNode& cache : body.at("caches").items())
      out_.shared(cache.span(), "cache", "both", cache.text(), {}, job, 0);
    if (const YamlNode artifacts = key_of(body, "artifacts"); artifacts.exists())
      out_.shared(artifacts.span(), "artifact", "write", {},
                  joined(body.at("artifacts").is_mapping() ? body.at("artifacts").at("paths") : body.at("artifacts")),
                  job, 0);
    std::int64_t position = 0;
    for (const std::string_view part : {"script", "after-script"}) {
      for (const YamlNode& line : body.at(part).items()) {
        const YamlNode pipe = line.at("pipe");
        const RowId id = out_.step(line.span(), job, position++, {}, pipe.exists() ? "uses" : "run", line.text());
        if (position == 1) out_.checkout(line.span(), {}, tri(group.starts_with("pull-requests")), Tri::yes, job, id);
        if (pipe.exists()) {
          pipes(line, pipe, job, id);
        } else if (line.is_scalar()) {
          out_.commands(script_of(line), "run", job, id, variable_control);
        }
      }
    }
  }

  void pipes(const YamlNode& line, const YamlNode& pipe, RowId job, RowId step) {
    const std::string_view text = pipe.text();
    const std::size_t colon = text.rfind(':');
    evidence::UsesRow row;
    row.kind = "pipe";
    row.text = text;
    row.name = text.substr(0, colon);
    row.owner = row.name.substr(0, row.name.find('/'));
    row.reference = colon == std::string_view::npos ? std::string_view{} : text.substr(colon + 1);
    row.reference_kind = row.reference.empty() ? "none" : "tag";
    row.immutable = Tri::no;
    row.first_party = tri(row.owner == "atlassian");
    out_.uses(pipe.span(), std::move(row), job, step);
    for (const auto& [key, value] : line.at("variables").entries()) {
      out_.input(key, key.text(), value.text(), job, step);
      if (value.text().starts_with('$')) out_.secret(value.span(), value.text().substr(1), "input", job, step);
    }
  }

  PipelineRows& out_;
  YamlNode root_;
};

}  // namespace

ReadOutcome read_bitbucket(const intake::Input& input, evidence::Rows& rows) {
  return read_yaml_as<Bitbucket>("bitbucket", input, rows);
}

}  // namespace assay::pipeline::others

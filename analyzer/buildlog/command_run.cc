#include "analyzer/buildlog/command_run.h"

#include "analyzer/base/find_literal.h"
#include "analyzer/base/limits.h"
#include "analyzer/formats/base64.h"

namespace assay::buildlog {
namespace {

using formats::JsonNode;

constexpr std::string_view telling = "/command-run/";

class Runs {
 public:
  // `place` is set when the statement was inside something else.
  Runs(std::optional<Span> place, Transcript& log) : place_(place), log_(log) {}

  void statement(const JsonNode& root) {
    const JsonNode predicate = root.at("predicate");
    if (root.at("predicateType").string().find(telling) != std::string_view::npos) run(predicate, "command");
    for (const JsonNode& one : predicate.at("attestations").items()) {
      if (one.at("type").string().find(telling) != std::string_view::npos)
        run(one.at("attestation"), predicate.at("name").string());
    }
  }

 private:
  Span at(const JsonNode& node) const { return place_.value_or(node.span()); }
  void say(const JsonNode& where, std::string text, Speech speech) {
    if (!text.empty())
      log_.messages.push_back({.at = at(where), .text = std::move(text), .step = step_, .speech = speech});
  }
  void run(const JsonNode& run, std::string_view name) {
    step_ = log_.add_heading(name);
    std::string command;
    for (const JsonNode& word : run.at("cmd").items())
      command += (command.empty() ? "" : " ") + std::string(word.string());
    say(run.at("cmd"), std::move(command), Speech::command);
    for (const JsonNode& process : run.at("processes").items())
      say(process.at("cmdline"), std::string(process.at("cmdline").string()), Speech::command);
    say(run.at("stdout"), std::string(run.at("stdout").string()), Speech::printed);
    say(run.at("stderr"), std::string(run.at("stderr").string()), Speech::printed);
    if (run.at("exitcode").integer().value_or(0) != 0)
      say(run.at("exitcode"), "ERROR: exit code " + std::string(run.at("exitcode").text()), Speech::printed);
  }

  std::optional<Span> place_;
  Transcript& log_;
  std::int32_t step_ = -1;
};

}  // namespace

std::optional<Transcript> command_runs(std::string_view document) {
  const bool bare = find_literal(document, telling) != std::string_view::npos;
  if (!bare && find_literal(document, "\"payload\"") == std::string_view::npos) return std::nullopt;
  Transcript log;
  log.system = System::witness;
  const formats::JsonTree tree(document);
  const JsonNode payload = tree.root().at("payload");
  if (payload.is_string()) {
    const std::optional<std::string> bytes = formats::base64(payload.string(), limits::max_archive_member_bytes);
    if (!bytes || find_literal(*bytes, telling) == std::string_view::npos) return std::nullopt;
    const formats::JsonTree inside(*bytes);
    Runs(payload.span(), log).statement(inside.root());
  } else if (bare) {
    Runs(std::nullopt, log).statement(tree.root());
  }
  if (log.messages.empty()) return std::nullopt;
  return log;
}

}  // namespace assay::buildlog

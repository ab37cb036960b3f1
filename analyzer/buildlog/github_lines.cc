#include "analyzer/buildlog/github_lines.h"

#include <algorithm>
#include <array>

namespace assay::buildlog {
namespace {

bool hex40(std::string_view text) {
  return text.size() >= 40 && std::all_of(text.begin(), text.begin() + 40,
                                          [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

std::string_view unquoted(std::string_view text) {
  text = trimmed(text);
  if (text.size() >= 2 && text.front() == '\'' && text.back() == '\'') return text.substr(1, text.size() - 2);
  return text;
}

bool action_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
         c == '.' || c == '/';
}

// "owner/name/.github/workflows/file.yml@ref"
void definition(std::string_view text, evidence::LogRunRow& run) {
  const std::string_view path = take_until(text, "@");
  const std::size_t folder = path.find("/.github/");
  if (folder == std::string_view::npos) return;
  run.repository = lower(path.substr(0, folder));
  run.workflow = shown(path.substr(folder + 1));
  run.reference = shown(text);
}

// "NAME (organization)" of the service's line; "(hosted)" means GitHub's.
void started_on(std::string_view text, bool hosted, evidence::LogRunRow& run) {
  const std::size_t bracket = text.rfind(" (");
  if (run.runner.empty()) run.runner = shown(text.substr(0, bracket));
  const std::string_view owner = bracket == std::string_view::npos ? std::string_view{} : text.substr(bracket + 2);
  if (hosted || owner.starts_with("hosted")) {
    run.self_hosted = evidence::Tri::no;
  } else if (owner.starts_with("organization") || owner.starts_with("repository") || owner.starts_with("enterprise")) {
    run.self_hosted = evidence::Tri::yes;
  }
}

}  // namespace

bool is_header(std::string_view body) {
  constexpr std::array<std::string_view, 6> starts{
      "Requested labels: ",       "Job defined at: ",  "Current runner version: '",
      "Waiting for a runner to ", "Found online and ", "Job is waiting for a hosted runner"};
  return std::any_of(starts.begin(), starts.end(), [&](std::string_view start) { return body.starts_with(start); });
}

bool runner_only(std::string_view body) {
  if (body.empty()) return false;
  switch (body[0]) {
    case 'C':
      return body.starts_with("Current runner version: '") || body.starts_with("Complete job name: ");
    case 'J':
      return body.starts_with("Job is about to start running on the ") ||
             (body.starts_with("Job defined at: ") && body.find("/.github/workflows/") != std::string_view::npos);
    case 'M':
      return body.starts_with("Machine name: '");
    case 'R':
      return body.starts_with("Runner name: '") || body.starts_with("Runner group name: '") ||
             body.starts_with("Requested labels: ");
    case 'S':
      return body == "Secret source: Actions" || body == "Secret source: None" || body == "Secret source: Dependabot";
    case 'T':
      return body.starts_with("Terminate orphan process: pid (");
    default:
      return false;
  }
}

bool allowed_at_end(std::string_view body) {
  body = trimmed(body);
  return body.empty() || body.starts_with("##[") || body == "Cleaning up orphan processes" ||
         body.starts_with("Evaluate and set ") || body.starts_with("Set output '") ||
         body.starts_with("Skip output '") || body.starts_with("Uploading runner diagnostic logs") ||
         body.starts_with("Completed runner diagnostic log");
}

bool read_header(const Line& line, Journal& journal) {
  std::string_view rest = line.text;
  evidence::LogRunRow& run = journal.run();
  if (take(rest, "Requested labels: ")) {
    journal.event(line, rest, {.kind = "labels-requested", .value = shown(rest)});
  } else if (take(rest, "Job defined at: ")) {
    definition(trimmed(rest), run);
  } else if (take(rest, "Job is about to start running on the hosted runner: ")) {
    started_on(trimmed(rest), true, run);
  } else if (take(rest, "Job is about to start running on the runner: ")) {
    started_on(trimmed(rest), false, run);
  } else if (take(rest, "Current runner version: ")) {
    journal.event(line, rest, {.kind = "runner-version", .value = shown(unquoted(rest))});
  } else if (take(rest, "Runner name: ")) {
    run.runner = shown(unquoted(rest));
  } else if (take(rest, "Runner group name: ")) {
    run.runner_group = shown(unquoted(rest));
  } else if (take(rest, "Machine name: ")) {
    journal.event(line, rest, {.kind = "machine", .name = shown(unquoted(rest))});
  } else if (take(rest, "Secret source: ")) {
    run.secret_source = shown(trimmed(rest));
  } else if (take(rest, "Complete job name: ")) {
    run.job = shown(trimmed(rest));
  } else if (take(rest, "Uses: ")) {
    const std::string_view reference = take_word(rest);
    std::string_view name = reference;
    std::string_view ref = name;
    name = take_until(ref, "@");
    const std::string_view commit = trimmed(rest);
    journal.event(line, reference,
                  {.kind = "workflow-called",
                   .ecosystem = "github",
                   .name = lower(name),
                   .version = std::string(ref),
                   .value = commit.size() > 41 && hex40(commit.substr(1)) ? std::string(commit.substr(1, 40)) : ""});
  } else if (rest.find("configured by the self-hosted runner administrator") != std::string_view::npos) {
    run.self_hosted = evidence::Tri::yes;
  } else {
    return false;
  }
  return true;
}

bool read_download(const Line& line, std::string_view rest, Journal& journal, std::string& key) {
  const std::string_view reference = take_until(rest, "'");
  if (!take(rest, " (SHA:") || !hex40(rest)) return false;
  const std::string_view commit = rest.substr(0, 40);
  std::string_view ref = reference;
  const std::string_view name = take_until(ref, "@");
  if (name.find('/') == std::string_view::npos) return false;
  key = lower(reference);
  journal.event(line, reference,
                {.kind = "action-resolved",
                 .ecosystem = "github",
                 .name = lower(name),
                 .version = std::string(ref),
                 .value = std::string(commit)});
  return true;
}

void read_action_package(const Line& line, std::string_view package, Journal& journal) {
  std::string_view rest = line.text;
  const bool commit = take(rest, "Source commit SHA: ");
  if (!commit && !take(rest, "Digest: ")) return;
  std::string_view ref = package;
  const std::string_view name = take_until(ref, "@");
  journal.event(line, rest,
                {.kind = commit ? "action-resolved" : "action-digest",
                 .ecosystem = "github",
                 .name = lower(name),
                 .version = std::string(ref),
                 .value = std::string(trimmed(rest))});
}

void read_permission(const Line& line, Journal& journal) {
  std::string_view level = trimmed(line.text);
  const std::string_view name = take_until(level, ": ");
  if (level != "read" && level != "write" && level != "none") return;
  journal.event(
      line, name,
      {.kind = "permission-granted", .ecosystem = "github", .name = lower(name), .value = std::string(level)});
}

void read_step_setting(const Line& line, bool environment, Journal& journal) {
  if (!line.text.starts_with("  ")) return;
  std::string_view value = trimmed(line.text);
  const std::string_view name = take_until(value, ": ");
  if (name.empty() || name.size() > 100) return;
  if (value == "***") {
    journal.event_once(line, name,
                       {.kind = environment ? "secret-in-environment" : "secret-in-input", .name = std::string(name)});
  } else if (!environment && (name == "ref" || name == "repository" || name == "key" || name == "restore-keys")) {
    journal.event_once(line, value, {.kind = "step-input", .name = std::string(name), .value = shown(value)});
  }
}

bool read_orphan(const Line& line, Journal& journal) {
  std::string_view rest = line.text;
  if (!take(rest, "Terminate orphan process: pid (")) return false;
  const std::string_view number = take_until(rest, ") (");
  const std::string_view name = take_until(rest, ")");
  journal.event(line, name, {.kind = "orphan-process", .name = shown(name), .value = shown(number)});
  return true;
}

std::string action_of(std::string_view heading) {
  heading = trimmed(heading);
  const std::size_t sign = heading.find('@');
  if (sign == std::string_view::npos || sign + 1 == heading.size() ||
      heading.find_first_of(" \t\"'`$(){}") != std::string_view::npos)
    return {};
  const std::string_view path = heading.substr(0, sign);
  if (path.starts_with('.') || path.starts_with('/') || !std::all_of(path.begin(), path.end(), action_character))
    return {};
  const std::size_t slash = path.find('/');
  if (slash == std::string_view::npos || slash + 1 >= path.size()) return {};
  return lower(path.substr(0, path.find('/', slash + 1))) + lower(heading.substr(sign));
}

evidence::Tri self_hosted(std::string_view runner, bool image_shown) {
  if (runner.starts_with("GitHub Actions ") || runner == "Hosted Agent") return evidence::Tri::no;
  if (image_shown) return runner.empty() ? evidence::Tri::no : evidence::Tri::not_examined;
  return runner.empty() ? evidence::Tri::not_examined : evidence::Tri::yes;
}

}  // namespace assay::buildlog

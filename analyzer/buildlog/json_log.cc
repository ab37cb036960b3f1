#include "analyzer/buildlog/json_log.h"

#include <unordered_map>

#include "analyzer/base/limits.h"
#include "analyzer/buildlog/json_lines.h"
#include "analyzer/formats/base64.h"

namespace assay::buildlog {
namespace {

using formats::JsonNode;

constexpr std::string_view blanks = " \t\r\n\xEF\xBB\xBF";
constexpr std::string_view cut = "the log is not well-formed JSON or says that it was cut";

System system_of_list(const JsonNode& root) {
  for (const JsonNode& one : root.items()) {
    const std::string_view type = one.at("type").string();
    if (one.at("message").exists() && one.at("time").is_string() && (type == "out" || type == "err"))
      return System::circleci;
    const bool numbered =
        one.at("pos").integer().has_value() || one.at("line").integer().has_value() || one.at("proc").is_string();
    if (numbered && (one.at("out").is_string() || one.at("data").is_string()) && one.at("time").exists())
      return System::drone;
    break;
  }
  return System::plain;
}

bool is_buildkit(const JsonNode& root) {
  for (const std::string_view list : {"vertexes", "logs", "statuses"}) {
    for (const JsonNode& one : root.at(list).items())
      return one.at("digest").is_string() || one.at("vertex").is_string();
  }
  return false;
}

void note(Transcript& log, std::string_view gap) {
  if (log.gaps.empty()) log.gaps.emplace_back(gap);
}

std::string unwrapped(const JsonNode& node, Transcript& log) {
  std::optional<std::string> text = formats::base64(node.string(), limits::max_archive_member_bytes);
  if (!text) note(log, "data of a message is not base64");
  return text.value_or(std::string());
}

void circleci(const JsonNode& root, Transcript& log) {
  for (const JsonNode& one : root.items()) {
    const JsonNode message = one.at("message");
    log.messages.push_back(
        {.at = message.span(), .text = std::string(message.string()), .time = std::string(one.at("time").string())});
    if (one.at("truncated").is_true()) note(log, cut);
  }
}

// Times are seconds since the step began: no moment can be told from them.
void drone(const JsonNode& root, Transcript& log) {
  for (const JsonNode& one : root.items()) {
    const JsonNode out = one.at("out");
    const std::string_view process = one.at("proc").string();
    if (!process.empty() && (log.headings.empty() || log.headings.back() != process)) log.add_heading(process);
    const JsonNode said = out.exists() ? out : one.at("data");
    log.messages.push_back({.at = said.span(),
                            .text = out.exists() ? std::string(out.string()) : unwrapped(said, log),
                            .step = process.empty() ? -1 : static_cast<std::int32_t>(log.headings.size()) - 1});
  }
}

void buildkit(std::string_view bytes, Transcript& log) {
  std::unordered_map<std::string, std::int32_t> steps;
  JsonLines lines(bytes);
  for (std::string_view text; lines.next(text);) {
    const formats::JsonTree tree(text);
    if (!tree.well_formed()) note(log, cut);
    for (const JsonNode& vertex : tree.root().at("vertexes").items()) {
      const std::string_view name = vertex.at("name").string();
      const auto [step, fresh] = steps.emplace(std::string(vertex.at("digest").string()), 0);
      if (fresh) {
        step->second = log.add_heading(name);
        const std::size_t run = name.find("] RUN ");
        log.messages.push_back(
            {.at = lines.moved(vertex.at("name").span()),
             .text = run == std::string_view::npos ? std::string() : std::string(name.substr(run + 6)),
             .time = std::string(vertex.at("started").string()),
             .step = step->second,
             .speech = Speech::command});
      }
      if (!vertex.at("error").string().empty())
        log.messages.push_back({.at = lines.moved(vertex.at("error").span()),
                                .text = "ERROR: " + std::string(vertex.at("error").string()),
                                .step = step->second});
    }
    for (const JsonNode& one : tree.root().at("logs").items()) {
      const auto step = steps.find(std::string(one.at("vertex").string()));
      log.messages.push_back({.at = lines.moved(one.at("data").span()),
                              .text = unwrapped(one.at("data"), log),
                              .time = std::string(one.at("timestamp").string()),
                              .step = step == steps.end() ? -1 : step->second});
    }
  }
}

}  // namespace

bool looks_like_json_log(std::string_view head) {
  const std::size_t first = head.find_first_not_of(blanks);
  if (first == std::string_view::npos) return false;
  if (head[first] == '[') {
    if (head.find("\"time\"") == std::string_view::npos) return false;
    return system_of_list(formats::JsonTree(head).root()) != System::plain;
  }
  if (head[first] != '{' ||
      (head.find("\"vertexes\"") == std::string_view::npos && head.find("\"logs\"") == std::string_view::npos))
    return false;
  const std::string_view rest = head.substr(first);
  return is_buildkit(formats::JsonTree(rest.substr(0, rest.find('\n'))).root());
}

Transcript read_json_log(std::string_view bytes) {
  Transcript log;
  const std::size_t first = bytes.find_first_not_of(blanks);
  if (first != std::string_view::npos && bytes[first] == '[') {
    const formats::JsonTree tree(bytes);
    log.system = system_of_list(tree.root());
    if (!tree.well_formed()) note(log, cut);
    log.system == System::drone ? drone(tree.root(), log) : circleci(tree.root(), log);
  } else {
    log.system = System::buildkit;
    buildkit(bytes, log);
  }
  return log;
}

}  // namespace assay::buildlog

#include "analyzer/buildlog/bazel_events.h"

#include <array>

#include "analyzer/buildlog/json_lines.h"

namespace assay::buildlog {
namespace {

using formats::JsonNode;

// One command line as a person would write it.
std::string joined(const JsonNode& words) {
  std::string out;
  for (const JsonNode& word : words.items()) {
    if (!out.empty()) out += ' ';
    out += word.string();
  }
  return out;
}

class Events {
 public:
  explicit Events(Transcript& log) : log_(log) {}

  void read(const JsonNode& event, const JsonLines& lines) {
    const JsonNode id = event.at("id");
    if (const JsonNode started = event.at("started"); started.is_object()) {
      log_.run = started.at("uuid").string().substr(0, 200);
      said(started.at("optionsDescription"), lines, -1, Speech::printed);
    }
    if (const JsonNode progress = event.at("progress"); progress.is_object()) {
      said(progress.at("stdout"), lines, -1, Speech::printed);
      said(progress.at("stderr"), lines, -1, Speech::printed);
    }
    if (const JsonNode action = event.at("action"); action.is_object()) act(id.at("actionCompleted"), action, lines);
    if (id.at("fetch").is_object()) said(id.at("fetch").at("url"), lines, -1, Speech::fetched);
    if (id.at("structuredCommandLine").at("commandLineLabel").string() == "original")
      original(event.at("structuredCommandLine"), lines);
    if (const JsonNode status = event.at("testSummary").at("overallStatus"); status.is_string())
      add(status, lines, std::string(id.at("testSummary").at("label").string()) + " " + std::string(status.string()),
          -1, Speech::printed);
    if (const JsonNode code = event.at("finished").at("exitCode"); code.at("name").is_string()) {
      const std::string_view name = code.at("name").string();
      if (name != "SUCCESS") add(code.at("name"), lines, "ERROR: " + std::string(name), -1, Speech::printed);
      finished_ = true;
    }
  }
  bool finished() const { return finished_; }

 private:
  void add(const JsonNode& where, const JsonLines& lines, std::string text, std::int32_t step, Speech speech) {
    log_.messages.push_back({.at = lines.moved(where.span()), .text = std::move(text), .step = step, .speech = speech});
  }
  void said(const JsonNode& node, const JsonLines& lines, std::int32_t step, Speech speech) {
    if (!node.string().empty()) add(node, lines, std::string(node.string()), step, speech);
  }
  void act(const JsonNode& id, const JsonNode& action, const JsonLines& lines) {
    const std::int32_t step =
        log_.add_heading(std::string(action.at("type").string()) + " " + std::string(id.at("label").string()));
    const JsonNode words = action.at("commandLine");
    if (words.size() > 0) add(words, lines, joined(words), step, Speech::command);
    if (const JsonNode code = action.at("exitCode"); code.integer().value_or(0) != 0)
      add(code, lines, "ERROR: exit code " + std::string(code.text()), step, Speech::printed);
  }
  // {"sections": [{"sectionLabel": "executable", "chunkList": {"chunk": ["bazel"]}}, {"optionList": {"option":
  // [{"combinedForm": "--x"}]}}]}
  void original(const JsonNode& line, const JsonLines& lines) {
    std::string text;
    for (const JsonNode& section : line.at("sections").items()) {
      for (const JsonNode& chunk : section.at("chunkList").at("chunk").items())
        text += std::string(chunk.string()) + " ";
      for (const JsonNode& option : section.at("optionList").at("option").items())
        text += std::string(option.at("combinedForm").string()) + " ";
    }
    if (!text.empty()) add(line.at("sections"), lines, std::move(text), -1, Speech::command);
  }

  Transcript& log_;
  bool finished_ = false;
};

}  // namespace

bool looks_like_bazel_events(std::string_view head) {
  const std::size_t first = head.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
  if (first == std::string_view::npos || !head.substr(first).starts_with("{\"id\":{")) return false;
  const std::string_view rest = head.substr(first);
  const formats::JsonTree tree(rest.substr(0, rest.find('\n')));
  constexpr std::array<std::string_view, 9> kinds{"started",          "progress",        "buildMetadata",
                                                  "optionsParsed",    "actionCompleted", "structuredCommandLine",
                                                  "targetConfigured", "pattern",         "unstructuredCommandLine"};
  for (const auto& [kind, value] : tree.root().at("id").members()) {
    for (const std::string_view known : kinds) {
      if (kind.text() == known && value.is_object()) return true;
    }
    break;
  }
  return false;
}

Transcript read_bazel_events(std::string_view bytes) {
  Transcript log;
  log.system = System::bazel;
  Events events(log);
  bool well_formed = true;
  JsonLines lines(bytes);
  for (std::string_view line; lines.next(line);) {
    const formats::JsonTree tree(line);
    well_formed = well_formed && tree.well_formed();
    events.read(tree.root(), lines);
  }
  if (!well_formed) log.gaps.emplace_back("an event is not well-formed JSON");
  if (!events.finished()) log.gaps.emplace_back("the events end before the build does");
  return log;
}

}  // namespace assay::buildlog

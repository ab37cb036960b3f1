#include "analyzer/pipeline/commands.h"

#include <algorithm>
#include <initializer_list>

#include "analyzer/base/limits.h"
#include "analyzer/pipeline/command_kinds.h"
#include "analyzer/pipeline/command_words.h"

namespace assay::pipeline {

using namespace words;

namespace {

std::string program_name(std::string_view word) {
  if (const std::size_t slash = word.find_last_of("/\\"); slash != std::string_view::npos)
    word.remove_prefix(slash + 1);
  if (word.size() > 4 && word[word.size() - 4] == '.') {
    const std::string end = lower(word.substr(word.size() - 4));
    if (in(end, {".exe", ".cmd", ".bat"})) word.remove_suffix(4);
  }
  const bool cmdlet = word.find('-') != std::string_view::npos && !word.empty() && word[0] >= 'A' && word[0] <= 'Z';
  return cmdlet ? lower(word) : std::string(word);
}

// Skips sudo, env, timeout and the like with their options; returns the index of the real program.
std::size_t past_wrappers(const std::vector<formats::ShellWord>& words) {
  std::size_t at = 0;
  for (int i = 0; i < 6 && at < words.size(); ++i) {
    const std::string name = program_name(words[at].text);
    if (!in(name, {"sudo", "env", "command", "exec", "nohup", "nice", "stdbuf", "timeout", "builtin", "doas",
                   "xvfb-run", "retry", "eatmydata"}))
      break;
    std::size_t next = at + 1;
    while (next < words.size()) {
      const std::string& word = words[next].text;
      const bool assignment = word.find('=') != std::string::npos && word[0] != '-' && name != "timeout";
      const bool takes_value = in(word, {"-u", "-g", "-n", "-s", "-k", "-C"}) && name != "command";
      if (takes_value) {
        next += 2;
      } else if ((!word.empty() && word[0] == '-') || assignment) {
        ++next;
      } else {
        break;
      }
    }
    if (name == "timeout") ++next;
    if (next >= words.size()) break;
    at = next;
  }
  return at;
}

}  // namespace

CommandFacts describe(const formats::ShellCommand& command) {
  CommandFacts facts;
  if (command.words.empty()) return facts;
  const std::size_t at = past_wrappers(command.words);
  const std::string& written = command.words[at].text;
  facts.program = program_name(written);
  facts.written = written;
  for (std::size_t i = at + 1; i < command.words.size(); ++i) facts.arguments.push_back(command.words[i].text);
  facts.installs = installer(facts.program, facts.arguments);
  facts.downloads = download(facts.program, facts.arguments);
  facts.publishes = publication(facts.program, facts.arguments);
  facts.runs_workspace = pipeline::runs_workspace(facts.program, written, facts.arguments);
  return facts;
}

std::string json_array(const std::vector<std::string>& words) {
  std::string out = "[";
  for (const std::string& word : words) {
    out += out.size() > 1 ? ",\"" : "\"";
    for (const char c : word) {
      if (c == '"' || c == '\\') {
        out += '\\';
        out += c;
      } else if (static_cast<unsigned char>(c) < 0x20) {
        constexpr std::string_view digits = "0123456789abcdef";
        out += "\\u00";
        out += digits[static_cast<unsigned char>(c) >> 4];
        out += digits[static_cast<unsigned char>(c) & 15];
      } else {
        out += c;
      }
    }
    out += '"';
  }
  return out + "]";
}

evidence::CommandRow command_row(const formats::ShellCommand& command, const CommandFacts& facts,
                                 std::string_view script) {
  evidence::CommandRow row;
  row.program = facts.program;
  row.arguments = json_array(facts.arguments);
  row.text = script.substr(command.begin, command.end - command.begin);
  for (char& c : row.text) {
    if (c == '\n' || c == '\r') c = ' ';
  }
  row.pipeline = command.pipeline;
  row.pipe_position = command.pipe_position;
  row.on_failure = evidence::tri(command.after_or);
  row.installs = facts.installs;
  row.downloads = facts.downloads;
  row.publishes = evidence::tri(!facts.publishes.empty());
  row.runs_workspace = evidence::tri(facts.runs_workspace);
  return row;
}

}  // namespace assay::pipeline

#include "analyzer/buildlog/commands.h"

#include <algorithm>
#include <array>
#include <string>

#include "analyzer/buildlog/address.h"
#include "analyzer/buildlog/checkout.h"
#include "analyzer/buildlog/compile_lines.h"

namespace assay::buildlog {
namespace {

// Programs whose use in a build a judge may care about.
constexpr auto telling_programs = std::to_array<std::string_view>(
    {"apt",        "apt-get",  "aws",     "az",         "base32",   "base64", "bash",   "bun",     "bundle",
     "bunx",       "cargo",    "chmod",   "cmd",        "composer", "conda",  "cosign", "crontab", "curl",
     "dash",       "dd",       "deno",    "docker",     "dotnet",   "env",    "eval",   "gcloud",  "gem",
     "gh",         "git",      "go",      "goreleaser", "gpg",      "gradle", "gunzip", "gzip",    "helm",
     "iex",        "iwr",      "kubectl", "mvn",        "nc",       "ncat",   "node",   "nohup",   "npm",
     "npx",        "nslookup", "openssl", "perl",       "pip",      "pip3",   "pnpm",   "podman",  "poetry",
     "powershell", "printenv", "pwsh",    "python",     "python3",  "ruby",   "sed",    "sh",      "sha256sum",
     "shasum",     "ssh",      "sudo",    "tee",        "twine",    "uv",     "wget",   "xxd",     "yarn",
     "zsh"});
static_assert(std::is_sorted(telling_programs.begin(), telling_programs.end()));

bool telling(std::string_view program) {
  return std::binary_search(telling_programs.begin(), telling_programs.end(), program);
}

bool is_assignment(std::string_view word) {
  const std::size_t sign = word.find('=');
  if (sign == std::string_view::npos || sign == 0) return false;
  return std::all_of(word.begin(), word.begin() + static_cast<std::ptrdiff_t>(sign), [](char c) {
    return c == '_' || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  });
}

bool word_in(std::string_view text, std::string_view word) {
  for (std::size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    const auto part = [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
             c == '.';
    };
    const bool begins = at == 0 || !part(text[at - 1]);
    const bool ends = at + word.size() == text.size() || !part(text[at + word.size()]);
    if (begins && ends) return true;
  }
  return false;
}

bool fetches(std::string_view text) {
  return word_in(text, "curl") || word_in(text, "wget") || word_in(text, "iwr") || word_in(text, "Invoke-WebRequest") ||
         word_in(text, "Invoke-RestMethod");
}

constexpr auto interpreters =
    std::to_array<std::string_view>({"sh", "bash", "zsh", "dash", "python", "python3", "node", "perl", "ruby", "iex",
                                     "pwsh", "powershell", "deno", "bun"});

bool is_interpreter(std::string_view program) {
  return std::find(interpreters.begin(), interpreters.end(), program) != interpreters.end();
}

// "curl … | sh", "bash <(curl …)", "sh -c "$(curl …)"", "iwr … | iex": the interpreter, "" when the download is not
// run.
std::string_view runs_download(std::string_view command) {
  if (!fetches(command)) return {};
  std::string_view rest = command;
  const std::string_view head = take_until(rest, "|");
  if (fetches(head)) {
    while (!rest.empty()) {
      const std::string_view stage = take_until(rest, "|");
      const std::string_view program = program_of(stage);
      if (is_interpreter(program) || program == "IEX") return program;
    }
  }
  const std::string_view program = program_of(command);
  const bool substituted =
      command.find("<(curl") != std::string_view::npos || command.find("<(wget") != std::string_view::npos ||
      command.find("$(curl") != std::string_view::npos || command.find("$(wget") != std::string_view::npos ||
      command.find("`curl") != std::string_view::npos || command.find("`wget") != std::string_view::npos;
  if (substituted && (is_interpreter(program) || program == "source" || program == "." || program == "eval"))
    return program;
  return {};
}

}  // namespace

std::string_view program_of(std::string_view command) {
  for (int words = 0; words < 16; ++words) {
    std::string_view word = take_word(command);
    if (word.empty()) return {};
    if (is_assignment(word) || word.starts_with('-')) continue;
    while (!word.empty() && (word.front() == '"' || word.front() == '\'' || word.front() == '(')) word.remove_prefix(1);
    while (!word.empty() && (word.back() == '"' || word.back() == '\'' || word.back() == ';')) word.remove_suffix(1);
    const std::size_t slash = word.find_last_of("/\\");
    if (slash != std::string_view::npos) word = word.substr(slash + 1);
    if (word.ends_with(".exe")) word.remove_suffix(4);
    if ((word == "sudo" || word == "time" || word == "exec" || word == "command" || word == "env" || word == "nohup") &&
        !trimmed(command).empty())
      continue;
    return word;
  }
  return {};
}

void read_command(const Line& line, std::string_view command, CommandSource source, Journal& journal) {
  command = trimmed(command);
  if (command.empty() || command[0] == '#') return;
  const std::string_view program = program_of(command);
  if (program.empty() || program.size() > 100) return;
  if (is_compiler(program)) read_compilation(line, command, journal);
  if ((source == CommandSource::trace || source == CommandSource::echo) && !telling(program)) return;
  const std::string_view kept = command.substr(0, 1'000);
  journal.event_once(line, command, {.kind = "command", .name = std::string(program), .value = shown(kept)});
  const std::string_view limited = command.substr(0, 8'000);
  const bool network = fetches(limited);
  if (program == "git" || program == "gh") read_git_command(line, limited, journal);
  const bool clone =
      program == "git" && (word_in(limited, "clone") || word_in(limited, "fetch") || word_in(limited, "remote"));
  if (network || clone) {
    int addresses = 0;
    for (std::size_t at = limited.find("://"); at != std::string_view::npos && ++addresses < 20;
         at = limited.find("://", at + 3)) {
      Address address;
      if (address_at(limited, at, address)) contacted(line, address, network ? "curl" : "git", journal);
    }
  }
  if (!network) return;
  if (const std::string_view interpreter = runs_download(limited); !interpreter.empty()) {
    Address address;
    const bool found = first_address(limited, address);
    journal.event_once(line, command,
                       {.kind = "remote-script",
                        .name = std::string(interpreter),
                        .value = found ? address.url : "",
                        .host = found ? address.host : ""});
  }
}

void read_echoed_command(const Line& line, std::string_view text, Journal& journal) {
  if (take(text, "$ ")) {
    read_command(line, text, CommandSource::echo, journal);
    return;
  }
  std::size_t depth = 0;
  while (depth < text.size() && text[depth] == '+') ++depth;
  if (depth < text.size() && text[depth] == ' ')
    read_command(line, text.substr(depth + 1), CommandSource::trace, journal);
}

}  // namespace assay::buildlog

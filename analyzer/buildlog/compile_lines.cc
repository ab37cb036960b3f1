#include "analyzer/buildlog/compile_lines.h"

#include <algorithm>
#include <array>
#include <string>

#include "analyzer/buildlog/commands.h"
#include "analyzer/buildlog/tools.h"

namespace assay::buildlog {
namespace {

constexpr std::size_t max_words = 4'000;

constexpr auto compilers =
    std::to_array<std::string_view>({"c++", "cc", "cl", "clang", "clang++", "clang-cl", "csc", "g++", "gcc", "gfortran",
                                     "javac", "ld", "ld.lld", "link", "lld", "mold", "rustc", "vbc"});
static_assert(std::is_sorted(compilers.begin(), compilers.end()));

constexpr auto sources = std::to_array<std::string_view>(
    {".S", ".c", ".c++", ".cc", ".cpp", ".cs", ".cxx", ".java", ".m", ".mm", ".rs", ".s", ".vb"});

// Options with an argument in the same word, after '=' or ',' or at once, and in the next word.
constexpr auto joined = std::to_array<std::string_view>(
    {"-fplugin=", "-specs=", "--specs=", "-Wl,-force_load,", "-Wl,--plugin,", "--plugin="});
constexpr auto separate =
    std::to_array<std::string_view>({"-include", "-imacros", "-wrapper", "-B", "-load", "-force_load", "-plugin"});

bool is_source(std::string_view word) {
  return std::any_of(sources.begin(), sources.end(),
                     [&](std::string_view suffix) { return word.size() > suffix.size() && word.ends_with(suffix); });
}

std::string_view unquoted(std::string_view word) {
  while (!word.empty() && (word.front() == '"' || word.front() == '\'')) word.remove_prefix(1);
  while (!word.empty() && (word.back() == '"' || word.back() == '\'')) word.remove_suffix(1);
  return word;
}

void option(const Line& line, std::string_view part, std::string_view name, std::string_view value, Journal& journal) {
  value = unquoted(value);
  if (!value.empty())
    journal.event_once(line, part, {.kind = "compiler-option", .name = std::string(name), .value = shown(value)});
}

// "libtool: compile:  gcc …", "libtool: link: gcc …"
void libtool(const Line& line, std::string_view rest, Journal& journal) {
  if (take(rest, "compile:") || take(rest, "link:")) read_compilation(line, trimmed(rest), journal);
}

void bare(const Line& line, std::string_view, Journal& journal) {
  read_compilation(line, trimmed(line.text), journal);
}

constexpr ToolPrefix table[] = {
    {"gcc ", bare},          {"g++ ", bare},          {"cc ", bare},           {"c++ ", bare},
    {"clang ", bare},        {"clang++ ", bare},      {"ld ", bare},           {"javac ", bare},
    {"rustc ", bare},        {"gcc-", bare},          {"g++-", bare},          {"clang-", bare},
    {"x86_64-", bare},       {"aarch64-", bare},      {"arm-", bare},          {"/usr/bin/cc ", bare},
    {"/usr/bin/c++ ", bare}, {"/usr/bin/gcc ", bare}, {"/usr/bin/g++ ", bare}, {"/usr/bin/clang", bare},
    {"/usr/bin/ld ", bare},  {"ccache ", bare},       {"libtool: ", libtool},
};

}  // namespace

bool is_compiler(std::string_view program) {
  // A version behind, a target before.
  const std::size_t digit = program.find_last_not_of("0123456789.");
  if (digit != std::string_view::npos && digit + 1 < program.size() && program[digit] == '-')
    program = program.substr(0, digit);
  if (std::binary_search(compilers.begin(), compilers.end(), program)) return true;
  const std::size_t dash = program.rfind('-');
  return dash != std::string_view::npos &&
         std::binary_search(compilers.begin(), compilers.end(), program.substr(dash + 1)) &&
         std::count(program.begin(), program.end(), '-') >= 2;
}

void read_compilation(const Line& line, std::string_view command, Journal& journal) {
  take(command, "ccache ");
  const std::string_view program = program_of(command);
  if (!is_compiler(program)) return;
  std::string_view rest = command;
  take_word(rest);
  std::string_view before;
  for (std::size_t words = 0; words < max_words; ++words) {
    const std::string_view word = take_word(rest);
    if (word.empty()) return;
    const auto whole = std::find(separate.begin(), separate.end(), before);
    if (whole != separate.end()) {
      option(line, word, *whole, word, journal);
    } else if (word.starts_with('-')) {
      for (const std::string_view name : joined) {
        if (word.starts_with(name))
          option(line, word, name.substr(0, name.size() - 1), word.substr(name.size()), journal);
      }
    } else if (before != "-o" && before != "-MF" && before != "-MT" && before != "-MQ" && is_source(unquoted(word))) {
      journal.event_once(line, word,
                         {.kind = "compiled", .name = shown(unquoted(word)), .value = std::string(program)});
    }
    before = word;
  }
}

ToolTable compile_lines() {
  return {table, std::size(table)};
}

}  // namespace assay::buildlog

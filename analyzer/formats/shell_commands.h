#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace assay::formats {

enum class ShellDialect : std::uint8_t { posix, powershell, batch };

// One word after quote removal. Expansions ($x, $(…), `…`, ${{ … }}) stay in it as written.
struct ShellWord {
  std::string text;
  std::size_t begin = 0;  // bytes of the script, quotes included
  std::size_t end = 0;
  bool expands = false;  // something in it is replaced at run time
  bool quoted = false;   // all of it stands in quotes
};

struct ShellRedirect {
  std::string sign;  // > >> < <<< 2> &> …
  std::string target;
};

// A simple command: words without leading assignments and keywords.
struct ShellCommand {
  std::vector<ShellWord> words;
  std::vector<ShellRedirect> redirects;
  std::vector<ShellWord> assignments;  // NAME=value before the first word
  std::size_t begin = 0;               // first word or assignment
  std::size_t end = 0;                 // after the last word or redirection
  std::uint32_t pipeline = 0;          // equal for commands joined by |
  std::uint32_t pipe_position = 0;
  bool substituted = false;   // stands inside $(…), `…` or <(…)
  bool after_or = false;      // stands behind ||
  std::string here_document;  // body given by <<
};

struct ShellScript {
  std::vector<ShellCommand> commands;  // those inside substitutions after the command they stand in
  bool complete = true;                // false when a cap was hit or a quote never closes
};

// Splits a script into its commands: quotes, escapes, continuation lines, comments, heredocs, pipes, lists, subshells,
// case patterns, function definitions, command and process substitution (to 8 levels). It resolves no variables and no
// aliases. The grammar is POSIX.1-2017 XCU chapter 2 with bash's additions; PowerShell and cmd are read by the same
// splitter with their own escape, comment and continuation signs, which is enough to know the programs and arguments.
// GitHub's ${{ … }} is part of a word whatever stands in it. Total, linear apart from the nesting of substitutions.
ShellScript split_shell(std::string_view script, ShellDialect dialect = ShellDialect::posix);

}  // namespace assay::formats

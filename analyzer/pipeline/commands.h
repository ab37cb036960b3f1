#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "analyzer/evidence/rows.h"
#include "analyzer/formats/shell_commands.h"

namespace assay::pipeline {

// What one command does to a supply chain, as far as its words tell.
struct CommandFacts {
  std::string program;  // without directory and extension .exe/.cmd, lower case for PowerShell's cmdlets; wrappers
                        // (sudo, env, exec, timeout …) removed
  std::string written;  // the program's word with directory and extension
  std::vector<std::string> arguments;  // after the program
  std::string installs;                // package manager whose packages it installs: npm, pip, gem, …
  std::string downloads;               // what it fetches over the network, as written
  std::string publishes;               // what it publishes: package, image, release, branch; '' for nothing
  bool runs_workspace = false;         // it executes files of the workspace
};

// Never fails; a command without words gives an empty program.
CommandFacts describe(const formats::ShellCommand& command);

// The row of evidence, without `at`, links and origin. `text` is the command as written, made one line.
evidence::CommandRow command_row(const formats::ShellCommand& command, const CommandFacts& facts,
                                 std::string_view script);

// The words as a JSON array.
std::string json_array(const std::vector<std::string>& words);

}  // namespace assay::pipeline

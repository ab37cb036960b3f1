#pragma once

#include <string>
#include <utility>

namespace assay {

// What went wrong, in the terms a user can act on. Every value decides an exit code or a coverage line, never a message
// alone.
enum class ErrorCode {
  io,           // the operating system refused: missing, unreadable, not a file
  limit,        // a cap of base/limits.h was hit; `message` names it
  syntax,       // the bytes are not what their format demands
  unsupported,  // understood, but of a kind Assay does not read
  usage,        // the command line or a configuration file is wrong
  rule,         // a rule is invalid
  internal,     // a fact no input should break was broken
};

// An expected failure. `where` names the file and, when known, the place in it ("rules/a.yaml:12:3"); `message` says
// what is wrong and what to do, without the place. Libraries return it and never print it.
struct Error {
  ErrorCode code = ErrorCode::internal;
  std::string message;
  std::string where;

  std::string text() const { return where.empty() ? message : where + ": " + message; }
};

}  // namespace assay

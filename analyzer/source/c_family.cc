#include "analyzer/source/c_family.h"

#include <unistd.h>

#include <array>

#include "analyzer/base/find_literal.h"
#include "analyzer/source/c_answer.h"
#include "analyzer/source/worker_process.h"

namespace assay::source {
namespace {

bool blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

// What stands before `offset`, blanks and underscores passed over.
char before(std::string_view text, std::size_t offset) {
  while (offset > 0 && (blank(text[offset - 1]) || text[offset - 1] == '_')) --offset;
  return offset > 0 ? text[offset - 1] : '\0';
}

bool within(std::string_view text, std::size_t offset, std::size_t distance, std::string_view wanted) {
  const std::size_t begin = offset > distance ? offset - distance : 0;
  return text.substr(begin, offset - begin).find(wanted) != std::string_view::npos;
}

template <class Judge>
bool any(std::string_view text, std::string_view literal, Judge judge) {
  for (std::size_t at = find_literal(text, literal); at != std::string_view::npos;
       at = find_literal(text, literal, at + literal.size())) {
    if (judge(at)) return true;
  }
  return false;
}

}  // namespace

CWorker CWorker::beside_this_program() {
  std::array<char, 4096> path{};
  const ssize_t length = readlink("/proc/self/exe", path.data(), path.size());
  if (length <= 0) return {};
  std::string folder(path.data(), static_cast<std::size_t>(length));
  for (int i = 0; i < 2; ++i) {
    folder.resize(folder.find_last_of('/') == std::string::npos ? 0 : folder.find_last_of('/'));
    const std::string program = folder + "/assay-c-facts";
    if (access(program.c_str(), X_OK) == 0) return {.program = program};
  }
  return {};
}

bool wants_c_parse(std::string_view text) {
  return any(text, "ifunc",
             [&](std::size_t at) {
               std::string_view rest = text.substr(at + 5, 8);
               while (rest.starts_with('_') || rest.starts_with(' ')) rest.remove_prefix(1);
               return rest.starts_with("(\"") || rest.starts_with("( \"") || rest.starts_with("(#");
             }) ||
         any(text, "constructor",
             [&](std::size_t at) {
               const char c = before(text, at);
               return (c == '(' || c == ',' || c == ':') &&
                      (within(text, at, 120, "__attribute") || within(text, at, 40, "[[gnu"));
             }) ||
         any(text, ".init_array",
             [&](std::size_t at) { return at > 0 && text[at - 1] == '"' && within(text, at, 60, "section"); }) ||
         find_literal(text, ".CRT$X") != std::string_view::npos;
}

ReadOutcome read_c_family(const intake::Input& input, evidence::Rows& rows, const CWorker& worker) {
  ReadOutcome outcome;
  if (worker.program.empty()) {
    outcome.partly("not parsed as C or C++: the program assay-c-facts is missing");
    return outcome;
  }
  const bool is_c = input.artifact.language == Language::c;
  // Only the language matters to the worker; the real name could be anything.
  const WorkerResult result = run_worker(worker.program, is_c ? "input.c" : "input.cc", input.bytes, worker.seconds,
                                         limits::max_native_answer_bytes);
  const bool whole = read_c_answer(result.output, rows);
  if (!result.problem.empty()) {
    outcome.partly("not parsed as C or C++ to the end: " + result.problem);
  } else if (!whole) {
    outcome.partly("not parsed as C or C++ to the end: the worker's answer is incomplete");
  }
  return outcome;
}

}  // namespace assay::source

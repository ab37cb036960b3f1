#include "analyzer/source/c_family.h"

#include <unistd.h>

#include <deque>
#include <nlohmann/json.hpp>
#include <set>

#include "analyzer/source/plain_text.h"
#include "analyzer/source/worker_process.h"

namespace assay::source {
namespace {

using nlohmann::json;

constexpr std::size_t max_answer = std::size_t{16} << 20;
constexpr std::size_t max_functions = 50'000;

struct Special {
  std::string name;
  std::string kind;
  evidence::LocationId at = 0;
};

struct Use {
  std::string callee;
  std::string capability;
};

struct Facts {
  std::vector<Special> special;
  std::map<std::string, std::vector<std::string>, std::less<>> edges;
  std::map<std::string, std::vector<Use>, std::less<>> uses;
  bool ended = false;
};

std::string text_of(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::uint32_t number_of(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_number_unsigned()
             ? static_cast<std::uint32_t>(std::min<std::uint64_t>(found->get<std::uint64_t>(), 1U << 30U))
             : 0;
}

evidence::Tri tri_of(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_boolean() ? evidence::tri(found->get<bool>()) : evidence::Tri::not_examined;
}

evidence::LocationId place_of(const json& object, evidence::Rows& rows) {
  const std::uint32_t line = number_of(object, "line");
  const std::uint32_t column = number_of(object, "column");
  if (line == 0 || column == 0) return rows.whole();
  return rows.locate({{line, column}, {line, std::max(column, number_of(object, "end_column"))}});
}

void take(const json& fact, evidence::Rows& rows, Facts& facts) {
  const std::string what = text_of(fact, "fact");
  if (what == "symbol") {
    const evidence::LocationId at = place_of(fact, rows);
    facts.special.push_back({text_of(fact, "name"), text_of(fact, "kind"), at});
    rows.add(evidence::SymbolRow{
        .at = at, .name = text_of(fact, "name"), .kind = text_of(fact, "kind"), .detail = text_of(fact, "detail")});
  } else if (what == "edge") {
    facts.edges[text_of(fact, "from")].push_back(text_of(fact, "to"));
  } else if (what == "call") {
    facts.uses[text_of(fact, "caller")].push_back({text_of(fact, "callee"), text_of(fact, "capability")});
    rows.add(evidence::CallRow{.at = place_of(fact, rows),
                               .caller = text_of(fact, "caller"),
                               .callee = text_of(fact, "callee"),
                               .capability = text_of(fact, "capability"),
                               .literal_argument = tri_of(fact, "literal"),
                               .macro_hidden = tri_of(fact, "hidden")});
  } else if (what == "end") {
    facts.ended = true;
  }
}

// Breadth first, so that the shortest way is the one shown; each function once.
void follow(const Special& start, const Facts& facts, evidence::Rows& rows) {
  std::map<std::string_view, std::string_view> came_from{{start.name, {}}};
  std::deque<std::string_view> next{start.name};
  std::set<std::pair<std::string_view, std::string_view>> told;
  while (!next.empty() && came_from.size() < max_functions) {
    const std::string_view function = next.front();
    next.pop_front();
    if (const auto uses = facts.uses.find(function); uses != facts.uses.end()) {
      for (const Use& use : uses->second) {
        if (!told.insert({use.capability, use.callee}).second) continue;
        std::string through;
        for (std::string_view at = function;
             at != start.name && !at.empty() && through.size() < limits::max_line_bytes_shown; at = came_from[at]) {
          through = through.empty() ? std::string(at) : std::string(at) + " > " + through;
        }
        rows.add(evidence::ReachRow{.at = start.at,
                                    .symbol = start.name,
                                    .kind = start.kind,
                                    .capability = use.capability,
                                    .callee = use.callee,
                                    .through = through});
      }
    }
    if (const auto edges = facts.edges.find(function); edges != facts.edges.end()) {
      for (const std::string& to : edges->second) {
        if (came_from.emplace(to, function).second) next.push_back(to);
      }
    }
  }
}

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
         text.find(".CRT$X") != std::string_view::npos;
}

ReadOutcome read_c_family(const intake::Input& input, evidence::Rows& rows, const CWorker& worker) {
  ReadOutcome outcome;
  if (worker.program.empty()) {
    outcome.partly("not parsed as C or C++: the program assay-c-facts is missing");
    return outcome;
  }
  const bool is_c = input.artifact.language == Language::c;
  // Only the language matters to the worker; the real name could be anything.
  const WorkerResult result =
      run_worker(worker.program, is_c ? "input.c" : "input.cc", input.bytes, worker.seconds, max_answer);
  Facts facts;
  std::size_t garbage = 0;
  for (std::size_t at = 0; at < result.output.size();) {
    const std::size_t feed = std::min(result.output.find('\n', at), result.output.size());
    const json fact = json::parse(result.output.begin() + static_cast<std::ptrdiff_t>(at),
                                  result.output.begin() + static_cast<std::ptrdiff_t>(feed), nullptr, false);
    if (fact.is_object()) {
      take(fact, rows, facts);
    } else {
      ++garbage;
    }
    at = feed + 1;
  }
  const std::size_t starts = std::min(facts.special.size(), limits::max_matches_per_file);
  for (std::size_t i = 0; i < starts; ++i) follow(facts.special[i], facts, rows);
  if (!result.problem.empty()) {
    outcome.partly("not parsed as C or C++ to the end: " + result.problem);
  } else if (!facts.ended || garbage > 0 || starts < facts.special.size()) {
    outcome.partly("not parsed as C or C++ to the end: the worker's answer is incomplete");
  }
  return outcome;
}

}  // namespace assay::source

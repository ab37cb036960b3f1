#include "analyzer/source/c_answer.h"

#include <algorithm>
#include <deque>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "analyzer/base/limits.h"

namespace assay::source {
namespace {

using nlohmann::json;

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

}  // namespace

bool read_c_answer(std::string_view answer, evidence::Rows& rows) {
  Facts facts;
  std::size_t garbage = 0;
  while (!answer.empty()) {
    const std::string_view line = answer.substr(0, answer.find('\n'));
    const json fact = json::parse(line.begin(), line.end(), nullptr, false);
    if (fact.is_object()) {
      take(fact, rows, facts);
    } else {
      ++garbage;
    }
    answer.remove_prefix(std::min(line.size() + 1, answer.size()));
  }
  const std::size_t starts = std::min(facts.special.size(), limits::max_matches_per_file);
  for (std::size_t i = 0; i < starts; ++i) follow(facts.special[i], facts, rows);
  return facts.ended && garbage == 0 && starts == facts.special.size();
}

}  // namespace assay::source

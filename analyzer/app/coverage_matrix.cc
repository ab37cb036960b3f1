#include "analyzer/app/coverage_matrix.h"

#include <fmt/format.h>

#include <array>
#include <map>
#include <set>

namespace assay::app {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 15> families = {{
    {"account-takeover", "F1 account takeover, registry-only release"},
    {"name-and-resolution", "F2 names and resolution"},
    {"poisoned-pipeline", "F3 poisoned pipeline"},
    {"reference-rewrite", "F4 rewritten references"},
    {"build-environment", "F5 build environment"},
    {"update-channel", "F6 update and download channel"},
    {"insider-handover", "F7 insider, hand-over"},
    {"source-intrusion", "F8 source-host intrusion"},
    {"self-propagation", "F9 self-propagation, destruction"},
    {"developer-environment", "F10 developer environment, agents"},
    {"concealment", "F11 concealment"},
    {"control-plane", "F12 control plane of products"},
    {"execution-trigger", "F13 execution triggers"},
    {"secret-harvest", "F14 secret harvest"},
    {"provenance-abuse", "F15 provenance abuse"},
}};
constexpr std::array<std::string_view, 8> vantages = {"pipeline", "log",        "sbom",        "source",
                                                      "history",  "provenance", "consistency", "product"};

}  // namespace

std::string coverage_matrix(const engine::Bundle& bundle) {
  std::map<std::string, std::map<std::string, std::set<std::string>>> cells;
  std::size_t count = 0;
  std::size_t signals = 0;
  for (const engine::Rule& rule : bundle.rules()) {
    if (rule.emits_signal) {
      ++signals;
      continue;
    }
    ++count;
    const std::string vantage = rule.info.id.substr(0, rule.info.id.find('/'));
    for (const std::string& family : rule.info.families)
      cells[family][vantage].insert(rule.info.id.substr(rule.info.id.find('/') + 1));
  }
  std::string out = fmt::format(
      "# Coverage\n\nTechnique family by vantage point: how many rules see it there; a dash is a hole. {} rules, and "
      "{} that only feed others.\n"
      "Made from the rules (`assay docs coverage`).\n\n| family |",
      count, signals);
  for (const std::string_view vantage : vantages) out += fmt::format(" {} |", vantage);
  out += "\n|---|";
  for (std::size_t i = 0; i < vantages.size(); ++i) out += "---|";
  for (const auto& [family, title] : families) {
    out += fmt::format("\n| {} |", title);
    for (const std::string_view vantage : vantages) {
      const std::size_t rules = cells[std::string(family)][std::string(vantage)].size();
      out += rules == 0 ? " – |" : fmt::format(" {} |", rules);
    }
  }
  out += "\n";
  for (const auto& [family, title] : families) {
    out += fmt::format("\n## {}\n\n", title);
    bool any = false;
    for (const std::string_view vantage : vantages) {
      const std::set<std::string>& rules = cells[std::string(family)][std::string(vantage)];
      if (rules.empty()) continue;
      any = true;
      out += fmt::format("- {}: {}\n", vantage, fmt::join(rules, ", "));
    }
    if (!any) out += "No rule yet.\n";
  }
  return out;
}

}  // namespace assay::app

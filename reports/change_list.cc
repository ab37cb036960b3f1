#include "reports/change_list.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "reports/layout.h"
#include "reports/outline.h"

namespace assay::reports {
namespace {

constexpr std::size_t shown_of_kind = 6;
constexpr std::size_t widest_value = 24;  // of a digest or an address

struct Title {
  std::string_view kind;
  std::string_view words;
  Ink ink;
};
// In the order they are shown: what deserves a look before what comes with every release.
constexpr std::array titles = {
    Title{"digest-changed", "same version, other digest", Ink::bright_red},
    Title{"left-registry", "no longer from a registry", Ink::red},
    Title{"origin-moved", "from another host", Ink::red},
    Title{"install-script", "install script appeared", Ink::red},
    Title{"integrity-lost", "integrity value gone", Ink::yellow},
    Title{"unpinned", "pinned became a range", Ink::yellow},
    Title{"version-down", "older version", Ink::yellow},
    Title{"new-requirement", "requires something new", Ink::yellow},
    Title{"added", "added", Ink::bold},
    Title{"removed", "removed", Ink::plain},
    Title{"version-up", "newer version", Ink::plain},
    Title{"version-other", "other version", Ink::plain},
    Title{"requirement-changed", "other requirement", Ink::plain},
    Title{"trigger-gained", "runs without being called", Ink::red},
    Title{"capability-gained", "can do what it could not", Ink::yellow},
    Title{"moved-commit", "same tag, other commit", Ink::bright_red},
    Title{"permission-widened", "wider permission", Ink::red},
    Title{"new-lifecycle-script", "new lifecycle script", Ink::red},
    Title{"new-process", "process left over", Ink::red},
    Title{"runner-changed", "other runner", Ink::yellow},
    Title{"new-host", "new host", Ink::yellow},
    Title{"new-artefact", "new artefact", Ink::yellow},
    Title{"new-action", "new action", Ink::bold},
    Title{"new-image", "new image", Ink::bold},
    Title{"new-package", "new package", Ink::bold},
    Title{"new-program", "new program", Ink::plain},
    Title{"step-longer", "step takes much longer", Ink::plain},
    Title{"package-version", "other version installed", Ink::plain},
};

std::string sentence(const Change& change, const Screen& screen) {
  const std::string_view arrow = screen.glyph("→", "->");
  const auto value = [&](const std::string& text) { return elided(text, widest_value, screen.unicode()); };
  if (change.kind == "added" || change.kind == "removed")
    return fmt::format("{} {}", change.name, change.kind == "added" ? change.now : change.was);
  if (change.kind == "new-requirement") {
    return change.was.empty()
               ? fmt::format("{} requires {}", change.detail, change.name)
               : fmt::format("{} {} {} {} requires {}", change.detail, change.was, arrow, change.now, change.name);
  }
  if (change.kind == "capability-gained" || change.kind == "trigger-gained") {
    return fmt::format("{}{}{}", change.name, change.detail.empty() ? "" : " in " + change.detail,
                       change.now.empty() ? "" : ": " + elided(change.now, 60, screen.unicode()));
  }
  if (change.kind == "step-longer") return fmt::format("{}: {} s {} {} s", change.name, change.was, arrow, change.now);
  if (change.was.empty()) return fmt::format("{}{}{}", change.name, change.now.empty() ? "" : " ", value(change.now));
  return fmt::format("{} {} {} {}", change.name, value(change.was), arrow, value(change.now));
}

std::string margin(const Change& change) {
  std::string out;
  const auto say = [&](std::string_view text) {
    if (!text.empty()) out += fmt::format("{}{}", out.empty() ? "" : ", ", text);
  };
  if (change.kind != "new-requirement" && change.area == "component") say(change.step);
  if (change.area == "component" && change.path.find(" > ") != std::string::npos) say(change.path);
  if (change.area != "component") say(position_text(change.at));
  if (change.explained == "no") say("no change of a lockfile explains it");
  return out;
}

}  // namespace

void write_changes(Screen& screen, const std::vector<Change>& changes, bool everything) {
  if (changes.empty()) return;
  std::map<std::string_view, std::vector<const Change*>> by_kind;
  for (const Change& change : changes) by_kind[change.kind].push_back(&change);
  screen.heading(fmt::format("Changes ({})", changes.size()));
  const auto one_kind = [&](std::string_view words, Ink ink, const std::vector<const Change*>& list) {
    screen.blank();
    screen.prose(2, fmt::format("{} ({})", words, list.size()), ink);
    const std::size_t limit = everything || list.size() <= shown_of_kind + 1 ? list.size() : shown_of_kind;
    for (std::size_t i = 0; i < limit; ++i) {
      std::string text = sentence(*list[i], screen);
      if (const std::string more = margin(*list[i]); !more.empty()) text += fmt::format(" ({})", more);
      screen.prose(std::string(4, ' '), std::string(6, ' '), 4, text);
    }
    if (limit < list.size())
      screen.prose(4, fmt::format("and {} more (--everything or -o json lists all)", list.size() - limit), Ink::dim);
  };
  for (const Title& title : titles) {
    const auto found = by_kind.find(title.kind);
    if (found == by_kind.end()) continue;
    one_kind(title.words, title.ink, found->second);
    by_kind.erase(found);
  }
  for (const auto& [kind, list] : by_kind) one_kind(kind, Ink::plain, list);
}

}  // namespace assay::reports

#include <algorithm>
#include <tuple>

#include "reports/change_list.h"
#include "reports/layout.h"
#include "reports/neutralise.h"
#include "reports/outline.h"
#include "reports/redact.h"
#include "reports/render.h"
#include "reports/screen.h"

namespace assay::reports {
namespace {

constexpr std::size_t shown_of_same = 3;    // findings of one rule in one file before folding
constexpr std::size_t shown_gaps = 6;       // reasons for unread inputs before folding
constexpr std::size_t shown_gap_paths = 3;  // inputs named for one reason
constexpr std::size_t shown_skipped = 3;    // rules not applied, named

class Terminal {
 public:
  Terminal(const Report& report, const RenderOptions& options)
      : report_(report), options_(options), outline_(outline_of(report, options.pedantic)), screen_(options) {}

  std::string write() {
    verdict();
    if (report_.product) write_product(screen_, *report_.product);
    paths();
    findings();
    write_changes(screen_, report_.changes, options_.everything);
    set_aside();
    coverage();
    return screen_.finish();
  }

 private:
  void verdict() {
    std::string about = fmt::format("assay {}", report_.assay_version);
    for (const std::string& part : {report_.verb, report_.subject}) {
      if (!part.empty()) about += fmt::format(" {} {}", screen_.glyph("·", "|"), part);
    }
    if (!report_.compared_with.empty())
      about += fmt::format(" {} against {}", screen_.glyph("·", "|"), report_.compared_with);
    screen_.prose(0, about, Ink::dim);
    screen_.blank();
    const int exit_code = report_.verdict.exit_code;
    const Ink ink = exit_code == 0 ? Ink::green : exit_code == 1 ? Ink::bright_red : Ink::yellow;
    const std::string_view mark = exit_code == 0   ? screen_.glyph("✓", "ok")
                                  : exit_code == 1 ? screen_.glyph("✗", "XX")
                                                   : screen_.glyph("!", "!!");
    const std::size_t lead = display_width(mark) + 3;
    screen_.prose("  " + screen_.paint(ink, mark) + " ", std::string(lead, ' '), lead, report_.verdict.sentence,
                  Ink::bold);
    if (report_.product && report_.findings.empty() && report_.paths.empty()) return;
    std::string counts = severities_text(report_.verdict);
    if (!report_.paths.empty()) counts += ", " + counted(report_.paths.size(), "attack path");
    if (!report_.verdict.threshold.empty()) counts += fmt::format("; fails on {}", report_.verdict.threshold);
    screen_.prose(lead, counts, Ink::dim);
  }

  void paths() {
    if (report_.paths.empty()) return;
    screen_.heading(fmt::format("Attack paths ({})", report_.paths.size()));
    std::size_t number = 0;
    for (const AttackPath& path : report_.paths) one_path(path, ++number);
  }

  void one_path(const AttackPath& path, std::size_t number) {
    screen_.blank();
    const std::string lead = fmt::format("{:>2}  ", number);
    screen_.prose(lead, std::string(lead.size(), ' '), lead.size(), path.title, Ink::bold);
    std::string about(word(path.severity));
    if (!path.incidents.empty()) about += ", as in " + listed(path.incidents);
    screen_.prose(4, about, ink_of(path.severity));
    screen_.blank();
    if (path.steps.empty()) return;
    node(path.steps.front().from_kind, path.steps.front().from);
    for (std::size_t i = 0; i < path.steps.size(); ++i) {
      const PathStep& step = path.steps[i];
      if (i > 0 && (path.steps[i - 1].to != step.from || path.steps[i - 1].to_kind != step.from_kind))
        node(step.from_kind, step.from);
      arrow(step, i == path.weakest);
      node(step.to_kind, step.to);
    }
    screen_.blank();
  }

  void node(std::string_view kind, std::string_view name) {
    const std::string lead = "    " + std::string(screen_.glyph("●", "o")) + " ";
    screen_.prose(lead, std::string(6, ' '), 6, fmt::format("{} {}", kind, name), Ink::bold);
  }

  void arrow(const PathStep& step, bool weakest) {
    const std::string_view bar = weakest         ? screen_.glyph("┃", "#")
                                 : step.observed ? screen_.glyph("│", "|")
                                                 : screen_.glyph("┆", ":");
    const Ink ink = weakest ? Ink::yellow : Ink::dim;
    const std::string lead = "    " + screen_.paint(ink, bar) + "   ";
    const auto say = [&](std::string_view text, Ink text_ink = Ink::plain) {
      screen_.prose(lead, lead, 8, text, text_ink);
    };
    if (weakest) say(fmt::format("{} weakest link", screen_.glyph("◀", "<")), Ink::yellow);
    std::string because = step.because;
    if (!step.observed) because = "possible, not observed: " + because;
    if (!step.because.empty() || !step.observed) say(because);
    if (!step.at.path.empty()) say(position_text(step.at), Ink::dim);
    if (!step.control.empty() && (weakest || options_.everything)) say("break it here: " + step.control, Ink::green);
    screen_.line("    " + screen_.paint(ink, screen_.glyph("▼", "v")));
  }

  void findings() {
    for (std::size_t i = outline_.counting.size(); i-- > 0;) {
      const auto& group = outline_.counting[i];
      if (group.empty()) continue;
      const auto severity = static_cast<Severity>(i);
      std::string title(word(severity));
      title[0] = static_cast<char>(title[0] - 'a' + 'A');
      screen_.heading(fmt::format("{} ({})", title, group.size()));
      severity_group(group);
    }
  }

  void severity_group(const std::vector<const Finding*>& group) {
    // Findings of one rule in one file stand together, where the first of them stands.
    std::map<std::pair<std::string_view, std::string_view>, std::vector<const Finding*>> same;
    std::vector<std::pair<std::string_view, std::string_view>> order;
    for (const Finding* finding : group) {
      auto& list = same[{finding->at.path, finding->rule}];
      if (list.empty()) order.emplace_back(finding->at.path, finding->rule);
      list.push_back(finding);
    }
    for (const auto& key : order) {
      const auto& list = same[key];
      const std::size_t shown = options_.everything || list.size() <= shown_of_same + 1 ? list.size() : shown_of_same;
      for (std::size_t i = 0; i < shown; ++i) one_finding(*list[i], i + 1 == shown);
      if (shown < list.size()) {
        std::string more = fmt::format("and {} more of {} in this file", list.size() - shown, key.second);
        if (list[shown]->at.span.begin.line != 0) {
          more += shown + 1 == list.size() ? " (line " : " (lines ";
          for (std::size_t i = shown; i < list.size() && i < shown + 8; ++i) {
            more += fmt::format("{}{}", i == shown ? "" : ", ", list[i]->at.span.begin.line);
          }
          more += list.size() > shown + 8 ? ", …)" : ")";
        }
        screen_.prose(4, more, Ink::dim);
        screen_.blank();
      }
    }
  }

  void one_finding(const Finding& finding, bool with_fix) {
    screen_.blank();
    const std::string place = visible(position_text(finding.at), options_.unicode);
    const std::string rule = visible(finding.rule, options_.unicode);
    const std::string standing = finding.standing == Standing::fresh ? " (new)" : "";
    if (2 + display_width(place) + 2 + display_width(rule) + standing.size() <= screen_.width()) {
      screen_.line("  " + screen_.paint(Ink::bold, place) + "  " + screen_.paint(ink_of(finding.severity), rule) +
                   screen_.paint(Ink::dim, standing));
    } else {
      screen_.prose(2, place, Ink::bold);
      screen_.prose(4, finding.rule + standing, ink_of(finding.severity));
    }
    screen_.prose(4, finding.message);
    quote(finding);
    for (const auto& [what, at] : finding.related) {
      screen_.labelled(4, "see", fmt::format("{}: {}", position_text(at), what), Ink::dim, Ink::dim);
    }
    if (with_fix) {
      const auto rule_info = outline_.rules.find(finding.rule);
      if (rule_info != outline_.rules.end() && !rule_info->second->fix.empty()) {
        screen_.labelled(4, "fix:", first_sentence(rule_info->second->fix), Ink::green);
      }
      if (!finding.incidents.empty()) screen_.labelled(4, "seen in", listed(finding.incidents), Ink::dim, Ink::dim);
    }
    screen_.blank();
  }

  void quote(const Finding& finding) {
    if (finding.snippet.empty() || finding.at.span.begin.line == 0) return;
    const std::string number = std::to_string(finding.at.span.begin.line);
    const std::string bar(screen_.glyph("│", "|"));
    const std::size_t gutter = 4 + number.size() + 3;
    const QuotedLine line = quoted(finding.snippet, finding.at.span, screen_.width() - gutter, options_.unicode);
    screen_.line(fmt::format("    {} {} {}", screen_.paint(Ink::dim, number), screen_.paint(Ink::dim, bar), line.text));
    if (line.carets == 0) return;
    screen_.line(fmt::format("    {} {} {}{}", std::string(number.size(), ' '), screen_.paint(Ink::dim, bar),
                             std::string(line.indent, ' '),
                             screen_.paint(ink_of(finding.severity), std::string(line.carets, '^'))));
  }

  void set_aside() {
    if (outline_.suppressed.empty() && outline_.gone.empty() && outline_.for_others.empty()) return;
    screen_.heading("Not counted");
    const Verdict& verdict = report_.verdict;
    if (!outline_.suppressed.empty()) {
      screen_.prose(2, counted(outline_.suppressed.size(), "finding is suppressed", "findings are suppressed"));
      if (verdict.suppressed_by_subject > 0) {
        screen_.prose(
            2,
            fmt::format("{} of them by files inside what was examined: whoever can change it can silence Assay.",
                        verdict.suppressed_by_subject),
            Ink::yellow);
      }
      std::map<std::pair<std::string_view, std::string_view>, std::size_t> reasons;
      for (const Finding* finding : outline_.suppressed) {
        ++reasons[{finding->suppressions.front().source, finding->suppressions.front().reason}];
      }
      std::size_t shown = 0;
      for (const auto& [key, count] : reasons) {
        if (!options_.everything && ++shown > shown_gaps) {
          screen_.prose(4, fmt::format("and {} more", counted(reasons.size() - shown_gaps, "reason")), Ink::dim);
          break;
        }
        screen_.prose(4, fmt::format("{} by {}: {}", count, key.first, key.second), Ink::dim);
      }
    }
    if (!outline_.gone.empty()) {
      screen_.prose(2, counted(outline_.gone.size(), "earlier finding is gone", "earlier findings are gone"),
                    Ink::green);
    }
    if (!outline_.for_others.empty()) {
      screen_.prose(2,
                    counted(outline_.for_others.size(), "finding for people who polish or audit is",
                            "findings for people who polish or audit are") +
                        " not listed (--pedantic)",
                    Ink::dim);
    }
  }

  void coverage() {
    screen_.heading("Coverage");
    row("inputs", inputs_sentence(report_, outline_));
    if (!report_.inputs_by_kind.empty()) {
      std::vector<std::pair<std::size_t, std::string_view>> kinds;
      for (const auto& [kind, count] : report_.inputs_by_kind) kinds.emplace_back(count, kind);
      std::stable_sort(kinds.begin(), kinds.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
      std::string text;
      const std::size_t limit = options_.everything ? kinds.size() : 6;
      for (std::size_t i = 0; i < kinds.size() && i < limit; ++i) {
        text += fmt::format("{}{} {}", i == 0 ? "" : ", ", kinds[i].first, kinds[i].second);
      }
      if (kinds.size() > limit) text += fmt::format(" and {} more kinds", kinds.size() - limit);
      row("", text);
    }
    gaps();
    row("rules", rules_sentence(report_));
    const std::size_t limit = options_.everything ? report_.rules_skipped.size() : shown_skipped;
    for (std::size_t i = 0; i < report_.rules_skipped.size() && i < limit; ++i)
      row("", report_.rules_skipped[i], Ink::dim);
    if (report_.rules_skipped.size() > limit) {
      row("", fmt::format("and {} more skipped", report_.rules_skipped.size() - limit), Ink::dim);
    }
    row("database", knowledge_sentence(report_));
    for (const Timing& timing : report_.timings) {
      const std::string peak = timing.peak_bytes == 0 ? "" : fmt::format(", peak {}", bytes_text(timing.peak_bytes));
      row("time", fmt::format("{} {:.3f} s{}", timing.name, timing.seconds, peak), Ink::dim);
    }
  }

  void gaps() {
    std::size_t shown = 0;
    for (const Gap& gap : outline_.gaps) {
      if (!options_.everything && ++shown > shown_gaps) {
        row("", fmt::format("and {} more (-o json lists all)", counted(outline_.gaps.size() - shown_gaps, "reason")),
            Ink::dim);
        return;
      }
      const Ink ink = gap.coverage == Coverage::not_read ? Ink::yellow : Ink::plain;
      const std::string_view what = gap.coverage == Coverage::not_read ? "not read" : "partly read";
      if (gap.paths.size() == 1) {
        row("", fmt::format("{}: {}: {}", what, gap.paths.front(), gap.reason), ink);
        continue;
      }
      std::string names;
      const std::size_t limit = options_.everything ? gap.paths.size() : shown_gap_paths;
      for (std::size_t i = 0; i < gap.paths.size() && i < limit; ++i)
        names += fmt::format("{}{}", i == 0 ? "" : ", ", gap.paths[i]);
      if (gap.paths.size() > limit) names += fmt::format(" and {} more", gap.paths.size() - limit);
      row("", fmt::format("{}: {}: {} ({})", what, counted(gap.paths.size(), "input"), gap.reason, names), ink);
    }
  }

  void row(std::string_view label, std::string_view text, Ink ink = Ink::plain) {
    const std::string lead = fmt::format("  {:<10}", label);
    screen_.prose(screen_.paint(Ink::dim, lead), std::string(12, ' '), 12, text, ink);
  }

  const Report& report_;
  const RenderOptions& options_;
  const Outline outline_;
  Screen screen_;
};

}  // namespace

std::string terminal(const Report& report, const RenderOptions& options) {
  const Report shown = options.show_secrets ? report : redacted(report);
  return Terminal(shown, options).write();
}

}  // namespace assay::reports

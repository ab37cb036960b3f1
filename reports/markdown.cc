#include <algorithm>

#include "analyzer/base/utf8.h"
#include "reports/neutralise.h"
#include "reports/outline.h"
#include "reports/redact.h"
#include "reports/render.h"

namespace assay::reports {
namespace {

constexpr std::size_t max_bytes = 65'000;    // a comment on GitHub holds 65,536 characters
constexpr std::size_t room_for_end = 6'000;  // kept free for coverage, which no report leaves out
constexpr std::size_t max_cell = 400;        // bytes of one quoted text

std::string clipped(std::string_view text) {
  std::string line = one_line(text);
  if (line.size() <= max_cell) return line;
  std::size_t at = max_cell;
  while (at > 0 && (static_cast<unsigned char>(line[at]) & 0xC0U) == 0x80U) --at;
  return line.substr(0, at) + "…";
}
std::string prose(std::string_view text) {
  return markdown_text(clipped(text));
}
std::string code(std::string_view text) {
  return markdown_code(clipped(text));
}

class Markdown {
 public:
  Markdown(const Report& report, const RenderOptions& options)
      : report_(report), options_(options), outline_(outline_of(report, options.pedantic)) {}

  std::string write() {
    const int exit_code = report_.verdict.exit_code;
    out_ += fmt::format("## {} {}\n\n",
                        exit_code == 0   ? "✅"
                        : exit_code == 1 ? "❌"
                                         : "⚠️",
                        prose(report_.verdict.sentence));
    out_ +=
        fmt::format("{} of {}", code(report_.verb.empty() ? "assay" : "assay " + report_.verb), code(report_.subject));
    if (!report_.compared_with.empty()) out_ += " against " + code(report_.compared_with);
    out_ += fmt::format(": {}\n\n", prose(severities_text(report_.verdict)));
    if (report_.product) product(*report_.product);
    paths();
    findings();
    end();
    return out_;
  }

 private:
  // False, once, when `text` no longer fits: the caller says what it leaves out.
  bool add(const std::string& text) {
    if (out_.size() + text.size() + room_for_end > max_bytes) return false;
    out_ += text;
    return true;
  }

  void list(std::string_view title, const std::vector<std::string>& lines, std::size_t limit) {
    if (lines.empty()) return;
    std::string text = fmt::format("**{}**\n\n", title);
    for (std::size_t i = 0; i < lines.size() && i < limit; ++i) text += "- " + prose(lines[i]) + "\n";
    if (lines.size() > limit) text += fmt::format("- and {} more\n", lines.size() - limit);
    add(text + "\n");
  }

  void product(const ProductAssessment& product) {
    std::string text = fmt::format("### {}: {}\n\n{}\n\n", prose(product_title(product)), prose(product.decision),
                                   prose(turned_sentence(product)));
    text +=
        "| risk | best … worst | tier | grade | gate | checked by us | told | unanswered "
        "|\n|--:|:-:|:-:|:-:|:-:|--:|--:|--:|\n";
    text += fmt::format("| {:.0f} | {:.0f} … {:.0f} | {} | {} | {} | {} | {} | {} |\n\n{}\n\n", product.risk_middle,
                        product.risk_best, product.risk_worst, prose(product.tier), prose(product.grade),
                        prose(product.gate), product.checked, product.told, product.unanswered, risk_caption());
    add(text);
    list("Contradictions", product.contradictions, 3);
    list("Ask the vendor", product.questions, 5);
    list("Conditions", product.conditions, 10);
    list("Why", product.reasons, 6);
  }

  void paths() {
    if (report_.paths.empty()) return;
    add(fmt::format("### Attack paths ({})\n\n", report_.paths.size()));
    std::size_t done = 0;
    for (const AttackPath& path : report_.paths) {
      std::string text = fmt::format("**{}. {}** ({})\n\n", done + 1, prose(path.title), word(path.severity));
      for (std::size_t i = 0; i < path.steps.size(); ++i) {
        const PathStep& step = path.steps[i];
        text +=
            fmt::format("1. {} {} → {} {}", prose(step.from_kind), code(step.from), prose(step.to_kind), code(step.to));
        if (!step.because.empty()) text += fmt::format(": {}", prose(step.because));
        if (!step.observed) text += " (possible, not observed)";
        if (!step.at.path.empty()) text += " " + code(position_text(step.at));
        if (i == path.weakest)
          text += fmt::format(" **⬅ weakest link{}**", step.control.empty() ? "" : ": " + prose(step.control));
        text += "\n";
      }
      if (done >= 3)
        text = fmt::format("<details><summary>{}</summary>\n\n{}\n</details>\n", html_text(clipped(path.title)), text);
      if (!add(text + "\n")) break;
      ++done;
    }
    if (done < report_.paths.size()) out_ += fmt::format("and {} more paths\n\n", report_.paths.size() - done);
  }

  void findings() {
    const std::vector<const Finding*> all = worst_first(outline_);
    if (all.empty()) return;
    add(fmt::format("### Findings ({})\n\n| severity | rule | where | what |\n|---|---|---|---|\n", all.size()));
    std::size_t done = 0;
    for (const Finding* finding : all) {
      if (!options_.everything && done == 50) break;
      if (!add(fmt::format("| {} | {} | {} | {} |\n", word(finding->severity), code(finding->rule),
                           code(position_text(finding->at)), prose(finding->message)))) {
        break;
      }
      ++done;
    }
    if (done < all.size()) out_ += fmt::format("\nand {} more findings, none worse\n", all.size() - done);
    out_ += "\n";
  }

  void end() {
    std::string text = "### Coverage\n\n";
    text += fmt::format("- inputs: {}\n", prose(inputs_sentence(report_, outline_)));
    std::size_t shown = 0;
    for (const Gap& gap : outline_.gaps) {
      if (shown == 5) {
        text += fmt::format("  - and {} more reasons\n", outline_.gaps.size() - shown);
        break;
      }
      ++shown;
      text += fmt::format("  - {}: {} ({}{})\n", gap.coverage == Coverage::not_read ? "not read" : "partly read",
                          prose(gap.reason), code(gap.paths.front()),
                          gap.paths.size() > 1 ? fmt::format(" and {} more", gap.paths.size() - 1) : "");
    }
    text += fmt::format("- rules: {}\n- knowledge database: {}\n", prose(rules_sentence(report_)),
                        prose(knowledge_sentence(report_)));
    text += fmt::format("- suppressed: {}, of them {} by files inside what was examined\n", outline_.suppressed.size(),
                        report_.verdict.suppressed_by_subject);
    if (!outline_.gone.empty()) text += fmt::format("- gone since the comparison: {}\n", outline_.gone.size());
    if (!outline_.for_others.empty())
      text += fmt::format("- for people who polish or audit, not listed: {}\n", outline_.for_others.size());
    out_ += text;
  }

  const Report& report_;
  const RenderOptions& options_;
  const Outline outline_;
  std::string out_;
};

}  // namespace

std::string markdown(const Report& report, const RenderOptions& options) {
  const Report shown = options.show_secrets ? report : redacted(report);
  return Markdown(shown, options).write();
}

}  // namespace assay::reports

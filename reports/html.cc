#include <algorithm>
#include <set>

#include "analyzer/base/digest.h"
#include "analyzer/base/utf8.h"
#include "reports/html_parts.h"
#include "reports/layout.h"
#include "reports/neutralise.h"
#include "reports/redact.h"
#include "reports/render.h"

namespace assay::reports {
namespace {

constexpr std::size_t max_findings = 2'000;  // a page a browser still filters at once
constexpr std::size_t max_paths = 50;
constexpr std::size_t quoted_width = 180;
constexpr std::size_t max_gap_paths = 200;

// The hash source of a content security policy: base64 of the SHA-256.
std::string policy_hash(std::string_view text) {
  constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const std::string hex = digest::sha256(text);
  const auto nibble = [&](std::size_t i) {
    return static_cast<unsigned>(hex[i] <= '9' ? hex[i] - '0' : hex[i] - 'a' + 10);
  };
  std::string out = "'sha256-";
  for (std::size_t i = 0; i < hex.size(); i += 6) {  // three bytes are six hex digits and four letters
    unsigned bits = 0;
    std::size_t digits = 0;
    for (; digits < 6 && i + digits < hex.size(); ++digits) bits = bits << 4U | nibble(i + digits);
    bits <<= 4 * (6 - digits);
    const std::size_t whole = digits / 2 + 1;
    for (std::size_t k = 0; k < 4; ++k) out += k < whole ? letters[bits >> (18 - 6 * k) & 63U] : '=';
  }
  return out + "'";
}

constexpr std::string_view mark =
    "<svg width=\"44\" height=\"22\" viewBox=\"0 0 44 22\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"2.6\" "
    "aria-hidden=\"true\">"
    "<rect x=\"2\" y=\"5\" width=\"17\" height=\"12\" rx=\"6\"/><rect x=\"25\" y=\"5\" width=\"17\" height=\"12\" "
    "rx=\"6\"/>"
    "<path d=\"M14 11h16\" stroke-dasharray=\"3.4 2.8\" stroke=\"#c8641b\"/></svg>";

// The quoted line with the span marked.
std::string marked_line(const Finding& finding) {
  if (finding.snippet.empty() || finding.at.span.begin.line == 0) return {};
  const QuotedLine line = quoted(finding.snippet, finding.at.span, quoted_width, true);
  std::string before;
  std::string inside;
  std::string after;
  std::size_t column = 0;
  for (std::size_t at = 0; at < line.text.size();) {
    const std::size_t start = at;
    const std::size_t width = display_width(utf8::next(line.text, at));
    std::string& part = column < line.indent ? before : column < line.indent + line.carets ? inside : after;
    part += line.text.substr(start, at - start);
    column += width;
  }
  if (line.carets == 0) before += inside + after, inside.clear(), after.clear();
  return fmt::format("<code class=\"line\"><i>{}</i>{}{}{}</code>", finding.at.span.begin.line, html_text(before),
                     inside.empty() ? std::string() : "<mark>" + html_text(inside) + "</mark>", html_text(after));
}

class Page {
 public:
  explicit Page(const Report& report) : report_(report), outline_(outline_of(report, true)) {
    for (std::size_t i = 0; i < report.rules.size(); ++i)
      anchors_.emplace(report.rules[i].id, fmt::format("rule-{}", i + 1));
  }

  std::string write() {
    head();
    verdict();
    if (report_.product) out_ += product_page(*report_.product);
    paths();
    findings();
    not_counted();
    if (report_.product) out_ += product_annex(*report_.product);
    coverage();
    rules();
    foot();
    return std::move(out_);
  }

 private:
  void head() {
    const std::string title = (report_.product ? product_title(*report_.product) : report_.subject) + " - Assay";
    out_ += "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n";
    out_ += fmt::format(
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src {}; script-src {}; "
        "base-uri 'none'; form-action 'none'\">\n",
        policy_hash(page_style()), policy_hash(page_script()));
    out_ +=
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"referrer\" "
        "content=\"no-referrer\">\n";
    out_ += fmt::format("<title>{}</title>\n<style>{}</style>\n</head>\n<body>\n<div class=\"sheet\">\n",
                        html_text(title), page_style());
    out_ += fmt::format("<header class=\"top\">{}<span class=\"brand\">Assay</span><span class=\"about\">", mark);
    out_ += fmt::format("{} of <b>{}</b>", html_text(report_.verb.empty() ? std::string("report") : report_.verb),
                        html_text(report_.subject));
    if (!report_.compared_with.empty()) out_ += fmt::format(" against <b>{}</b>", html_text(report_.compared_with));
    out_ += "</span></header>\n<main>\n";
  }

  void verdict() {
    const Verdict& verdict = report_.verdict;
    // A run that was told to fail on nothing has passed nothing.
    const bool open = verdict.exit_code == 0 && verdict.threshold == "none";
    const bool pass = verdict.exit_code == 0 && !open;
    const bool fail = verdict.exit_code == 1;
    out_ += fmt::format("<div class=\"verdict\"><span class=\"stamp {}\">{}</span><h1>{}</h1>",
                        pass   ? "pass"
                        : fail ? "fail"
                               : "hold",
                        pass   ? "PASS"
                        : fail ? "FAIL"
                        : open ? "REPORT"
                               : "INCOMPLETE",
                        html_text(one_line(verdict.sentence)));
    out_ += "<ul class=\"tally\">";
    for (std::size_t i = verdict.counted.size(); i-- > 0;) {
      if (verdict.counted[i] == 0) continue;
      const auto severity = word(static_cast<Severity>(i));
      out_ += fmt::format("<li><b class=\"{0}\">{1}</b> {0}</li>", severity, verdict.counted[i]);
    }
    if (!report_.paths.empty())
      out_ +=
          fmt::format("<li><b>{}</b> attack path{}</li>", report_.paths.size(), report_.paths.size() == 1 ? "" : "s");
    if (!verdict.threshold.empty()) out_ += fmt::format("<li>fails on <b>{}</b></li>", html_text(verdict.threshold));
    out_ += fmt::format("<li><b>{}</b> of <b>{}</b> inputs fully read</li></ul></div>\n", outline_.fully_read,
                        report_.inputs);
  }

  void paths() {
    if (report_.paths.empty()) return;
    out_ +=
        fmt::format("<h2>Attack paths <small>{}; solid arrows were observed, dashed ones are possible</small></h2>\n",
                    counted(report_.paths.size(), "path"));
    for (std::size_t i = 0; i < report_.paths.size() && i < max_paths; ++i) one_path(report_.paths[i], i + 1);
    if (report_.paths.size() > max_paths)
      out_ += fmt::format("<p class=\"note\">and {} more in the JSON report</p>\n", report_.paths.size() - max_paths);
  }

  void one_path(const AttackPath& path, std::size_t number) {
    out_ += fmt::format("<article class=\"card\"><h3>{}</h3><p class=\"note\">{}", html_text(one_line(path.title)),
                        severity_chip(path.severity));
    if (!path.incidents.empty()) out_ += " as in " + html_text(listed(path.incidents));
    out_ += "</p>\n" + path_picture(path, number) + "<ol class=\"steps\">\n";
    for (std::size_t i = 0; i < path.steps.size(); ++i) {
      const PathStep& step = path.steps[i];
      const bool weakest = i == path.weakest;
      out_ += fmt::format("<li{}><div>", weakest ? " class=\"weakest\"" : "");
      if (weakest) out_ += "<b class=\"weak\">Weakest link.</b> ";
      if (!step.observed) out_ += "<b>Possible, not observed.</b> ";
      out_ += html_text(one_line(step.because));
      if (!step.at.path.empty())
        out_ += fmt::format(" <code class=\"place\">{}</code>", html_text(position_text(step.at)));
      if (!step.control.empty())
        out_ += fmt::format("<br><span class=\"{}\">Break it: {}</span>", weakest ? "fixed" : "note",
                            html_text(one_line(step.control)));
      out_ += "</div></li>\n";
    }
    out_ += "</ol></article>\n";
  }

  void findings() {
    const std::vector<const Finding*> all = worst_first(outline_);
    out_ += fmt::format("<h2>Findings <small>{}</small></h2>\n",
                        all.empty() ? "none that counts" : counted(all.size(), "that counts", "that count"));
    if (all.empty()) {
      out_ += "<p class=\"note\">This speaks only for what was read; see coverage below.</p>\n";
      return;
    }
    if (all.size() > 3) {
      out_ +=
          "<div class=\"tools\" hidden><input type=\"search\" placeholder=\"Filter findings\" aria-label=\"Filter "
          "findings\"><output class=\"note\"></output></div>\n";
    }
    out_ +=
        "<table class=\"findings\"><thead><tr><th scope=\"col\">Severity</th><th scope=\"col\">What and "
        "where</th></tr></thead><tbody>\n";
    for (std::size_t i = 0; i < all.size() && i < max_findings; ++i) {
      const bool told = i > 0 && all[i - 1]->rule == all[i]->rule && all[i - 1]->at.path == all[i]->at.path;
      one_finding(*all[i], !told);
    }
    out_ += "</tbody></table>\n";
    if (all.size() > max_findings)
      out_ +=
          fmt::format("<p class=\"note\">and {} more, none worse, in the JSON report</p>\n", all.size() - max_findings);
  }

  void one_finding(const Finding& finding, bool with_fix) {
    out_ += fmt::format("<tr><td>{}</td><td><p class=\"what\">{}</p><p class=\"where\"><code>{}</code> &nbsp;{}{}</p>",
                        severity_chip(finding.severity), html_text(one_line(finding.message)),
                        html_text(position_text(finding.at)), rule_link(finding.rule),
                        finding.standing == Standing::fresh ? " &nbsp;<b>new</b>" : "");
    out_ += marked_line(finding);
    for (const auto& [what, at] : finding.related) {
      out_ += fmt::format("<p class=\"where\">see <code>{}</code>: {}</p>", html_text(position_text(at)),
                          html_text(one_line(what)));
    }
    const auto rule = outline_.rules.find(finding.rule);
    if (with_fix && rule != outline_.rules.end() && !rule->second->fix.empty()) {
      out_ += fmt::format("<p class=\"fix\"><b>Fix:</b> {}</p>", html_text(first_sentence(rule->second->fix)));
    }
    out_ += "</td></tr>\n";
  }

  std::string rule_link(const std::string& id) const {
    const auto anchor = anchors_.find(id);
    if (anchor == anchors_.end()) return html_text(id);
    return fmt::format("<a href=\"#{}\">{}</a>", anchor->second, html_text(id));
  }

  void not_counted() {
    if (outline_.suppressed.empty() && outline_.gone.empty()) return;
    out_ += "<h2>Not counted</h2>\n<div class=\"card\">";
    if (report_.verdict.suppressed_by_subject > 0) {
      out_ += fmt::format(
          "<p><b>{} suppressed by files inside what was examined.</b> Whoever can change it can silence Assay.</p>",
          report_.verdict.suppressed_by_subject);
    }
    out_ += "<ul class=\"plain\">";
    std::size_t shown = 0;
    for (const Finding* finding : outline_.suppressed) {
      if (++shown > max_gap_paths) break;
      const Suppression& why = finding->suppressions.front();
      out_ +=
          fmt::format("<li>{} {}: {} <code>{}</code> <span class=\"note\">by {}: {}{}</span></li>",
                      severity_chip(finding->severity), rule_link(finding->rule), html_text(one_line(finding->message)),
                      html_text(position_text(finding->at)), html_text(why.source), html_text(why.reason),
                      why.until.empty() ? std::string() : ", until " + html_text(why.until));
    }
    if (outline_.suppressed.size() > max_gap_paths)
      out_ += fmt::format("<li>and {} more suppressed</li>", outline_.suppressed.size() - max_gap_paths);
    shown = 0;
    for (const Finding* finding : outline_.gone) {
      if (++shown > max_gap_paths) break;
      out_ += fmt::format("<li>gone: {} <code>{}</code></li>", html_text(one_line(finding->message)),
                          html_text(position_text(finding->at)));
    }
    if (outline_.gone.size() > max_gap_paths)
      out_ += fmt::format("<li>and {} more gone</li>", outline_.gone.size() - max_gap_paths);
    out_ += "</ul></div>\n";
  }

  void coverage() {
    out_ += "<h2>Coverage <small>what this report speaks for</small></h2>\n<div class=\"card\"><dl class=\"facts\">";
    const auto fact = [&](std::string_view term, std::string_view text) {
      out_ += fmt::format("<dt>{}</dt><dd>{}</dd>", term, text);
    };
    fact("Inputs", html_text(inputs_sentence(report_, outline_)));
    std::string kinds;
    for (const auto& [kind, count] : report_.inputs_by_kind)
      kinds += fmt::format("{}{} {}", kinds.empty() ? "" : ", ", count, html_text(kind));
    if (!kinds.empty()) fact("Kinds", kinds);
    for (const Gap& gap : outline_.gaps) {
      std::string paths;
      for (std::size_t i = 0; i < gap.paths.size() && i < max_gap_paths; ++i)
        paths += fmt::format("{}<code>{}</code>", i == 0 ? "" : ", ", html_text(gap.paths[i]));
      if (gap.paths.size() > max_gap_paths) paths += fmt::format(" and {} more", gap.paths.size() - max_gap_paths);
      if (gap.paths.size() > 8)
        paths = fmt::format("<details><summary>{}</summary>{}</details>", counted(gap.paths.size(), "input"), paths);
      fact(gap.coverage == Coverage::not_read ? "Not read" : "Partly read", html_text(gap.reason) + ": " + paths);
    }
    fact("Rules", html_text(rules_sentence(report_)));
    if (!report_.rules_skipped.empty()) fact("Skipped", bullet_list(report_.rules_skipped, max_gap_paths));
    fact("Knowledge", html_text(knowledge_sentence(report_)));
    fact("Suppressed", fmt::format("{}, of them {} by files inside what was examined", outline_.suppressed.size(),
                                   report_.verdict.suppressed_by_subject));
    out_ += "</dl></div>\n";
  }

  void rules() {
    if (report_.rules.empty()) return;
    out_ += "<h2>Rules that found something</h2>\n<div class=\"card rules\">\n";
    for (const RuleInfo& rule : report_.rules) {
      out_ += fmt::format("<section id=\"{}\"><h3>{} {}</h3><p class=\"note\"><code>{}</code>, confidence {}, {}</p>",
                          anchors_.at(rule.id), html_text(rule.title), severity_chip(rule.severity), html_text(rule.id),
                          word(rule.confidence), word(rule.maturity));
      const auto part = [&](std::string_view name, std::string_view text) {
        if (!text.empty()) out_ += fmt::format("<p><b>{}.</b> {}</p>", name, html_text(one_line(text)));
      };
      part("Why", rule.why);
      part("Fix", rule.fix);
      part("When it is wrong", rule.false_positives);
      part("Seen in", listed(rule.incidents));
      out_ += "</section>\n";
    }
    out_ += "</div>\n";
  }

  void foot() {
    out_ += fmt::format("</main>\n<footer>Assay {}", html_text(report_.assay_version));
    if (!report_.rules_digest.empty()) out_ += fmt::format(", rules <code>{}</code>", html_text(report_.rules_digest));
    if (!report_.known_digest.empty())
      out_ += fmt::format(", knowledge <code>{}</code>", html_text(report_.known_digest));
    out_ += fmt::format("</footer>\n</div>\n<script>{}</script>\n</body>\n</html>\n", page_script());
  }

  const Report& report_;
  const Outline outline_;
  std::map<std::string_view, std::string> anchors_;
  std::string out_;
};

}  // namespace

std::string severity_chip(Severity severity) {
  return fmt::format("<span class=\"chip {0}\">{0}</span>", word(severity));
}

std::string bullet_list(const std::vector<std::string>& items, std::size_t limit, std::string_view tag) {
  if (items.empty()) return {};
  std::string out = fmt::format("<{} class=\"plain\">", tag);
  for (std::size_t i = 0; i < items.size() && i < limit; ++i) out += "<li>" + html_text(one_line(items[i])) + "</li>";
  if (items.size() > limit) out += fmt::format("<li>and {} more</li>", items.size() - limit);
  return out + fmt::format("</{}>", tag);
}

std::string html(const Report& report, const RenderOptions& options) {
  const Report shown = options.show_secrets ? report : redacted(report);
  return Page(shown).write();
}

}  // namespace assay::reports

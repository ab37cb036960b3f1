#include <nlohmann/json.hpp>

#include <algorithm>

#include "reports/neutralise.h"
#include "reports/outline.h"
#include "reports/redact.h"
#include "reports/render.h"

// The small formats that other programs read: CSV, JUnit, GitLab Code Quality, GitHub annotations.
namespace assay::reports {
namespace {

Report shown_report(const Report& report, const RenderOptions& options) {
  return options.show_secrets ? report : redacted(report);
}

std::string_view state_of(const Finding& finding) {
  if (finding.standing == Standing::gone) return "gone";
  return finding.suppressions.empty() ? "counts" : "suppressed";
}

std::string number(std::uint32_t value) {
  return value == 0 ? std::string() : std::to_string(value);
}

std::string csv_row(const std::vector<std::string>& cells) {
  std::string out;
  for (const std::string& cell : cells) {
    if (!out.empty()) out += ',';
    out += csv_cell(cell);
  }
  return out + "\r\n";
}

// Text after `::error …::`, and values of its properties (docs.github.com, "Workflow commands").
std::string command_text(std::string_view text, bool property) {
  std::string out;
  for (const char c : visible(text)) {
    switch (c) {
      case '%':
        out += "%25";
        break;
      case ':':
        out += property ? "%3A" : ":";
        break;
      case ',':
        out += property ? "%2C" : ",";
        break;
      default:
        out += c;
    }
  }
  return out;
}

}  // namespace

std::string csv(const Report& original, const RenderOptions& options) {
  const Report report = shown_report(original, options);
  std::string out = csv_row({"record", "severity", "confidence", "state", "rule", "path", "line", "column", "message",
                             "fix", "incidents", "standing", "reason", "fingerprint"});
  const Outline outline = outline_of(report, true);
  for (const AttackPath& path : report.paths) {
    Location at;
    std::string fix;
    if (path.weakest < path.steps.size()) {
      at = path.steps[path.weakest].at;
      fix = path.steps[path.weakest].control;
    }
    out += csv_row({"path", std::string(word(path.severity)), "", "counts", "path/attack-path", at.path,
                    number(at.span.begin.line), number(at.span.begin.column), path.title, fix, listed(path.incidents),
                    "", "", path.fingerprint});
  }
  for (const Finding& finding : report.findings) {
    const auto rule = outline.rules.find(finding.rule);
    std::string reason;
    for (const Suppression& one : finding.suppressions)
      reason += (reason.empty() ? "" : "; ") + one.source + ": " + one.reason;
    out += csv_row({"finding", std::string(word(finding.severity)), std::string(word(finding.confidence)),
                    std::string(state_of(finding)), finding.rule, finding.at.path, number(finding.at.span.begin.line),
                    number(finding.at.span.begin.column), one_line(finding.message),
                    rule == outline.rules.end() ? std::string() : one_line(rule->second->fix),
                    listed(finding.incidents), std::string(word(finding.standing)), reason, finding.fingerprint});
  }
  for (const CoverageLine& line : report.not_fully_read) {
    out += csv_row(
        {"coverage", "", "", std::string(word(line.coverage)), "", line.path, "", "", "", "", "", "", line.reason, ""});
  }
  return out;
}

std::string junit(const Report& original, const RenderOptions& options) {
  const Report report = shown_report(original, options);
  Severity threshold = Severity::high;
  const bool fails = report.verdict.threshold != "none";
  if (fails) from_word(report.verdict.threshold, threshold);
  std::size_t tests = 0;
  std::size_t failures = 0;
  std::size_t errors = 0;
  std::size_t skipped = 0;
  std::string cases;
  const auto open = [&](std::string_view group, std::string_view name) {
    ++tests;
    cases += fmt::format("    <testcase classname=\"{}\" name=\"{}\">", xml_text(group), xml_text(name));
  };
  for (const AttackPath& path : report.paths) {
    open("path/attack-path", path.title);
    if (fails && path.severity >= threshold) {
      ++failures;
      cases += fmt::format("<failure type=\"{}\" message=\"{}\"/>", word(path.severity), xml_text(path.title));
    }
    cases += "</testcase>\n";
  }
  for (const Finding& finding : report.findings) {
    if (finding.standing == Standing::gone) continue;
    open(finding.rule, position_text(finding.at));
    if (!finding.suppressions.empty()) {
      ++skipped;
      cases += fmt::format("<skipped message=\"{}\"/>", xml_text(finding.suppressions.front().reason));
    } else if (fails && finding.severity >= threshold) {
      ++failures;
      cases += fmt::format("<failure type=\"{}\" message=\"{}\">{}</failure>", word(finding.severity),
                           xml_text(one_line(finding.message)), xml_text(finding.snippet));
    } else {
      cases +=
          fmt::format("<system-out>{}: {}</system-out>", word(finding.severity), xml_text(one_line(finding.message)));
    }
    cases += "</testcase>\n";
  }
  for (const CoverageLine& line : report.not_fully_read) {
    open("coverage", line.path);
    if (line.coverage == Coverage::not_read) {
      ++errors;
      cases += fmt::format("<error type=\"not-read\" message=\"{}\"/>", xml_text(line.reason));
    } else {
      cases += fmt::format("<system-out>partly read: {}</system-out>", xml_text(line.reason));
    }
    cases += "</testcase>\n";
  }
  if (tests == 0) {
    open("verdict", report.verdict.sentence);
    cases += "</testcase>\n";
  }
  const std::string counts =
      fmt::format("tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\"", tests, failures, errors, skipped);
  const Outline outline = outline_of(report, true);
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"assay\" {0}>\n  <testsuite name=\"{1}\" {0}>\n"
      "    <properties>\n      <property name=\"verdict\" value=\"{2}\"/>\n      <property name=\"inputs\" "
      "value=\"{3}\"/>\n"
      "      <property name=\"rules\" value=\"{4}\"/>\n      <property name=\"database\" value=\"{5}\"/>\n    "
      "</properties>\n{6}"
      "  </testsuite>\n</testsuites>\n",
      counts, xml_text(report.subject), xml_text(report.verdict.sentence), xml_text(inputs_sentence(report, outline)),
      xml_text(rules_sentence(report)), xml_text(knowledge_sentence(report)), cases);
}

std::string codequality(const Report& original, const RenderOptions& options) {
  constexpr std::array levels = {"info", "minor", "major", "critical", "blocker"};
  const Report report = shown_report(original, options);
  const Outline outline = outline_of(report, true);
  nlohmann::ordered_json out = nlohmann::ordered_json::array();
  const auto add = [&](std::string_view check, const std::string& text, const std::string& fingerprint,
                       std::size_t level, const std::string& path, std::uint32_t line) {
    out.push_back({{"description", visible(text)},
                   {"check_name", visible(check)},
                   {"fingerprint", fingerprint},
                   {"severity", levels[level]},
                   {"location", {{"path", visible(path)}, {"lines", {{"begin", std::max(line, 1U)}}}}}});
  };
  for (const AttackPath& path : report.paths) {
    const Location at = path.weakest < path.steps.size() ? path.steps[path.weakest].at : Location{};
    add("path/attack-path", path.title, path.fingerprint, static_cast<std::size_t>(path.severity), at.path,
        at.span.begin.line);
  }
  for (const Finding* finding : worst_first(outline)) {
    add(finding->rule, one_line(finding->message), finding->fingerprint, static_cast<std::size_t>(finding->severity),
        finding->at.path, finding->at.span.begin.line);
  }
  for (const CoverageLine& line : report.not_fully_read) {
    const std::string what = line.coverage == Coverage::not_read ? "not read" : "partly read";
    add(line.coverage == Coverage::not_read ? "coverage/not-read" : "coverage/partly-read", what + ": " + line.reason,
        "coverage:" + visible(line.path), 0, line.path, 1);
  }
  return out.dump(1, ' ', true, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

std::string annotations(const Report& original, const RenderOptions& options) {
  constexpr std::size_t shown = 10;  // GitHub shows ten of a kind for one step
  const Report report = shown_report(original, options);
  const Outline outline = outline_of(report, false);
  const std::vector<const Finding*> all = worst_first(outline);
  std::string out;
  for (std::size_t i = 0; i < all.size() && i < shown; ++i) {
    const Finding& finding = *all[i];
    const std::string_view kind = finding.severity >= Severity::high     ? "error"
                                  : finding.severity == Severity::medium ? "warning"
                                                                         : "notice";
    out += fmt::format("::{} file={}", kind, command_text(finding.at.path, true));
    if (finding.at.span.begin.line != 0) {
      out += fmt::format(",line={},endLine={}", finding.at.span.begin.line,
                         std::max(finding.at.span.begin.line, finding.at.span.end.line));
    }
    out += fmt::format(",title={}::{}\n", command_text(finding.rule, true),
                       command_text(one_line(finding.message), false));
  }
  std::string rest = one_line(report.verdict.sentence);
  if (all.size() > shown) rest += fmt::format(" {} more findings are in the report.", all.size() - shown);
  rest += " " + inputs_sentence(report, outline) + ".";
  return out + "::notice title=Assay::" + command_text(rest, false) + "\n";
}

}  // namespace assay::reports

#include <nlohmann/json.hpp>

#include <algorithm>
#include <set>

#include "analyzer/base/utf8.h"
#include "reports/neutralise.h"
#include "reports/outline.h"
#include "reports/redact.h"
#include "reports/render.h"

namespace assay::reports {
namespace {

using Json = nlohmann::ordered_json;

// What GitHub accepts in one run (docs.github.com, "SARIF support for code scanning"); it keeps fewer, but counts
// these.
constexpr std::size_t max_results = 25'000;
constexpr std::size_t max_tags = 10;
constexpr std::size_t max_related = 100;
constexpr std::size_t max_full_description = 1'000;  // characters; GitHub: 1,024
constexpr std::size_t max_notifications = 1'000;
constexpr std::string_view path_rule = "path/attack-path";

std::string_view level_of(Severity severity) {
  switch (severity) {
    case Severity::critical:
    case Severity::high:
      return "error";
    case Severity::medium:
      return "warning";
    case Severity::low:
    case Severity::info:
      return "note";
  }
  return "warning";
}

// Inside the bands GitHub names critical (above 9.0), high, medium and low; "" for none.
std::string_view score_of(Severity severity) {
  switch (severity) {
    case Severity::critical:
      return "9.5";
    case Severity::high:
      return "8.0";
    case Severity::medium:
      return "5.5";
    case Severity::low:
      return "2.0";
    case Severity::info:
      return "";
  }
  return "";
}

double rank_of(Severity severity, Confidence confidence) {
  return 20.0 * static_cast<double>(severity) + 6.0 * (static_cast<double>(confidence) + 1);
}

std::string shortened(std::string text, std::size_t characters) {
  std::size_t at = 0;
  for (std::size_t count = 0; at < text.size() && count < characters; ++count) utf8::next(text, at);
  if (at < text.size()) text = text.substr(0, at) + "…";
  return text;
}

Json message(std::string_view text) {
  return {{"text", text.empty() ? std::string("(no message)") : sarif_message(text)}};
}

Json physical(const Location& at, std::string_view snippet = {}) {
  Json out = {{"artifactLocation", {{"uri", uri_path(at.path)}, {"uriBaseId", "%SRCROOT%"}}}};
  const Span& span = at.span;
  if (span.begin.line == 0) return out;
  Json region = {{"startLine", span.begin.line}};
  if (span.begin.column != 0) region["startColumn"] = span.begin.column;
  if (span.end.line >= span.begin.line) {
    region["endLine"] = span.end.line;
    const bool backwards = span.end.line == span.begin.line && span.end.column < span.begin.column;
    if (span.end.column != 0 && !backwards) region["endColumn"] = span.end.column;
  }
  out["region"] = std::move(region);
  if (!snippet.empty()) {
    out["contextRegion"] = {{"startLine", span.begin.line}, {"snippet", {{"text", visible(snippet)}}}};
  }
  return out;
}

class Sarif {
 public:
  Sarif(const Report& report, const RenderOptions& options)
      : report_(report), options_(options), outline_(outline_of(report, true)) {}

  std::string write() {
    rules();
    collect();
    Json run = Json::object();
    Json driver = {{"name", "Assay"}, {"organization", "Assay"}};
    if (!report_.assay_version.empty()) driver["semanticVersion"] = report_.assay_version;
    driver["rules"] = std::move(rules_);
    driver["notifications"] = {
        {{"id", "coverage/not-read"}, {"shortDescription", {{"text", "An input was not read"}}}},
        {{"id", "coverage/partly-read"}, {"shortDescription", {{"text", "An input was read in part"}}}},
        {{"id", "coverage/rule-skipped"}, {"shortDescription", {{"text", "A rule was not applied"}}}},
        {{"id", "coverage/cut"}, {"shortDescription", {{"text", "The report was cut to a limit of its readers"}}}}};
    run["tool"] = {{"driver", std::move(driver)}};
    run["automationDetails"] = {{"id", category()}};
    run["columnKind"] = "unicodeCodePoints";
    run["originalUriBaseIds"] = {{"%SRCROOT%", {{"description", {{"text", "The root of what was examined"}}}}}};
    run["invocations"] = Json::array({invocation()});
    run["results"] = std::move(results_);
    run["properties"] = properties();
    Json out = {{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
                {"version", "2.1.0"},
                {"runs", Json::array({std::move(run)})}};
    return out.dump(-1, ' ', true, Json::error_handler_t::replace) + "\n";
  }

 private:
  std::string category() const {
    if (!options_.category.empty()) return options_.category;
    return report_.subject.empty() ? "assay/" : "assay/" + report_.subject + "/";
  }

  void rules() {
    std::set<std::string_view> used;
    for (const Finding& finding : report_.findings) used.insert(finding.rule);
    for (const RuleInfo& rule : report_.rules) {
      if (index_.emplace(rule.id, rules_.size()).second) rules_.push_back(descriptor(rule));
    }
    for (const std::string_view id : used) {  // a finding whose rule the report does not describe
      if (index_.contains(id)) continue;
      RuleInfo rule;
      rule.id = rule.title = id;
      index_.emplace(id, rules_.size());
      rules_.push_back(descriptor(rule));
    }
    if (report_.paths.empty()) return;
    RuleInfo rule;
    rule.id = path_rule;
    rule.title = "An outsider can reach something powerful";
    rule.severity = report_.paths.front().severity;
    for (const AttackPath& path : report_.paths) rule.severity = std::max(rule.severity, path.severity);
    rule.why =
        "The steps below lead from something an outsider controls to something powerful. Each step names the evidence "
        "for it; a step that is possible but was not observed says so.";
    rule.fix = "Repair the weakest link that the message names: that breaks the path with the least change.";
    index_.emplace(path_rule, rules_.size());
    rules_.push_back(descriptor(rule));
  }

  static Json descriptor(const RuleInfo& rule) {
    const std::string title = rule.title.empty() ? rule.id : rule.title;
    const std::string why = one_line(rule.why);
    Json out = {{"id", visible(rule.id)}, {"shortDescription", {{"text", visible(shortened(title, 250))}}}};
    out["fullDescription"] = {{"text", sarif_message(shortened(why.empty() ? title : why, max_full_description))}};
    std::string text = why.empty() ? title : why;
    std::string markdown = markdown_text(text);
    const auto section = [&](std::string_view heading, std::string_view body) {
      if (body.empty()) return;
      text += fmt::format("\n\n{}: {}", heading, one_line(body));
      markdown += fmt::format("\n\n**{}.** {}", heading, markdown_text(one_line(body)));
    };
    section("Fix", rule.fix);
    section("When it is wrong", rule.false_positives);
    section("Seen in", listed(rule.incidents));
    for (const auto& [scheme, ids] : rule.mappings) section(scheme, listed(ids));
    out["help"] = {{"text", sarif_message(text)}, {"markdown", markdown}};
    out["defaultConfiguration"] = {{"level", level_of(rule.severity)}};
    Json properties = {{"precision", word(rule.confidence)}};
    if (const auto score = score_of(rule.severity); !score.empty()) properties["security-severity"] = score;
    properties["tags"] = tags(rule);
    out["properties"] = std::move(properties);
    return out;
  }

  static Json tags(const RuleInfo& rule) {
    std::vector<std::string> all = {"security", "supply-chain"};
    if (!rule.stage.empty()) all.push_back(visible(rule.stage));
    if (const auto cwe = rule.mappings.find("cwe"); cwe != rule.mappings.end()) {
      for (const std::string& id : cwe->second) {
        std::string tag = "external/cwe/" + visible(id);
        std::transform(tag.begin(), tag.end(), tag.begin(),
                       [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
        all.push_back(tag);
      }
    }
    for (const std::string& family : rule.families) all.push_back(visible(family));
    Json out = Json::array();
    std::set<std::string> seen;
    for (const std::string& tag : all) {
      if (out.size() < max_tags && seen.insert(tag).second) out.push_back(tag);
    }
    return out;
  }

  void collect() {
    std::vector<const Finding*> findings = worst_first(outline_);
    if (options_.with_suppressed) {
      findings.insert(findings.end(), outline_.suppressed.begin(), outline_.suppressed.end());
      findings.insert(findings.end(), outline_.gone.begin(), outline_.gone.end());
    }
    for (const AttackPath& path : report_.paths) {
      if (results_.size() < max_results) results_.push_back(of(path));
    }
    const std::size_t room = max_results - results_.size();
    cut_ = findings.size() > room ? findings.size() - room : 0;
    findings.resize(findings.size() - cut_);
    for (const Finding* finding : findings) results_.push_back(of(*finding));
  }

  Json of(const Finding& finding) const {
    Json out = head(finding.rule, finding.severity);
    out["message"] = message(finding.message);
    out["rank"] = rank_of(finding.severity, finding.confidence);
    out["locations"] = Json::array({{{"physicalLocation", physical(finding.at, finding.snippet)}}});
    if (!finding.related.empty()) {
      Json related = Json::array();
      for (const auto& [what, at] : finding.related) {
        if (related.size() == max_related) break;
        related.push_back({{"id", related.size() + 1}, {"physicalLocation", physical(at)}, {"message", message(what)}});
      }
      out["relatedLocations"] = std::move(related);
    }
    fingerprints(out, finding.fingerprint);
    if (finding.standing != Standing::unknown) out["baselineState"] = word(finding.standing);
    if (options_.with_suppressed) {
      Json suppressions = Json::array();
      for (const Suppression& one : finding.suppressions) {
        std::string why = one.reason;
        if (!one.until.empty()) why += " (until " + one.until + ")";
        suppressions.push_back(
            {{"kind", "external"},
             {"status", "accepted"},
             {"justification", visible(why)},
             {"location", {{"physicalLocation", {{"artifactLocation", {{"uri", uri_path(one.source)}}}}}}}});
      }
      out["suppressions"] = std::move(suppressions);
    }
    Json properties = {{"severity", word(finding.severity)}, {"confidence", word(finding.confidence)}};
    if (!finding.incidents.empty()) properties["incidents"] = finding.incidents;
    out["properties"] = std::move(properties);
    return out;
  }

  Json of(const AttackPath& path) const {
    Json out = head(std::string(path_rule), path.severity);
    std::string text = path.title;
    if (path.weakest < path.steps.size()) {
      const PathStep& weakest = path.steps[path.weakest];
      text += fmt::format("\nWeakest link: {}.", step_text(weakest));
      if (!weakest.control.empty()) text += " " + weakest.control;
    }
    out["message"] = message(text);
    out["rank"] = rank_of(path.severity, Confidence::high);
    Location anchor;  // where the weakest link is, else the first place the path names
    for (const PathStep& step : path.steps) {
      if (anchor.path.empty()) anchor = step.at;
    }
    if (path.weakest < path.steps.size() && !path.steps[path.weakest].at.path.empty())
      anchor = path.steps[path.weakest].at;
    out["locations"] = Json::array({{{"physicalLocation", physical(anchor)}}});
    Json steps = Json::array();
    for (std::size_t i = 0; i < path.steps.size(); ++i) {
      const PathStep& step = path.steps[i];
      std::string what = step_text(step);
      if (!step.observed) what += " (possible, not observed)";
      if (i == path.weakest) what += " [weakest link]";
      if (!step.because.empty()) what += ": " + step.because;
      Json location = {{"physicalLocation", physical(step.at.path.empty() ? anchor : step.at)},
                       {"message", message(what)}};
      steps.push_back({{"location", std::move(location)},
                       {"executionOrder", i + 1},
                       {"importance", i == path.weakest ? "essential" : "important"}});
    }
    if (!steps.empty()) {
      out["codeFlows"] = Json::array({{{"threadFlows", Json::array({{{"locations", std::move(steps)}}})}}});
    }
    fingerprints(out, path.fingerprint);
    if (options_.with_suppressed) out["suppressions"] = Json::array();
    Json properties = {{"severity", word(path.severity)}};
    if (!path.incidents.empty()) properties["incidents"] = path.incidents;
    out["properties"] = std::move(properties);
    return out;
  }

  Json head(const std::string& rule, Severity severity) const {
    Json out = {{"ruleId", visible(rule)}};
    if (const auto at = index_.find(rule); at != index_.end()) out["ruleIndex"] = at->second;
    out["level"] = level_of(severity);
    return out;
  }

  static void fingerprints(Json& out, const std::string& fingerprint) {
    if (fingerprint.empty()) return;
    out["partialFingerprints"] = {{"assay/v1", fingerprint}, {"primaryLocationLineHash", fingerprint + ":1"}};
  }

  Json invocation() const {
    Json notes = Json::array();
    const auto note = [&](std::string_view id, std::string_view level, std::string_view text, std::string_view path) {
      if (notes.size() >= max_notifications) return;
      Json one = {{"descriptor", {{"id", id}}}, {"level", level}, {"message", message(text)}};
      if (!path.empty()) {
        one["locations"] = Json::array(
            {{{"physicalLocation", {{"artifactLocation", {{"uri", uri_path(path)}, {"uriBaseId", "%SRCROOT%"}}}}}}});
      }
      notes.push_back(std::move(one));
    };
    if (cut_ > 0) {
      note("coverage/cut", "error",
           fmt::format("{} more findings are not in this file: it holds the {} worst. The JSON report has all.", cut_,
                       max_results),
           "");
    }
    const std::size_t total = outline_.partly_read + outline_.not_read + report_.rules_skipped.size();
    if (total >= max_notifications) {
      note("coverage/cut", "warning",
           fmt::format("Of {} coverage notices only the first are in this file. The JSON report has all.", total), "");
    }
    for (const Coverage coverage : {Coverage::not_read, Coverage::partly_read}) {
      for (const CoverageLine& line : report_.not_fully_read) {
        if (line.coverage != coverage) continue;
        const bool none = coverage == Coverage::not_read;
        note(none ? "coverage/not-read" : "coverage/partly-read", none ? "warning" : "note",
             fmt::format("{}: {}", none ? "not read" : "partly read", line.reason), line.path);
      }
    }
    for (const std::string& skipped : report_.rules_skipped) note("coverage/rule-skipped", "note", skipped, "");
    return {{"executionSuccessful", report_.verdict.exit_code == 0 || report_.verdict.exit_code == 1},
            {"exitCode", report_.verdict.exit_code},
            {"toolExecutionNotifications", std::move(notes)}};
  }

  Json properties() const {
    return {{"verdict", visible(report_.verdict.sentence)},
            {"subject", visible(report_.subject)},
            {"inputs", report_.inputs},
            {"fullyRead", outline_.fully_read},
            {"partlyRead", outline_.partly_read},
            {"notRead", outline_.not_read},
            {"rulesApplied", report_.rules_applied},
            {"rulesSkipped", report_.rules_skipped.size()},
            {"rulesDigest", report_.rules_digest},
            {"knowledgeDate", report_.known_date},
            {"suppressed", report_.verdict.suppressed},
            {"suppressedBySubject", report_.verdict.suppressed_by_subject},
            {"cut", cut_}};
  }

  const Report& report_;
  const RenderOptions& options_;
  const Outline outline_;
  std::map<std::string_view, std::size_t> index_;
  Json rules_ = Json::array();
  Json results_ = Json::array();
  std::size_t cut_ = 0;
};

}  // namespace

std::string sarif(const Report& report, const RenderOptions& options) {
  const Report shown = options.show_secrets ? report : redacted(report);
  return Sarif(shown, options).write();
}

}  // namespace assay::reports

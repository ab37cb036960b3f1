#include "reports/answers.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <iterator>
#include <nlohmann/json.hpp>

#include "reports/neutralise.h"
#include "reports/outline.h"

namespace assay::reports {
namespace {

std::string dumped(const nlohmann::ordered_json& document) {
  return document.dump(2, ' ', true, nlohmann::json::error_handler_t::replace) + "\n";
}

// Paragraphs of a rule's file: several lines, none of them hiding anything.
void append_labelled(std::string& out, std::string_view name, std::string_view value) {
  if (!value.empty()) fmt::format_to(std::back_inserter(out), "{:<16} {}\n", name, visible(value));
}

std::string joined(const std::vector<std::string>& parts) {
  return fmt::format("{}", fmt::join(parts, ", "));
}

}  // namespace

std::string error_line(const Error& error) {
  return fmt::format("assay: error: {}\n", visible(error.text()));
}

std::string visible_lines(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    out += visible(text.substr(0, end));
    if (end == std::string_view::npos) break;
    out += '\n';
    text.remove_prefix(end + 1);
  }
  return out;
}

std::string sweep_text(const SweepSummary& summary, std::span<const StoredFinding> findings, Severity from) {
  std::string out;
  for (const StoredFinding& stored : findings) {
    const Finding& finding = stored.finding;
    const bool changed = stored.standing == Standing::fresh || stored.standing == Standing::gone;
    if (!changed || finding.severity < from || !finding.suppressions.empty()) continue;
    fmt::format_to(std::back_inserter(out), "{:<5} {:<8} {}: {}:{}: {}  [{}]\n",
                   stored.standing == Standing::gone ? "gone" : "new", word(finding.severity), visible(stored.subject),
                   visible(finding.at.path), finding.at.span.begin.line, visible(finding.message),
                   visible(finding.rule));
  }
  for (const FailedSubject& failed : summary.failed) {
    fmt::format_to(std::back_inserter(out), "not examined: {}: {}\n", visible(failed.name), visible(failed.reason));
  }
  fmt::format_to(
      std::back_inserter(out),
      "run {}{}: {} examined, {} unchanged, {} done before, {} not examined; findings: {} new, {} known, {} gone\n",
      summary.run, summary.finished ? "" : " (stopped; run it again to go on)", summary.examined, summary.unchanged,
      summary.done_before, summary.failed.size(), summary.fresh, summary.known, summary.gone);
  return out;
}

std::string progress_text(std::size_t done, std::size_t all, std::string_view subject) {
  constexpr std::string_view erase = "\r\033[K";
  return fmt::format("{}{} of {}  {}{}", erase, done, all, visible(subject), done == all ? erase : "");
}

namespace {

std::string_view reason(CredentialPower power) {
  switch (power) {
    case CredentialPower::publishes:
      return "publishes what others install";
    case CredentialPower::pushes_code:
      return "pushes code";
    case CredentialPower::runs_elsewhere:
      return "runs things elsewhere";
    case CredentialPower::unknown:
      return "what it opens is not known";
    case CredentialPower::machine:
      return "a machine that outlives the job";
    case CredentialPower::identity:
      return "stands for the run";
    case CredentialPower::job_token:
      break;
  }
  return "ended with the job";
}

void append_rotations(std::string& out, const HuntReport& report) {
  if (report.rotate_first.empty()) return;
  out += "\nRotate first\n";
  if (report.isolate_first) {
    out +=
        "   before: this code spreads by itself and may watch its tokens. Cut the machines off the network, stop what\n"
        "           runs there, keep an image, and only then revoke.\n";
  }
  std::size_t number = 0;
  for (const Rotation& one : report.rotate_first) {
    fmt::format_to(std::back_inserter(out), "{:>4}. {} of {}: {}{}\n", ++number, visible(one.credential),
                   visible(one.subject), reason(one.power), one.answer == Answer::possible ? " (possible)" : "");
    const std::string span = one.from.empty() || one.from == one.until ? one.from : one.from + " to " + one.until;
    fmt::format_to(std::back_inserter(out), "      {}:{}: {}{}\n", visible(one.path), one.line, visible(one.held_by),
                   span.empty() ? "" : "; " + visible(span));
  }
  out += "\n";
}

}  // namespace

std::string hunt_text(const HuntReport& report) {
  constexpr std::string_view indent = "              ";
  std::string out;
  for (const SubjectAnswer& subject : report.subjects) {
    fmt::format_to(std::back_inserter(out), "{:<13} {}\n", word(subject.answer), visible(subject.subject));
    for (const Sighting& seen : subject.sightings) {
      std::string mark = seen.answer == subject.answer ? std::string() : fmt::format("{}: ", word(seen.answer));
      fmt::format_to(std::back_inserter(out), "{}{}{}:{}: {}{}{}\n", indent, mark, visible(seen.path), seen.line,
                     visible(seen.found), seen.time.empty() ? "" : ", " + visible(seen.time),
                     seen.why.empty() ? "" : " (" + visible(seen.why) + ")");
    }
    if (subject.more_sightings > 0)
      fmt::format_to(std::back_inserter(out), "{}and {} more\n", indent, subject.more_sightings);
    for (const std::string& missing : subject.not_examined) {
      fmt::format_to(std::back_inserter(out), "{}not examined: {}\n", indent, visible(missing));
    }
  }
  append_rotations(out, report);
  fmt::format_to(std::back_inserter(out), "{} affected, {} possible, {} not examined, {} excluded, {} not seen\n",
                 report.affected, report.possible, report.not_examined, report.excluded, report.not_seen);
  return out;
}

std::string hunt_json(const HuntReport& report) {
  nlohmann::ordered_json subjects = nlohmann::ordered_json::array();
  for (const SubjectAnswer& subject : report.subjects) {
    nlohmann::ordered_json sightings = nlohmann::ordered_json::array();
    for (const Sighting& seen : subject.sightings) {
      sightings.push_back({{"answer", word(seen.answer)},
                           {"indicator", seen.indicator},
                           {"incident", seen.incident},
                           {"path", seen.path},
                           {"line", seen.line},
                           {"found", seen.found},
                           {"why", seen.why},
                           {"time", seen.time}});
    }
    subjects.push_back({{"subject", subject.subject},
                        {"answer", word(subject.answer)},
                        {"sightings", sightings},
                        {"more", subject.more_sightings},
                        {"not_examined", subject.not_examined}});
  }
  nlohmann::ordered_json rotations = nlohmann::ordered_json::array();
  for (const Rotation& one : report.rotate_first) {
    rotations.push_back({{"answer", word(one.answer)},
                         {"power", word(one.power)},
                         {"subject", one.subject},
                         {"credential", one.credential},
                         {"held_by", one.held_by},
                         {"path", one.path},
                         {"line", one.line},
                         {"from", one.from},
                         {"until", one.until}});
  }
  return dumped({{"schema", "assay-hunt/1"},
                 {"affected", report.affected},
                 {"possible", report.possible},
                 {"not_examined", report.not_examined},
                 {"excluded", report.excluded},
                 {"not_seen", report.not_seen},
                 {"isolate_first", report.isolate_first},
                 {"rotate_first", rotations},
                 {"subjects", subjects}});
}

std::string rule_list_text(std::span<const ListedRule> rules) {
  std::string out;
  for (const ListedRule& rule : rules) {
    if (rule.is_signal) continue;
    fmt::format_to(std::back_inserter(out), "{:<58} {:<9} {:<7} {:<9} {}\n", visible(rule.info->id),
                   word(rule.info->severity), word(rule.info->confidence), word(rule.info->audience),
                   visible(rule.info->title));
  }
  return out;
}

std::string rule_list_json(std::span<const ListedRule> rules) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const ListedRule& rule : rules) {
    const RuleInfo& info = *rule.info;
    list.push_back({{"id", info.id},
                    {"title", info.title},
                    {"severity", word(info.severity)},
                    {"confidence", word(info.confidence)},
                    {"audience", word(info.audience)},
                    {"maturity", word(info.maturity)},
                    {"stage", info.stage},
                    {"families", info.families},
                    {"incidents", info.incidents},
                    {"mappings", info.mappings},
                    {"equivalents", info.equivalents},
                    {"emits", rule.is_signal ? "signal" : "finding"},
                    {"matches", rule.is_pattern ? "text" : "evidence"},
                    {"why", info.why},
                    {"fix", info.fix},
                    {"false_positives", info.false_positives}});
  }
  return dumped(list);
}

std::string rule_page(const RuleInfo& rule) {
  std::string out = fmt::format("{}\n{}\n\n", visible(rule.id), visible(rule.title));
  append_labelled(out, "severity", word(rule.severity));
  append_labelled(out, "confidence", word(rule.confidence));
  append_labelled(out, "audience", word(rule.audience));
  append_labelled(out, "families", joined(rule.families));
  append_labelled(out, "incidents", joined(rule.incidents));
  for (const auto& [name, ids] : rule.mappings) append_labelled(out, name, joined(ids));
  fmt::format_to(std::back_inserter(out), "\nWhy\n{}\n\nFix\n{}\n\nWhen it is wrong\n{}\n", visible_lines(rule.why),
                 visible_lines(rule.fix), visible_lines(rule.false_positives));
  return out;
}

std::string finding_page(const Finding& finding, const RuleInfo* rule) {
  std::string out = fmt::format("{}: {}\n\n", visible(position_text(finding.at)), visible(finding.message));
  for (const auto& [name, value] : finding.values) {
    fmt::format_to(std::back_inserter(out), "  {:<16} {}\n", visible(name), visible(value));
  }
  out += '\n';
  if (rule != nullptr) out += rule_page(*rule);
  return out;
}

std::string path_page(const AttackPath& path) {
  std::string out = fmt::format("{} ({})\n\n", visible(path.title), word(path.severity));
  for (std::size_t i = 0; i < path.steps.size(); ++i) {
    const PathStep& step = path.steps[i];
    fmt::format_to(std::back_inserter(out), "{}. {} → {}: {} ({}){}\n   break it: {}\n", i + 1, visible(step.from),
                   visible(step.to), visible(step.because), step.observed ? "observed" : "possible",
                   i == path.weakest ? " ← weakest link" : "", visible(step.control));
  }
  return out;
}

}  // namespace assay::reports

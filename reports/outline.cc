#include "reports/outline.h"

#include <fmt/core.h>

#include <algorithm>
#include <tuple>

namespace assay::reports {

std::size_t Outline::counting_total() const {
  std::size_t total = 0;
  for (const auto& findings : counting) total += findings.size();
  return total;
}

Outline outline_of(const Report& report, bool pedantic) {
  Outline out;
  for (const Finding& finding : report.findings) {
    if (finding.standing == Standing::gone) {
      out.gone.push_back(&finding);
    } else if (!finding.suppressions.empty()) {
      out.suppressed.push_back(&finding);
    } else if (!pedantic && finding.audience != Audience::regular) {
      out.for_others.push_back(&finding);
    } else {
      out.counting[static_cast<std::size_t>(finding.severity)].push_back(&finding);
    }
  }
  for (const RuleInfo& rule : report.rules) out.rules.emplace(rule.id, &rule);

  std::map<std::pair<Coverage, std::string_view>, std::vector<std::string_view>> gaps;
  for (const CoverageLine& line : report.not_fully_read) {
    if (line.coverage == Coverage::read) continue;
    ++(line.coverage == Coverage::partly_read ? out.partly_read : out.not_read);
    gaps[{line.coverage, line.reason}].push_back(line.path);
  }
  for (auto& [key, paths] : gaps) {
    paths.erase(std::unique(paths.begin(), paths.end()), paths.end());
    out.gaps.push_back({key.first, key.second, std::move(paths)});
  }
  std::stable_sort(out.gaps.begin(), out.gaps.end(), [](const Gap& a, const Gap& b) {
    return std::tuple(b.coverage, b.paths.size(), a.reason) < std::tuple(a.coverage, a.paths.size(), b.reason);
  });
  const std::size_t others = out.partly_read + out.not_read;
  out.fully_read = report.inputs > others ? report.inputs - others : 0;
  return out;
}

std::vector<const Finding*> worst_first(const Outline& outline) {
  std::vector<const Finding*> all;
  for (std::size_t i = outline.counting.size(); i-- > 0;) {
    all.insert(all.end(), outline.counting[i].begin(), outline.counting[i].end());
  }
  return all;
}

std::string position_text(const Location& at) {
  if (at.span.begin.line == 0) return at.path;
  return fmt::format("{}:{}:{}", at.path, at.span.begin.line, at.span.begin.column);
}

std::string counted(std::size_t count, std::string_view singular, std::string_view plural) {
  std::string digits = std::to_string(count);
  for (std::size_t at = digits.size(); at > 3;) digits.insert(at -= 3, ",");
  if (count == 1) return fmt::format("1 {}", singular);
  return plural.empty() ? fmt::format("{} {}s", digits, singular) : fmt::format("{} {}", digits, plural);
}

std::string bytes_text(std::uint64_t bytes) {
  constexpr std::array units = {"bytes", "KiB", "MiB", "GiB", "TiB"};
  auto value = static_cast<double>(bytes);
  std::size_t unit = 0;
  for (; value >= 1024 && unit + 1 < units.size(); ++unit) value /= 1024;
  return unit == 0 ? fmt::format("{} bytes", bytes) : fmt::format("{:.1f} {}", value, units[unit]);
}

std::string listed(const std::vector<std::string>& parts) {
  std::string out;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) out += i + 1 == parts.size() ? " and " : ", ";
    out += parts[i];
  }
  return out;
}

std::string severities_text(const Verdict& verdict) {
  std::string out;
  for (std::size_t i = verdict.counted.size(); i-- > 0;) {
    if (verdict.counted[i] == 0) continue;
    if (!out.empty()) out += ", ";
    out += fmt::format("{} {}", verdict.counted[i], word(static_cast<Severity>(i)));
  }
  return out.empty() ? "no findings" : out;
}

std::string step_text(const PathStep& step) {
  return fmt::format("{} {} → {} {}", step.from_kind, step.from, step.to_kind, step.to);
}

std::string product_title(const ProductAssessment& product) {
  std::string out = product.name;
  if (!product.version.empty()) out += " " + product.version;
  if (!product.vendor.empty()) out += " by " + product.vendor;
  return out;
}

std::vector<const PrivilegeScore*> privileges_by_bits(const ProductAssessment& product) {
  std::vector<const PrivilegeScore*> all;
  for (const PrivilegeScore& one : product.privileges) all.push_back(&one);
  std::stable_sort(all.begin(), all.end(), [](const auto* a, const auto* b) { return a->bits > b->bits; });
  return all;
}

std::string turned_sentence(const ProductAssessment& product) {
  std::vector<std::string> top;
  for (const PrivilegeScore* one : privileges_by_bits(product)) {
    if (one->level > 0 && top.size() < 3) top.push_back(one->title.empty() ? one->dimension : one->title);
  }
  if (top.empty()) return "No privilege of this product is known, so nobody can say what an attacker would get.";
  return fmt::format("If this vendor is turned, an attacker gets {}.", listed(top));
}

std::string inputs_sentence(const Report& report, const Outline& outline) {
  std::string out =
      fmt::format("{} ({}): {} read", counted(report.inputs, "input"), bytes_text(report.bytes), outline.fully_read);
  out += fmt::format(", {} partly read, {} not read", outline.partly_read, outline.not_read);
  return out;
}

std::string rules_sentence(const Report& report) {
  std::string out = fmt::format("{} applied, {} skipped", report.rules_applied, report.rules_skipped.size());
  if (!report.rules_digest.empty()) out += ", rules " + report.rules_digest.substr(0, 12);
  return out;
}

std::string knowledge_sentence(const Report& report) {
  if (report.known_date.empty()) return "no knowledge database";
  std::string out = "of " + report.known_date;
  if (!report.known_digest.empty()) out += " (" + report.known_digest.substr(0, 12) + ")";
  return out;
}

std::string_view risk_caption() {
  return "An ordinal index from 0 to 100, not a probability. Decisions use the worst value.";
}

std::string one_line(std::string_view text) {
  std::string out;
  bool gap = false;
  for (const char c : text) {
    if (c == ' ' || c == '\n' || c == '\t' || c == '\r') {
      gap = !out.empty();
      continue;
    }
    if (gap) out += ' ';
    gap = false;
    out += c;
  }
  return out;
}

std::string first_sentence(std::string_view text) {
  std::string line = one_line(text);
  for (std::size_t at = line.find(". "); at != std::string::npos; at = line.find(". ", at + 1)) {
    const std::string_view before = std::string_view(line).substr(0, at);
    if (before.ends_with("e.g") || before.ends_with("i.e")) continue;
    line.resize(at + 1);
    break;
  }
  return line;
}

}  // namespace assay::reports

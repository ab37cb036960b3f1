#include "analyzer/product/assess.h"

#include <cmath>
#include <tuple>

namespace assay::product {
namespace {

constexpr std::size_t most_terms = 8;         // contract terms on the page
constexpr std::size_t most_measures = 5;      // measures of the buyer's own
constexpr std::size_t ranked_questions = 12;  // ranked one after the other; the rest by the last ranking

std::string place_of(const Location& at) {
  if (at.path.empty()) return {};
  return at.span.begin.line == 0 ? fmt::format(" [{}]", at.path) : fmt::format(" [{}:{}]", at.path, at.span.begin.line);
}

std::string tier_word(int tier) {
  return fmt::format("T{}", tier);
}
std::string grade_word(int grade) {
  return std::string(1, static_cast<char>('A' + grade));
}
std::string_view gate_word(int gate) {
  return gate == 0 ? "none" : gate == 1 ? "contradiction" : "stop";
}

// The file as it would be had somebody checked the control today.
CaseFile with_check(const CaseFile& file, const Control& control, double value) {
  CaseFile changed = file;
  std::erase_if(changed.evidence,
                [&](const EvidenceItem& item) { return item.control == control.id && item.evidence_class == "E4"; });
  changed.evidence.push_back({control.id, control.stage, "E4", value, 0});
  return changed;
}

double width(const Score& one) {
  return one.risk_worst - one.risk_best;
}

double narrowing(const CaseFile& file, const Score& now, const Control& control, const ScoringPolicy& policy) {
  double holds = 0.5;
  for (const StageBounds& stage : now.stages) {
    if (stage.stage == control.stage) holds = stage.middle;
  }
  const double good = width(score(with_check(file, control, 1), policy));
  const double bad = width(score(with_check(file, control, 0), policy));
  return width(now) - (holds * good + (1 - holds) * bad);
}

std::vector<PrivilegeScore> show_privileges(const Gathered& gathered, const Score& result,
                                            const ScoringPolicy& policy) {
  std::vector<PrivilegeScore> out;
  for (const HeldPrivilege& held : gathered.file.privileges) {
    const auto bits = result.bits_by_dimension.find(held.dimension);
    const Dimension* dimension = policy.dimension(held.dimension);
    if (bits == result.bits_by_dimension.end() || dimension == nullptr) continue;
    PrivilegeScore shown{.dimension = held.dimension,
                         .title = dimension->title,
                         .level = std::clamp(held.level, 0, 4),
                         .weight = dimension->weight,
                         .exposure = std::clamp(held.exposure, policy.exposure_floor, 1.0),
                         .bits = bits->second,
                         .reasons = {},
                         .evidence = {}};
    for (const SourcedPrivilege& source : gathered.privileges) {
      if (source.held.dimension != held.dimension || source.held.level <= 0) continue;
      shown.reasons.push_back(
          source.declared ? fmt::format("declared: {}", source.reason.empty() ? "no reason given" : source.reason)
                          : source.reason);
      shown.evidence.push_back(source.at);
    }
    out.push_back(std::move(shown));
  }
  std::sort(out.begin(), out.end(), [](const PrivilegeScore& a, const PrivilegeScore& b) {
    return a.bits != b.bits ? a.bits > b.bits : a.dimension < b.dimension;
  });
  return out;
}

// How each control that matters is known: the required ones and those somebody said something about.
enum class Known { unanswered, refused, told, checked };

std::map<std::string, std::pair<std::string, Known>, std::less<>> how_known(const Gathered& gathered,
                                                                            const Score& result,
                                                                            const ScoringPolicy& policy) {
  std::map<std::string, std::pair<std::string, Known>, std::less<>> out;
  for (const Control& control : policy.controls) {
    if (control.from >= result.tier) out[control.id] = {control.stage, Known::unanswered};
  }
  for (const SourcedItem& one : gathered.items) {
    const std::string& name = one.item.evidence_class;
    const Known known = name == "E4" ? Known::checked : name == "EW" ? Known::refused : Known::told;
    auto& [stage, best] = out.try_emplace(one.item.control, one.item.stage, Known::unanswered).first->second;
    best = std::max(best, known);
  }
  return out;
}

void show_stages(const Gathered& gathered, const Score& result, const ScoringPolicy& policy, ProductAssessment& out) {
  const auto known = how_known(gathered, result, policy);
  for (std::size_t i = 0; i < policy.stages.size(); ++i) {
    const StageBounds& bounds = result.stages[i];
    StageScore shown{.stage = policy.stages[i].id,
                     .title = policy.stages[i].title,
                     .path_weight = policy.stages[i].weight,
                     .worst = bounds.worst,
                     .middle = bounds.middle,
                     .best = bounds.best,
                     .reasons = {}};
    for (const auto& [control, entry] : known) {
      if (entry.first != shown.stage) continue;
      ++(entry.second == Known::checked   ? shown.verified
         : entry.second == Known::told    ? shown.told
         : entry.second == Known::refused ? shown.refused
                                          : shown.unknown);
      if (entry.second == Known::unanswered) shown.reasons.push_back(fmt::format("{}: nobody told us", control));
    }
    for (const SourcedItem& one : gathered.items) {
      if (one.item.stage == shown.stage)
        shown.reasons.push_back(fmt::format("{}: {}{}", one.item.control, one.sentence, place_of(one.at)));
    }
    std::sort(shown.reasons.begin(), shown.reasons.end());
    out.stages.push_back(std::move(shown));
  }
  for (const auto& [control, entry] : known) {
    ++(entry.second == Known::checked ? out.checked : entry.second == Known::told ? out.told : out.unanswered);
  }
}

void show_contradictions(const Gathered& gathered, const Score& result, ProductAssessment& out) {
  for (const std::string& control : result.contradicted) {
    std::string said;
    std::string shown;
    for (const SourcedItem& one : gathered.items) {
      if (one.item.control != control) continue;
      const bool paper = one.item.evidence_class == "E1" || one.item.evidence_class == "E2";
      if (paper && one.item.value >= 0.5) said = one.sentence + place_of(one.at);
      if (one.item.evidence_class == "E4" && one.item.value < 0.5 && shown.empty())
        shown = one.sentence + place_of(one.at);
    }
    out.contradictions.push_back(fmt::format("{}: {}; yet {}", control, said, shown));
  }
  std::map<std::string_view, int> declared;
  for (const SourcedPrivilege& one : gathered.privileges) {
    if (!one.declared) continue;
    int& level = declared.try_emplace(one.held.dimension, 0).first->second;
    level = std::max(level, one.held.level);
  }
  std::string_view last;
  for (const SourcedPrivilege& one : gathered.privileges) {
    const auto said = declared.find(one.held.dimension);
    if (one.declared || said == declared.end() || one.held.level <= said->second || last == one.held.dimension)
      continue;
    last = one.held.dimension;
    out.contradictions.push_back(
        fmt::format("{} was declared at level {}; yet {} shows level {}: {}{}", one.held.dimension, said->second,
                    one.at.path.empty() ? "the artefact" : one.at.path, one.held.level, one.reason, place_of(one.at)));
  }
}

void show_reasons(const Gathered& gathered, const Score& result, const ScoringPolicy& policy, ProductAssessment& out) {
  if (!out.privileges.empty()) {
    std::string turned;
    for (std::size_t i = 0; i < std::min<std::size_t>(3, out.privileges.size()); ++i) {
      const bool last = i + 1 == std::min<std::size_t>(3, out.privileges.size());
      if (i > 0) turned += last ? ", and " : ", ";
      turned += policy.dimension(out.privileges[i].dimension)->turned;
    }
    out.reasons.push_back(fmt::format("If this vendor is turned, an attacker {}.", turned));
  } else {
    out.reasons.push_back("No privilege of this product is known; what it may do was neither declared nor found.");
  }
  for (const std::string& stop : gathered.stops) out.reasons.push_back("Stop: " + stop);
  for (const std::string& control : result.stopping) {
    out.reasons.push_back(fmt::format("Stop: {} fails: {}", control, policy.control(control)->title));
  }
  if (result.gate == 1) out.reasons.push_back("A binding statement of the vendor was shown to be untrue.");
  out.reasons.push_back(
      fmt::format("Consequence {:.2f} ({:.1f} bits): tier {}.", result.consequence, result.bits, out.tier));
  out.reasons.push_back(
      fmt::format("Evidence grade {}: {:.0f} % of the required evidence is audited or checked, holds and is fresh.",
                  out.grade, 100 * result.grade_share));
  out.reasons.push_back(
      fmt::format("Risk index {:.0f}, between {:.0f} at best and {:.0f} at worst; the decision uses the worst.",
                  result.risk_middle, result.risk_best, result.risk_worst));
  std::vector<std::pair<double, std::string>> doors;
  for (std::size_t i = 0; i < policy.stages.size(); ++i) {
    doors.emplace_back(policy.stages[i].weight * (1 - result.stages[i].worst), policy.stages[i].title);
  }
  std::stable_sort(doors.begin(), doors.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  out.reasons.push_back(
      fmt::format("The widest open doors, at worst: {}, {}, {}.", doors[0].second, doors[1].second, doors[2].second));
  for (const std::string& one : gathered.rejected) out.reasons.push_back(one + ".");
  for (const Flip& flip : decision_flips(gathered.file, policy)) {
    out.unstable = true;
    out.reasons.push_back(fmt::format("Unstable: with the {} {:.0f} % {} the decision is {}.", flip.parameter,
                                      100 * policy.stability, flip.factor < 1 ? "lower" : "higher", flip.decision));
  }
  if (out.assessed_on.empty()) out.reasons.push_back("No day of assessment is given, so no evidence counts as fresh.");
}

std::vector<std::string> measures(const Gathered& gathered, const Score& now, const ScoringPolicy& policy) {
  struct Effect {
    double after = 0;
    std::string dimension;
    const Compensation* measure = nullptr;
    bool operator<(const Effect& other) const {
      return std::tie(after, dimension) < std::tie(other.after, other.dimension);
    }
  };
  const auto expose = [](CaseFile& file, std::string_view dimension, double exposure) {
    for (HeldPrivilege& one : file.privileges) {
      if (one.dimension == dimension) one.exposure = std::min(one.exposure, exposure);
    }
  };
  std::vector<Effect> effects;
  for (const HeldPrivilege& held : gathered.file.privileges) {
    const Dimension* dimension = policy.dimension(held.dimension);
    if (dimension == nullptr || held.level <= 0) continue;
    for (const Compensation& measure : dimension->compensating) {
      if (measure.exposure >= held.exposure) continue;
      CaseFile changed = gathered.file;
      expose(changed, held.dimension, measure.exposure);
      effects.push_back({score(changed, policy).risk_worst, held.dimension, &measure});
    }
  }
  std::sort(effects.begin(), effects.end());
  if (effects.size() > most_measures) effects.resize(most_measures);
  std::vector<std::string> out;
  CaseFile all = gathered.file;
  for (const Effect& effect : effects) {
    expose(all, effect.dimension, effect.measure->exposure);
    out.push_back(fmt::format("Do yourself: {} ({}: worst risk {:.1f} instead of {:.1f}).", effect.measure->what,
                              effect.dimension, effect.after, now.risk_worst));
  }
  if (out.size() > 1) {
    const Score after = score(all, policy);
    out.push_back(fmt::format("All of these together: worst risk {:.1f} instead of {:.1f}, tier {} instead of {}.",
                              after.risk_worst, now.risk_worst, tier_word(after.tier), tier_word(now.tier)));
  }
  return out;
}

std::string question_of(const Control& control, const Gathered& gathered) {
  const SourcedItem* failed = nullptr;
  std::string asked;
  for (const SourcedItem& one : gathered.items) {
    if (one.item.control != control.id) continue;
    if (failed == nullptr && one.item.evidence_class == "E4" && one.item.value < 0.5) failed = &one;
    if (asked.empty()) asked = one.question;
  }
  const std::string& question = asked.empty() ? control.question : asked;
  if (failed == nullptr) return fmt::format("{}: {}", control.id, question);
  return fmt::format("{}: We saw this: {}{}. Please explain. {}", control.id, failed->sentence, place_of(failed->at),
                     question);
}

}  // namespace

std::vector<Flip> decision_flips(const CaseFile& file, const ScoringPolicy& policy) {
  const std::string decision = score(file, policy).decision;
  std::vector<Flip> flips;
  const auto attempt = [&](const std::string& name, auto change) {
    for (const double factor : {1 - policy.stability, 1 + policy.stability}) {
      ScoringPolicy changed = policy;
      CaseFile changed_file = file;
      change(changed, changed_file, factor);
      std::string other = score(changed_file, changed).decision;
      if (other != decision) flips.push_back({name, factor, std::move(other)});
    }
  };
  for (std::size_t i = 0; i < policy.dimensions.size(); ++i) {
    attempt("weight of " + policy.dimensions[i].id,
            [i](ScoringPolicy& p, CaseFile&, double f) { p.dimensions[i].weight *= f; });
  }
  for (std::size_t i = 0; i < file.privileges.size(); ++i) {
    if (file.privileges[i].exposure >= 1) continue;
    attempt("exposure of " + file.privileges[i].dimension, [i](ScoringPolicy&, CaseFile& c, double f) {
      c.privileges[i].exposure = std::min(1.0, c.privileges[i].exposure * f);
    });
  }
  for (std::size_t i = 0; i < policy.stages.size(); ++i) {
    attempt("weight of " + policy.stages[i].id,
            [i](ScoringPolicy& p, CaseFile&, double f) { p.stages[i].weight *= f; });
  }
  for (const auto& [name, weight] : policy.evidence) {
    attempt("count of " + name, [&key = name](ScoringPolicy& p, CaseFile&, double f) {
      EvidenceWeight& changed = p.evidence.find(key)->second;
      changed.count *= f;
      changed.cap *= f;
      for (auto& [tier, count] : changed.count_by_tier) count *= f;
    });
  }
  attempt("prior for", [](ScoringPolicy& p, CaseFile&, double f) { p.prior_alpha *= f; });
  attempt("prior against", [](ScoringPolicy& p, CaseFile&, double f) { p.prior_beta *= f; });
  return flips;
}

std::vector<std::string> open_controls(const CaseFile& file, const ScoringPolicy& policy) {
  CaseFile state = file;
  const Score first = score(file, policy);
  std::vector<const Control*> open;
  for (const Control& control : policy.controls) {
    if (control.from >= first.tier && !first.held.contains(control.id) && !file.not_applicable.contains(control.id))
      open.push_back(&control);
  }
  std::vector<std::string> ranked;
  while (!open.empty()) {
    const Score now = score(state, policy);
    // What tells more about its stage is asked first; sixths of a point are noise.
    std::vector<std::tuple<std::int64_t, std::string_view, const Control*>> order;
    order.reserve(open.size());
    for (const Control* control : open) {
      order.emplace_back(-std::llround(6 * control->weight * narrowing(state, now, *control, policy)), control->id,
                         control);
    }
    std::sort(order.begin(), order.end());
    if (ranked.size() >= ranked_questions) {
      for (const auto& entry : order) ranked.push_back(std::get<2>(entry)->id);
      break;
    }
    const Control* best = std::get<2>(order.front());
    ranked.push_back(best->id);
    std::erase(open, best);
    state = with_check(state, *best, 1);
  }
  return ranked;
}

ProductAssessment assess(const Gathered& gathered, const ScoringPolicy& policy) {
  const Score result = score(gathered.file, policy);
  ProductAssessment out;
  out.name = gathered.name;
  out.vendor = gathered.vendor;
  out.version = gathered.version;
  out.assessed_on = gathered.assessed_on;
  out.model_version = policy.version;
  out.consequence = result.consequence;
  out.consequence_bits = result.bits;
  out.risk_best = result.risk_best;
  out.risk_middle = result.risk_middle;
  out.risk_worst = result.risk_worst;
  out.tier = tier_word(result.tier);
  out.grade = grade_word(result.grade);
  out.gate = std::string(gate_word(result.gate));
  out.decision = result.decision;
  out.privileges = show_privileges(gathered, result, policy);
  show_stages(gathered, result, policy, out);
  show_contradictions(gathered, result, out);
  show_reasons(gathered, result, policy, out);
  const std::vector<std::string> open = open_controls(gathered.file, policy);
  for (const std::string& id : open) out.questions.push_back(question_of(*policy.control(id), gathered));
  if (out.decision == "BUY WITH CONDITIONS" || out.decision == "ESCALATE") {
    if (out.decision == "ESCALATE")
      out.conditions.push_back("A named approver accepts the remaining risk in writing, until a named day.");
    for (std::size_t i = 0; i < std::min(most_terms, open.size()); ++i) {
      out.conditions.push_back(fmt::format("Contract: {}", policy.control(open[i])->contract));
    }
    for (std::string& measure : measures(gathered, result, policy)) out.conditions.push_back(std::move(measure));
  }
  return out;
}

Result<ProductAssessment> assess(evidence::Database& database, const std::vector<Finding>& findings,
                                 const std::vector<RuleInfo>& rules, const ScoringPolicy& policy) {
  ASSAY_TRY(const Gathered gathered, gather(database, findings, rules, policy));
  return assess(gathered, policy);
}

}  // namespace assay::product

#include "analyzer/product/score.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "analyzer/product/beta.h"

namespace assay::product {
namespace {

bool adverse(const EvidenceItem& item) {
  return item.evidence_class == "EW" || item.value < 0.5;
}

// Without a date good news is old and bad news is new.
std::int64_t assumed_age(const EvidenceItem& item) {
  if (item.age) return std::max<std::int64_t>(0, *item.age);
  return adverse(item) ? -1 : std::numeric_limits<std::int64_t>::max();
}

double value_of(const EvidenceItem& item) {
  return item.evidence_class == "EW" ? 0 : std::clamp(item.value, 0.0, 1.0);
}

// Which of two items of one class and control stands.
bool stands_before(const EvidenceItem& a, const EvidenceItem& b) {
  if (a.evidence_class == "E4" && assumed_age(a) != assumed_age(b)) return assumed_age(a) < assumed_age(b);
  if (value_of(a) != value_of(b)) return value_of(a) < value_of(b);
  return assumed_age(a) < assumed_age(b);
}

// Favourable and adverse pseudo-observations of one class in one stage.
struct Counts {
  double good_sum = 0, good_most = 0;
  double bad_sum = 0, bad_most = 0;

  void add(double count, double fresh, double value) {
    good_sum += count * fresh * value;
    good_most = std::max(good_most, fresh * value);
    bad_sum += count * (1 - value);
    bad_most = std::max(bad_most, 1 - value);
  }
  double good(double cap) const { return std::min(good_sum, cap * good_most); }
  double bad(double cap) const { return std::min(bad_sum, cap * bad_most); }
};

double count_of(const EvidenceWeight& weight, int tier) {
  const auto found = weight.count_by_tier.find(fmt::format("T{}", tier));
  return found == weight.count_by_tier.end() ? weight.count : found->second;
}

void weigh_privileges(const CaseFile& file, const ScoringPolicy& policy, Score& out) {
  std::map<std::string, HeldPrivilege, std::less<>> by_dimension;
  for (const HeldPrivilege& held : file.privileges) {
    const auto [at, fresh] = by_dimension.try_emplace(held.dimension, held);
    if (fresh) continue;
    at->second.level = std::max(at->second.level, held.level);
    at->second.exposure = std::max(at->second.exposure, held.exposure);
  }
  double spared = 1;
  for (const Dimension& dimension : policy.dimensions) {
    const auto held = by_dimension.find(dimension.id);
    if (held == by_dimension.end()) continue;
    const double level = std::clamp(held->second.level, 0, 4) / 4.0;
    const double exposure = std::clamp(held->second.exposure, policy.exposure_floor, 1.0);
    const double loss = std::min(dimension.weight * level * exposure, 0.99);
    if (loss <= 0) continue;
    spared *= 1 - loss;
    const double bits = -std::log2(1 - loss);
    out.bits += bits;
    out.bits_by_dimension[dimension.id] = bits;
  }
  out.consequence = 1 - spared;
  while (out.tier > 0 && out.consequence >= policy.tiers[static_cast<std::size_t>(out.tier - 1)]) --out.tier;
}

void find_contradictions(const std::vector<EvidenceItem>& items, const ScoringPolicy& policy, Score& out,
                         bool& binding) {
  std::set<std::string_view> failed;
  for (const EvidenceItem& item : items) {
    if (item.evidence_class == "E4" && value_of(item) <= policy.shown_at_most) failed.insert(item.control);
  }
  for (const EvidenceItem& item : items) {
    const bool paper = item.evidence_class == "E1" || item.evidence_class == "E2";
    if (!paper || value_of(item) < policy.says_at_least || !failed.contains(item.control)) continue;
    out.contradicted.insert(item.control);
    binding = binding || item.evidence_class == "E2";
  }
}

void weigh_stages(const std::vector<EvidenceItem>& items, const ScoringPolicy& policy, Score& out) {
  const double discount = std::pow(policy.contradiction_factor, static_cast<double>(out.contradicted.size()));
  double locked_worst = 1;
  double locked_middle = 1;
  double locked_best = 1;
  for (const Stage& stage : policy.stages) {
    double alpha = policy.prior_alpha;
    double beta = policy.prior_beta;
    for (const auto& [name, weight] : policy.evidence) {
      Counts counts;
      for (const EvidenceItem& item : items) {
        if (item.stage != stage.id || item.evidence_class != name) continue;
        counts.add(count_of(weight, out.tier), freshness(item, policy), value_of(item));
      }
      const bool paper = name == "E1" || name == "E2";
      alpha += counts.good(weight.cap) * (paper ? discount : 1);
      beta += counts.bad(weight.cap);
    }
    const StageBounds bounds{.stage = stage.id,
                             .worst = beta_quantile(alpha, beta, policy.worst_quantile),
                             .middle = alpha / (alpha + beta),
                             .best = beta_quantile(alpha, beta, policy.best_quantile)};
    const double weight = std::min(stage.weight, 1.0);
    locked_worst *= 1 - weight * (1 - bounds.worst);
    locked_middle *= 1 - weight * (1 - bounds.middle);
    locked_best *= 1 - weight * (1 - bounds.best);
    out.stages.push_back(bounds);
  }
  out.risk_worst = 100 * out.consequence * (1 - locked_worst);
  out.risk_middle = 100 * out.consequence * (1 - locked_middle);
  out.risk_best = 100 * out.consequence * (1 - locked_best);
}

void grade_evidence(const std::vector<EvidenceItem>& items, const CaseFile& file, const ScoringPolicy& policy,
                    Score& out) {
  std::set<std::string_view> good;
  std::set<std::string_view> failed;
  for (const EvidenceItem& item : items) {
    const bool strong = item.evidence_class == "E3" || item.evidence_class == "E4";
    if (strong && value_of(item) < 0.5) failed.insert(item.control);
    if (strong && value_of(item) >= 0.5 && freshness(item, policy) >= policy.fresh_at_least) good.insert(item.control);
  }
  double required = 0;
  double held = 0;
  for (const Control& control : policy.controls) {
    if (control.from < out.tier || file.not_applicable.contains(control.id)) continue;
    required += control.weight;
    if (!good.contains(control.id) || failed.contains(control.id)) continue;
    held += control.weight;
    out.held.insert(control.id);
  }
  out.grade_share = required > 0 ? held / required : 1;
  out.grade = 0;
  while (out.grade < 3 && out.grade_share < policy.grades[static_cast<std::size_t>(out.grade)]) ++out.grade;
}

}  // namespace

double freshness(const EvidenceItem& item, const ScoringPolicy& policy) {
  const auto weight = policy.evidence.find(item.evidence_class);
  double half_life = weight == policy.evidence.end() ? 0 : weight->second.half_life;
  if (const Control* control = policy.control(item.control); control != nullptr && control->half_life > 0) {
    half_life = control->half_life;
  }
  if (half_life <= 0) return 1;
  if (!item.age) return policy.undated_freshness;
  return std::exp2(-static_cast<double>(std::max<std::int64_t>(0, *item.age)) / half_life);
}

std::vector<EvidenceItem> standing_evidence(std::vector<EvidenceItem> items) {
  std::sort(items.begin(), items.end(), [](const EvidenceItem& a, const EvidenceItem& b) {
    if (const int by_control = a.control.compare(b.control); by_control != 0) return by_control < 0;
    if (const int by_class = a.evidence_class.compare(b.evidence_class); by_class != 0) return by_class < 0;
    if (stands_before(a, b)) return true;
    if (stands_before(b, a)) return false;
    return a.stage < b.stage;
  });
  items.erase(std::unique(items.begin(), items.end(),
                          [](const EvidenceItem& a, const EvidenceItem& b) {
                            return a.control == b.control && a.evidence_class == b.evidence_class;
                          }),
              items.end());
  std::map<std::string, std::int64_t, std::less<>> checked_good;
  for (const EvidenceItem& item : items) {
    if (item.evidence_class == "E4" && !adverse(item)) checked_good[item.control] = assumed_age(item);
  }
  std::erase_if(items, [&](const EvidenceItem& item) {
    if (item.evidence_class == "E4" || !adverse(item)) return false;
    const auto newer = checked_good.find(item.control);
    return newer != checked_good.end() && newer->second < assumed_age(item);
  });
  return items;
}

Score score(const CaseFile& file, const ScoringPolicy& policy) {
  Score out;
  weigh_privileges(file, policy, out);
  const std::vector<EvidenceItem> items = standing_evidence(file.evidence);
  bool binding = false;
  find_contradictions(items, policy, out, binding);
  weigh_stages(items, policy, out);
  grade_evidence(items, file, policy, out);
  for (const EvidenceItem& item : items) {
    const Control* control = policy.control(item.control);
    const bool proven = item.evidence_class != "EW" && value_of(item) <= policy.shown_at_most;
    if (control != nullptr && control->stops && proven) out.stopping.insert(item.control);
  }
  if (binding && out.tier <= 1) out.gate = 1;
  if (file.stop || !out.stopping.empty()) out.gate = 2;
  out.band = out.risk_worst < policy.bands[0] ? 0 : out.risk_worst < policy.bands[1] ? 1 : 2;
  out.decision = policy.decisions[static_cast<std::size_t>(out.gate)][static_cast<std::size_t>(out.tier)]
                                 [static_cast<std::size_t>(out.grade)][static_cast<std::size_t>(out.band)];
  return out;
}

}  // namespace assay::product

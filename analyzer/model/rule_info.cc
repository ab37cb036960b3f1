#include "analyzer/model/rule_info.h"

#include <array>

namespace assay {
namespace {

constexpr std::array<std::string_view, 5> severities = {"info", "low", "medium", "high", "critical"};
constexpr std::array<std::string_view, 3> confidences = {"low", "medium", "high"};
constexpr std::array<std::string_view, 3> audiences = {"regular", "pedantic", "auditor"};
constexpr std::array<std::string_view, 3> maturities = {"stable", "incubating", "deprecated"};

template <class Enum, std::size_t N>
bool find(const std::array<std::string_view, N>& table, std::string_view text, Enum& out) {
  for (std::size_t i = 0; i < N; ++i) {
    if (table[i] != text) continue;
    out = static_cast<Enum>(i);
    return true;
  }
  return false;
}

}  // namespace

std::string_view word(Severity severity) {
  return severities[static_cast<std::size_t>(severity)];
}
std::string_view word(Confidence confidence) {
  return confidences[static_cast<std::size_t>(confidence)];
}
std::string_view word(Audience audience) {
  return audiences[static_cast<std::size_t>(audience)];
}
std::string_view word(Maturity maturity) {
  return maturities[static_cast<std::size_t>(maturity)];
}
bool from_word(std::string_view text, Severity& severity) {
  return find(severities, text, severity);
}
bool from_word(std::string_view text, Confidence& confidence) {
  return find(confidences, text, confidence);
}
bool from_word(std::string_view text, Audience& audience) {
  return find(audiences, text, audience);
}
bool from_word(std::string_view text, Maturity& maturity) {
  return find(maturities, text, maturity);
}

}  // namespace assay

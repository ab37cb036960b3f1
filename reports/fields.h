#pragma once

#include <concepts>
#include <type_traits>

#include "analyzer/model/report.h"

// The one definition of the schema "assay-report/1": which fields each type has, under which names and in which order.
// The writer, the reader and the redaction are visitors of it, so they cannot disagree. A visitor is called as
// visit(name, field). Adding a field is a compatible change; removing or renaming one is "assay-report/2".
namespace assay::reports {

inline constexpr const char* schema_word = "assay-report/1";

// A type has fields here exactly when `describe` is overloaded for it.
template <class Visit, class T>
requires std::same_as<std::remove_const_t<T>, Suppression>
void describe(Visit&& visit, T& it) {
  visit("reason", it.reason);
  visit("until", it.until);
  visit("source", it.source);
}

template <class Visit, class T>
requires std::same_as<std::remove_const_t<T>, Location>
void describe(Visit&& visit, T& it) {
  visit("path", it.path);
  visit("line", it.span.begin.line);
  visit("column", it.span.begin.column);
  visit("end_line", it.span.end.line);
  visit("end_column", it.span.end.column);
}

template <class Visit, class T>
requires std::same_as<std::remove_const_t<T>, Finding>
void describe(Visit&& visit, T& it) {
  visit("rule", it.rule);
  visit("severity", it.severity);
  visit("confidence", it.confidence);
  visit("audience", it.audience);
  visit("message", it.message);
  visit("at", it.at);
  visit("snippet", it.snippet);
  visit("related", it.related);
  visit("values", it.values);
  visit("incidents", it.incidents);
  visit("fingerprint", it.fingerprint);
  visit("standing", it.standing);
  visit("suppressions", it.suppressions);
}

template <class Visit, class T>
requires std::same_as<std::remove_const_t<T>, Change>
void describe(Visit&& visit, T& it) {
  visit("area", it.area);
  visit("kind", it.kind);
  visit("name", it.name);
  visit("ecosystem", it.ecosystem);
  visit("was", it.was);
  visit("now", it.now);
  visit("step", it.step);
  visit("path", it.path);
  visit("detail", it.detail);
  visit("explained", it.explained);
  visit("at", it.at);
  visit("before", it.before);
}

template <class Visit, class T>
requires std::same_as<std::remove_const_t<T>, PathStep>
void describe(Visit&& visit, T& it) {
  visit("from_kind", it.from_kind);
  visit("from", it.from);
  visit("to_kind", it.to_kind);
  visit("to", it.to);
  visit("because", it.because);
  visit("control", it.control);
  visit("observed", it.observed);
  visit("cost", it.cost);
  visit("at", it.at);
  visit("finding", it.finding);
}

template <class Visit, class T>
requires std::same_as<std::remove_const_t<T>, AttackPath>
void describe(Visit&& visit, T& it) {
  visit("title", it.title);
  visit("severity", it.severity);
  visit("weakest", it.weakest);
  visit("steps", it.steps);
  visit("incidents", it.incidents);
  visit("fingerprint", it.fingerprint);
}

template <class Visit, class T>
requires std::same_as<std::remove_const_t<T>, RuleInfo>
void describe(Visit&& visit, T& it) {
  visit("id", it.id);
  visit("title", it.title);
  visit("severity", it.severity);
  visit("confidence", it.confidence);
  visit("audience", it.audience);
  visit("maturity", it.maturity);
  visit("stage", it.stage);
  visit("families", it.families);
  visit("incidents", it.incidents);
  visit("mappings", it.mappings);
  visit("equivalents", it.equivalents);
  visit("why", it.why);
  visit("fix", it.fix);
  visit("false_positives", it.false_positives);
}

template <class Visit, class T>
requires std::same_as<std::remove_const_t<T>, PrivilegeScore>
void describe(Visit&& visit, T& it) {
  visit("dimension", it.dimension);
  visit("title", it.title);
  visit("level", it.level);
  visit("weight", it.weight);
  visit("exposure", it.exposure);
  visit("bits", it.bits);
  visit("reasons", it.reasons);
  visit("evidence", it.evidence);
}

template <class Visit, class T>
requires std::same_as<std::remove_const_t<T>, StageScore>
void describe(Visit&& visit, T& it) {
  visit("stage", it.stage);
  visit("title", it.title);
  visit("path_weight", it.path_weight);
  visit("worst", it.worst);
  visit("middle", it.middle);
  visit("best", it.best);
  visit("verified", it.verified);
  visit("told", it.told);
  visit("refused", it.refused);
  visit("unknown", it.unknown);
  visit("reasons", it.reasons);
}

template <class Visit, class T>
requires std::same_as<std::remove_const_t<T>, ProductAssessment>
void describe(Visit&& visit, T& it) {
  visit("name", it.name);
  visit("vendor", it.vendor);
  visit("version", it.version);
  visit("decision", it.decision);
  visit("gate", it.gate);
  visit("tier", it.tier);
  visit("grade", it.grade);
  visit("consequence", it.consequence);
  visit("consequence_bits", it.consequence_bits);
  visit("risk_best", it.risk_best);
  visit("risk_middle", it.risk_middle);
  visit("risk_worst", it.risk_worst);
  visit("checked", it.checked);
  visit("told", it.told);
  visit("unanswered", it.unanswered);
  visit("unstable", it.unstable);
  visit("assessed_on", it.assessed_on);
  visit("model_version", it.model_version);
  visit("conditions", it.conditions);
  visit("reasons", it.reasons);
  visit("questions", it.questions);
  visit("contradictions", it.contradictions);
  visit("privileges", it.privileges);
  visit("stages", it.stages);
}

template <class Visit, class T>
requires std::same_as<std::remove_const_t<T>, Timing>
void describe(Visit&& visit, T& it) {
  visit("name", it.name);
  visit("seconds", it.seconds);
  visit("peak_bytes", it.peak_bytes);
}

template <class Visit, class T>
requires std::same_as<std::remove_const_t<T>, Verdict>
void describe(Visit&& visit, T& it) {
  visit("exit_code", it.exit_code);
  visit("threshold", it.threshold);
  visit("sentence", it.sentence);
  visit("counted", it.counted);
  visit("suppressed", it.suppressed);
  visit("suppressed_by_subject", it.suppressed_by_subject);
}

template <class Visit, class T>
requires std::same_as<std::remove_const_t<T>, CoverageLine>
void describe(Visit&& visit, T& it) {
  visit("path", it.path);
  visit("kind", it.kind);
  visit("coverage", it.coverage);
  visit("reason", it.reason);
}

template <class Visit, class T>
requires std::same_as<std::remove_const_t<T>, Report>
void describe(Visit&& visit, T& it) {
  visit("assay_version", it.assay_version);
  visit("verb", it.verb);
  visit("subject", it.subject);
  visit("compared_with", it.compared_with);
  visit("verdict", it.verdict);
  visit("product", it.product);
  visit("paths", it.paths);
  visit("findings", it.findings);
  visit("changes", it.changes);
  visit("rules", it.rules);
  visit("rules_applied", it.rules_applied);
  visit("rules_skipped", it.rules_skipped);
  visit("rules_digest", it.rules_digest);
  visit("known_date", it.known_date);
  visit("known_digest", it.known_digest);
  visit("inputs", it.inputs);
  visit("bytes", it.bytes);
  visit("inputs_by_kind", it.inputs_by_kind);
  visit("not_fully_read", it.not_fully_read);
  visit("timings", it.timings);
}

template <class T>
concept Described = requires(T& it) {
  describe([](const char*, auto&) {}, it);
};

}  // namespace assay::reports

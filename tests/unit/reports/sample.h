#pragma once

#include "analyzer/model/report.h"

// Reports for the tests of this room: one of a repository with an attack path, one of a product, one full of hostile
// strings.
namespace assay::reports::sample {

inline Span span(std::uint32_t line, std::uint32_t column, std::uint32_t end_column) {
  return {{line, column}, {line, end_column}};
}

inline RuleInfo rule(std::string id, std::string title, Severity severity) {
  RuleInfo rule;
  rule.id = std::move(id);
  rule.title = std::move(title);
  rule.severity = severity;
  rule.confidence = Confidence::high;
  rule.maturity = Maturity::stable;
  rule.stage = "build";
  rule.families = {"poisoned-pipeline"};
  rule.incidents = {"ultralytics", "nx-s1ngularity"};
  rule.mappings = {{"cwe", {"CWE-94"}}, {"attack", {"T1677"}}};
  rule.why =
      "The runner pastes the value into the script before the shell parses it.\nWhoever chooses the value chooses "
      "commands.";
  rule.fix = "Put the value into an environment variable and quote it in the script. See the documentation of your CI.";
  rule.false_positives = "A value that GitHub itself makes, such as a number.";
  return rule;
}

inline Finding finding(const RuleInfo& rule, std::string message, Location at, std::string snippet, char fingerprint) {
  Finding out;
  out.rule = rule.id;
  out.severity = rule.severity;
  out.confidence = rule.confidence;
  out.audience = rule.audience;
  out.message = std::move(message);
  out.at = std::move(at);
  out.snippet = std::move(snippet);
  out.incidents = rule.incidents;
  out.fingerprint = std::string(32, fingerprint);
  return out;
}

inline Report repository() {
  Report out;
  out.assay_version = "0.1.0";
  out.verb = "gate";
  out.subject = "acme/webshop";
  out.compared_with = "origin/main";
  out.rules_digest = std::string(64, 'a');
  out.known_date = "2026-07-01";
  out.known_digest = std::string(64, 'b');
  out.rules = {rule("pipeline/cache-shared-with-release", "A release job restores a cache that pull requests may write",
                    Severity::high),
               rule("pipeline/outsider-text-in-shell", "Text an outsider controls is expanded inside a shell script",
                    Severity::critical),
               rule("sbom/floating-version", "A dependency is not pinned", Severity::medium)};
  out.rules[2].audience = Audience::regular;
  out.rules_applied = 212;
  out.rules_skipped = {"history/tag-moved: nothing of earlier sweeps is known",
                       "log/attested-not-published: no build log was given"};

  const std::string flow = ".github/workflows/triage.yml";
  Finding shell = finding(
      out.rules[1],
      "`${{ github.event.issue.title }}` comes from outside (issues) and is expanded in the shell of job `triage`",
      {flow, span(14, 20, 51)}, "        run: echo \"${{ github.event.issue.title }}\" | tee title.txt", '1');
  shell.related = {{"the event that brings it in", {flow, span(3, 3, 9)}}};
  shell.values = {{"expression", "github.event.issue.title"}, {"job", "triage"}};
  shell.standing = Standing::fresh;
  out.findings.push_back(shell);
  out.findings.push_back(finding(out.rules[0], "Job `publish` restores the cache `deps-…` that `triage` may fill",
                                 {".github/workflows/release.yml", span(31, 9, 26)}, "\t\tuses: actions/cache@v4",
                                 '2'));
  for (std::uint32_t i = 0; i < 7; ++i) {
    out.findings.push_back(finding(out.rules[2], "`left-pad` may be any version from 1.0.0",
                                   {"package.json", span(20 + i, 5, 15)}, "    \"left-pad\": \"^1.0.0\",",
                                   static_cast<char>('3' + i)));
    out.findings.back().severity = Severity::medium;
  }
  Finding whole = finding(out.rules[2], "The lock file is missing", {"package.json", {}}, "", 'a');
  whole.severity = Severity::low;
  out.findings.push_back(whole);
  Finding suppressed = finding(out.rules[0], "Job `docs` restores a shared cache",
                               {".github/workflows/docs.yml", span(9, 9, 26)}, "uses: actions/cache@v4", 'b');
  suppressed.suppressions = {{"documentation only", "2026-12-31", "assay.yaml:4"}};
  out.findings.push_back(suppressed);
  Finding gone = finding(out.rules[0], "Job `old` restores a shared cache",
                         {".github/workflows/old.yml", span(9, 9, 26)}, "", 'c');
  gone.standing = Standing::gone;
  out.findings.push_back(gone);

  AttackPath path;
  path.title = "Anyone who opens an issue can publish a release of @acme/webshop";
  path.severity = Severity::critical;
  path.incidents = {"ultralytics", "nx-s1ngularity"};
  path.fingerprint = std::string(32, 'd');
  path.weakest = 1;
  path.steps = {{"outsider",
                 "anyone with an account",
                 "trigger",
                 "issues: opened",
                 "The workflow runs for issues of everybody.",
                 "Run it for labelled issues only.",
                 true,
                 1,
                 {flow, span(3, 3, 9)},
                 ""},
                {"trigger",
                 "issues: opened",
                 "job",
                 "triage",
                 "The title is pasted into a shell script.",
                 "Pass the title through an environment variable.",
                 true,
                 1,
                 {flow, span(14, 20, 51)},
                 std::string(32, '1')},
                {"job",
                 "triage",
                 "cache",
                 "deps-linux-x64",
                 "The job may save caches of the default branch.",
                 "Give the job no write access to the cache.",
                 false,
                 2,
                 {flow, span(9, 3, 20)},
                 ""},
                {"cache",
                 "deps-linux-x64",
                 "job",
                 "publish",
                 "The release job restores the same key.",
                 "Do not restore caches in release jobs.",
                 true,
                 1,
                 {".github/workflows/release.yml", span(31, 9, 26)},
                 std::string(32, '2')},
                {"job",
                 "publish",
                 "secret",
                 "NPM_TOKEN",
                 "The job receives the token in its environment.",
                 "Publish with short-lived identity tokens.",
                 true,
                 1,
                 {".github/workflows/release.yml", span(44, 11, 40)},
                 ""}};
  out.paths = {path};

  out.not_fully_read = {{"assets/intro.mp4", ArtifactKind::binary, Coverage::not_read, "larger than max_text_bytes"},
                        {"assets/logo.psd", ArtifactKind::binary, Coverage::not_read, "larger than max_text_bytes"},
                        {"ci/build.log", ArtifactKind::build_log, Coverage::partly_read,
                         "lines 10,201 to 10,988 are missing from the log"},
                        {"vendor/fonts.tar.xz", ArtifactKind::archive, Coverage::not_read, "the archive is encrypted"}};
  out.inputs_by_kind = {{"binary", 2},  {"github-workflow", 4}, {"source", 812}, {"build-log", 1},
                        {"archive", 1}, {"npm-lock", 1},        {"text", 30},    {"npm-manifest", 1}};
  out.inputs = 852;
  out.bytes = 41'900'000;
  out.verdict.exit_code = 1;
  out.verdict.threshold = "high";
  out.verdict.sentence =
      "This change lets anyone who opens an issue publish a release: repair .github/workflows/triage.yml line 14 "
      "first.";
  out.verdict.counted = {0, 1, 7, 1, 1};
  out.verdict.suppressed = 1;
  out.verdict.suppressed_by_subject = 1;
  return out;
}

inline Report product() {
  Report out;
  out.assay_version = "0.1.0";
  out.verb = "review";
  out.subject = "product.yaml";
  out.rules_applied = 38;
  out.rules_digest = std::string(64, 'a');
  out.known_date = "2026-07-01";
  out.inputs = 9;
  out.bytes = 3'100'000;
  out.inputs_by_kind = {{"cyclonedx", 1}, {"product", 1}, {"attestation", 2}, {"privilege-manifest", 5}};
  out.not_fully_read = {{"evidence/soc2.pdf", ArtifactKind::binary, Coverage::not_read,
                         "documents of this kind are not read; their claims count as told"}};
  out.verdict.exit_code = 1;
  out.verdict.threshold = "high";
  out.verdict.sentence =
      "Do not buy before the vendor answers two questions: it asks for domain-wide control and nobody could check how "
      "it builds.";
  ProductAssessment product;
  product.name = "Example Remote Manager";
  product.vendor = "Example Ltd";
  product.version = "7.2.1";
  product.consequence = 0.93;
  product.consequence_bits = 3.84;
  product.risk_best = 31;
  product.risk_middle = 46;
  product.risk_worst = 68;
  product.tier = "T0";
  product.grade = "C";
  product.gate = "contradiction";
  product.decision = "ESCALATE";
  product.conditions = {"Updates are staged for 72 hours and can be stopped by the buyer.",
                        "The vendor signs releases with a key in hardware and says before it changes.",
                        "The agent runs without directory administrator rights."};
  product.reasons = {"The worst case of the risk is above 50 at tier T0.",
                     "Evidence grade C: most required evidence is a statement, not a check."};
  product.questions = {
      "Which identity signs a release, and who can use it alone?", "Can a customer stop or delay an update?",
      "Are build logs and provenance kept for each release?", "How long after an intrusion do customers hear of it?",
      "Which of your staff can reach customer agents?"};
  product.contradictions = {
      "The questionnaire says every release has provenance; version 7.2.1 has none (sha256 9f2c…)."};
  product.privileges = {{"RCE",
                         "remote execution as root",
                         4,
                         0.8,
                         1,
                         2.32,
                         {"the agent runs as root (systemd unit)"},
                         {{"agent.service", span(7, 1, 10)}}},
                        {"AGT", "an agent on most endpoints", 3, 0.55, 1, 0.77, {"declared"}, {}},
                        {"UPD", "silent updates from the vendor", 4, 0.4, 1, 0.74, {"auto-update without pinning"}, {}},
                        {"SEC", "reads stored secrets", 1, 0.7, 0.5, 0.13, {"declared"}, {}},
                        {"KRN", "kernel driver", 0, 0.45, 1, 0, {}, {}}};
  product.stages = {{"SRC", "source", 0.15, 0.1, 0.35, 0.62, 0, 2, 0, 3, {}},
                    {"DEP", "dependencies", 0.18, 0.4, 0.66, 0.84, 3, 1, 0, 0, {"SBOM checked"}},
                    {"BLD", "build", 0.22, 0.02, 0.2, 0.45, 0, 2, 1, 2, {}},
                    {"SGN", "signing", 0.09, 0.5, 0.72, 0.9, 2, 0, 0, 0, {"signature verified"}},
                    {"DST", "distribution", 0.41, 0.2, 0.4, 0.63, 1, 1, 0, 2, {}},
                    {"OPS", "vendor operations", 0.1, 0.1, 0.4, 0.7, 0, 4, 0, 2, {}},
                    {"VUL", "product flaws", 0.3, 0.2, 0.5, 0.8, 2, 0, 0, 1, {}},
                    {"RSP", "response", 0.05, 0.1, 0.3, 0.6, 0, 1, 1, 1, {}}};
  product.checked = 8;
  product.told = 11;
  product.unanswered = 11;
  product.unstable = true;
  product.assessed_on = "2026-06-30";
  product.model_version = "1";
  out.product = product;
  return out;
}

// A string with what each medium would obey or hide.
inline std::string hostile() {
  std::string out =
      "<script>alert(1)</script>\" onload='x' `=cmd` \x1b[31mred\x1b]8;;http://example.com\x07link \xe2\x80\xae"
      "txt\xe2\x80\x8b &amp; @admin #1 [a](http://example.com) | ##vso[task.setvariable]x\xff\xc2\x9b";
  out += '\0';
  return out + "\r\n::set-output name=x::y\n=HYPERLINK(\"http://example.com\")";
}

// Every free string of a full report is hostile.
inline Report hostile_report() {
  const std::string bad = hostile();
  Report out = repository();
  out.product = product().product;
  out.subject = out.compared_with = out.verdict.sentence = bad;
  for (Finding& one : out.findings) {
    one.message = one.snippet = one.at.path = bad;
    one.related = {{bad, {bad, span(1, 1, 2)}}};
    one.values = {{bad, bad}};
    one.incidents = {bad};
    for (Suppression& suppression : one.suppressions) suppression = {bad, bad, bad};
  }
  for (AttackPath& path : out.paths) {
    path.title = bad;
    path.incidents = {bad};
    for (PathStep& step : path.steps)
      step.from_kind = step.from = step.to_kind = step.to = step.because = step.control = step.at.path = bad;
  }
  for (CoverageLine& line : out.not_fully_read) line.path = line.reason = bad;
  for (RuleInfo& rule : out.rules) rule.title = rule.why = rule.fix = rule.false_positives = bad;
  out.rules_skipped = {bad};
  out.inputs_by_kind = {{bad, 1}};
  ProductAssessment& product = *out.product;
  product.name = product.vendor = product.version = product.decision = product.gate = product.tier = product.grade =
      bad;
  product.assessed_on = product.model_version = bad;
  product.conditions = product.reasons = product.questions = product.contradictions = {bad};
  for (PrivilegeScore& one : product.privileges)
    one.dimension = one.title = bad, one.reasons = {bad}, one.evidence = {{bad, span(1, 1, 2)}};
  for (StageScore& one : product.stages) one.stage = one.title = bad, one.reasons = {bad};
  return out;
}

}  // namespace assay::reports::sample

#include "analyzer/app/rule_tests.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <optional>

#include "analyzer/app/examine.h"
#include "analyzer/formats/yaml_tree.h"
#include "analyzer/history/scripted_repository.h"

namespace assay::app {
namespace {

// A directory of its own that goes away with it.
class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::string pattern = (std::filesystem::temp_directory_path() / "assay-rule-XXXXXX").string();
    if (mkdtemp(pattern.data()) != nullptr) path_ = pattern;
  }
  ~TemporaryDirectory() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

Subject in_memory(const std::map<std::string, std::string>& files) {
  Subject subject;
  subject.name = "test";
  Source source;
  source.tree = intake::in_memory({files.begin(), files.end()});
  subject.sources.push_back(std::move(source));
  return subject;
}

std::string found_text(const std::vector<const Finding*>& found) {
  if (found.empty()) return "nothing";
  std::vector<std::string> places;
  places.reserve(found.size());
  for (const Finding* finding : found)
    places.push_back(fmt::format("{}:{} ({})", finding->at.path, finding->at.span.begin.line, finding->message));
  return fmt::format("{}", fmt::join(places, ", "));
}

std::string compare(const engine::RuleTest& test, const std::vector<const Finding*>& found) {
  std::vector<const Finding*> left = found;
  for (const engine::RuleTest::Expectation& expected : test.expect) {
    const auto match = std::find_if(left.begin(), left.end(), [&](const Finding* finding) {
      return (expected.file.empty() || finding->at.path == expected.file) &&
             (expected.line == 0 || finding->at.span.begin.line == expected.line);
    });
    if (match == left.end())
      return fmt::format("expected a finding at {}:{}, found {}", expected.file, expected.line, found_text(found));
    left.erase(match);
  }
  if (!left.empty()) return fmt::format("expected {} findings, also found {}", test.expect.size(), found_text(left));
  return {};
}

Result<std::vector<history::ScriptedCommit>> read_script(const formats::YamlNode& list) {
  std::vector<history::ScriptedCommit> script;
  for (const formats::YamlNode& node : list.items()) {
    std::map<std::string, std::string> fields;
    std::map<std::string, std::string> files;
    for (const auto& [key, value] : node.entries()) {
      if (key.text() != "files") fields[std::string(key.text())] = std::string(value.text());
    }
    for (const auto& [path, text] : node.at("files").entries())
      files[std::string(path.text())] = std::string(text.text());
    ASSAY_TRY(history::ScriptedCommit commit, history::scripted_commit(fields, files));
    script.push_back(std::move(commit));
  }
  return script;
}

Result<std::string> run(const engine::Rule& rule, const engine::RuleTest& test, const engine::Bundle& bundle,
                        const std::string& c_worker) {
  std::optional<TemporaryDirectory> directory;
  Subject subject = in_memory(test.files);
  if (test.has_history) {
    ASSAY_TRY(const formats::YamlTree tree, formats::YamlTree::parse(rule.text));
    const auto position = static_cast<std::size_t>(&test - rule.tests.data());
    ASSAY_TRY(const std::vector<history::ScriptedCommit> script,
              read_script(tree.root().at("tests").items()[position].at("history")));
    directory.emplace();
    ASSAY_CHECK(history::build_repository(directory->path(), script));
    ASSAY_TRY(subject, open_subject({directory->path()}));
    // With files beside it, the repository gives its history and they are what lies in the directory.
    if (!test.files.empty()) subject.sources.front().tree = intake::in_memory({test.files.begin(), test.files.end()});
  }
  const Subject before = in_memory(test.before);
  ExamineOptions options;
  options.audience = Audience::auditor;
  options.c_worker = c_worker;
  ASSAY_TRY(const Examination examination, examine(subject, test.has_before ? &before : nullptr, bundle, options));
  std::vector<const Finding*> found;
  for (const Finding& finding : examination.report.findings) {
    if (finding.rule == rule.info.id) found.push_back(&finding);
  }
  // A rule whose matches only other rules see proves itself by its signals.
  std::vector<Finding> signals;
  if (rule.emits_signal) {
    ASSAY_TRY(evidence::Statement statement,
              examination.database->prepare("SELECT at, text FROM signal WHERE rule = ?"));
    statement.bind(1, std::string_view(rule.info.id));
    while (true) {
      ASSAY_TRY(const bool more, statement.step());
      if (!more) break;
      ASSAY_TRY(const evidence::Database::Place place, examination.database->place(statement.integer(0)));
      Finding signal;
      signal.at = {place.path, place.span};
      signal.message = statement.shown(1);
      signals.push_back(std::move(signal));
    }
    for (const Finding& signal : signals) found.push_back(&signal);
  }
  return compare(test, found);
}

}  // namespace

std::vector<RuleTestResult> run_rule_tests(const engine::Rule& rule, const engine::Bundle& bundle,
                                           const std::string& c_worker) {
  std::vector<RuleTestResult> results;
  for (const engine::RuleTest& test : rule.tests) {
    Result<std::string> fault = run(rule, test, bundle, c_worker);
    results.push_back({fmt::format("{}: {}", rule.info.id, test.name), fault ? *fault : fault.error().text()});
  }
  return results;
}

}  // namespace assay::app

// Every expect.yaml below tests/replay: an inert reconstruction of an attack is found from each vantage point where it
// left something, and its benign twin stays silent.

#include <gtest/gtest.h>

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "analyzer/app/bundled.h"
#include "analyzer/app/examine.h"
#include "analyzer/app/review.h"
#include "analyzer/app/worker_program.h"
#include "analyzer/formats/yaml_tree.h"

namespace assay::app {
namespace {

namespace fs = std::filesystem;
using formats::YamlNode;
using formats::YamlTree;

const std::string root = ASSAY_SOURCE_DIR "/tests/replay";

std::string read_text(const fs::path& path) {
  std::ifstream stream(path);
  std::ostringstream text;
  text << stream.rdbuf();
  return std::move(text).str();
}

struct Case {
  std::string attack;
  std::size_t number = 0;
  std::string folder;
};

std::vector<Case> all_cases() {
  std::vector<Case> cases;
  std::set<fs::path> attacks;
  for (const fs::directory_entry& entry : fs::directory_iterator(root)) {
    if (fs::exists(entry.path() / "expect.yaml")) attacks.insert(entry.path());
  }
  for (const fs::path& attack : attacks) {
    const std::string text = read_text(attack / "expect.yaml");
    const Result<YamlTree> tree = YamlTree::parse(text);
    if (!tree) {
      cases.push_back({attack.filename().string(), 0, "unreadable expect.yaml: " + tree.error().text()});
      continue;
    }
    const std::vector<YamlNode> vantages = tree->root().at("vantages").items();
    for (std::size_t i = 0; i < vantages.size(); ++i)
      cases.push_back({attack.filename().string(), i, std::string(vantages[i].at("folder").text())});
  }
  return cases;
}

bool contains_any(const std::vector<std::string>& have, const std::vector<YamlNode>& wanted) {
  return std::any_of(wanted.begin(), wanted.end(), [&](const YamlNode& node) {
    return std::find(have.begin(), have.end(), node.text()) != have.end();
  });
}

void PrintTo(const Case& one, std::ostream* out) {
  *out << one.folder;
}

class Replay : public ::testing::TestWithParam<Case> {
 protected:
  static const engine::Bundle& bundle() {
    static const engine::Bundle loaded = std::move(load_rules("").value());
    return loaded;
  }

  static std::string seen(const Report& report) {
    std::string out = fmt::format("{} paths;", report.paths.size());
    for (const Finding& finding : report.findings) {
      out += fmt::format("\n  {} {} {}:{} {} [{}]", word(finding.severity), finding.rule, finding.at.path,
                         finding.at.span.begin.line, finding.message, fmt::join(finding.incidents, ","));
    }
    return out;
  }

  static std::vector<std::string> families(const Report& report, const Finding& finding) {
    for (const RuleInfo& rule : report.rules) {
      if (rule.id == finding.rule) return rule.families;
    }
    return {};
  }

  // `gap` says why an expectation is not met yet. When it is met, the test fails until the word is taken out.
  static void check_findings(const Report& report, const YamlNode& expect, bool gap) {
    if (const YamlNode silent = expect.at("none_at_or_above"); silent.exists()) {
      Severity limit = Severity::high;
      ASSERT_TRUE(from_word(silent.text(), limit));
      for (const Finding& finding : report.findings) EXPECT_LT(finding.severity, limit) << seen(report);
    }
    if (const YamlNode least = expect.at("at_least"); least.exists()) {
      Severity wanted = Severity::high;
      ASSERT_TRUE(from_word(least.text(), wanted));
      const bool found = std::any_of(report.findings.begin(), report.findings.end(), [&](const Finding& finding) {
        const bool linked =
            !expect.at("incident").exists() || contains_any(finding.incidents, expect.at("incident").one_or_many());
        const bool familiar = !expect.at("families").exists() ||
                              contains_any(families(report, finding), expect.at("families").one_or_many());
        return finding.severity >= wanted && linked && familiar;
      });
      if (gap) {
        EXPECT_FALSE(found) << "found now: take `gap` out of expect.yaml";
        return;
      }
      EXPECT_TRUE(found) << "no finding at " << least.text() << " for " << expect.at("incident").text()
                         << "; seen: " << seen(report);
    }
    if (expect.at("path").text() == "true") {
      EXPECT_FALSE(report.paths.empty()) << "no attack path; seen: " << seen(report);
    }
    if (expect.at("path").text() == "false") {
      EXPECT_TRUE(report.paths.empty()) << report.paths.front().title;
    }
  }

  static void check_review(const std::string& folder, const YamlNode& expect) {
    const Result<Examination> reviewed = review(folder + "/product.yaml", bundle(), {});
    ASSERT_TRUE(reviewed.has_value()) << reviewed.error().text();
    const ProductAssessment& product = reviewed->report.product.value();
    EXPECT_TRUE(contains_any({product.tier}, expect.at("tier").one_or_many()))
        << product.tier << " C=" << product.consequence;
    EXPECT_TRUE(contains_any({product.decision}, expect.at("decision").one_or_many()))
        << product.decision << " R_worst=" << product.risk_worst << " grade " << product.grade;
  }
};

TEST_P(Replay, IsSeenAsExpected) {
  const Case& one = GetParam();
  const fs::path attack = fs::path(root) / one.attack;
  const std::string text = read_text(attack / "expect.yaml");
  const Result<YamlTree> tree = YamlTree::parse(text);
  ASSERT_TRUE(tree.has_value()) << one.folder;
  const YamlNode vantage = tree->root().at("vantages").items()[one.number];
  const YamlNode expect = vantage.at("expect");
  ASSERT_TRUE(expect.exists());
  const std::string folder = (attack / one.folder).string();
  if (expect.at("review").exists()) return check_review(folder, expect.at("review"));
  const Result<Subject> subject = open_subject({folder});
  ASSERT_TRUE(subject.has_value()) << subject.error().text();
  std::optional<Subject> before;
  if (vantage.at("before").exists())
    before = std::move(open_subject({(attack / vantage.at("before").text()).string()}).value());
  ExamineOptions options;
  options.c_worker = c_worker_program();
  const Result<Examination> examination = examine(*subject, before ? &*before : nullptr, bundle(), options);
  ASSERT_TRUE(examination.has_value()) << examination.error().text();
  check_findings(examination->report, expect, vantage.at("gap").exists());
}

INSTANTIATE_TEST_SUITE_P(Attacks, Replay, ::testing::ValuesIn(all_cases()),
                         [](const ::testing::TestParamInfo<Case>& one) {
                           std::string name =
                               one.param.attack + "_" + std::to_string(one.param.number) + "_" + one.param.folder;
                           for (char& c : name) {
                             if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
                           }
                           return name;
                         });

}  // namespace
}  // namespace assay::app

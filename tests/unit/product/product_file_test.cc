#include "analyzer/product/product_file.h"

#include <gmock/gmock.h>

#include "tests/support/reading.h"
#include "tests/unit/product/case.h"

namespace assay::product {
namespace {

using assay::test::Reading;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::string_view head =
    "product: {name: Agent, vendor: Example, version: \"1.2\"}\nassessed_on: 2026-05-01\n";

TEST(ProductFile, TheAnnotatedExampleIsRight) {
  const ProductFile file = parse_product_file(test::source_file("docs/product.example.yaml"), "product.yaml");
  for (const Error& problem : file.problems) ADD_FAILURE() << problem.text();
  EXPECT_EQ(file.name, "Example Remote Manager");
  EXPECT_EQ(file.version, "12.3");
  EXPECT_EQ(file.assessed_on, "2026-05-01");
  EXPECT_EQ(file.evidence.size(), 5U);
  ASSERT_EQ(file.privileges.size(), 4U);
  EXPECT_EQ(file.privileges[2].exposure, 0.4);
  ASSERT_EQ(file.answers.size(), 5U);
  EXPECT_EQ(file.answers[1].evidence_class, "E4");
  EXPECT_EQ(file.answers[2].value, 0.5);
  EXPECT_EQ(file.answers[3].evidence_class, "EW");
  EXPECT_EQ(file.answers[4].evidence_class, "EW") << "a favourable answer that was withdrawn counts as refused";
  EXPECT_EQ(file.answers[4].dated, "2026-04-20");
}

TEST(ProductFile, BecomesRowsAtTheirPlaces) {
  Reading reading(read_product, "product.yaml",
                  std::string(head) +
                      "privileges:\n  - {dimension: RCE, level: 4, because: \"remote scripts\"}\nanswers:\n"
                      "  - control: SRC-REVIEW\n    answer: yes\n    known_by: signed\n    dated: 2026-01-02\n",
                  ArtifactKind::product);
  EXPECT_EQ(reading.outcome().coverage, Coverage::read);
  EXPECT_THAT(
      reading.ask(
          "SELECT name, vendor, version, assessed_on, line, column FROM product JOIN location ON at = location_id"),
      ElementsAre("Agent|Example|1.2|2026-05-01|1|17"));
  EXPECT_THAT(reading.ask("SELECT dimension, level, exposure, known_from, reason, line, column FROM privilege JOIN "
                          "location ON at = location_id"),
              ElementsAre("RCE|4|1.0|declared|remote scripts|4|5"));
  EXPECT_THAT(reading.ask("SELECT control, stage, answer, value, evidence_class, dated, line, column FROM claim JOIN "
                          "location ON at = location_id"),
              ElementsAre("SRC-REVIEW|SRC|yes|1.0|E2|2026-01-02|6|5"));
}

std::vector<std::string> problems(const std::string& text) {
  std::vector<std::string> out;
  for (const Error& problem : parse_product_file(text, "p.yaml").problems) out.push_back(problem.text());
  return out;
}

TEST(ProductFile, SaysWhereAndWhatToDo) {
  EXPECT_THAT(problems("nonsense\n"), ElementsAre(HasSubstr("p.yaml:1:1: a product file is a mapping")));
  EXPECT_THAT(problems("product: {name: A}\nassessed_on: yesterday\n"),
              ElementsAre(HasSubstr("p.yaml:2:14: `yesterday` is not a day")));
  EXPECT_THAT(problems("product: {name: A}\n"), ElementsAre(HasSubstr("`assessed_on` is missing")));
  EXPECT_THAT(problems(std::string(head) + "privilege: []\n"),
              ElementsAre(HasSubstr("p.yaml:3:1: `privilege` is not known here")));
  EXPECT_THAT(problems(std::string(head) + "privileges:\n  - {dimension: ROOT, level: 4}\n"),
              ElementsAre(HasSubstr("p.yaml:4:17: `dimension` must be one of IDP, DOM")));
  EXPECT_THAT(problems(std::string(head) + "privileges:\n  - {dimension: RCE, level: 5}\n"),
              ElementsAre(HasSubstr("p.yaml:4:29: `level`")));
  EXPECT_THAT(problems(std::string(head) + "privileges:\n  - {dimension: RCE, level: 4, exposure: 0.5}\n"),
              ElementsAre(HasSubstr("needs `because`")));
  EXPECT_THAT(problems(std::string(head) + "answers:\n  - {control: SRC-X, answer: maybe, known_by: told}\n"),
              ElementsAre(HasSubstr("p.yaml:4:30: answer yes, no or partly")));
  EXPECT_THAT(problems(std::string(head) + "answers:\n  - {control: SRC-X, answer: yes, known_by: rumour}\n"),
              ElementsAre(HasSubstr("told, signed, audited, checked, refused or not-applicable")));
  EXPECT_THAT(problems(std::string(head) + "answers:\n  - {control: FOO-X, answer: yes, known_by: told}\n"),
              ElementsAre(HasSubstr("`FOO` names no stage")));
  EXPECT_THAT(problems(std::string(head) + "answers:\n  - {control: SRC-X, answer: yes, known_by: checked}\n"),
              ElementsAre(HasSubstr("needs a `reason`")));
}

TEST(ProductFile, AnswersMayStandInAFileOfTheirOwn) {
  const ProductFile file =
      parse_product_file("answers:\n  - {control: SRC-REVIEW, answer: no, known_by: told}\n", "answers.yaml");
  EXPECT_TRUE(file.problems.empty());
  ASSERT_EQ(file.answers.size(), 1U);
  EXPECT_EQ(file.answers[0].value, 0);
}

TEST(ProductFile, KeepsWhatIsRightOfABrokenFile) {
  Reading reading(read_product, "product.yaml",
                  std::string(head) + "answers:\n  - {control: SRC-REVIEW, answer: no, known_by: told}\nevidence: [\n",
                  ArtifactKind::product);
  EXPECT_EQ(reading.outcome().coverage, Coverage::partly_read);
  EXPECT_FALSE(reading.outcome().gaps.empty());
  EXPECT_EQ(reading.one("SELECT control FROM claim"), "SRC-REVIEW");
  Reading empty(read_product, "product.yaml", "", ArtifactKind::product);
  EXPECT_EQ(empty.outcome().coverage, Coverage::not_read);
}

TEST(ProductFile, IsRecognised) {
  EXPECT_TRUE(looks_like_product_file(head));
  EXPECT_FALSE(looks_like_product_file("product: x\nname: y\n"));
  EXPECT_FALSE(looks_like_product_file("on: push\njobs:\n  product: {}\n"));
}

}  // namespace
}  // namespace assay::product

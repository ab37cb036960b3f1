#include "analyzer/pipeline/updates/updaters.h"

#include "tests/support/reading.h"

namespace assay::pipeline::updates {
namespace {

using Lines = std::vector<std::string>;

TEST(Dependabot, OneJobAnEntryWithItsSettings) {
  test::Reading reading(read_dependabot, ".github/dependabot.yml",
                        "version: 2\nregistries:\n  own:\n    token: ${{secrets.NPM}}\nupdates:\n  - "
                        "package-ecosystem: npm\n    directory: /a\n"
                        "    cooldown: {}\n    ignore:\n      - dependency-name: x\n      - dependency-name: y\n",
                        ArtifactKind::dependabot_config);
  EXPECT_EQ(reading.ask("SELECT name, display_name, line, column FROM job JOIN location ON at = location_id"),
            (Lines{"npm|/a|6|5"}));
  EXPECT_EQ(reading.ask("SELECT name, value, item, line FROM setting JOIN location ON at = location_id WHERE job_id IS "
                        "NOT NULL AND name <> "
                        "'directory' AND name <> 'package-ecosystem'"),
            (Lines{"cooldown||-1|8", "ignore.dependency-name|x|0|10", "ignore.dependency-name|y|1|11"}));
  EXPECT_EQ(reading.ask("SELECT name, line FROM secret_use JOIN location ON at = location_id"), (Lines{"NPM|4"}));
  test::Reading bad(read_dependabot, ".github/dependabot.yml", "[]", ArtifactKind::dependabot_config);
  EXPECT_EQ(bad.outcome().coverage, Coverage::not_read);
}

TEST(PreCommit, HooksAndLocalCommands) {
  test::Reading reading(
      read_pre_commit, ".pre-commit-config.yaml",
      "repos:\n  - repo: https://github.com/Some/Hooks.git\n    rev: v1\n    hooks: [{id: a}]\n"
      "  - repo: git@example.com:a/b\n    rev: 1111111111111111111111111111111111111111 # v2\n    hooks: [{id: b}]\n"
      "  - repo: local\n    hooks:\n      - id: c\n        entry: bash -c 'make'\n",
      ArtifactKind::pre_commit_config);
  EXPECT_EQ(
      reading.ask("SELECT kind, name, reference, immutable, comment, line, column FROM uses JOIN location ON at = "
                  "location_id ORDER BY uses_id"),
      (Lines{"hook|some/hooks|v1|0||2|11", "hook|example.com/a/b|1111111111111111111111111111111111111111|1|v2|5|11"}));
  EXPECT_EQ(reading.ask("SELECT program, line, column FROM command JOIN location ON at = location_id"),
            (Lines{"bash|11|16"}));
}

TEST(Codeowners, PatternsAndOwners) {
  test::Reading reading(read_codeowners, "CODEOWNERS",
                        "# all\n*  @a @b # who\n[Section] @c\n  /docs/my\\ file @d\n/none\n", ArtifactKind::codeowners);
  EXPECT_EQ(reading.ask("SELECT name, value, line, column, end_column FROM setting JOIN location ON at = location_id"),
            (Lines{"*|@a @b|2|1|2", "/docs/my\\ file|@d|4|3|17", "/none||5|1|6"}));
}

}  // namespace
}  // namespace assay::pipeline::updates

#include "analyzer/pipeline/github/guards.h"

#include <gtest/gtest.h>

namespace assay::pipeline::github {
namespace {

// "both", "rights" or "none": whom the condition keeps out.
std::string kept_out(std::string_view condition, std::vector<std::string> events = {"pull_request_target", "push"}) {
  const Guard guard = guard_of(condition, events);
  EXPECT_TRUE(guard.rights || !guard.outsiders);
  return guard.outsiders ? "both" : guard.rights ? "rights" : "none";
}

TEST(Guard, WhoAndWhere) {
  EXPECT_EQ(kept_out("github.event.comment.author_association == 'MEMBER'"), "both");
  EXPECT_EQ(kept_out("contains('[\"OWNER\", \"MEMBER\"]', github.event.comment.author_association)"), "both");
  EXPECT_EQ(kept_out("github.event.comment.author_association != 'OWNER'"), "none");
  EXPECT_EQ(kept_out("${{ github.event.pull_request.head.repo.full_name == github.repository }}"), "both");
  EXPECT_EQ(kept_out("github.repository == github.event.pull_request.head.repo.full_name"), "both");
  EXPECT_EQ(kept_out("!github.event.pull_request.head.repo.fork"), "both");
  EXPECT_EQ(kept_out("github.event.pull_request.head.repo.fork == false"), "both");
  EXPECT_EQ(kept_out("github.event.pull_request.head.repo.fork"), "none");
  EXPECT_EQ(kept_out("contains(github.event.pull_request.labels.*.name, 'safe')"), "both");
  EXPECT_EQ(kept_out("!contains(github.event.pull_request.labels.*.name, 'skip')"), "none");
}

TEST(Guard, NamesOfAuthorsAndOfActors) {
  EXPECT_EQ(kept_out("github.event.pull_request.user.login == 'dependabot[bot]'"), "both");
  EXPECT_EQ(kept_out("github.actor == 'dependabot[bot]'"), "none");
  EXPECT_EQ(kept_out("github.actor == 'octocat'"), "both");
  EXPECT_EQ(kept_out("github.actor != 'octocat'"), "none");
}

TEST(Guard, EveryAlternativeMustAndOneFactorMay) {
  EXPECT_EQ(kept_out("github.event_name == 'push' || github.actor == 'a'"), "both");
  EXPECT_EQ(kept_out("github.event_name == 'push' || startsWith(github.event.comment.body, '/x')"), "none");
  EXPECT_EQ(kept_out("success() && (github.event_name == 'push' || (github.actor == 'a' && true))"), "both");
  EXPECT_EQ(
      kept_out("github.event_name == 'schedule' ||\n (github.event_name == 'pull_request' && startsWith(x, 'p')) ||\n"
               " (github.event_name == 'issue_comment' && contains('[\"OWNER\"]', "
               "github.event.comment.author_association))",
               {"pull_request", "issue_comment", "schedule"}),
      "rights");
}

TEST(Guard, EventsAndBranchesDependOnTheWorkflowsEvents) {
  EXPECT_EQ(kept_out("github.event_name != 'pull_request_target'"), "both");
  EXPECT_EQ(kept_out("github.event_name != 'pull_request_target'", {"pull_request_target", "pull_request"}), "rights");
  EXPECT_EQ(kept_out("github.event_name != 'pull_request'", {"pull_request", "push"}), "both");
  EXPECT_EQ(kept_out("github.ref == 'refs/heads/main'", {"pull_request", "push"}), "both");
  EXPECT_EQ(kept_out("github.ref == 'refs/heads/main'"), "none");  // pull_request_target stands on the base branch
  EXPECT_EQ(kept_out("github.event.workflow_run.event == 'push'", {"workflow_run"}), "both");
  EXPECT_EQ(kept_out("github.event.workflow_run.conclusion == 'success'", {"workflow_run"}), "none");
}

TEST(Guard, BadInputGuardsNothing) {
  EXPECT_EQ(kept_out(""), "none");
  EXPECT_EQ(kept_out("((((("), "none");
  EXPECT_EQ(kept_out("'"), "none");
  EXPECT_EQ(kept_out("${{ github.actor == 'a' }} ${{ true }}"), "none");  // text: always true
  EXPECT_EQ(kept_out(std::string(5000, '(') + std::string(5000, ')')), "none");
}

}  // namespace
}  // namespace assay::pipeline::github

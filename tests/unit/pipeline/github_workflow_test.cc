#include "analyzer/pipeline/github/workflow.h"

#include "analyzer/pipeline/github/action.h"

#include "tests/support/reading.h"

namespace assay::pipeline::github {
namespace {

using Lines = std::vector<std::string>;

test::Reading workflow(std::string_view text) {
  return {read_github_workflow, ".github/workflows/a.yml", text, ArtifactKind::github_workflow};
}

TEST(GitHubWorkflow, PlacesExpressionsInsideScripts) {
  auto reading = workflow(
      "on:\n  issue_comment:\n    types: [created]\n  push:\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n"
      "      - name: x\n        env:\n          T: ${{ github.event.comment.body }}\n        run: |\n"
      "          echo one\n\n            echo \"é ${{ github.event.issue.title }}\" \"$T\"\n"
      "          echo ${{ env.T }} ${{ github.event.issue.number }}\n");
  EXPECT_EQ(reading.outcome().coverage, Coverage::read);
  EXPECT_EQ(reading.ask("SELECT line, column, context, controlled_by, via FROM expression JOIN location ON at = "
                        "location_id WHERE sink = 'shell' ORDER BY 1, 2"),
            (Lines{"15|25|github.event.issue.title|outsider|", "16|20|env.T|outsider|env T",
                   "16|33|github.event.issue.number|platform|"}));
  EXPECT_EQ(
      reading.ask("SELECT event, types, outsider, privileged, line FROM trigger JOIN location ON at = location_id"),
      (Lines{"issue_comment|created|1|1|2", "push||0|1|4"}));
  EXPECT_EQ(reading.ask("SELECT name, value, line, column FROM variable JOIN location ON at = location_id"),
            (Lines{"T|${{ github.event.comment.body }}|11|11"}));
  EXPECT_EQ(reading.ask("SELECT scope, level, declared, line FROM permission JOIN location ON at = location_id"),
            (Lines{"all|write|default|6"}));
}

TEST(GitHubWorkflow, KnowsWhichTriggersDeliverWhat) {
  const auto by = [](std::string_view on, std::string_view expression) {
    auto reading =
        workflow("on: " + std::string(on) + "\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: echo ${{ " +
                 std::string(expression) + " }}\n");
    return reading.one("SELECT controlled_by FROM expression WHERE sink = 'shell'");
  };
  EXPECT_EQ(by("issues", "github.event.issue.title"), "outsider");
  EXPECT_EQ(by("push", "github.event.issue.title"), "platform") << "push has no issue";
  EXPECT_EQ(by("[push, workflow_call]", "github.event.issue.title"), "outsider") << "the caller may have one";
  EXPECT_EQ(by("pull_request_target", "github.head_ref"), "outsider");
  EXPECT_EQ(by("push", "github.head_ref"), "platform");
  EXPECT_EQ(by("push", "github.ref_name"), "insider");
  EXPECT_EQ(by("push", "github.event.head_commit.message"), "outsider");
  EXPECT_EQ(by("pull_request", "github.event.pull_request.head.sha"), "platform");
  EXPECT_EQ(by("issues", "toJSON(github.event)"), "outsider");
  EXPECT_EQ(by("issues", "github.event.issue.title == 'x'"), "workflow");
  EXPECT_EQ(by("workflow_run", "github.event.workflow_run.head_branch"), "outsider");
  EXPECT_EQ(by("workflow_dispatch", "inputs.x"), "insider");
  EXPECT_EQ(by("workflow_call", "inputs.x"), "unknown");
  EXPECT_EQ(by("push", "steps.changed.outputs.files"), "unknown");
}

TEST(GitHubWorkflow, WholeEnvironmentAndInputsFromExpressions) {
  auto reading = workflow(
      "on: push\njobs:\n  a:\n    runs-on: x\n    strategy:\n      matrix:\n        e: [{A: one}, {A: two, B: b}]\n    "
      "    include: [{e: {C: c}}]\n"
      "    steps:\n      - run: make\n        env: ${{ matrix.e }}\n      - uses: a/b@v1\n        with: ${{ "
      "fromJSON(vars.X) }}\n");
  EXPECT_EQ(
      reading.ask(
          "SELECT name, value, line, column FROM variable JOIN location ON at = location_id ORDER BY variable_id"),
      (Lines{"A|one|11|14", "A|two|11|14", "B|b|11|14", "C|c|11|14"}));
  EXPECT_EQ(reading.ask("SELECT name, value, line FROM step_input JOIN location ON at = location_id"),
            (Lines{"*|${{ fromJSON(vars.X) }}|13"}));
}

TEST(GitHubWorkflow, FollowsVariablesMatrixAndOutputs) {
  auto reading = workflow(
      "on: pull_request_target\nenv: {FIXED: a}\njobs:\n  one:\n    runs-on: x\n"
      "    outputs: {title: '${{ steps.get.outputs.t }}', n: '${{ github.run_id }}'}\n    steps:\n      - id: get\n"
      "        env: {BODY: '${{ github.event.pull_request.body }}'}\n        run: echo \"t=$BODY\" >> "
      "\"$GITHUB_OUTPUT\"\n"
      "  two:\n    needs: one\n    strategy: {matrix: {os: [a, b], dyn: '${{ fromJSON(needs.one.outputs.n) }}'}}\n    "
      "runs-on: x\n    steps:\n"
      "      - run: echo ${{ needs.one.outputs.title }} ${{ needs.one.outputs.n }} ${{ matrix.os }} ${{ matrix.dyn }} "
      "${{ env.FIXED }} ${{ env.NONE }}\n");
  EXPECT_EQ(reading.ask("SELECT context, controlled_by, via FROM expression WHERE sink = 'shell'"),
            (Lines{"needs.one.outputs.title|outsider|output one, output get.t, env BODY",
                   "needs.one.outputs.n|platform|output one", "matrix.os|workflow|matrix", "matrix.dyn|unknown|matrix",
                   "env.FIXED|workflow|env FIXED", "env.NONE|unknown|env NONE"}));
  EXPECT_EQ(reading.ask("SELECT context, sink, via FROM expression WHERE sink = 'output' AND step_id IS NOT NULL"),
            (Lines{"github.event.pull_request.body|output|env BODY"}));
}

TEST(GitHubWorkflow, ReadsUsesAndImages) {
  auto reading = workflow(
      "on: push\njobs:\n  a:\n    runs-on: x\n    container: ghcr.io/o/i:1@sha256:ab\n    services: {db: {image: "
      "'postgres:16'}}\n    steps:\n"
      "      - uses: Actions/Checkout@v4 # why\n"
      "      - uses: o/n/sub/dir@0E58ed8671d6b60d0890c21b07f8835ace038e67 # v1.2\n"
      "      - uses: docker://alpine\n      - uses: ./local\n"
      "  b:\n    uses: o/n/.github/workflows/w.yml@main\n    secrets: inherit\n");
  EXPECT_EQ(reading.ask("SELECT kind, owner, name, path, reference, reference_kind, immutable, first_party, comment, "
                        "line FROM uses JOIN location ON at = location_id ORDER BY line"),
            (Lines{"image|ghcr.io/o|ghcr.io/o/i||sha256:ab|digest|1|0||5", "image||postgres||16|tag|0|0||6",
                   "action|actions|actions/checkout||v4|branch-or-tag|0|1|why|8",
                   "action|o|o/n|sub/dir|0e58ed8671d6b60d0890c21b07f8835ace038e67|commit|1|0|v1.2|9",
                   "image||alpine|||none|0|0||10", "local|||./local||none|1|0||11",
                   "reusable-workflow|o|o/n|.github/workflows/w.yml|main|branch-or-tag|0|0||13"}));
  EXPECT_EQ(reading.ask("SELECT name, sink FROM secret_use"), (Lines{"*|workflow"}));
  EXPECT_EQ(reading.one("SELECT inherits_secrets FROM job WHERE name = 'b'"), "1");
}

TEST(GitHubWorkflow, PutsStaticMatrixIntoImages) {
  auto reading = workflow(
      "on: push\njobs:\n  a:\n    runs-on: x\n    strategy: {matrix: {i: ['a:1', 'b@sha256:0']}}\n    container: ${{ "
      "matrix.i }}\n"
      "    services: {none: {image: ''}}\n    steps: []\n");
  EXPECT_EQ(reading.ask("SELECT text, immutable FROM uses"), (Lines{"a:1|0", "b@sha256:0|1"}));
}

TEST(GitHubWorkflow, AnExpressionThatChoosesARunnerNamesWhatItCanGive) {
  const auto self_hosted = [](const std::string& runs_on) {
    auto reading = workflow("on: push\njobs:\n  a:\n    runs-on: ${{ " + runs_on +
                            " }}\n    strategy: {matrix: {os: [linux, ubuntu-latest], hosted: [ubuntu-latest]}}\n"
                            "    steps: []\n");
    return reading.one("SELECT self_hosted FROM job");
  };
  EXPECT_EQ(self_hosted("matrix.os == 'linux' && 'ubuntu-24.04' || 'windows-2022'"), "0");
  EXPECT_EQ(self_hosted("matrix.os && 'self-hosted' || 'windows-2022'"), "1");
  EXPECT_EQ(self_hosted("matrix.os"), "1");
  EXPECT_EQ(self_hosted("matrix.hosted || 'macos-14'"), "0");
  EXPECT_EQ(self_hosted("matrix.os == 'linux' && inputs.runner || 'windows-2022'"), "NULL");
}

TEST(GitHubWorkflow, ReadsPermissionsAndGuards) {
  auto reading = workflow(
      "on: pull_request_target\npermissions:\n  contents: write # push\njobs:\n"
      "  a:\n    runs-on: self-hosted\n    if: github.event.pull_request.head.repo.full_name == github.repository\n    "
      "steps: []\n"
      "  b:\n    needs: a\n    permissions: {}\n    runs-on: ${{ matrix.os }}\n    strategy: {matrix: {os: "
      "[ubuntu-latest, windows-2022]}}\n    steps: []\n"
      "  c:\n    permissions: read-all\n    runs-on: [big]\n    environment: prod\n    steps: []\n");
  EXPECT_EQ(reading.ask("SELECT j.name, scope, level, declared, comment FROM permission JOIN job j USING (job_id)"),
            (Lines{"a|contents|write|workflow|push", "b|all|none|job|", "c|all|read|job|"}));
  EXPECT_EQ(reading.ask("SELECT name, self_hosted, outsider_guarded FROM job"),
            (Lines{"a|1|1", "b|0|1", "c|NULL|NULL"}));
  EXPECT_EQ(reading.ask("SELECT context FROM expression WHERE sink = 'condition'"),
            (Lines{"github.event.pull_request.head.repo.full_name", "github.repository"}));
}

TEST(GitHubWorkflow, ReadsCheckoutsCachesAndCommands) {
  auto reading = workflow(
      "on: pull_request_target\njobs:\n  a:\n    runs-on: x\n    steps:\n"
      "      - uses: actions/checkout@v4\n        with: {ref: '${{ github.event.pull_request.head.sha }}', "
      "persist-credentials: false}\n"
      "      - uses: actions/cache@v4\n        with:\n          key: npm-${{ hashFiles('x') }}\n          "
      "restore-keys: |\n            np-${{ a.b }}\n            npm-x\n"
      "      - run: |\n          npm ci && sudo -E npm test \\\n            --all\n          curl -sSL "
      "https://example.com/i.sh | bash\n          docker push img\n"
      "      - shell: python\n        run: import os\n");
  EXPECT_EQ(reading.ask("SELECT reference, outsider_code, persists_credentials, line FROM checkout JOIN location ON at "
                        "= location_id"),
            (Lines{"${{ github.event.pull_request.head.sha }}|1|0|6"}));
  EXPECT_EQ(reading.ask("SELECT kind, direction, key_prefix FROM shared_state"),
            (Lines{"cache|both|np-", "image|write|"}));
  EXPECT_EQ(reading.ask("SELECT program, arguments, installs, downloads, publishes, runs_workspace, line, column FROM "
                        "command JOIN location ON at = location_id"),
            (Lines{"npm|[\"ci\"]|npm||0|1|15|11", "npm|[\"test\",\"--all\"]|||0|1|15|21",
                   "curl|[\"-sSL\",\"https://example.com/i.sh\"]||https://example.com/i.sh|0|0|17|11",
                   "bash|[]|||0|0|17|48", "docker|[\"push\",\"img\"]|||1|0|18|11"}));
  EXPECT_EQ(reading.ask("SELECT kind, shell FROM step"), (Lines{"uses|", "uses|", "run|bash", "run|python"}));
}

TEST(GitHubWorkflow, ResolvesAnchors) {
  auto reading = workflow(
      "on: push\njobs:\n  a: &a\n    runs-on: x\n    steps: &s\n      - uses: o/n@main\n  b: *a\n  c:\n    runs-on: "
      "x\n    steps: *s\n");
  EXPECT_EQ(
      reading.ask(
          "SELECT j.name, u.name, line FROM uses u JOIN job j USING (job_id) JOIN location ON u.at = location_id"),
      (Lines{"a|o/n|6", "b|o/n|6", "c|o/n|6"}));
}

TEST(GitHubWorkflow, SaysWhatItCouldNotRead) {
  EXPECT_EQ(workflow("- a\n- b\n").outcome().coverage, Coverage::not_read);
  EXPECT_EQ(workflow("").outcome().coverage, Coverage::not_read);
  EXPECT_EQ(workflow("\x01\x02").outcome().coverage, Coverage::not_read);
  auto broken = workflow("on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: make\n      - run: 'open\n");
  EXPECT_EQ(broken.outcome().coverage, Coverage::partly_read);
  EXPECT_EQ(broken.one("SELECT count(*) FROM command"), "1");
  auto wrong = workflow(
      "on: {push: [1]}\njobs: {a: {steps: {x: y}, runs-on: {group: g}, if: [1], env: 3, permissions: [a]}, b: 4}\n");
  EXPECT_EQ(wrong.one("SELECT count(*) FROM job"), "1");
}

TEST(GitHubAction, ReadsCompositeSteps) {
  test::Reading reading(read_github_action, "action.yml",
                        "name: n\ninputs: {who: {}}\nruns:\n  using: composite\n  steps:\n    - shell: bash\n      "
                        "run: echo ${{ inputs.who }} ${{ github.event.issue.title }}\n",
                        ArtifactKind::github_action);
  EXPECT_EQ(reading.ask("SELECT context, controlled_by, via FROM expression WHERE sink = 'shell'"),
            (Lines{"inputs.who|unknown|input", "github.event.issue.title|outsider|"}));
  EXPECT_EQ(reading.one("SELECT kind FROM workflow"), "action");
  EXPECT_EQ(reading.one("SELECT name FROM job"), "runs");
}

TEST(GitHubWorkflow, SeesOutsiderTextWrittenToTheEnvironment) {
  auto reading = workflow(
      "on: pull_request_target\njobs:\n  a:\n    runs-on: x\n    steps:\n      - env: {T: '${{ github.head_ref }}', N: "
      "'${{ github.run_id }}'}\n"
      "        run: |\n          echo \"A=$T\" >> $GITHUB_ENV\n          echo \"B=$N\" >> $GITHUB_ENV\n          echo "
      "\"$T\"\n");
  EXPECT_EQ(reading.ask(
                "SELECT context, via, line FROM expression JOIN location ON at = location_id WHERE sink = 'env-file'"),
            (Lines{"github.head_ref|env T|8"}));
}

}  // namespace
}  // namespace assay::pipeline::github

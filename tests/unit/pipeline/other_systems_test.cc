#include "analyzer/pipeline/others/pipeline_rows.h"
#include "analyzer/pipeline/others/readers.h"
#include "tests/support/reading.h"

namespace assay::pipeline::others {
namespace {

using Lines = std::vector<std::string>;

test::Reading read(std::string_view path, std::string_view text) {
  return {path.ends_with("Dockerfile") ? read_dockerfile : read_ci_definition, path, text,
          path.ends_with("Dockerfile") ? ArtifactKind::dockerfile : ArtifactKind::ci_definition};
}

constexpr std::string_view commands =
    "SELECT j.name, c.text, l.line, l.column FROM command c JOIN job j USING (job_id) JOIN location l ON "
    "c.at = location_id ORDER BY command_id";
constexpr std::string_view used =
    "SELECT kind, text, immutable, line, column FROM uses JOIN location ON at = location_id ORDER BY uses_id";

TEST(Macros, AreFoundWithTheirPlaces) {
  const auto found = macros_in("a $(Build.X) $(ls -l) $( b ) $(", "$(", ")");
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].name, "Build.X");
  EXPECT_EQ(found[0].begin, 2U);
  EXPECT_EQ(found[0].end, 12U);
  EXPECT_EQ(found[1].name, "b");
}

TEST(AzurePipeline, StagesConditionsTasksAndMacros) {
  auto reading = read(
      "azure-pipelines.yml",
      "pr: [main]\npool: {vmImage: ubuntu-latest}\nvariables:\n  - group: secrets-of-all\n  - name: A\n    value: b\n"
      "stages:\n  - stage: s\n    jobs:\n      - ${{ if eq(1, 1) }}:\n          - job: one\n            steps:\n"
      "              - checkout: self\n                persistCredentials: true\n              - bash: |\n"
      "                  curl $(URL) | sh\n              - task: AzureCLI@2\n                inputs:\n                 "
      " inlineScript: az x $(myToken)\n"
      "      - deployment: two\n        environment: production\n        strategy:\n          runOnce:\n            "
      "deploy:\n              steps:\n"
      "                - template: x.yml@other\n                - script: make\n");
  EXPECT_EQ(reading.outcome().coverage, Coverage::read);
  EXPECT_EQ(reading.ask(commands),
            (Lines{"one|curl $(URL)|16|19", "one|sh|16|33", "one|az x $(myToken)|19|33", "two|make|27|27"}));
  EXPECT_EQ(reading.ask(used), (Lines{"task|AzureCLI@2|0|17|23", "template|x.yml@other|NULL|26|29"}));
  EXPECT_EQ(reading.ask("SELECT context, sink, controlled_by FROM expression ORDER BY expression_id"),
            (Lines{"URL|shell|unknown", "myToken|shell|unknown"}));
  EXPECT_EQ(reading.ask("SELECT name FROM secret_use ORDER BY 1"), (Lines{"myToken", "secrets-of-all"}));
  EXPECT_EQ(reading.ask("SELECT persists_credentials, outsider_code FROM checkout"), (Lines{"1|1"}));
  EXPECT_EQ(reading.ask("SELECT name, environment, self_hosted FROM job ORDER BY job_id"),
            (Lines{"one||0", "two|production|0"}));
}

TEST(AzurePipeline, WithoutPullRequestsNobodyOutside) {
  auto reading = read("azure-pipelines.yml", "pr: none\ntrigger: none\nsteps:\n  - script: make\n");
  EXPECT_EQ(reading.one("SELECT count(*) FROM trigger"), "0");
  EXPECT_EQ(reading.ask("SELECT outsider_code FROM checkout"), (Lines{"0"}));
}

TEST(Tekton, EveryDocumentAndItsParameters) {
  auto reading = read(
      ".tekton/a.yaml",
      "apiVersion: v1\nkind: ConfigMap\n---\napiVersion: tekton.dev/v1\nkind: PipelineRun\nmetadata:\n  annotations:\n"
      "    pipelinesascode.tekton.dev/on-event: \"[pull_request]\"\nspec:\n  params: [{name: t, value: \"{{ "
      "body.pull_request.title }}\"}]\n"
      "  pipelineSpec:\n    tasks:\n      - name: clone\n        taskRef: {name: git-clone}\n      - name: b\n        "
      "taskSpec:\n          steps:\n"
      "            - image: alpine:3\n              script: |\n                make $(params.t)\n");
  EXPECT_EQ(reading.ask(commands), (Lines{"b|make $(params.t)|20|17"}));
  EXPECT_EQ(
      reading.ask("SELECT context, controlled_by, line, column FROM expression JOIN location ON at = location_id"),
      (Lines{"params.t|outsider|20|22"}));
  EXPECT_EQ(reading.ask(used), (Lines{"template|git-clone|NULL|14|18", "image|alpine:3|0|18|22"}));
  EXPECT_EQ(read(".tekton/b.yaml", "kind: x\n").outcome().coverage, Coverage::not_read);
}

TEST(CircleCi, OrbsContextsAndSteps) {
  auto reading = read(".circleci/config.yml",
                      "version: 2.1\norbs:\n  a: x/a@1.2.3\n  b: circleci/b@volatile\njobs:\n  build:\n    docker: "
                      "[{image: cimg/base:1}]\n"
                      "    resource_class: own/big\n    steps:\n      - checkout\n      - run: echo << "
                      "pipeline.git.branch >>\n      - when:\n          condition: x\n"
                      "          steps:\n            - run: {name: n, command: npm publish}\n      - save_cache: {key: "
                      "k-1, paths: [x]}\n"
                      "workflows:\n  w:\n    jobs:\n      - build: {context: [prod]}\n");
  EXPECT_EQ(reading.ask(used),
            (Lines{"orb|x/a@1.2.3|1|3|6", "orb|circleci/b@volatile|0|4|6", "image|cimg/base:1|0|7|22"}));
  EXPECT_EQ(reading.ask(commands), (Lines{"build|echo << pipeline.git.branch >>|11|14", "build|npm publish|15|39"}))
      << "<< … >> is no here-document";
  EXPECT_EQ(reading.ask("SELECT context, controlled_by FROM expression"), (Lines{"pipeline.git.branch|insider"}));
  EXPECT_EQ(reading.ask("SELECT s.name, j.name FROM secret_use s JOIN job j USING (job_id)"), (Lines{"prod|build"}));
  EXPECT_EQ(reading.one("SELECT self_hosted FROM job"), "1");
}

TEST(Bitbucket, StepsPipesAndTriggers) {
  auto reading = read("bitbucket-pipelines.yml",
                      "image: node:20\npipelines:\n  pull-requests:\n    '**':\n      - step:\n          name: Test\n  "
                      "        oidc: true\n          script:\n"
                      "            - npm test $BITBUCKET_BRANCH\n            - pipe: atlassian/aws-s3-deploy:1.1.0\n   "
                      "           variables: {KEY: $AWS_KEY}\n");
  EXPECT_EQ(reading.ask(commands), (Lines{"Test|npm test $BITBUCKET_BRANCH|9|15"}));
  EXPECT_EQ(reading.ask(used), (Lines{"image|node:20|0|1|8", "pipe|atlassian/aws-s3-deploy:1.1.0|0|10|21"}));
  EXPECT_EQ(reading.ask("SELECT event, outsider, privileged FROM trigger"), (Lines{"pull_request|1|0"}));
  EXPECT_EQ(reading.ask("SELECT name FROM secret_use"), (Lines{"AWS_KEY"}));
  EXPECT_EQ(reading.ask("SELECT scope, level FROM permission"), (Lines{"id-token|write"}));
}

TEST(Jenkinsfile, DeclarativeAndScripted) {
  auto reading = read("Jenkinsfile",
                      "@Library('steps@main') _\npipeline {\n  agent { docker { image 'node:20' } }\n  // sh 'no'\n  "
                      "stages {\n    stage('Build') {\n"
                      "      steps {\n        sh 'make $CHANGE_TITLE'\n        sh(returnStdout: true, script: \"echo "
                      "${env.CHANGE_TITLE}\")\n"
                      "        sh '''\n          npm publish\n        '''\n        "
                      "withCredentials([string(credentialsId: 'npm', variable: 'T')]) { }\n"
                      "      }\n    }\n  }\n}\n");
  EXPECT_EQ(reading.ask(commands),
            (Lines{"Build|make $CHANGE_TITLE|8|13", "Build|echo ${env.CHANGE_TITLE}|9|41", "Build|npm publish|11|11"}));
  EXPECT_EQ(reading.ask(used), (Lines{"library|steps@main|0|1|1", "image|node:20|0|3|27"}));
  EXPECT_EQ(reading.ask("SELECT context, sink, controlled_by, line, column FROM expression JOIN location ON at = "
                        "location_id ORDER BY expression_id"),
            (Lines{"CHANGE_TITLE|argument|outsider|8|18", "env.CHANGE_TITLE|shell|outsider|9|46"}));
  EXPECT_EQ(reading.ask("SELECT name FROM secret_use"), (Lines{"npm"}));
}

TEST(Dockerfile, StagesRunsAndDownloads) {
  auto reading = read("Dockerfile",
                      "# x\nARG V=1\nFROM alpine:${V} AS base\nRUN --mount=type=secret,id=npm apk add curl && \\\n  # "
                      "why\n  curl -f https://a.example.com | sh\n"
                      "FROM base\nCOPY --from=docker:26 /a /b\nCOPY --from=base /a /b\nADD https://b.example.com/x "
                      "/x\nRUN <<EOF\nmake one\nEOF\nRUN [\"a\", \"b\"]\nENV T=\"x y\"\n");
  EXPECT_EQ(reading.ask(commands),
            (Lines{"base|apk add curl|4|32", "base|curl -f https://a.example.com|6|3", "base|sh|6|35",
                   "base|ADD https://b.example.com/x|10|5", "base|make one|12|1"}));
  EXPECT_EQ(reading.ask(used), (Lines{"image|alpine:${V}|NULL|3|6", "image|docker:26|0|8|6"}));
  EXPECT_EQ(reading.ask("SELECT name FROM secret_use"), (Lines{"npm"}));
}

TEST(ScriptLists, TravisAppVeyorDroneAndBuildkite) {
  auto travis = read(".travis.yml",
                     "env:\n  global:\n    - secure: abc\nscript:\n  - make $TRAVIS_COMMIT_MESSAGE\ndeploy: {provider: "
                     "npm, api_key: {secure: x}}\n");
  EXPECT_EQ(travis.ask(commands), (Lines{"build|make $TRAVIS_COMMIT_MESSAGE|5|5"}));
  EXPECT_EQ(travis.ask("SELECT context, controlled_by FROM expression"), (Lines{"TRAVIS_COMMIT_MESSAGE|outsider"}));
  EXPECT_EQ(travis.ask("SELECT name FROM secret_use ORDER BY 1"), (Lines{"api_key", "secure"}));
  auto appveyor = read("appveyor.yml", "install:\n  - ps: Install-Module x\n  - cmd: npm ci\n");
  EXPECT_EQ(appveyor.ask(commands), (Lines{"build|Install-Module x|2|9", "build|npm ci|3|10"}));
  auto drone = read(".drone.yml",
                    "kind: pipeline\nsteps:\n  - name: a\n    image: x:1\n    environment: {T: {from_secret: tok}}\n   "
                    " commands: [make]\n---\nkind: pipeline\nsteps: [{name: b, image: y:2}]\n");
  EXPECT_EQ(drone.ask(commands), (Lines{"a|make|6|16"}));
  EXPECT_EQ(drone.ask(used), (Lines{"image|x:1|0|4|12", "image|y:2|0|9|26"}));
  EXPECT_EQ(drone.ask("SELECT name FROM secret_use"), (Lines{"tok"}));
  auto kite = read(".buildkite/pipeline.yml",
                   "steps:\n  - label: t\n    command: make\n    plugins:\n      - docker#v5: {image: x}\n      - "
                   "a/b#1111111111111111111111111111111111111111\n");
  EXPECT_EQ(kite.ask(commands), (Lines{"t|make|3|14"}));
  EXPECT_EQ(kite.ask(used),
            (Lines{"plugin|docker#v5|0|5|9", "plugin|a/b#1111111111111111111111111111111111111111|1|6|9"}));
}

TEST(OtherSystems, BadInputIsReported) {
  EXPECT_EQ(read("azure-pipelines.yml", "steps: [\n").outcome().coverage, Coverage::partly_read);
  EXPECT_EQ(read(".circleci/config.yml", "x").outcome().coverage, Coverage::not_read);
  EXPECT_EQ(read("Jenkinsfile", "sh '''").outcome().coverage, Coverage::read);
  EXPECT_EQ(read("Dockerfile", "FROM\nRUN <<").outcome().coverage, Coverage::read);
}

}  // namespace
}  // namespace assay::pipeline::others

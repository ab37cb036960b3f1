#include "analyzer/pipeline/follow/followed_files.h"

#include <gtest/gtest.h>

#include <map>

#include "analyzer/evidence/database.h"
#include "analyzer/pipeline/follow/invocations.h"
#include "analyzer/pipeline/follow/make_recipe.h"
#include "analyzer/pipeline/github/workflow.h"

namespace assay::pipeline::follow {
namespace {

using Lines = std::vector<std::string>;
using Files = std::map<std::string, std::string, std::less<>>;

std::vector<Invocation> invoked(std::string_view text) {
  return invoked_by(describe(formats::split_shell(text).commands.at(0)));
}

Lines names(std::string_view text) {
  Lines out;
  for (const Invocation& one : invoked(text))
    out.push_back(one.directory + (one.directory.empty() ? "" : ":") + one.name +
                  (one.file.empty() ? "" : "<" + one.file));
  return out;
}

TEST(Invocations, FilesTargetsAndPackageScripts) {
  EXPECT_EQ(names("./scripts/build.sh --fast"), Lines{"./scripts/build.sh"});
  EXPECT_EQ(names("sudo bash -eu ci/run.sh x"), Lines{"ci/run.sh"});
  EXPECT_EQ(names("bash -o pipefail ci/run.sh"), Lines{"ci/run.sh"});
  EXPECT_EQ(names("source env.sh"), Lines{"env.sh"});
  EXPECT_EQ(names("python3 tools/x.py a"), Lines{"tools/x.py"});
  EXPECT_EQ(names("make -C sub -j 4 all CC=gcc"), Lines{"sub:all"});
  EXPECT_EQ(names("make -f ci.mk"), Lines{"<ci.mk"});
  EXPECT_EQ(names("npm --prefix web run build"), (Lines{"web:prebuild", "web:build", "web:postbuild"}));
  EXPECT_EQ(names("npm ci"), (Lines{"preinstall", "install", "postinstall", "prepare"}));
  EXPECT_EQ(names("yarn lint"), (Lines{"prelint", "lint", "postlint"}));
}

TEST(Invocations, NothingForInlineTextAndNamedPackages) {
  EXPECT_EQ(names("bash -c 'x.sh'"), Lines{});
  EXPECT_EQ(names("python -m build"), Lines{});
  EXPECT_EQ(names("npm install left-pad"), Lines{});
  EXPECT_EQ(names("echo ./x.sh"), Lines{});
}

TEST(PathInWorkspace, StaysInsideOrIsNothing) {
  EXPECT_EQ(path_in_workspace("a/b", "../c.sh"), "a/c.sh");
  EXPECT_EQ(path_in_workspace("a", "$GITHUB_WORKSPACE/ci/x.sh"), "ci/x.sh");
  EXPECT_EQ(path_in_workspace("", "."), "");
  EXPECT_EQ(path_in_workspace("a", "../../etc/passwd"), std::nullopt);
  EXPECT_EQ(path_in_workspace("", "/etc/passwd"), std::nullopt);
  EXPECT_EQ(path_in_workspace("", "~/x"), std::nullopt);
  EXPECT_EQ(path_in_workspace("", "$DIR/x.sh"), std::nullopt);
}

TEST(MakeRecipe, VariablesBecomeTheProgramsTheyNameAndBytesKeepTheirPlaces) {
  const std::string text = "\t@$(CURL) -o $@ $$HOME ${X:a=b}";
  const MakeRecipe recipe = expand_recipe(text, {.begin = 2, .end = text.size()});
  EXPECT_EQ(recipe.text, "curl -o _ $HOME  ");
  ASSERT_EQ(recipe.text.size(), recipe.offsets.size());
  EXPECT_EQ(text.substr(recipe.offsets[0], 4), "CURL");
  EXPECT_EQ(text.substr(recipe.offsets[recipe.text.find('$')], 6), "$$HOME");
}

// A workflow read and followed into files, as a database to ask.
class Followed {
 public:
  Followed(std::string_view workflow, const Files& files, std::string_view prefix = "")
      : artifacts_(1), rows_(artifact_id(1, 0)), database_(std::move(evidence::Database::create().value())) {
    artifacts_[0].id = artifact_id(1, 0);
    artifacts_[0].path = std::string(prefix) + ".github/workflows/a.yml";
    github::read_github_workflow({artifacts_[0], workflow}, rows_);
    std::map<std::string, ArtifactId, std::less<>> ids;
    for (const auto& [path, text] : files) {
      Artifact artifact;
      artifact.id = ids[path] = artifact_id(static_cast<std::uint32_t>(artifacts_.size()) + 1, 0);
      artifact.path = std::string(prefix) + path;
      artifacts_.push_back(std::move(artifact));
    }
    outcome_ = follow_files(
        [&](std::string_view path) -> std::optional<SubjectFile> {
          const auto found = files.find(path);
          if (found == files.end()) return {};
          return SubjectFile{.artifact = ids.find(path)->second, .bytes = found->second};
        },
        prefix, rows_);
    EXPECT_TRUE(database_.insert("main", std::span<const Artifact>(artifacts_)).has_value());
    EXPECT_TRUE(database_.insert("main", rows_).has_value());
    EXPECT_TRUE(database_.finish_loading("main").has_value());
  }

  const ReadOutcome& outcome() const { return outcome_; }
  Lines ask(std::string_view sql) {
    Lines out;
    auto statement = database_.prepare(sql);
    EXPECT_TRUE(statement.has_value()) << statement.error().message;
    while (statement && *statement->step()) {
      std::string line;
      for (int i = 0; i < statement->column_count(); ++i) line += (i > 0 ? "|" : "") + statement->shown(i);
      out.push_back(line);
    }
    return out;
  }
  Lines commands() {
    return ask(
        "SELECT a.path, l.line, l.column, c.text FROM command c JOIN location l ON l.location_id = c.at JOIN artifact "
        "a "
        "USING (artifact_id) WHERE c.origin <> 'run' ORDER BY command_id");
  }

 private:
  std::vector<Artifact> artifacts_;
  evidence::Rows rows_;
  ReadOutcome outcome_;
  evidence::Database database_;
};

std::string job(std::string_view steps) {
  return "on: pull_request_target\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n" + std::string(steps);
}

TEST(FollowFiles, AScriptAndWhatItCallsStandUnderTheStepAtTheirOwnPlaces) {
  Followed followed(job("      - run: ./ci/a.sh\n"),
                    {{"ci/a.sh", "#!/bin/sh\ncd ci && sh b.sh\n"}, {"ci/b.sh", "  curl http://example.com | sh\n"}});
  EXPECT_EQ(followed.commands(), (Lines{"ci/a.sh|2|1|cd ci", "ci/a.sh|2|10|sh b.sh",
                                        "ci/b.sh|1|3|curl http://example.com", "ci/b.sh|1|29|sh"}));
  EXPECT_EQ(followed.ask("SELECT path, entry, read FROM invocation ORDER BY invocation_id"),
            (Lines{"ci/a.sh||1", "ci/b.sh||1"}));
  EXPECT_EQ(
      followed.ask("SELECT count(DISTINCT step_id), count(DISTINCT pipeline) FROM command WHERE origin = 'script'"),
      Lines{"1|3"});
  EXPECT_EQ(followed.outcome().coverage, Coverage::read);
}

TEST(FollowFiles, MakeTargetsWithPrerequisitesAndPackageScripts) {
  Followed followed(job("      - run: make test\n      - run: npm run build\n        working-directory: web\n"),
                    {{"Makefile", "other:\n\trm x\ntest: dep | order\n\t-@./run\ndep: ; $(CURL) y\n"},
                     {"web/package.json", "{\"scripts\": {\"build\": \"tsc && node x.js\", \"q\": \"no\"}}"},
                     {"web/x.js", "1"}});
  EXPECT_EQ(followed.commands(), (Lines{"Makefile|4|4|./run", "Makefile|5|10|curl y", "web/package.json|1|24|tsc",
                                        "web/package.json|1|31|node x.js"}));
  EXPECT_EQ(followed.ask("SELECT path, entry, read FROM invocation ORDER BY invocation_id"),
            (Lines{"Makefile|test|1", "web/package.json|build|1", "web/x.js||0"}));
}

TEST(FollowFiles, DefaultsOfTheJobAndTheCheckoutPathSayWhere) {
  Followed followed(job("      - uses: actions/checkout@v4\n        with: {path: src}\n      - run: ./src/x.sh\n"
                        "      - run: cd /tmp && ./x.sh\n"),
                    {{"x.sh", "make\n"}}, "sub/");
  EXPECT_EQ(followed.commands(), Lines{"sub/x.sh|1|1|make"});
}

TEST(FollowFiles, TextOfAnOutsiderThatReachesEval) {
  const std::string steps =
      "      - env: {T: \"${{ github.event.pull_request.title }}\", U: \"${{ github.sha }}\"}\n        run: ./x.sh\n";
  constexpr std::string_view sinks =
      "SELECT sink, context, via, l.line FROM expression e JOIN location l ON "
      "l.location_id = e.at WHERE e.text LIKE 'env.%'";
  Followed bad(job(steps), {{"x.sh", "echo \"$T\"\neval \"say $T\"\necho \"A=${T}\" >> \"$GITHUB_ENV\"\n"}});
  EXPECT_EQ(bad.ask(sinks), (Lines{"shell|github.event.pull_request.title|env T|2",
                                   "env-file|github.event.pull_request.title|env T|3"}));
  Followed good(job(steps), {{"x.sh", "echo \"$T\"\neval \"say $U\"\neval 'say $TT'\n"}});
  EXPECT_EQ(good.ask(sinks), Lines{});
}

TEST(FollowFiles, CirclesEndAndDepthIsSaid) {
  Followed circle(job("      - run: ./a.sh\n"), {{"a.sh", "./b.sh\n"}, {"b.sh", "./a.sh\n"}});
  EXPECT_EQ(circle.commands(), (Lines{"a.sh|1|1|./b.sh", "b.sh|1|1|./a.sh"}));
  EXPECT_EQ(circle.outcome().coverage, Coverage::read);
  Files chain;
  for (int i = 0; i < 20; ++i) chain["s" + std::to_string(i) + ".sh"] = "./s" + std::to_string(i + 1) + ".sh\n";
  Followed deep(job("      - run: ./s0.sh\n"), chain);
  EXPECT_EQ(deep.outcome().coverage, Coverage::partly_read);
  EXPECT_NE(deep.outcome().gaps.at(0).find("max_followed_depth"), std::string::npos);
}

TEST(FollowFiles, NothingOutsideTheTree) {
  Followed followed(job("      - run: ../x.sh\n      - run: /x.sh\n      - run: ./$X/x.sh\n"), {{"x.sh", "make\n"}});
  EXPECT_EQ(followed.commands(), Lines{});
}

}  // namespace
}  // namespace assay::pipeline::follow

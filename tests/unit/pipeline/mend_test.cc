#include "analyzer/pipeline/mend/mend.h"

#include <gtest/gtest.h>

#include "analyzer/pipeline/mend/shell_quoting.h"

namespace assay::pipeline::mend {
namespace {

std::string commit(char c) {
  return std::string(40, c);
}

std::optional<std::string> known(std::string_view repository, std::string_view reference) {
  if (repository == "a/b" && reference == "v1") return commit('1');
  return std::nullopt;
}

MendedFile mended(std::string_view file, std::vector<Wish> wishes) {
  return mend_file(file, wishes, known);
}

TEST(NoPersistedCredentials, OneLineMoreAndNothingElse) {
  const MendedFile out = mended(
      "jobs:\n  a:\n    steps:\n      - uses: actions/checkout@v4 # why\n      - uses: actions/checkout@v4\n        "
      "with:\n"
      "          ref: x   # kept\n",
      {{"no-persisted-credentials", {4, 9}}});
  EXPECT_EQ(out.text,
            "jobs:\n  a:\n    steps:\n      - uses: actions/checkout@v4 # why\n        with:\n"
            "          persist-credentials: false\n      - uses: actions/checkout@v4\n        with:\n"
            "          persist-credentials: false\n          ref: x   # kept\n");
  EXPECT_EQ(out.left, std::vector<std::string>{""});
}

TEST(NoPersistedCredentials, ALastLineWithoutEndAndFlowMappings) {
  EXPECT_EQ(mended("jobs: {a: {steps: []}}\n", {{"no-persisted-credentials", {1, 1}}}).text,
            "jobs: {a: {steps: []}}\n");
  EXPECT_EQ(
      mended("jobs:\n  a:\n    steps:\n      - uses: actions/checkout@v4", {{"no-persisted-credentials", {4, 9}}}).text,
      "jobs:\n  a:\n    steps:\n      - uses: actions/checkout@v4\n        with:\n"
      "          persist-credentials: false");
  const std::string with = "jobs:\n  a:\n    steps:\n      - uses: actions/checkout@v4\n        with: {ref: x}\n";
  EXPECT_EQ(mended(with, {{"no-persisted-credentials", {4, 9}}}).text,
            "jobs:\n  a:\n    steps:\n      - uses: actions/checkout@v4\n        with: {persist-credentials: false, "
            "ref: x}\n");
  const std::string flow = "jobs:\n  a:\n    steps:\n      - {uses: actions/checkout@v4}\n";
  const MendedFile out = mended(flow, {{"no-persisted-credentials", {4, 9}}});
  EXPECT_EQ(out.text, flow);
  EXPECT_NE(out.left[0], "");
}

TEST(NoPersistedCredentials, AJobThatPushesKeepsItsToken) {
  const std::string file = "jobs:\n  a:\n    steps:\n      - uses: actions/checkout@v4\n      - run: git push\n";
  const MendedFile out = mended(file, {{"no-persisted-credentials", {4, 9}}});
  EXPECT_EQ(out.text, file);
  EXPECT_NE(out.left[0], "");
}

TEST(ExpressionThroughVariable, EveryKindOfQuotesAndUtf8) {
  const MendedFile out = mended(
      "jobs:\n  a:\n    steps:\n      - run: |\n          echo é \"${{ github.event.issue.title }}\" "
      "${{github.event.issue.title}}\n"
      "          echo 'x ${{ github.event.issue.title }}' \"$(cat ${{ github.event.issue.title }})\"\n",
      {{"expression-through-variable", {5, 23}}});
  EXPECT_EQ(
      out.text,
      "jobs:\n  a:\n    steps:\n      - env:\n          ISSUE_TITLE: ${{ github.event.issue.title }}\n        run: |\n"
      "          echo é \"${ISSUE_TITLE}\" \"${ISSUE_TITLE}\"\n"
      "          echo 'x '\"${ISSUE_TITLE}\"'' \"$(cat \"${ISSUE_TITLE}\")\"\n");
  EXPECT_EQ(out.left[0], "");
}

TEST(ExpressionThroughVariable, TwoInOneStepAndANameThatIsTaken) {
  const MendedFile out = mended(
      "jobs:\n  a:\n    steps:\n      - env:\n          ISSUE_BODY: y\n        run: echo ${{ github.head_ref }} ${{ "
      "github.event.issue.body }}\n",
      {{"expression-through-variable", {6, 23}}, {"expression-through-variable", {6, 46}}});
  EXPECT_EQ(out.text,
            "jobs:\n  a:\n    steps:\n      - env:\n          ISSUE_BODY_2: ${{ github.event.issue.body }}\n          "
            "HEAD_REF: ${{ github.head_ref }}\n          ISSUE_BODY: y\n        run: echo \"${HEAD_REF}\" "
            "\"${ISSUE_BODY_2}\"\n");
  EXPECT_EQ(out.left, (std::vector<std::string>{"", ""}));
}

TEST(ExpressionThroughVariable, WhatIsNotPlainIsLeft) {
  for (const std::string_view script :
       {"|\n          cat <<E\n          ${{ github.head_ref }}\n          E\n",
        "|\n          x `y ${{ github.head_ref }}`\n", "\"\\u0020 ${{ github.head_ref }}\"\n"}) {
    const std::string file = "jobs:\n  a:\n    steps:\n      - run: " + std::string(script);
    const std::size_t at = file.find("github.head_ref");
    const MendedFile out = mended(file, {{"expression-through-variable", LineIndex(file).position(at)}});
    EXPECT_EQ(out.text, file);
    EXPECT_NE(out.left[0], "") << script;
  }
  const std::string python =
      "jobs:\n  a:\n    steps:\n      - shell: python\n        run: print(${{ github.head_ref }})\n";
  EXPECT_EQ(mended(python, {{"expression-through-variable", {5, 26}}}).text, python);
}

TEST(PinCommit, EverywhereWithTheVersionAsComment) {
  const MendedFile out =
      mended("jobs:\n  a:\n    steps:\n      - uses: a/b/c@v1\n      - uses: 'a/b/c@v1' # old\n      - uses: a/b@v2\n",
             {{"pin-commit", {4, 15}}, {"pin-commit", {6, 15}}});
  EXPECT_EQ(out.text, "jobs:\n  a:\n    steps:\n      - uses: a/b/c@" + commit('1') + " # v1\n      - uses: 'a/b/c@" +
                          commit('1') + "' # old\n      - uses: a/b@v2\n");
  EXPECT_EQ(out.left[0], "");
  EXPECT_NE(out.left[1].find("a/b@v2"), std::string::npos);
}

TEST(ReadOnlyToken, BeforeTheJobsInTheFilesOwnLineEnds) {
  EXPECT_EQ(mended("on: push\r\njobs:\r\n  a: {}\r\n", {{"read-only-token", {1, 1}}}).text,
            "on: push\r\npermissions:\r\n  contents: read\r\n\r\njobs:\r\n  a: {}\r\n");
  const std::string has = "permissions: {}\njobs:\n  a: {}\n";
  EXPECT_EQ(mended(has, {{"read-only-token", {1, 1}}}).text, has);
}

TEST(Mend, BadInputIsLeftAsItIs) {
  for (const std::string_view file :
       {"", "\t:", "jobs: [", "\xff\xfe", "jobs:\n  a:\n    steps:\n      - run: ${{ x\n"}) {
    for (const std::string_view word :
         {"no-persisted-credentials", "expression-through-variable", "pin-commit", "no such"}) {
      EXPECT_EQ(mended(file, {{std::string(word), {4, 14}}}).text, file);
    }
  }
}

TEST(ShellQuoting, CountsWhatOpensAndCloses) {
  EXPECT_EQ(quoting_at("a \"b\" c", 6), Quoting::none);
  EXPECT_EQ(quoting_at("a \"b c", 4), Quoting::dual);
  EXPECT_EQ(quoting_at("a 'it\" c", 6), Quoting::single);
  EXPECT_EQ(quoting_at("\"$(x y)\"", 4), Quoting::none);
  EXPECT_EQ(quoting_at("\"$(x) y\"", 6), Quoting::dual);
  EXPECT_EQ(quoting_at("# it's\necho x", 12), Quoting::none);
  EXPECT_EQ(quoting_at("# it's x", 7), Quoting::unknown);
  EXPECT_EQ(quoting_at("a \\\" b", 5), Quoting::none);
}

}  // namespace
}  // namespace assay::pipeline::mend

#include "analyzer/formats/shell_commands.h"

#include <gtest/gtest.h>

namespace assay::formats {
namespace {

// "a,b|c" for the words of each command.
std::vector<std::string> split(std::string_view script, ShellDialect dialect = ShellDialect::posix) {
  std::vector<std::string> out;
  for (const ShellCommand& command : split_shell(script, dialect).commands) {
    std::string line;
    for (const ShellWord& word : command.words) line += (line.empty() ? "" : ",") + word.text;
    out.push_back(line);
  }
  return out;
}

using Lines = std::vector<std::string>;

TEST(ShellCommands, SplitsListsPipesAndQuotes) {
  EXPECT_EQ(split("npm ci && npm run 'a b' | tee \"x $y\"; ls # not this; rm\n#all\necho '#' a#b"),
            (Lines{"npm,ci", "npm,run,a b", "tee,x $y", "ls", "echo,#,a#b"}));
  const ShellScript script = split_shell("curl -s u |\n  bash\nls");
  ASSERT_EQ(script.commands.size(), 3U);
  EXPECT_EQ(script.commands[0].pipeline, script.commands[1].pipeline);
  EXPECT_EQ(script.commands[1].pipe_position, 1U);
  EXPECT_NE(script.commands[2].pipeline, script.commands[1].pipeline);
  EXPECT_EQ(script.commands[2].pipe_position, 0U);
}

TEST(ShellCommands, JoinsContinuedLinesAndKeepsPlaces) {
  const std::string text = "echo a \\\n  b\nX=1 Y=2 make all";
  const ShellScript script = split_shell(text);
  ASSERT_EQ(script.commands.size(), 2U);
  EXPECT_EQ(script.commands[0].words.size(), 3U);
  EXPECT_EQ(script.commands[0].words[2].begin, text.find('b'));
  EXPECT_EQ(script.commands[1].begin, text.find("X=1"));
  EXPECT_EQ(script.commands[1].words[0].begin, text.find("make"));
  EXPECT_EQ(script.commands[1].assignments.size(), 2U);
  EXPECT_EQ(script.commands[1].end, text.size());
}

TEST(ShellCommands, ReadsKeywordsCasesAndFunctions) {
  EXPECT_EQ(split("if test -f x; then make; else echo n; fi\nfor i in a b; do run $i; done\n"
                  "case $x in a|b) one;; *) two;; esac\nf() { three; }\n(four)"),
            (Lines{"test,-f,x", "make", "echo,n", "run,$i", "one", "two", "three", "four"}));
}

TEST(ShellCommands, FindsSubstitutedCommands) {
  const ShellScript script = split_shell("X=$(git log `date`) && bash <(curl -s \"u)v\")");
  Lines seen;
  for (const ShellCommand& command : script.commands) {
    if (command.words.empty()) continue;
    seen.push_back(command.words[0].text + (command.substituted ? "*" : ""));
  }
  EXPECT_EQ(seen, (Lines{"git*", "date*", "bash", "curl*"}));
  EXPECT_TRUE(script.complete);
}

TEST(ShellCommands, ReadsHereDocumentsAndRedirections) {
  const ShellScript script = split_shell("cat <<'EOF' >> \"$GITHUB_ENV\"\nrm -rf x; y\nEOF\necho done 2>&1 >out");
  ASSERT_EQ(script.commands.size(), 2U);
  EXPECT_EQ(script.commands[0].here_document, "rm -rf x; y\n");
  ASSERT_EQ(script.commands[0].redirects.size(), 2U);
  EXPECT_EQ(script.commands[0].redirects[1].sign, ">>");
  EXPECT_EQ(script.commands[0].redirects[1].target, "$GITHUB_ENV");
  ASSERT_EQ(script.commands[1].redirects.size(), 2U);
  EXPECT_EQ(script.commands[1].redirects[0].sign, "2>&");
  EXPECT_EQ(script.commands[1].words.size(), 2U);
}

TEST(ShellCommands, KeepsGitHubExpressionsWhole) {
  EXPECT_EQ(split("echo ${{ a && 'b' || c }} \"${{ d | e }}\" x"), (Lines{"echo,${{ a && 'b' || c }},${{ d | e }},x"}));
}

TEST(ShellCommands, ToleratesPowerShellAndBatch) {
  EXPECT_EQ(split("iwr `\n  http://example.com | iex\n<# no; #>\n& $exe -a C:\\x", ShellDialect::powershell),
            (Lines{"iwr,http://example.com", "iex", "$exe,-a,C:\\x"}));
  EXPECT_EQ(split("REM no & no\ncopy a ^\n b & del 'c", ShellDialect::batch), (Lines{"copy,a,b", "del,'c"}));
}

TEST(ShellCommands, EndsOnBrokenInput) {
  for (const std::string_view broken : {"echo 'a", "echo \"a", "echo $(a", "echo `a", "cat <<X\nb", "a |", "((", ")",
                                        "${{", "case x in", "<", "`", "\\"}) {
    const ShellScript script = split_shell(broken);
    EXPECT_LE(script.commands.size(), 3U) << broken;
  }
  EXPECT_FALSE(split_shell("echo 'a").complete);
  std::string deep;
  for (int i = 0; i < 200; ++i) deep += "$(a ";
  EXPECT_FALSE(split_shell(deep).complete);
}

}  // namespace
}  // namespace assay::formats

#include "analyzer/source/triggers.h"

#include <gmock/gmock.h>

#include "analyzer/source/config_tree.h"
#include "analyzer/source/source_file.h"
#include "tests/support/reading.h"

namespace assay::source {
namespace {

using test::Reading;
using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> triggers(std::string_view path, std::string_view text) {
  Reading reading(read_execution_triggers, path, text, ArtifactKind::text);
  return reading.ask(
      "SELECT t.ecosystem, t.kind, t.phase, t.command, t.target, l.line, l.column FROM execution_trigger t JOIN "
      "location l ON "
      "l.location_id = t.at ORDER BY l.line, l.column, t.kind");
}

std::vector<std::string> instructions(std::string_view path, std::string_view text) {
  Reading reading(read_execution_triggers, path, text, ArtifactKind::agent_config);
  return reading.ask(
      "SELECT a.tool, a.kind, a.command, a.event, a.automatic, l.line, l.column FROM agent_instruction a JOIN location "
      "l ON "
      "l.location_id = a.at ORDER BY l.line, l.column");
}

TEST(Triggers, OrdinaryPathsHoldNone) {
  for (const char* path : {"kernel/sched/core.c", "src/index.js", "setup.cfg", "package.json", "docs/tasks.json",
                           ".github/workflows/a.yml"}) {
    EXPECT_FALSE(may_hold_triggers(path)) << path;
  }
  for (const char* path : {"setup.py", "a/binding.gyp", ".vscode/tasks.json", "x/.claude/settings.json", "CLAUDE.md",
                           ".husky/pre-commit"}) {
    EXPECT_TRUE(may_hold_triggers(path)) << path;
  }
}

TEST(Triggers, PathFilesRunOnlyTheirImportLines) {
  EXPECT_THAT(
      triggers("site/a.pth", "/usr/lib/x\n# import os\nimport os; os.getpid()\r\n import not_this\nimportant\n"),
      ElementsAre("pypi|pth|import|import os; os.getpid()||3|1"));
}

TEST(Triggers, GypExpansionsAndActions) {
  EXPECT_THAT(triggers("binding.gyp",
                       "{ # comment\n  'targets': [{\n    'target_name': 'a',\n    'sources': ['<!(node index.js)', "
                       "\"<!@(sh -c '(x)')\"],\n"
                       "    'actions': [{'action_name': 'b', 'action': ['node', 'b.js']}],\n  }],\n}\n"),
              ElementsAre("gyp|command expansion|install|node index.js||4|18",
                          "gyp|command expansion|install|sh -c '(x)'||4|39", "gyp|action|install|node b.js||5|49"));
  EXPECT_THAT(triggers("binding.gyp", "{'targets': [{'sources': ['a.cc', '<(module)/x.cc']}]}"), IsEmpty());
  EXPECT_THAT(triggers("binding.gyp", "<!(never closed\n<!"),
              ElementsAre("gyp|command expansion|install|never closed||1|1"));
}

TEST(Triggers, BuildScripts) {
  EXPECT_THAT(triggers("crate/build.rs", "fn main() {}"), ElementsAre("cargo|build.rs|build||crate/build.rs|0|0"));
  EXPECT_THAT(
      triggers(
          "Cargo.toml",
          "[package]\nname = \"a\"\nbuild = \"gen.rs\"\n[lib]\nproc-macro = true\n[dependencies]\nbuild = \"1\"\n"),
      ElementsAre("cargo|build script|build||gen.rs|3|1", "cargo|procedural macro|build|||5|1"));
  EXPECT_THAT(
      triggers("pyproject.toml",
               "[build-system]\nbackend-path = ['.']\nbuild-backend = \"mine\"\n[tool.x]\nbackend-path = 'no'\n"),
      ElementsAre("pypi|build back end in the tree|build|mine|['.']|2|1"));
  EXPECT_THAT(triggers("a.gemspec", "Gem::Specification.new do |s|\n  s.extensions = ['ext/extconf.rb']\nend\n"),
              ElementsAre("rubygems|extension|install||['ext/extconf.rb']|2|3"));
  EXPECT_THAT(triggers("build/x.targets",
                       "<Project>\n <Target Name=\"a\">\n  <Exec Command=\"curl x\" />\n</Target></Project>"),
              ElementsAre("nuget|msbuild exec|build|curl x||3|3"));
}

TEST(Triggers, ComposerScriptsAndFiles) {
  EXPECT_THAT(triggers("composer.json",
                       "{\"scripts\": {\"post-install-cmd\": [\"php a.php\"], \"test\": \"phpunit\"},\n \"autoload\": "
                       "{\"files\": [\"src/h.php\"]},\n"
                       " \"type\": \"composer-plugin\"}"),
              ElementsAre("composer|composer script post-install-cmd|install|php a.php||1|35",
                          "composer|autoload file|import||src/h.php|2|25", "composer|composer plug-in|install|||3|10"));
}

TEST(Triggers, TasksThatRunWhenAFolderOpens) {
  const std::string_view tasks =
      "{ // note\n \"tasks\": [\n  {\"label\": \"build\", \"command\": \"make\"},\n  {\"command\": \"node\", \"args\": "
      "[\"x.js\", \"-q\"],\n"
      "   \"runOptions\": {\"runOn\": \"folderOpen\"}},\n ],\n}";
  EXPECT_THAT(triggers(".vscode/tasks.json", tasks), ElementsAre("vscode|folder-open task|editor|node x.js -q||4|15"));
  EXPECT_THAT(instructions(".vscode/tasks.json", tasks), ElementsAre("vscode|task|node x.js -q|folderOpen|1|4|15"));
  EXPECT_THAT(triggers("tasks.json", tasks), IsEmpty()) << "only the editor's own folder";
}

TEST(Triggers, AgentHooksPermissionsAndServers) {
  EXPECT_THAT(instructions(".claude/settings.json",
                           "{\"hooks\": {\"SessionStart\": [{\"hooks\": [{\"type\": \"command\",\n \"command\": \"node "
                           ".claude/x.js\"}]}]},\n"
                           "\"permissions\": {\"allow\": [\"Bash(*)\"], \"defaultMode\": \"bypassPermissions\"},\n"
                           "\"env\": {\"ANTHROPIC_BASE_URL\": \"https://example.com\", \"A\": \"b\"}}"),
              ElementsAre("claude|hook|node .claude/x.js|SessionStart|1|2|13", "claude|permission|Bash(*)|allow|1|3|27",
                          "claude|permission|defaultMode=bypassPermissions||1|3|54",
                          "claude|setting|ANTHROPIC_BASE_URL=https://example.com||1|4|31"));
  EXPECT_THAT(instructions(".cursor/mcp.json",
                           "{\"mcpServers\": {\n \"a\": {\"command\": \"npx\", \"args\": [\"-y\", \"x@latest\"], "
                           "\"env\": {\"K\": \"v\"}},\n"
                           " \"b\": {\"url\": \"https://example.com/mcp\"}}}"),
              ElementsAre("cursor|server|npx -y x@latest|server start|NULL|2|19",
                          "cursor|server|https://example.com/mcp|server start|NULL|3|15"));
  EXPECT_THAT(instructions(".vscode/settings.json", "{\"task.allowAutomaticTasks\": \"on\", \"editor.tabSize\": 2}"),
              ElementsAre("vscode|permission|task.allowAutomaticTasks=on|folderOpen|1|1|30"));
}

TEST(Triggers, DevcontainerCommands) {
  EXPECT_THAT(triggers(".devcontainer/devcontainer.json",
                       "{\"image\": \"x\",\n\"initializeCommand\": \"curl example.com\",\n\"postCreateCommand\": "
                       "[\"npm\", \"ci\"],\n"
                       "\"postStartCommand\": {\"a\": \"x\", \"b\": [\"y\", \"z\"]}}"),
              ElementsAre("devcontainer|initializeCommand|editor|curl example.com||2|22",
                          "devcontainer|postCreateCommand|container|npm ci||3|23",
                          "devcontainer|postStartCommand|container|x||4|27",
                          "devcontainer|postStartCommand|container|y z||4|38"));
}

TEST(Triggers, InstructionsForAgents) {
  EXPECT_THAT(instructions("CLAUDE.md", "# Build\n"), ElementsAre("claude|instructions||session|1|0|0"));
  EXPECT_THAT(instructions(".cursor/rules/a.mdc", "---\nalwaysApply: false\n---\n"),
              ElementsAre("cursor|instructions||session|0|0|0"));
  EXPECT_THAT(instructions("docs/claude.md", "# About\n"), IsEmpty());
}

TEST(Triggers, BrokenFilesGiveWhatCouldBeReadAndSaySo) {
  Reading reading(read_execution_triggers, ".claude/settings.json", "{\"permissions\": {\"allow\": [\"Bash(*)\"",
                  ArtifactKind::agent_config);
  EXPECT_EQ(reading.outcome().coverage, Coverage::partly_read);
  EXPECT_EQ(reading.one("SELECT command FROM agent_instruction"), "Bash(*)");
  std::string deep(100'000, '[');
  Reading nested(read_execution_triggers, ".mcp.json", deep, ArtifactKind::agent_config);
  EXPECT_EQ(nested.outcome().coverage, Coverage::partly_read);
  EXPECT_TRUE(nested.rows().empty());
}

TEST(ConfigTree, ReadsEscapesAndComments) {
  const ConfigTree tree =
      ConfigTree::parse("/* a */ {\"k\\n\": \"\\u00e9\\ud83d\\ude00\", 'j': 'a' 'b', // c\n \"l\": [1, true, ],}");
  ASSERT_EQ(tree.leaves().size(), 4U);
  EXPECT_TRUE(tree.at(tree.leaves()[0], {"k\n"}));
  EXPECT_EQ(tree.leaves()[0].text, "é😀");
  EXPECT_EQ(tree.leaves()[1].text, "ab");
  EXPECT_TRUE(tree.at(tree.leaves()[3], {"l", "1"}));
  EXPECT_EQ(tree.leaves()[3].text, "true");
  EXPECT_TRUE(tree.complete());
  EXPECT_FALSE(ConfigTree::parse("{\"a\": \"b").complete());
}

TEST(SourceFile, OrdinaryFilesGiveNoRow) {
  Reading plain(read_source_file, "a.c", "int x;\n", ArtifactKind::source, Language::c);
  EXPECT_TRUE(plain.rows().empty());
  Reading odd(read_source_file, "a.c", "int x\u200B;\nlong line\n", ArtifactKind::source, Language::c);
  EXPECT_EQ(odd.one("SELECT path, language, lines, longest_line, minified FROM source_file"), "a.c|c|2|9|0");
}

}  // namespace
}  // namespace assay::source

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "analyzer/evidence/rows.h"
#include "analyzer/formats/shell_commands.h"
#include "analyzer/formats/yaml_tree.h"
#include "analyzer/pipeline/github/contexts.h"

namespace assay::pipeline::github {

// Where in a definition something stands, as links of rows and as nodes to look names up in.
struct Place {
  evidence::RowId workflow = 0;
  evidence::RowId job = 0;
  evidence::RowId step = 0;
  Scope scope;
};

// What the jobs and steps of one definition share while they are turned into rows.
class Definition {
 public:
  Definition(evidence::Rows& rows, const Contexts& contexts) : rows_(rows), contexts_(contexts) {}

  evidence::Rows& rows() { return rows_; }
  const Contexts& contexts() const { return contexts_; }
  evidence::LocationId at(const formats::YamlNode& node) { return rows_.locate(node.span()); }

  // Every context access in the node's ${{ … }} becomes an expression, secrets a secret_use as well. `sink` as in the
  // schema.
  void expressions(const formats::YamlNode& node, std::string_view sink, const Place& place);
  // The same for all scalars below the node.
  void expressions_below(const formats::YamlNode& node, std::string_view sink, const Place& place, int depth = 0);
  // `if`: an expression with or without braces.
  void condition(const formats::YamlNode& node, const Place& place);
  // `env`: variables and their expressions.
  void variables(const formats::YamlNode& env, const Place& place);
  // `container`, `services.*`: an image with credentials and env.
  void container(const formats::YamlNode& node, const Place& place);
  void uses(const formats::YamlNode& node, evidence::UsesRow row, const Place& place);
  // The commands of a `run`, and what they check out, share and write to GITHUB_ENV.
  void script(const formats::YamlNode& run, std::string_view shell, const Place& place);
  void step(const formats::YamlNode& node, std::int64_t position, std::string_view default_shell, const Place& job);

 private:
  void variables_of_matrix(const formats::YamlNode& env, const Place& place);
  void expression(std::string_view text, const formats::TextPositions& positions, std::size_t offset,
                  std::string_view sink, const Place& place);
  void secret(const Access& access, evidence::LocationId where, std::string_view sink, const Place& place);
  void action(const formats::YamlNode& node, const evidence::UsesRow& uses, const Place& place);
  // Where a step's commands start, as written: its own key or the defaults of the job or file.
  std::string directory_of(const formats::YamlNode& step, const Place& job) const;
  void checkout(const formats::YamlNode& node, const formats::YamlNode& with, const Place& place);
  void environment_file(const formats::ShellCommand& command, std::string_view script, std::string_view file,
                        const formats::TextPositions& positions, const Place& place);
  evidence::Tri takes_outsider_code(std::string_view reference, std::string_view repository, const Scope& scope) const;

  evidence::Rows& rows_;
  const Contexts& contexts_;
};

// The values a text can have: those of a static matrix when it is one ${{ … }} that takes its value from there, the
// literals when it chooses between some (`condition && 'one' || 'other'`), else the text itself.
std::vector<std::string> possible_values(std::string_view text, const formats::YamlNode& job);

formats::ShellDialect dialect_of(std::string_view shell);
// False for interpreters whose scripts are no commands (python, node, …).
bool is_command_shell(std::string_view shell);

}  // namespace assay::pipeline::github

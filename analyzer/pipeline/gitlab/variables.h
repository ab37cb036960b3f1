#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace assay::pipeline::gitlab {

// Who chooses the characters of a predefined variable (docs.gitlab.com, "Predefined CI/CD variables reference"). Commit
// messages, their authors and the text of merge requests are outsiders': merging brings them into privileged pipelines.
// Branch and tag names, and the account that started the pipeline, are chosen by people who may push: a fork's pipeline
// runs in the fork. "" for a name GitLab does not define.
std::string_view predefined_control(std::string_view name);

// A use of a variable in a text: $NAME or ${NAME…}, not escaped.
struct VariableUse {
  std::string name;
  std::size_t begin = 0;
  std::size_t end = 0;
  bool quoted = false;  // inside double quotes
};
// Uses in one shell word or YAML value. With `shell`, single-quoted parts and what stands inside $(…) and `…` are left
// out (they are commands of their own).
std::vector<VariableUse> variables_in(std::string_view text, bool shell);

// An interpolation of a component's or included file's input: $[[ inputs.NAME | function ]].
struct InputUse {
  std::string name;
  std::size_t begin = 0;
  std::size_t end = 0;
  bool expands_variables = false;  // piped through expand_vars
};
std::vector<InputUse> inputs_in(std::string_view text);

// The name looks like a secret's: …_TOKEN, …_PASSWORD, …_SECRET, …_KEY and the like.
bool is_secret_name(std::string_view name);

}  // namespace assay::pipeline::gitlab

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "analyzer/formats/yaml_tree.h"
#include "analyzer/pipeline/github/expression.h"

namespace assay::pipeline::github {

// Who chooses the characters of a value, and how it arrived when not directly.
struct Control {
  std::string by = "platform";  // outsider | insider | workflow | platform | unknown
  std::string via;              // "payload of another event": outsider's text, if a trigger delivered it
};

// The nodes whose env, matrix, inputs and outputs a name is looked up in. Any of step and job may be missing.
struct Scope {
  formats::YamlNode job;
  formats::YamlNode step;
};

// Knows one definition well enough to say who controls a context in it. Refers to the tree's nodes; use it while the
// tree lives.
class Contexts {
 public:
  // `events`: names of the triggers. `action`: the definition is an action, so its caller's triggers are unknown.
  Contexts(formats::YamlNode root, std::vector<std::string> events, bool action);

  Control who(const Access& access, const Scope& scope) const { return who(access, scope, 0); }
  // The strongest claim over all values that flow into the result: outsider before unknown, insider, workflow,
  // platform.
  Control who_writes(std::string_view text_with_fences, const Scope& scope) const {
    return who_writes(text_with_fences, scope, 0);
  }

  const formats::YamlNode& root() const { return root_; }
  const std::vector<std::string>& events() const { return events_; }
  bool has_event(std::string_view event) const;
  bool may_be_called() const { return action_ || has_event("workflow_call"); }

 private:
  Control who(const Access& access, const Scope& scope, int depth) const;
  Control who_writes(std::string_view text, const Scope& scope, int depth) const;
  Control github(const Access& access, const Scope& scope) const;
  Control payload(const Access& access) const;
  Control environment(const std::string& name, const Scope& scope, int depth) const;
  Control matrix(const Access& access, const Scope& scope, int depth) const;
  Control input(const Access& access) const;
  Control needed(const Access& access, int depth) const;
  Control step_output(const Access& access, const Scope& scope, int depth) const;
  bool event_of(std::string_view object) const;

  formats::YamlNode root_;
  std::vector<std::string> events_;
  bool action_ = false;
  // Look-ups left before everything is 'unknown': hostile chains of outputs multiply.
  mutable std::size_t budget_ = 500'000;
  bool spend(std::size_t amount) const;
};

// Whether code at this git reference (an expression or text as written) can be an outsider's pull request head.
bool names_pull_request_head(std::string_view reference);

}  // namespace assay::pipeline::github

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "analyzer/formats/yaml_tree.h"

namespace assay::pipeline::github {

// An input of a step by name, whatever its case; missing when not given.
formats::YamlNode input_of(const formats::YamlNode& with, std::string_view name);

// The action evaluates this input as code (shell, script, template). `action` is owner/name in lower case.
bool executes_input(std::string_view action, std::string_view input);

// Something an action leaves for, or takes from, other runs.
struct Sharing {
  std::string kind;       // cache | artifact | release | branch | image | package
  std::string direction;  // read | write | both
  std::string key;
  std::string path;
  std::string restore_keys;  // lines, for caches
  std::string spares{};      // "tags": switched off in runs for a tag
};
// What this action shares given its inputs. `path` is the part after owner/name (actions/cache has restore and save);
// `reference` its tag, or the comment behind a commit, which usually names the version.
std::vector<Sharing> sharing_of(std::string_view action, std::string_view path, std::string_view reference,
                                const formats::YamlNode& with);

}  // namespace assay::pipeline::github

#pragma once

#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "analyzer/formats/yaml_tree.h"

namespace assay::pipeline::gitlab {

// A top-level key that is no job (docs.gitlab.com, "CI/CD YAML syntax reference", global keywords).
bool is_global_keyword(std::string_view key);

// The top level of a file with its keys looked up once.
class File {
 public:
  explicit File(const formats::YamlNode& root);
  const formats::YamlNode& root() const { return root_; }
  formats::YamlNode at(std::string_view key) const;
  formats::YamlNode key(std::string_view key) const;

 private:
  formats::YamlNode root_;
  std::unordered_map<std::string_view, std::pair<formats::YamlNode, formats::YamlNode>> entries_;
};

// One job as GitLab sees it after `extends`, `default` and the old global keywords: layers from the nearest to the
// furthest. Refers to the tree's nodes. `!reference [job, key, …]` is followed inside the file. Bounded: at most
// max_layers layers, so a circle of `extends` ends.
class JobView {
 public:
  static constexpr std::size_t max_layers = 32;

  JobView(const File& file, const formats::YamlNode& job);

  // The value in the nearest layer that has the key; missing when none has.
  formats::YamlNode at(std::string_view key) const;
  // The key node belonging to at().
  formats::YamlNode key(std::string_view key) const;
  // Own layers and `extends` (which merge mappings), nearest first; without default and globals.
  const std::vector<formats::YamlNode>& layers() const { return layers_; }
  // Entries of a mapping merged over the layers, the nearest winning: variables, environment, artifacts …
  std::vector<std::pair<formats::YamlNode, formats::YamlNode>> merged(std::string_view key) const;
  // One entry of a merged mapping.
  formats::YamlNode below(std::string_view key, std::string_view entry) const;
  // Names in `extends` that this file does not define.
  const std::vector<formats::YamlNode>& foreign() const { return foreign_; }
  bool complete() const { return complete_; }

 private:
  const File* file_;
  formats::YamlNode defaults_;
  std::vector<formats::YamlNode> layers_;
  std::vector<formats::YamlNode> foreign_;
  bool complete_ = true;
};

// The scalars of a script in order: lists in lists and `!reference` opened, at most `most` of them.
std::vector<formats::YamlNode> script_lines(const File& file, const formats::YamlNode& script, std::size_t most);

}  // namespace assay::pipeline::gitlab

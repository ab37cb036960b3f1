#include "analyzer/pipeline/gitlab/job_view.h"

#include <algorithm>
#include <array>

#include "analyzer/pipeline/definition_file.h"

namespace assay::pipeline::gitlab {

using formats::YamlNode;

namespace {

// Keys that `default` and the file's top level give to jobs.
constexpr auto inherited =
    std::to_array<std::string_view>({"after_script", "artifacts", "before_script", "cache", "hooks", "id_tokens",
                                     "image", "interruptible", "retry", "services", "tags", "timeout"});
constexpr auto from_top =
    std::to_array<std::string_view>({"after_script", "before_script", "cache", "image", "services"});

template <class Names>
bool among(const Names& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

YamlNode referred(const File& file, const YamlNode& reference) {
  YamlNode node;
  bool first = true;
  for (const YamlNode& part : reference.items()) {
    node = first ? file.at(part.text()) : node.at(part.text());
    first = false;
  }
  return node;
}

void open_lines(const File& file, const YamlNode& script, std::size_t most, int depth, std::vector<YamlNode>& out) {
  if (depth > 10 || out.size() >= most) return;  // GitLab's own bound on nested !reference
  if (script.is_scalar()) {
    out.push_back(script);
    return;
  }
  if (script.tag() == "!reference") {
    open_lines(file, referred(file, script), most, depth + 1, out);
    return;
  }
  for (const YamlNode& item : script.items()) open_lines(file, item, most, depth + 1, out);
}

}  // namespace

bool is_global_keyword(std::string_view key) {
  return among(std::to_array<std::string_view>({"after_script", "before_script", "cache", "default", "image", "include",
                                                "services", "spec", "stages", "types", "variables", "workflow"}),
               key);
}

File::File(const YamlNode& root) : root_(root) {
  for (const auto& entry : root.entries()) entries_.insert_or_assign(entry.first.text(), entry);
}

YamlNode File::at(std::string_view key) const {
  const auto found = entries_.find(key);
  return found == entries_.end() ? YamlNode{} : found->second.second;
}

YamlNode File::key(std::string_view key) const {
  const auto found = entries_.find(key);
  return found == entries_.end() ? YamlNode{} : found->second.first;
}

JobView::JobView(const File& file, const YamlNode& job) : file_(&file), defaults_(file.at("default")) {
  layers_.push_back(job);
  for (std::size_t next = 0; next < layers_.size(); ++next) {
    // Of several parents the last one wins.
    std::vector<YamlNode> parents = layers_[next].at("extends").one_or_many();
    std::reverse(parents.begin(), parents.end());
    for (const YamlNode& parent : parents) {
      if (layers_.size() >= max_layers) {
        complete_ = false;
        break;
      }
      const YamlNode found = file.at(parent.text());
      if (found.is_mapping()) {
        layers_.push_back(found);
      } else {
        foreign_.push_back(parent);
      }
    }
  }
}

YamlNode JobView::key(std::string_view key) const {
  for (const YamlNode& layer : layers_) {
    if (const YamlNode found = key_of(layer, key); found.exists()) return found;
  }
  if (at("inherit").at("default").text() == "false" || !among(inherited, key)) return {};
  if (const YamlNode found = key_of(defaults_, key); found.exists()) return found;
  return among(from_top, key) ? file_->key(key) : YamlNode{};
}

YamlNode JobView::at(std::string_view key) const {
  const auto opened = [&](const YamlNode& node) { return node.tag() == "!reference" ? referred(*file_, node) : node; };
  for (const YamlNode& layer : layers_) {
    if (const YamlNode found = layer.at(key); found.exists()) return opened(found);
  }
  if (key == "inherit" || !among(inherited, key) || at("inherit").at("default").text() == "false") return {};
  if (const YamlNode found = defaults_.at(key); found.exists()) return opened(found);
  return among(from_top, key) ? opened(file_->at(key)) : YamlNode{};
}

std::vector<std::pair<YamlNode, YamlNode>> JobView::merged(std::string_view key) const {
  std::vector<std::pair<YamlNode, YamlNode>> out;
  const auto add = [&](const YamlNode& mapping) {
    for (const auto& entry : mapping.entries()) {
      const bool known = std::any_of(out.begin(), out.end(),
                                     [&](const auto& have) { return have.first.text() == entry.first.text(); });
      if (!known && out.size() < 5000) out.push_back(entry);
    }
  };
  bool own = false;
  for (const YamlNode& layer : layers_) {
    const YamlNode value = layer.at(key);
    own = own || value.exists();
    add(value);
  }
  if (!own) add(at(key));
  return out;
}

YamlNode JobView::below(std::string_view key, std::string_view entry) const {
  for (const YamlNode& layer : layers_) {
    if (const YamlNode found = layer.at(key).at(entry); found.exists()) return found;
  }
  return at(key).at(entry);
}

std::vector<YamlNode> script_lines(const File& file, const YamlNode& script, std::size_t most) {
  std::vector<YamlNode> out;
  open_lines(file, script, most, 0, out);
  return out;
}

}  // namespace assay::pipeline::gitlab

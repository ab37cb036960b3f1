#include "analyzer/fleet/fleet_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>

#include "analyzer/base/limits.h"
#include "analyzer/formats/yaml_tree.h"

namespace assay::fleet {
namespace {

namespace fs = std::filesystem;
using formats::YamlNode;

bool is_repository(const fs::path& path) {
  std::error_code error;
  return fs::exists(path / ".git", error) ||
         (fs::is_regular_file(path / "HEAD", error) && fs::is_directory(path / "objects", error));
}

class Reader {
 public:
  Reader(std::string file, fs::path directory) : file_(std::move(file)), directory_(std::move(directory)) {}

  Result<Fleet> read(const YamlNode& root) {
    YamlNode list = root;
    if (root.is_mapping()) {
      for (const auto& [key, value] : root.entries()) {
        if (key.text() != "fleet")
          return bad(key, fmt::format("unknown key '{}'; a fleet file has one key, 'fleet'", key.text()));
        list = value;
      }
    }
    if (!list.is_sequence()) return bad(list, "a fleet is a list of entries {name, path, sboms, logs} or {root}");
    for (const YamlNode& entry : list.items()) ASSAY_CHECK(read_entry(entry));
    Fleet fleet{std::move(subjects_)};
    std::sort(fleet.subjects.begin(), fleet.subjects.end(),
              [](const FleetSubject& a, const FleetSubject& b) { return a.name < b.name; });
    return fleet;
  }

 private:
  tl::unexpected<Error> bad(const YamlNode& node, std::string message) const {
    return fail(ErrorCode::usage, std::move(message),
                fmt::format("{}:{}:{}", file_, node.span().begin.line, node.span().begin.column));
  }

  std::string resolved(std::string_view text) const {
    const fs::path path(text);
    return (path.is_absolute() ? path : directory_ / path).lexically_normal().string();
  }

  Result<void> add(const YamlNode& node, FleetSubject subject) {
    const std::string place = fmt::format("line {}", node.span().begin.line);
    if (const auto [first, fresh] = names_.try_emplace(subject.name, place); !fresh) {
      return bad(node, fmt::format("the name '{}' is used twice, first on {}; give one of them another 'name'",
                                   subject.name, first->second));
    }
    subjects_.push_back(std::move(subject));
    return {};
  }

  Result<void> read_entry(const YamlNode& entry) {
    if (!entry.is_mapping()) return bad(entry, "an entry is {name, path, sboms, logs} or {root}");
    FleetSubject subject;
    YamlNode root;
    for (const auto& [key, value] : entry.entries()) {
      const std::string_view name = key.text();
      if (name == "sboms" || name == "logs") {
        for (const YamlNode& item : value.one_or_many()) {
          if (!item.is_scalar() || item.text().empty()) return bad(item, fmt::format("'{}' is a list of paths", name));
          (name == "sboms" ? subject.sboms : subject.logs).push_back(resolved(item.text()));
        }
        continue;
      }
      if (name != "name" && name != "path" && name != "root")
        return bad(key, fmt::format("unknown key '{}' in a fleet entry", name));
      if (!value.is_scalar() || value.text().empty()) return bad(value, fmt::format("'{}' is a text", name));
      if (name == "name") subject.name = std::string(value.text());
      if (name == "path") subject.path = resolved(value.text());
      if (name == "root") root = value;
    }
    if (root.exists()) {
      if (entry.entries().size() != 1) return bad(entry, "an entry with 'root' has no other key");
      return read_root(root);
    }
    if (subject.path.empty()) return bad(entry, "an entry needs 'path' or 'root'");
    if (subject.name.empty()) subject.name = fs::path(subject.path).filename().string();
    if (subject.name.empty()) return bad(entry, "an entry whose path ends in '/' needs a 'name'");
    return add(entry, std::move(subject));
  }

  Result<void> read_root(const YamlNode& node) {
    const fs::path root = resolved(node.text());
    std::error_code error;
    std::vector<fs::path> found;
    for (fs::directory_iterator it(root, error), end; !error && it != end; it.increment(error)) {
      if (it->is_directory() && !it->is_symlink() && is_repository(it->path())) found.push_back(it->path());
    }
    if (error) return bad(node, fmt::format("the directory '{}' cannot be listed: {}", root.string(), error.message()));
    std::sort(found.begin(), found.end());
    for (const fs::path& path : found) {
      std::string name = path.filename().string();
      if (name.ends_with(".git") && name.size() > 4) name.resize(name.size() - 4);
      ASSAY_CHECK(add(node, {.name = std::move(name), .path = path.string()}));
    }
    return {};
  }

  std::string file_;
  fs::path directory_;
  std::vector<FleetSubject> subjects_;
  std::map<std::string, std::string> names_;
};

}  // namespace

Result<Fleet> read_fleet(std::string_view text, const std::string& file, const std::string& directory) {
  auto tree = formats::YamlTree::parse(text);
  if (!tree) {
    Error error = std::move(tree).error();
    error.code = ErrorCode::usage;
    error.where = file + ":" + error.where;
    return tl::unexpected<Error>(std::move(error));
  }
  return Reader(file, directory).read(tree->root());
}

Result<Fleet> read_fleet_file(const std::string& file) {
  std::error_code error;
  if (!fs::is_regular_file(file, error)) return fail(ErrorCode::io, "there is no such file", file);
  if (fs::file_size(file, error) > limits::max_text_bytes)
    return fail(ErrorCode::limit, "larger than max_text_bytes", file);
  std::ifstream in(file, std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  return read_fleet(text, file, fs::absolute(file).parent_path().string());
}

}  // namespace assay::fleet

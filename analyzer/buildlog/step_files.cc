#include "analyzer/buildlog/step_files.h"

#include <string>
#include <string_view>
#include <unordered_map>

namespace assay::buildlog {
namespace {

// "NAME" of "12_NAME.txt", "" for any other file name.
std::string_view numbered(std::string_view file) {
  const std::size_t digits = file.find_first_not_of("0123456789");
  if (digits == 0 || digits == std::string_view::npos || file[digits] != '_' || !file.ends_with(".txt") ||
      file.size() < digits + 6)
    return {};
  return file.substr(digits + 1, file.size() - digits - 5);
}

std::string_view parent(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string_view{} : path.substr(0, slash);
}
std::string_view last_part(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

}  // namespace

std::vector<ArtifactId> repeated_step_files(std::span<const Artifact> artifacts,
                                            std::span<const std::unique_ptr<evidence::Rows>> rows) {
  std::unordered_map<ArtifactId, const evidence::LogRunRow*> runs;
  for (const std::unique_ptr<evidence::Rows>& of : rows) {
    if (of->log_run.size() == 1 && of->log_run[0].system == "github") runs.emplace(of->artifact_id(), &of->log_run[0]);
  }
  std::vector<ArtifactId> repeated;
  if (runs.size() < 2) return repeated;
  std::unordered_map<std::string, const evidence::LogRunRow*> jobs;  // by the folder of its steps
  for (const Artifact& one : artifacts) {
    const std::string_view name = numbered(last_part(one.path));
    const auto run = runs.find(one.id);
    if (name.empty() || run == runs.end()) continue;
    const std::string_view folder = parent(one.path);
    jobs.emplace(folder.empty() ? std::string(name) : std::string(folder) + "/" + std::string(name), run->second);
  }
  for (const Artifact& one : artifacts) {
    const auto run = runs.find(one.id);
    if (run == runs.end() || numbered(last_part(one.path)).empty()) continue;
    const auto job = jobs.find(std::string(parent(one.path)));
    if (job == jobs.end() || run->second->started.empty()) continue;
    if (job->second->started <= run->second->started && run->second->ended <= job->second->ended)
      repeated.push_back(one.id);
  }
  return repeated;
}

}  // namespace assay::buildlog

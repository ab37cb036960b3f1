#include "analyzer/app/past.h"

#include <fmt/format.h>

#include <map>
#include <tuple>
#include <unordered_map>
#include <unordered_set>

#include "analyzer/history/past_contents.h"

namespace assay::app {
namespace {

constexpr std::string_view history_folder = ".git/history/";

// What makes two findings of different versions of one file the same.
using Sameness = std::tuple<std::string, std::string, std::string, std::string>;  // rule, path, message, line

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  return begin == std::string_view::npos ? std::string_view()
                                         : text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

Sameness sameness(const Finding& finding, std::string path) {
  return {finding.rule, std::move(path), finding.message, std::string(trimmed(finding.snippet))};
}

struct Past {
  const Source* source;
  const history::PastContent* content;
};

std::string shown_path(const Source& source, const history::PastContent& content) {
  return fmt::format("{}{}/{}", source.prefix, content.brought_by, content.path);
}

// The path a past finding's file had, with what its source puts before present paths.
std::string present_path(const Source& source, const history::PastContent& content, std::string_view found_at) {
  const std::string_view before =
      std::string_view(source.prefix).substr(0, source.prefix.size() - history_folder.size());
  return fmt::format("{}{}", before, found_at.substr(source.prefix.size() + content.brought_by.size() + 1));
}

}  // namespace

Result<void> add_past_contents(Subject& subject) {
  const std::size_t present = subject.sources.size();
  for (std::size_t i = 0; i < present; ++i) {
    const std::string repository = subject.sources[i].repository;
    if (repository.empty()) continue;
    ASSAY_TRY(history::PastContents past, history::list_past_contents(repository));
    std::vector<intake::NamedBlob> blobs;
    blobs.reserve(past.contents.size());
    for (const history::PastContent& content : past.contents)
      blobs.push_back({content.brought_by + "/" + content.path, content.blob});
    Source source;
    source.name = subject.sources[i].name;
    source.prefix = subject.sources[i].prefix + std::string(history_folder);
    source.tree = intake::open_blobs(repository, std::move(blobs), std::move(past.gaps));
    source.past = std::move(past.contents);
    source.is_past = true;
    subject.sources.push_back(std::move(source));
  }
  return {};
}

void fold_past_findings(const Subject& subject, std::vector<Finding>& findings) {
  std::unordered_map<std::string, Past> past;
  for (const Source& source : subject.sources) {
    for (const history::PastContent& content : source.past)
      past.emplace(shown_path(source, content), Past{&source, &content});
  }
  if (past.empty()) return;

  std::map<Sameness, std::pair<std::size_t, std::uint32_t>>
      oldest;  // which finding to keep, and the age of its content
  std::map<Sameness, const history::PastContent*> newest;
  std::vector<bool> dropped(findings.size(), false);
  const auto past_of = [&](const Finding& finding) {
    return past.find(finding.at.path.substr(0, finding.at.path.find("!/")));
  };
  for (std::size_t i = 0; i < findings.size(); ++i) {
    const auto found = past_of(findings[i]);
    if (found == past.end()) oldest[sameness(findings[i], findings[i].at.path)] = {i, 0xffffffffU};
  }
  for (std::size_t i = 0; i < findings.size(); ++i) {
    const auto found = past_of(findings[i]);
    if (found == past.end()) continue;
    const history::PastContent& content = *found->second.content;
    const Sameness same = sameness(findings[i], present_path(*found->second.source, content, findings[i].at.path));
    const auto [kept, first] = oldest.try_emplace(same, i, content.age);
    if (!first && kept->second.second >= content.age) {
      dropped[i] = true;
    } else if (!first) {
      dropped[kept->second.first] = true;
      kept->second = {i, content.age};
    }
    const history::PastContent*& last = newest[same];
    if (last == nullptr || content.age < last->age) last = &content;
  }
  for (const auto& [same, last] : newest) {
    const auto [index, age] = oldest[same];
    if (age == 0xffffffffU) continue;
    Finding& finding = findings[index];
    const history::PastContent& first = *past_of(finding)->second.content;
    finding.values["brought_by"] = first.brought_by;
    finding.values["removed_by"] = last->removed_by;
    finding.message += fmt::format(" (no longer in HEAD: brought by {:.12}, {})", first.brought_by,
                                   last->removed_by.empty() ? "still on another branch or tag"
                                                            : fmt::format("removed by {:.12}", last->removed_by));
  }
  std::size_t next = 0;
  std::erase_if(findings, [&](const Finding&) { return dropped[next++]; });
}

}  // namespace assay::app

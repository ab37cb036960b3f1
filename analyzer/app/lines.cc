#include "analyzer/app/lines.h"

#include <map>

#include "analyzer/app/open_text.h"
#include "analyzer/base/limits.h"
#include "analyzer/base/position.h"
#include "analyzer/base/utf8.h"
#include "analyzer/intake/archive.h"

namespace assay::app {
namespace {

using ByPath = std::map<std::string, std::vector<Finding*>>;  // path inside the file at hand, "" for the file itself

void quote(std::string_view bytes, const std::vector<Finding*>& findings) {
  const LineIndex lines(bytes);
  for (Finding* finding : findings) {
    std::string_view line = lines.line(finding->at.span.begin.line);
    // Of a very long line, the part around the place.
    if (line.size() > limits::max_line_bytes_shown && finding->at.span.begin.column < limits::max_line_bytes_shown)
      line = line.substr(0, limits::max_line_bytes_shown);
    if (line.size() <= limits::max_line_bytes_shown) finding->snippet = utf8::repaired(line);
  }
}

void quote_members(std::string_view archive, const std::string& name, const ByPath& wanted,
                   intake::ArchiveBudget& budget, std::size_t depth) {
  if (depth >= limits::max_archive_depth) return;
  std::map<std::string, ByPath> by_member;
  for (const auto& [path, findings] : wanted) {
    const std::size_t split = path.find("!/");
    by_member[path.substr(0, split)][split == std::string::npos ? "" : path.substr(split + 2)] = findings;
  }
  intake::for_each_member(archive, name, budget, [&](const std::string& path, std::string_view bytes) {
    const auto found = by_member.find(path);
    if (found == by_member.end()) return;
    ByPath deeper = found->second;
    if (const auto self = deeper.find(""); self != deeper.end()) {
      std::string transcoded;
      quote(as_utf8(bytes, transcoded), self->second);
      deeper.erase(self);
    }
    if (!deeper.empty()) quote_members(bytes, path, deeper, budget, depth + 1);
  });
}

}  // namespace

void quote_lines(const intake::Tree& tree, const std::string& prefix, std::vector<Finding>& findings) {
  std::map<std::string, ByPath> by_file;
  for (Finding& finding : findings) {
    if (finding.at.span.begin.line == 0 || !finding.snippet.empty() || !finding.at.path.starts_with(prefix)) continue;
    const std::string path = finding.at.path.substr(prefix.size());
    const std::size_t split = path.find("!/");
    by_file[path.substr(0, split)][split == std::string::npos ? "" : path.substr(split + 2)].push_back(&finding);
  }
  if (by_file.empty()) return;
  TextBuffers buffers;
  for (const intake::Entry& entry : tree.entries()) {
    const auto found = by_file.find(entry.path);
    if (found == by_file.end() || entry.type != intake::EntryType::file) continue;
    const Result<OpenedText> text = open_text(tree, entry, buffers);
    if (!text) continue;
    ByPath deeper = found->second;
    if (const auto self = deeper.find(""); self != deeper.end()) {
      quote(text->bytes, self->second);
      deeper.erase(self);
    }
    intake::ArchiveBudget budget{.packed = text->bytes.size()};
    if (!deeper.empty()) quote_members(text->bytes, entry.path, deeper, budget, 0);
  }
}

}  // namespace assay::app

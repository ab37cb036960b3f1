#include "reports/render.h"

#include <array>

namespace assay::reports {
namespace {

struct Entry {
  Format format;
  std::string (*write)(const Report&, const RenderOptions&);
};
constexpr std::array entries = {
    Entry{{"terminal", "txt", "for people at a prompt"}, terminal},
    Entry{{"json", "json", "everything, schema assay-report/1; `assay report` reads it"}, json},
    Entry{{"sarif", "sarif", "SARIF 2.1.0 for code scanning"}, sarif},
    Entry{{"html", "html", "one page that loads nothing"}, html},
    Entry{{"markdown", "md", "for a pull request comment or a step summary"}, markdown},
    Entry{{"csv", "csv", "for spreadsheets"}, csv},
    Entry{{"junit", "xml", "for CI systems that show test results"}, junit},
    Entry{{"codequality", "json", "GitLab Code Quality"}, codequality},
    Entry{{"annotations", "txt", "GitHub workflow commands"}, annotations}};

constexpr auto words = [] {
  std::array<Format, entries.size()> out{};
  for (std::size_t i = 0; i < entries.size(); ++i) out[i] = entries[i].format;
  return out;
}();

}  // namespace

std::span<const Format> formats() {
  return words;
}

Result<std::string> render(std::string_view format, const Report& report, const RenderOptions& options) {
  std::string known;
  for (const Entry& entry : entries) {
    if (entry.format.word == format) return entry.write(report, options);
    known += (known.empty() ? "" : ", ") + std::string(entry.format.word);
  }
  return fail(ErrorCode::usage, fmt::format("no format is called \"{}\"; there are {}", format, known));
}

}  // namespace assay::reports

#include <map>
#include <string_view>
#include <utility>

#include "sbom-import/lock_text.h"
#include "sbom-import/lockfiles.h"

namespace assay::sbom {

// Lines "module version h1:base64" and "module version/go.mod h1:base64" (go.dev/ref/mod#go-sum-files).
ReadOutcome read_go_sum(const intake::Input& input, evidence::Rows& rows) {
  LockText text(input.bytes, rows, "go-sum", "golang");
  std::string_view line;
  while (text.next(line)) {
    const std::string_view whole = trimmed(line);
    if (whole.empty()) continue;
    const std::size_t first = whole.find(' ');
    const std::size_t second = first == std::string_view::npos ? first : whole.find(' ', first + 1);
    if (second == std::string_view::npos) {
      text.gap(whole, "not of the form 'module version h1:digest'");
      continue;
    }
    const std::string_view module = whole.substr(0, first);
    const std::string_view version = whole.substr(first + 1, second - first - 1);
    const std::string_view digest = whole.substr(second + 1);
    if (version.ends_with("/go.mod")) continue;
    const evidence::RowId id = text.package(module, module, version);
    text.origin(id, digest, {}, digest);
  }
  return text.finish();
}

}  // namespace assay::sbom

#include "reports/neutralise.h"
#include "reports/render.h"
namespace assay::reports {
std::string html(const Report& report, const RenderOptions& options) {
  std::string out = "<!doctype html><meta charset=utf-8><pre>";
  std::string text = terminal(report, options);
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    out += html_text(std::string_view(text).substr(at, end - at)) + "\n";
    at = end + 1;
  }
  return out + "</pre>\n";
}
}  // namespace assay::reports

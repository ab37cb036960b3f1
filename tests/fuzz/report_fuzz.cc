#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "reports/layout.h"
#include "reports/neutralise.h"
#include "reports/redact.h"
#include "reports/render.h"

// Two inputs in one: any bytes as a string that a report quotes, and any bytes as a report to read back.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace assay;
  const std::string_view text(reinterpret_cast<const char*>(data), size);

  for (const std::string& safe :
       {reports::visible(text), reports::html_text(text), reports::csv_cell(text), reports::xml_text(text)}) {
    for (const char c : safe) {
      if (static_cast<unsigned char>(c) < 0x20) std::abort();
    }
  }
  if (reports::html_text(text).find_first_of("<>\"'") != std::string::npos) std::abort();
  if (reports::uri_path(text).find_first_of(" :?#\\") != std::string::npos) std::abort();
  const std::string log = reports::ci_log(text);
  if (log.find("##[") != std::string::npos || log.find("##vso[") != std::string::npos) std::abort();
  (void)reports::markdown_text(text);
  (void)reports::markdown_code(text);
  (void)reports::sarif_message(text);
  const std::string masked = reports::redact(text);
  if (masked.size() > text.size()) std::abort();
  if (size > 4) {
    const Span span{{1, data[0]}, {1U + data[1] % 2U, data[2]}};
    const reports::QuotedLine line = reports::quoted(text, span, 20 + data[3] % 100U, true);
    if (reports::display_width(line.text) > std::max<std::size_t>(20 + data[3] % 100U, 16)) std::abort();
  }

  const Result<Report> report = reports::read_json(text);
  if (!report) return 0;
  for (const reports::Format& format : reports::formats()) (void)reports::render(format.word, *report, {});
  reports::RenderOptions options;
  options.show_secrets = true;
  const std::string once = reports::json(*report, options);
  const Result<Report> again = reports::read_json(once);
  if (!again || reports::json(*again, options) != once) std::abort();
  return 0;
}

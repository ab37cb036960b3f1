#pragma once

#include <span>
#include <string>
#include <string_view>

#include "analyzer/base/result.h"
#include "analyzer/model/report.h"

// The last room: a finished Report becomes text for one medium. Nothing here knows how a thing was found, and nothing
// here decides: verdict and exit code are in the Report.
//
// Every function is pure. The same Report and options give the same bytes; no clock, locale or environment is read.
// Every string that came from what was examined is made safe for the medium (reports/neutralise.h), and values that
// look like credentials are masked unless asked otherwise (reports/redact.h). No format leaves out coverage.
namespace assay::reports {

struct RenderOptions {
  bool colour = false;           // terminal: ANSI colours
  bool unicode = true;           // terminal: arrows and boxes; otherwise ASCII only
  int width = 80;                // terminal: columns, at least 40
  bool in_ci = false;            // terminal: the output is a CI log, whose runner obeys certain lines
  bool show_secrets = false;     // every format
  bool pedantic = false;         // terminal, markdown: also list findings meant for people who polish or audit
  bool everything = false;       // terminal, markdown: fold nothing
  bool with_suppressed = false;  // SARIF: also results that are suppressed or gone (GitHub would show them as open)
  std::string category{};        // SARIF automationDetails.id; empty: "assay/SUBJECT/"
};

std::string terminal(const Report& report, const RenderOptions& options);
// Schema "assay-report/1" (reports/report.schema.json): lossless but for masked secrets and ill-formed UTF-8. ASCII
// only.
std::string json(const Report& report, const RenderOptions& options);
// SARIF 2.1.0, within the limits GitHub documents for code scanning uploads.
std::string sarif(const Report& report, const RenderOptions& options);
// One self-contained page that loads nothing.
std::string html(const Report& report, const RenderOptions& options);
// GitHub-flavoured; at most 65,000 characters, so that it fits one pull request comment.
std::string markdown(const Report& report, const RenderOptions& options);
// RFC 4180, one row a finding; then one row for each input that was not fully read.
std::string csv(const Report& original, const RenderOptions& options);
std::string junit(const Report& original, const RenderOptions& options);
// GitLab Code Quality artifact.
std::string codequality(const Report& original, const RenderOptions& options);
// Workflow commands that become annotations on GitHub: the ten worst, then how many more there are.
std::string annotations(const Report& original, const RenderOptions& options);

struct Format {
  std::string_view word;       // what the user writes after -o
  std::string_view extension;  // of a file in it, without the dot
  std::string_view what;
};
std::span<const Format> formats();

// ErrorCode::usage for a word that is not in formats().
Result<std::string> render(std::string_view format, const Report& report, const RenderOptions& options);

// The inverse of json(). Unknown keys are passed over, missing ones keep their default, a wrong type or an unknown word
// is ErrorCode::syntax with the JSON pointer in `where`. Safe for any bytes.
Result<Report> read_json(std::string_view text);

}  // namespace assay::reports

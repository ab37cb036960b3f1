#include "analyzer/app/sbom_verb.h"

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <iterator>

#include "analyzer/app/bundled.h"
#include "analyzer/app/version.h"
#include "analyzer/base/limits.h"
#include "reports/neutralise.h"
#include "sbom-import/inventory.h"
#include "sbom-import/validate.h"

namespace assay::app {
namespace {

std::string reproducible_time(const std::string& newest) {
  const char* epoch = std::getenv("SOURCE_DATE_EPOCH");
  if (epoch == nullptr) return newest;
  char* end = nullptr;
  const long long seconds = std::strtoll(epoch, &end, 10);
  if (end == epoch || *end != '\0') return newest;
  const auto time = static_cast<std::time_t>(seconds);
  std::tm parts{};
  gmtime_r(&time, &parts);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text;
}

Result<std::string> bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return fail(ErrorCode::io, "cannot be read", path);
  std::string bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (file.bad()) return fail(ErrorCode::io, "cannot be read", path);
  if (bytes.size() > limits::max_document_bytes) return fail(ErrorCode::limit, "larger than max_document_bytes", path);
  return bytes;
}

}  // namespace

int run_sbom(const std::vector<std::string>& paths, const std::string& output, const CommonOptions& options) {
  const std::size_t equals = output.find('=');
  const std::string format = output.substr(0, equals);
  if (format != "cyclonedx" && format != "spdx") {
    return report_error(
        {ErrorCode::usage, fmt::format("'{}' is no inventory format; cyclonedx and spdx are", format), ""});
  }
  const Result<engine::Bundle> rules = load_rules(options.rules_directory);
  if (!rules) return report_error(rules.error());
  const Result<Subject> subject = open_subject(paths);
  if (!subject) return report_error(subject.error());
  const Result<Examination> evidence = gather(*subject, *rules, options.examine);
  if (!evidence) return report_error(evidence.error());
  const Result<sbom::Inventory> inventory = sbom::inventory_of(*evidence->database);
  if (!inventory) return report_error(inventory.error());

  Result<evidence::Statement> asked = evidence->database->prepare(
      fmt::format("SELECT EXISTS (SELECT 1 FROM sbom_document), EXISTS (SELECT 1 FROM artifact WHERE coverage <> '{}')",
                  word(Coverage::read)));
  if (!asked) return report_error(asked.error());
  if (const Result<bool> row = asked->step(); !row) return report_error(row.error());
  const bool documents = asked->integer(0) != 0;
  const bool incomplete = asked->integer(1) != 0;
  const sbom::InventoryStamp stamp{.tool_version = std::string(version),
                                   .created = reproducible_time(inventory->created)};
  const std::string text =
      format == "spdx" ? sbom::spdx_json(*inventory, stamp) : sbom::cyclonedx_json(*inventory, stamp);
  if (equals == std::string::npos) {
    write_text(text);
  } else {
    std::ofstream file(output.substr(equals + 1), std::ios::binary);
    file.write(text.data(), static_cast<std::streamsize>(text.size()));
    if (!file) return report_error({ErrorCode::io, "cannot be written", output.substr(equals + 1)});
  }
  if (!documents) return 3;
  return options.examine.strict && incomplete ? 5 : 0;
}

int run_sbom_validate(const std::string& path) {
  const Result<std::string> bytes = bytes_of(path);
  if (!bytes) return report_error(bytes.error());
  const Result<std::vector<sbom::Violation>> violations = sbom::validate_cyclonedx(*bytes);
  if (!violations) return report_error({violations.error().code, violations.error().message, path});
  for (const sbom::Violation& one : *violations) {
    const std::string place = one.path.empty() ? std::string() : reports::visible(one.path) + ": ";
    write_text(fmt::format("{}:{}:{}: {}{}\n", reports::visible(path), one.position.line, one.position.column, place,
                           reports::visible(one.message)));
  }
  return violations->empty() ? 0 : 1;
}

}  // namespace assay::app

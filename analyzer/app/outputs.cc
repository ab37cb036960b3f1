#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>

#include "analyzer/app/command_line.h"
#include "reports/answers.h"

namespace assay::app {
namespace {

bool environment_has(const char* name) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nothing here changes the environment
  return value != nullptr && *value != '\0';
}

reports::RenderOptions terminal_options(const CommonOptions& options, bool to_file) {
  reports::RenderOptions render;
  const bool terminal = !to_file && isatty(STDOUT_FILENO) != 0;
  render.colour =
      (terminal && !environment_has("NO_COLOR")) || environment_has("FORCE_COLOR") || environment_has("CLICOLOR_FORCE");
  if (environment_has("NO_COLOR") || to_file) render.colour = false;
  winsize size{};
  if (terminal && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 40)
    render.width = std::min<int>(size.ws_col, 120);
  render.in_ci = environment_has("CI") || environment_has("GITHUB_ACTIONS");
  render.show_secrets = options.show_secrets;
  render.everything = options.everything;
  render.pedantic = options.examine.audience != Audience::regular;
  return render;
}

}  // namespace

int report_error(const Error& error) {
  std::fputs(reports::error_line(error).c_str(), stderr);
  switch (error.code) {
    case ErrorCode::rule:
      return 4;
    case ErrorCode::io:
    case ErrorCode::limit:
    case ErrorCode::syntax:
    case ErrorCode::unsupported:
    case ErrorCode::usage:
    case ErrorCode::internal:
      return 2;
  }
  return 2;
}

void write_text(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
}

void leave(int exit_code) {
  std::fflush(nullptr);
  std::cout.flush();
  std::_Exit(exit_code);
}

int write_outputs(const Report& report, const CommonOptions& options) {
  std::vector<std::string> outputs = options.outputs;
  if (outputs.empty()) outputs.emplace_back("terminal");
  for (const std::string& output : outputs) {
    const std::size_t equals = output.find('=');
    const std::string format = output.substr(0, equals);
    const std::string path = equals == std::string::npos ? "" : output.substr(equals + 1);
    const Result<std::string> text = reports::render(format, report, terminal_options(options, !path.empty()));
    if (!text) return report_error(text.error());
    if (path.empty()) {
      write_text(*text);
      continue;
    }
    std::ofstream stream(path, std::ios::binary);
    stream << *text;
    if (!stream.flush()) return report_error({ErrorCode::io, "cannot be written", path});
  }
  return 0;
}

}  // namespace assay::app

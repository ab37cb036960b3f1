#include <charconv>
#include <string>

#include "analyzer/buildlog/tools.h"

namespace assay::buildlog {
namespace {

// The summary of a run of tests: name is the runner, value "passed" or "failed", version how many failed.
void summary(const Line& line, std::string_view runner, std::int64_t failures, Journal& journal) {
  if (failures < 0) return;
  journal.event_once(line, trimmed(line.text),
                     {.kind = "tests-run",
                      .name = std::string(runner),
                      .version = std::to_string(failures),
                      .value = failures == 0 ? "passed" : "failed"});
}

// The number that stands before `word`, -1 when it does not occur.
std::int64_t before(std::string_view text, std::string_view word) {
  const std::size_t end = text.find(word);
  if (end == std::string_view::npos || end == 0) return -1;
  std::size_t begin = end;
  while (begin > 0 && text[begin - 1] == ' ') --begin;
  std::size_t digits = begin;
  while (digits > 0 && begin - digits < 9 && text[digits - 1] >= '0' && text[digits - 1] <= '9') --digits;
  std::int64_t value = -1;
  std::from_chars(text.data() + digits, text.data() + begin, value);
  return value;
}
// The number that stands after `word`.
std::int64_t after(std::string_view text, std::string_view word) {
  const std::size_t at = text.find(word);
  if (at == std::string_view::npos) return -1;
  const std::string_view rest = trimmed_left(text.substr(at + word.size()));
  std::int64_t value = -1;
  std::from_chars(rest.data(), rest.data() + rest.size(), value);
  return value;
}
std::int64_t or_none(std::int64_t failures) {
  return failures < 0 ? 0 : failures;
}

// "=== 3 failed, 5 passed in 1.20s ===", "5 passed in 0.1s"
void pytest(const Line& line, std::string_view rest, Journal& journal) {
  if (before(rest, " passed") < 0 && before(rest, " failed") < 0) return;
  if (rest.find(" in ") != std::string_view::npos) summary(line, "pytest", or_none(before(rest, " failed")), journal);
}
// "Tests:       1 failed, 4 passed, 5 total"; PHPUnit: "Tests: 5, Assertions: 7, Failures: 1."
void tests(const Line& line, std::string_view rest, Journal& journal) {
  if (rest.find(" total") != std::string_view::npos)
    summary(line, "jest", or_none(before(rest, " failed")), journal);
  else if (rest.find("Assertions:") != std::string_view::npos)
    summary(line, "phpunit", or_none(after(rest, "Failures:")), journal);
}
// "Tests run: 5, Failures: 1, Errors: 0, Skipped: 0"
void surefire(const Line& line, std::string_view rest, Journal& journal) {
  const std::int64_t failures = after(rest, "Failures:");
  if (failures >= 0) summary(line, "surefire", failures + or_none(after(rest, "Errors:")), journal);
}
// "test result: FAILED. 1 passed; 1 failed; 0 ignored"
void cargo(const Line& line, std::string_view rest, Journal& journal) {
  summary(line, "cargo", before(rest, " failed"), journal);
}
void go_passed(const Line& line, std::string_view rest, Journal& journal) {
  take_word(rest);
  if (rest.ends_with('s') || rest.find("(cached)") != std::string_view::npos) summary(line, "go", 0, journal);
}
void go_failed(const Line& line, std::string_view rest, Journal& journal) {
  take_word(rest);
  if (!trimmed(rest).empty() && rest.ends_with('s')) summary(line, "go", 1, journal);
}
// "5 passed", "12 passing", "67% tests": a count and a word, unlike the times and sizes many lines begin with.
bool counts_something(std::string_view text) {
  const std::size_t end = text.find_first_not_of("0123456789");
  if (end == std::string_view::npos || end + 1 >= text.size()) return false;
  return text[end] == '%' || (text[end] == ' ' && text[end + 1] >= 'a' && text[end + 1] <= 'z');
}
// "67% tests passed, 1 tests failed out of 3": the first digit is taken off by the prefix table.
void ctest(const Line& line, std::string_view, Journal& journal) {
  const std::string_view text = trimmed(line.text);
  if (text.size() > 200 || !counts_something(text)) return;
  if (text.find("% tests passed, ") != std::string_view::npos)
    summary(line, "ctest", before(text, " tests failed"), journal);
  else
    pytest(line, text, journal);
  // Mocha: "12 passing (3s)", "2 failing"; RSpec: "5 examples, 1 failure"
  if (const std::int64_t failing = before(text, " failing"); failing >= 0) summary(line, "mocha", failing, journal);
  if (before(text, " passing (") >= 0) summary(line, "mocha", 0, journal);
  if (before(text, " examples, ") >= 0) summary(line, "rspec", before(text, " failure"), journal);
}
// dotnet: "Failed!  - Failed:     1, Passed:     3, …", "Passed!  - Failed:     0, …"
void dotnet(const Line& line, std::string_view rest, Journal& journal) {
  summary(line, "dotnet", after(rest, "Failed:"), journal);
}
// PHPUnit: "OK (5 tests, 7 assertions)"; unittest: "FAILED (failures=1, errors=2)"
void phpunit(const Line& line, std::string_view rest, Journal& journal) {
  if (rest.find(" assertion") != std::string_view::npos) summary(line, "phpunit", 0, journal);
}
void unittest(const Line& line, std::string_view rest, Journal& journal) {
  const std::int64_t failures = or_none(after(rest, "failures=")) + or_none(after(rest, "errors="));
  if (failures > 0) summary(line, "unittest", failures, journal);
}

constexpr ToolPrefix table[] = {
    {"=", pytest},
    {"Tests: ", tests},
    {"Tests run: ", surefire},
    {"[ERROR] Tests run: ", surefire},
    {"[WARNING] Tests run: ", surefire},
    {"test result: ", cargo},
    {"ok  \t", go_passed},
    {"FAIL\t", go_failed},
    {"Failed!  - ", dotnet},
    {"Passed!  - ", dotnet},
    {"OK (", phpunit},
    {"FAILED (", unittest},
    {"0", ctest},
    {"1", ctest},
    {"2", ctest},
    {"3", ctest},
    {"4", ctest},
    {"5", ctest},
    {"6", ctest},
    {"7", ctest},
    {"8", ctest},
    {"9", ctest},
};

}  // namespace

ToolTable test_lines() {
  return {table, std::size(table)};
}

}  // namespace assay::buildlog

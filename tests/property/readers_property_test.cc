// What every reader promises whatever the bytes: real inputs are mutated, read the way a scan reads them, and every row
// must point into the file it came from. The number of rounds is fixed and so is the seed (RC_PARAMS in
// tests/CMakeLists.txt).

#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "analyzer/app/collect.h"
#include "analyzer/base/position.h"
#include "analyzer/base/utf8.h"

namespace assay::app {
namespace {

namespace fs = std::filesystem;

struct Input {
  std::string path;
  std::string bytes;
};

// The inputs of the golden tests, the demo and the replays: every kind that has a reader.
const std::vector<Input>& real_inputs() {
  static const std::vector<Input> inputs = [] {
    std::vector<Input> out;
    for (const char* root : {"/tests/golden", "/ci/demo", "/tests/replay"}) {
      const fs::path top = std::string(ASSAY_SOURCE_DIR) + root;
      for (const fs::directory_entry& entry : fs::recursive_directory_iterator(top)) {
        const std::string path = entry.path().lexically_relative(top).string();
        if (!entry.is_regular_file() || entry.file_size() > 20'000 || path.find("/expected/") != std::string::npos)
          continue;
        std::ifstream stream(entry.path(), std::ios::binary);
        std::ostringstream bytes;
        bytes << stream.rdbuf();
        out.push_back({path, std::move(bytes).str()});
      }
    }
    std::sort(out.begin(), out.end(), [](const Input& a, const Input& b) { return a.path < b.path; });
    return out;
  }();
  return inputs;
}

// A cut, a doubled stretch, a changed byte, a byte nobody expects, a line end of another system.
std::string mutated(std::string bytes) {
  static const std::vector<std::string> strange = {
      "\r\n", "\xE2\x80\xAE", "\xFF", std::string(1, '\0'), "\xEF\xBB\xBF", "é", "\U0001F642", "{",
      "\"",   "\n\n",         "&a *a"};
  const int changes = *rc::gen::inRange(0, 6);
  for (int i = 0; i < changes && !bytes.empty(); ++i) {
    const auto at = static_cast<std::size_t>(*rc::gen::inRange(0, static_cast<int>(bytes.size())));
    switch (*rc::gen::inRange(0, 4)) {
      case 0:
        bytes.resize(at);
        break;
      case 1:
        bytes.insert(at, bytes.substr(at, 40));
        break;
      case 2:
        bytes[at] = static_cast<char>(*rc::gen::inRange(0, 256));
        break;
      default:
        bytes.insert(at, *rc::gen::elementOf(strange));
    }
  }
  return bytes;
}

std::size_t columns_of(std::string_view line) {
  std::size_t columns = 0;
  for (std::size_t at = 0; at < line.size(); ++columns) utf8::next(line, at);
  return columns;
}

// "" when the row's place lies in the text. A line end takes a column, and a span may end behind the last character.
std::string misplaced(const evidence::LocationRow& row, const LineIndex& lines) {
  if (row.line == 0) return {};
  const auto check = [&](std::int64_t line, std::int64_t column, std::string_view what) -> std::string {
    if (line < 1 || line > static_cast<std::int64_t>(lines.line_count()))
      return fmt::format("{} line {} of {}", what, line, lines.line_count());
    const std::size_t most = columns_of(lines.line(static_cast<std::uint32_t>(line))) + 2;
    if (column < 1 || column > static_cast<std::int64_t>(most) + 1)
      return fmt::format("{} {}:{}, the line has {} columns", what, line, column, most);
    return {};
  };
  if (std::string begin = check(row.line, row.column, "begins at"); !begin.empty()) return begin;
  if (row.end_line < row.line || (row.end_line == row.line && row.end_column < row.column))
    return "ends before it begins";
  return check(row.end_line, row.end_column, "ends at");
}

Collection collected(std::vector<std::pair<std::string, std::string>> files) {
  Collection out;
  collect(*intake::in_memory(std::move(files)), {}, [&](Collection read) {
    std::move(read.artifacts.begin(), read.artifacts.end(), std::back_inserter(out.artifacts));
    std::move(read.rows.begin(), read.rows.end(), std::back_inserter(out.rows));
  });
  return out;
}

RC_GTEST_PROP(Readers, EveryPlaceLiesInsideTheFile, ()) {
  const Input& input =
      real_inputs()[static_cast<std::size_t>(*rc::gen::inRange(0, static_cast<int>(real_inputs().size())))];
  const std::string bytes = mutated(input.bytes);
  const Collection read = collected({{input.path, bytes}});
  RC_ASSERT(!read.artifacts.empty());
  const LineIndex lines(bytes);
  for (const auto& rows : read.rows) {
    if (rows == nullptr || rows->artifact_id() != read.artifacts.front().id) continue;
    for (const evidence::LocationRow& row : rows->location) {
      const std::string fault = misplaced(row, lines);
      if (!fault.empty()) RC_FAIL(input.path + ": " + fault);
    }
  }
}

// What one row of a table says, by place and count, for comparing two readings.
std::string shape(const Collection& read) {
  std::string out;
  for (const Artifact& artifact : read.artifacts) {
    out += fmt::format("{} {} {} {}\n", artifact.path, word(artifact.kind), word(artifact.outcome.coverage),
                       artifact.outcome.gaps.size());
  }
  for (const auto& rows : read.rows) {
    if (rows == nullptr) continue;
    for (const evidence::LocationRow& row : rows->location)
      out += fmt::format("{}:{}-{}:{} ", row.line, row.column, row.end_line, row.end_column);
    out += '\n';
  }
  return out;
}

RC_GTEST_PROP(Readers, TheOrderFilesAreGivenInMeansNothing, ()) {
  std::vector<std::pair<std::string, std::string>> files;
  for (int i = *rc::gen::inRange(2, 8); i > 0; --i) {
    const Input& input =
        real_inputs()[static_cast<std::size_t>(*rc::gen::inRange(0, static_cast<int>(real_inputs().size())))];
    files.emplace_back(fmt::format("{}/{}", i, input.path), input.bytes);
  }
  const std::string before = shape(collected(files));
  for (std::size_t i = files.size(); i > 1; --i)
    std::swap(files[i - 1], files[static_cast<std::size_t>(*rc::gen::inRange(0, static_cast<int>(i)))]);
  RC_ASSERT(shape(collected(files)) == before);
}

}  // namespace
}  // namespace assay::app

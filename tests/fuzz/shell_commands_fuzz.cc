#include <cstdint>
#include <string_view>

#include "analyzer/formats/shell_commands.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const auto dialect = static_cast<assay::formats::ShellDialect>(data[0] % 3);
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  for (const auto& command : assay::formats::split_shell(text, dialect).commands) {
    if (command.begin > command.end || command.end > text.size()) __builtin_trap();
    for (const auto& word : command.words) {
      if (word.begin > word.end || word.end > text.size()) __builtin_trap();
    }
  }
  return 0;
}

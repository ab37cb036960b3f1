#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "analyzer/intake/tree.h"

namespace assay::app {

// A file as the readers and the patterns see it. Text in UTF-16 (with its byte order mark: PowerShell and MSBuild write
// logs that way) is UTF-8, with the same lines and columns; what is a binary file either way keeps its bytes. Of a
// build log larger than limits::max_text_bytes each line is no longer than what is read of it, so that a log of one
// line costs no memory.
struct OpenedText {
  std::string_view bytes;  // valid until the buffers are used again
  std::uint64_t size = 0;  // of the file
};

// Kept from file to file for their memory; one thread.
struct TextBuffers {
  intake::Buffer file;
  std::string transcoded;
};

Result<OpenedText> open_text(const intake::Tree& tree, const intake::Entry& entry, TextBuffers& buffers);

// The same for bytes that are in memory: members of archives.
std::string_view as_utf8(std::string_view bytes, std::string& transcoded);

}  // namespace assay::app

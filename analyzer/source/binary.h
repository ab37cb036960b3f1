#pragma once

#include <string_view>

#include "analyzer/evidence/rows.h"
#include "analyzer/intake/input.h"

namespace assay::source {

// Writes one `binary_blob` row: what the bytes are by their first bytes, how dense they are, whether a machine runs
// them, whether the name says the same, and the SHA-256. `name_agrees` is examined only for extensions that promise a
// format with known first bytes. A Python pickle that names a function able to start a process or run code also gives
// an `execution_trigger` row (ecosystem pypi, kind pickle, phase import), its `at` the file as a whole.
ReadOutcome read_binary(const intake::Input& input, evidence::Rows& rows);

// Shannon entropy of the first 64 KiB, in bits a byte; 0 for no bytes.
double entropy(std::string_view bytes);

// The format's word, as binary_blob.format: "elf", "pe", "mach-o", "class", "wasm", "dex", "python-bytecode",
// "llvm-bitcode", "archive", "compressed", "image", "font", "audio", "video", "pdf", "sqlite", "pickle", "office",
// "git", "unknown".
std::string_view binary_format(std::string_view bytes);

}  // namespace assay::source

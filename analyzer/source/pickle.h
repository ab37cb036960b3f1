#pragma once

#include <string>
#include <string_view>

namespace assay::source {

// The first function a pickle stream (PEP 307, PEP 574; opcodes of Python's pickletools) imports that can start a
// process, run code or open a connection, as "module.name"; "" when there is none. Walks the opcodes until STOP, an
// unknown opcode or the end, so a stream cut short or broken on purpose still tells what stands before the break.
// Linear; keeps the last two strings only.
std::string dangerous_import(std::string_view bytes);

}  // namespace assay::source

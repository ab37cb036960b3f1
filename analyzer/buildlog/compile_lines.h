#pragma once

#include <string_view>

#include "analyzer/buildlog/journal.h"
#include "analyzer/buildlog/line.h"

namespace assay::buildlog {

// A command line of a compiler or linker, as make, ninja, libtool, cmake and shells under -x show it. Writes, once a
// step:
//   compiled         name: the source file as written, value: the program
//   compiler-option  name: an option that brings in code or rules the build files do not show (-include, -imacros,
//                    -fplugin, -specs, -wrapper, -B, -load, --plugin, -force_load), value: its argument
// Nothing when `command` is run by no such program.
void read_compilation(const Line& line, std::string_view command, Journal& journal);

// Whether the program, without path, compiles or links: gcc, clang, cc, ld, cl, link, csc, javac, rustc, with or
// without a target before and a version behind ("x86_64-linux-gnu-gcc-12").
bool is_compiler(std::string_view program);

}  // namespace assay::buildlog

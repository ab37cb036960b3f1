#pragma once

#include <string_view>

#include "analyzer/evidence/rows.h"
#include "analyzer/intake/input.h"

// Packages that were linked into a program, as the program itself states them.
//
// Go: the build information every linker since 1.12 writes (cmd/go, "go version -m"; debug/buildinfo): version of the
// toolchain, main module, modules with their go.sum digests, replacements. cargo-auditable: the section ".dep-v0",
// compressed JSON (rust-secure-code/cargo-auditable, PARSING.md). Other binaries give no rows. declared_in is
// "installed"; every row stands at the file as a whole. By the contract of analyzer/intake/input.h.
namespace assay::sbom {

ReadOutcome read_binary_packages(const intake::Input&, evidence::Rows&);

// The bytes of one section of an ELF, PE or Mach-O file; empty when there is none or the file is damaged. The first
// eight bytes of longer names decide in PE, as the format stores no more. A view into `binary`.
std::string_view section_of(std::string_view binary, std::string_view name);

}  // namespace assay::sbom

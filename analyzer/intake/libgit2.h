#pragma once

namespace assay::intake {

// Starts libgit2 once for the life of the program, with the settings every room that opens a repository relies on. Must
// be called before any other function of libgit2. May be called from any thread and any number of times; the settings
// are written once, before the first call returns. Nothing of the user's, the system's or the repository's
// configuration is taken over.
//
// Memory: objects are not kept by libgit2 (whoever reads history keeps the trees that come back, see
// history/tree_difference.h), and no more than `mapped_pack_bytes` of all packs together stand in memory at once.
void start_libgit2();

}  // namespace assay::intake

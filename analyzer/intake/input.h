#pragma once

#include <string_view>

#include "analyzer/model/artifact.h"

namespace assay::intake {

// What a reader gets: one artifact and its bytes. Both belong to the caller and live only for the call: a reader copies
// what it keeps into rows.
//
// Every reader is a free function `ReadOutcome read_NAME(const Input&, evidence::Rows&)`. It may be called from many
// threads at once, keeps no state, opens nothing, follows nothing, never throws and never prints; it says in the
// outcome what it could not read. analyzer/app/readers.cc lists which reader reads which kind.
struct Input {
  const Artifact& artifact;
  std::string_view bytes;
};

}  // namespace assay::intake

#pragma once

#include <optional>
#include <string_view>

#include "analyzer/buildlog/transcript.h"
#include "analyzer/evidence/rows.h"
#include "analyzer/intake/input.h"
#include "analyzer/provenance/trusted_keys.h"

namespace assay::app {

// Which reader reads what: the only place that knows all of them.

// What `text` really is, by the recognisers of the reader rooms; intake's answer stays where none of them claims it.
void refine(Artifact& artifact, std::string_view bytes);

// What an input says where its bytes do not say it: a log that is packed in JSON or records. Its text is what patterns
// are matched against (buildlog::spoken).
std::optional<buildlog::Transcript> transcript(const Artifact& artifact, std::string_view bytes);

// Runs every reader that reads this kind. The outcome is the worst of theirs.
// `keys`: what signatures of attestations are checked with, null for none.
// `said`: the input's transcript(), null when it has none.
ReadOutcome read(const intake::Input& input, evidence::Rows& rows, const std::string& c_worker,
                 const provenance::TrustedKeys* keys, const buildlog::Transcript* said);

// Of them only those that tell what bytes say by themselves: signals of source, hidden text, binaries.
ReadOutcome read_content(const intake::Input& input, evidence::Rows& rows);

}  // namespace assay::app

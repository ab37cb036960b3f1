#pragma once

#include "analyzer/buildlog/transcript.h"
#include "analyzer/evidence/rows.h"
#include "analyzer/intake/input.h"

namespace assay::buildlog {

// Reads the log of a CI job, of any system analyzer/buildlog/recognise.h names or of none, into log_run, log_step,
// log_event, log_blob and log_gap.
//
// One pass over the bytes, bounded memory: what is kept are rows. Of a line longer than limits::max_log_line_bytes the
// beginning is read, of a log longer than limits::max_document_bytes as well; events end at limits::max_log_events and
// decoding at limits::max_decode_bytes. Each cap that was hit makes the outcome partly read. Bytes that are not UTF-8
// are read as they are and replaced in what is shown.
//
// `said_by` is `runner` only where the place in the log rules a step out as the speaker: GitHub's set-up lines, the
// echo of a step's own script, and the end. Everything else a step may have printed, whatever it looks like.
ReadOutcome read_build_log(const intake::Input& input, evidence::Rows& rows);

// The same for what has been taken out of its packing already.
ReadOutcome read_build_log(const Transcript& log, evidence::Rows& rows);

// The logs of commands inside a witness attestation (command_run.h), into the same tables; nothing when it holds none.
ReadOutcome read_command_runs(const intake::Input& input, evidence::Rows& rows);

}  // namespace assay::buildlog

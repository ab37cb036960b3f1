#pragma once

#include <string_view>

#include "analyzer/model/artifact.h"

namespace assay::intake {

// What a file is, judged by its first bytes and then by its name. Decides only what needs no parser; the specialised
// recognisers of the reader rooms (SBOMs, build logs, privilege manifests) refine `text` later.
struct Recognised {
  ArtifactKind kind = ArtifactKind::unknown;
  Language language = Language::none;
  Role roles = Role::none;
};

// `head` is the beginning of the file (at least 512 bytes or all of it; more is better). Costs well under a
// microsecond.
Recognised recognise(std::string_view path, std::string_view head);

// What the name alone says: language and roles, never the kind.
Recognised recognise_name(std::string_view path);

// NUL bytes or a high share of control characters in the head. UTF-16 with a byte order mark is text.
bool looks_binary(std::string_view head);

}  // namespace assay::intake

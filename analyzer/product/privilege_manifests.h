#pragma once

#include <string_view>

#include "analyzer/evidence/rows.h"
#include "analyzer/intake/input.h"

namespace assay::product {

// Files that tell what a product may do once it is installed: systemd units, launchd property lists, sudoers, install
// scripts and package scripts, WiX, NSIS, Inno Setup and INF files, Windows and Android manifests, Kubernetes objects,
// Compose files, IAM policies, browser extensions, application registrations with OAuth scopes.
//
// `path` is the artifact's, `head` the first few thousand bytes. Pure; true for what read_privilege_manifest() would
// read. It errs on the side of no: an ordinary YAML or JSON file is none.
bool looks_like_privilege_manifest(std::string_view path, std::string_view head);

// Reader: rows `privilege` with known_from 'manifest', exposure 1, the place that grants the privilege, and one
// sentence why. Which words mean which dimension and level is data: privilege_words.cc. Says nothing about whether the
// privilege is wanted.
ReadOutcome read_privilege_manifest(const intake::Input& input, evidence::Rows& rows);

}  // namespace assay::product

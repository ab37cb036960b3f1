#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "analyzer/base/result.h"
#include "analyzer/engine/bundle.h"
#include "analyzer/engine/suppression.h"
#include "analyzer/evidence/database.h"
#include "analyzer/history/change_ledger.h"
#include "analyzer/history/past_contents.h"
#include "analyzer/intake/tree.h"
#include "analyzer/model/report.h"
#include "analyzer/provenance/trusted_keys.h"

namespace assay::app {

// One or more places that are examined together as one subject.
struct Source {
  std::string name;  // as the user named it
  std::unique_ptr<intake::Tree> tree;
  std::string prefix;      // before its paths in evidence, "" when it is the only source
  std::string repository;  // directory of its git repository, "" when it has none
  bool is_past = false;    // contents of the history (app/past.h), no part of the present subject
  std::vector<history::PastContent> past;
};

struct Subject {
  std::string name;
  std::vector<Source> sources;
};

struct ExamineOptions {
  Audience audience = Audience::regular;
  Confidence min_confidence = Confidence::low;
  std::string fail_on = "high";  // none | low | medium | high | critical | path
  bool strict = false;
  bool stats = false;
  bool progress = false;  // on standard error, when that is a terminal
  bool history = true;    // the facts of commits, when a source is a repository
  // What an earlier examination learned about the commits; holds what this one knows afterwards. Null: nothing.
  history::ChangeLedger* ledger = nullptr;
  std::string exceptions;  // path, "" for none
  std::string baseline;    // an earlier report in JSON, "" for none
  std::string past;        // SQLite file with schema `past`, "" for none
  std::string c_worker;
  const provenance::TrustedKeys* keys = nullptr;  // what signatures are checked with; null: none
  std::string today;                              // yyyy-mm-dd, for exceptions that expire; "" when unknown
  std::function<bool(const intake::Entry&)> wants;
};

// Evidence and report in one: what `query`, `sbom` and `sweep` need beyond the report.
struct Examination {
  std::unique_ptr<evidence::Database> database;
  Report report;
};

// The way through the house, from bytes to verdict. `before`, when given, is what the subject is compared with.
Result<Examination> examine(const Subject& subject, const Subject* before, const engine::Bundle& bundle,
                            const ExamineOptions& options);

// Opens what a user names: a directory, a file, a bare repository, "-" for standard input.
Result<Source> open_source(const std::string& path);
Result<Subject> open_subject(const std::vector<std::string>& paths);

// The subject in a database, unjudged: for `query`.
Result<Examination> gather(const Subject& subject, const engine::Bundle& bundle, const ExamineOptions& options);

// Sets counts, sentence and exit code from findings, paths and coverage.
void settle(Report& report, const ExamineOptions& options);

}  // namespace assay::app

#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/base/result.h"
#include "analyzer/evidence/database.h"
#include "analyzer/fleet/connection.h"
#include "analyzer/model/finding.h"
#include "analyzer/model/fleet.h"
#include "analyzer/model/report.h"

namespace assay::fleet {

// What examining one subject gave. The evidence stays a database; the store copies the tables a hunt or the schema
// `past` needs.
struct SubjectResult {
  std::unique_ptr<evidence::Database> evidence;  // may be null: no evidence is stored
  std::vector<Finding> findings;                 // suppressed ones included
  std::set<std::string>
      unread{};  // paths that were not or only partly read this time: what was found in or below them is not gone
  std::string changes{};  // what its commits changed (stored_changes.h), "" when nothing is to be remembered
};

// What decides whether a subject must be examined again. Equal keys: nothing a rule could see has changed.
struct SubjectKey {
  std::string state;   // of the subject's inputs (subject_state.h)
  std::string rules;   // digest of the rule bundle
  std::string known;   // digest of the knowledge database
  std::string engine;  // version of Assay
  friend bool operator==(const SubjectKey&, const SubjectKey&) = default;
};

struct StoredSubject {
  std::int64_t id = 0;
  std::string name;
  SubjectKey key;
  std::int64_t seen_run = 0;      // last run in which it was examined or found unchanged
  std::int64_t examined_run = 0;  // last run in which it was examined; 0: never
  std::string error;              // why the last attempt failed, "" when it did not
};

// The memory of a fleet: one SQLite file in WAL mode. Every subject is replaced in one transaction, so a process killed
// at any moment leaves each subject either as it was or as it became. One writer; readers open their own connection to
// the same file and see whole subjects only. Row contents depend on subjects and results, not on the order or the
// threads they came from.
//
// Evidence tables carry the columns of analyzer/evidence/schema/*.def behind a column `subject_id`. When that schema
// changes with a new version of Assay, the evidence is dropped and every subject examined again; findings keep their
// history.
class Store {
 public:
  // Creates the file when it is not there. An Error when it is no store of Assay's.
  static Result<Store> open(const std::string& path);

  const std::string& path() const { return connection_.path(); }

  // Continues the last run when it was not finished and has the same rules, else starts the next one. `started` is text
  // for people.
  Result<std::int64_t> begin_run(const SubjectKey& rules, std::string_view started, bool& resumed);
  Result<void> finish_run(std::int64_t run);

  // Makes exactly these names the fleet's; others stay stored but are not listed. New names get ids in the given order.
  Result<void> list_subjects(const std::vector<std::string>& names);
  // Listed subjects by name.
  Result<std::map<std::string, StoredSubject>> subjects() const;

  // What the writing of one subject changed.
  struct Change {
    std::size_t fresh = 0;
    std::size_t known = 0;
    std::size_t gone = 0;
  };
  // Replaces evidence and merges findings in one transaction.
  Result<Change> replace(std::int64_t run, const StoredSubject& subject, const SubjectKey& key, SubjectResult& result);
  // The subject is as it was: its findings are known now.
  Result<void> confirm(std::int64_t run, const StoredSubject& subject);
  // The attempt failed: evidence and findings of before are kept, and the subject is tried again next time.
  Result<void> record_failure(std::int64_t run, const StoredSubject& subject, const Error& error);

  // Findings of listed subjects that stand, and those that went away in their subject's last run; by subject, path,
  // line, rule.
  Result<std::vector<StoredFinding>> findings() const;

  // Writes what is remembered of one subject as a database with evidence tables: the schema `past` of its rules. The
  // file must not exist. Opens its own connection, so workers may call it while the writer writes.
  static Result<void> write_past(const std::string& store_path, const std::string& subject, const std::string& file);

  const Connection& connection() const { return connection_; }

 private:
  explicit Store(Connection connection) : connection_(std::move(connection)) {}
  Result<void> make_tables();
  Result<void> copy_evidence(std::int64_t subject, evidence::Database& from);
  Result<Change> merge_findings(std::int64_t run, std::int64_t subject, const SubjectResult& result);
  template <class Body>
  Result<void> transaction(Body&& body);

  Connection connection_;
};

}  // namespace assay::fleet

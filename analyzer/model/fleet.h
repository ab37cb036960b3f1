#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/model/finding.h"

// What a sweep and a hunt over a fleet say: plain values, made by analyzer/fleet and shown by reports.
namespace assay {

// A finding as the fleet remembers it. Runs are numbered from 1.
struct StoredFinding {
  std::string subject;
  Finding finding;                        // values and related places are not kept
  Standing standing = Standing::unknown;  // fresh, known or gone, as of the last run that saw the subject
  std::int64_t first_seen = 0;            // run in which it appeared (again)
  std::int64_t last_seen = 0;             // last run in which it stood
};

struct FailedSubject {
  std::string name;
  std::string reason;
};

struct SweepSummary {
  std::int64_t run = 0;
  bool resumed = false;   // an unfinished run was continued
  bool finished = false;  // false after `stop`
  std::size_t examined = 0;
  std::size_t unchanged = 0;                   // skipped: same inputs, rules and knowledge as last time
  std::size_t done_before = 0;                 // by the run this one continues
  std::vector<FailedSubject> failed;           // sorted by name; kept as they were and tried again next time
  std::size_t fresh = 0, known = 0, gone = 0;  // findings of the subjects examined now
};

// What a hunt says of one subject.
enum class Answer : std::uint8_t { affected, possible, not_examined, excluded, not_seen };  // worst first
std::string_view word(Answer answer);  // "AFFECTED", "POSSIBLE", "NOT EXAMINED", "EXCLUDED", "NOT SEEN"

// Why a subject got its answer: one place in it.
struct Sighting {
  Answer answer = Answer::affected;  // affected, possible or excluded
  std::string indicator;             // as text: "npm axios@1.14.1"
  std::string incident;
  std::string path;        // file, ".git", log
  std::uint32_t line = 0;  // 0: the file as a whole
  std::string found;       // what stands there: "axios 1.14.1 (lockfile)"
  std::string why;         // of `possible`: what keeps it from being certain; of `excluded`: what rules it out
  std::string time{};      // when that ran, as the log writes it; "" when nothing tells
  friend bool operator==(const Sighting&, const Sighting&) = default;
};

struct SubjectAnswer {
  std::string subject;
  Answer answer = Answer::not_seen;
  std::vector<Sighting> sightings;        // affected before possible, then by path and line; at most max_sightings
  std::size_t more_sightings = 0;         // over that
  std::vector<std::string> not_examined;  // which inputs were missing or not read; given with every answer
};

// What a credential lets its holder do, in the order in which it is taken away: what reaches others first.
enum class CredentialPower : std::uint8_t {
  publishes,
  pushes_code,
  runs_elsewhere,
  unknown,
  machine,
  identity,
  job_token
};
std::string_view word(CredentialPower power);  // "publishes", "pushes-code", …

// A credential that a job or run held in which the malicious version ran or may have run.
struct Rotation {
  Answer answer = Answer::affected;  // affected: that very run held it; possible: the run may not have been hit
  CredentialPower power = CredentialPower::unknown;
  std::string subject;
  std::string credential;  // name of the secret, registry, machine or right; never a value
  std::string held_by;     // where it was in reach: "the environment of job release"
  std::string path;
  std::uint32_t line = 0;
  std::string from{};  // times of the first and the last run that held it, "" when the logs do not tell
  std::string until{};
  friend bool operator==(const Rotation&, const Rotation&) = default;
};

struct HuntReport {
  std::vector<SubjectAnswer> subjects;  // every listed subject: worst answer first, then by name
  std::size_t affected = 0, possible = 0, not_examined = 0, excluded = 0, not_seen = 0;
  std::vector<Rotation> rotate_first;  // in the order of the work: certain before possible, then by power
  bool isolate_first = false;          // the incident's code spreads by itself: cut machines off before revoking
};

}  // namespace assay

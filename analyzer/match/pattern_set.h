#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/match/pattern.h"

namespace assay::match {

// One match: which pattern, where in the text (byte offsets), and the first capture (empty when there is none).
struct Match {
  std::uint32_t pattern = 0;
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string_view capture{};
  friend bool operator==(const Match&, const Match&) = default;
};

// What a text is, for the patterns' filters.
struct Subject {
  Language language = Language::none;
  Role roles = Role::none;
  ArtifactKind kind = ArtifactKind::text;
};

// All patterns of all rules in one engine: a literal prefilter (Vectorscan) sees each byte once, RE2 confirms on the
// line of a hit. Immutable after construction and shared between threads; each thread scans with a Scanner of its own.
// Expressions are compiled when a literal of theirs is first seen.
class PatternSet {
 public:
  // Derives literals where they are missing and builds the prefilter. An error names the pattern's rule.
  static Result<PatternSet> build(std::vector<Pattern> patterns);
  // The compiled form, and back: loading costs milliseconds. The bytes must come from serialise() of the same Assay
  // version.
  Result<std::string> serialise() const;
  static Result<PatternSet> load(std::string_view bytes);

  PatternSet(PatternSet&&) noexcept;
  PatternSet& operator=(PatternSet&&) noexcept;
  ~PatternSet();

  const std::vector<Pattern>& patterns() const;

  // The slow twin of Scanner::scan: every admitted pattern on every line. For the agreement test and the bench, and
  // nothing else.
  std::vector<Match> naive(std::string_view text, const Subject& subject) const;

 private:
  friend class Scanner;
  struct Data;
  explicit PatternSet(std::unique_ptr<Data> data);
  std::unique_ptr<Data> data_;
};

// Where the time of scanning went. Times are wall seconds of the thread that scanned.
struct ScanCost {
  struct OfPattern {
    std::uint64_t confirmed = 0;  // lines or texts that RE2 looked at
    double seconds = 0;
  };
  double prefilter_seconds = 0;     // one pass of all literals
  std::vector<OfPattern> patterns;  // by pattern; empty when nothing was measured
  void add(const ScanCost& other);
};

// Scans texts with one PatternSet, which must outlive it. Used by one thread.
class Scanner {
 public:
  explicit Scanner(const PatternSet& set);
  ~Scanner();
  Scanner(Scanner&&) noexcept;

  // All matches, sorted by (begin, end, pattern); `complete` is false when limits::max_matches_per_file cut them.
  // At most limits::max_matches_per_line of one pattern in one line (in one file for Reach::file). The captures view
  // `text`, which is at most 4 GiB long.
  struct Outcome {
    std::vector<Match> matches;
    bool complete = true;
  };
  const Outcome& scan(std::string_view text, const Subject& subject);

  // From now on the cost of every scan is added up; costs a clock reading a confirmation.
  void measure();
  const ScanCost& cost() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace assay::match

#include "analyzer/app/collect.h"

#include <fmt/format.h>
#include <tbb/enumerable_thread_specific.h>
#include <tbb/global_control.h>
#include <tbb/parallel_pipeline.h>

#include <algorithm>
#include <mutex>
#include <optional>
#include <span>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "analyzer/app/open_text.h"
#include "analyzer/app/readers.h"
#include "analyzer/base/digest.h"
#include "analyzer/base/limits.h"
#include "analyzer/base/utf8.h"
#include "analyzer/buildlog/step_files.h"
#include "analyzer/intake/archive.h"
#include "analyzer/intake/recognise.h"
#include "analyzer/pipeline/follow/followed_files.h"

namespace assay::app {
namespace {

constexpr std::size_t entries_at_once = 16;
// So many ranges may be under way: enough that one slow file does not make the others wait, few enough to hold.
constexpr std::size_t ranges_per_thread = 64;

// What one top-level input gave. Most give one artifact without rows.
struct Slot {
  Artifact artifact;
  std::unique_ptr<evidence::Rows> rows;
  std::vector<Slot> members;
};

struct Worker {
  std::optional<match::Scanner> scanner;
  TextBuffers buffers;
};

std::string shown(std::string_view text) {
  if (text.size() > limits::max_line_bytes_shown) text = text.substr(0, limits::max_line_bytes_shown);
  return utf8::repaired(text);
}

class Reading {
 public:
  Reading(const CollectOptions& options, Worker& worker) : options_(options), worker_(worker) {}

  void read_text(Slot& slot, const OpenedText& text, std::size_t depth) {
    Artifact& artifact = slot.artifact;
    const std::string_view bytes = text.bytes;
    artifact.size = text.size;
    const intake::Recognised found = intake::recognise(artifact.path, bytes.substr(0, 8192));
    artifact.kind = found.kind;
    artifact.language = found.language;
    artifact.roles = found.roles;
    if (artifact.kind == ArtifactKind::archive) {
      open_archive(slot, bytes, depth);
      return;
    }
    refine(artifact, bytes);
    evidence::Rows rows(artifact.id);
    const std::optional<buildlog::Transcript> log = transcript(artifact, bytes);
    artifact.outcome.merge(options_.contents_only ? read_content({artifact, bytes}, rows)
                                                  : app::read({artifact, bytes}, rows, options_.c_worker, options_.keys,
                                                              log ? &*log : nullptr));
    if (log && options_.patterns != nullptr)
      match_spoken(artifact, buildlog::spoken(*log), rows);
    else if (artifact.kind != ArtifactKind::binary)
      match_text(artifact, bytes, rows);
    if (rows.lost() > 0)
      artifact.outcome.partly(fmt::format("{} rows above max_rows_per_artifact were left out", rows.lost()));
    if (!rows.empty()) slot.rows = std::make_unique<evidence::Rows>(std::move(rows));
  }

 private:
  void match_spoken(Artifact& artifact, const buildlog::Spoken& log, evidence::Rows& rows) {
    match(artifact, log.text, {Language::none, artifact.roles | Role::log, ArtifactKind::build_log}, rows,
          [&](const match::Match& match) { return log.span(match.begin); });
  }

  void match_text(Artifact& artifact, std::string_view bytes, evidence::Rows& rows) {
    if (options_.patterns == nullptr) return;
    std::optional<LineIndex> lines;
    match(artifact, bytes, {artifact.language, artifact.roles, artifact.kind}, rows, [&](const match::Match& match) {
      if (!lines) lines.emplace(bytes);
      return lines->span(match.begin, match.end);
    });
  }

  template <class Place>
  void match(Artifact& artifact, std::string_view bytes, const match::Subject& subject, evidence::Rows& rows,
             const Place& place) {
    if (bytes.size() > limits::max_text_bytes) {
      artifact.outcome.partly(
          fmt::format("patterns saw only the first {} bytes (max_text_bytes)", limits::max_text_bytes));
      bytes = bytes.substr(0, limits::max_text_bytes);
    }
    if (!worker_.scanner) {
      worker_.scanner.emplace(*options_.patterns);
      if (options_.cost != nullptr) worker_.scanner->measure();
    }
    const match::Scanner::Outcome& outcome = worker_.scanner->scan(bytes, subject);
    if (outcome.matches.empty()) return;
    if (!outcome.complete) artifact.outcome.partly("more pattern matches than max_matches_per_file");
    const std::string role = words(artifact.roles);
    for (const match::Match& match : outcome.matches) {
      const match::Pattern& pattern = options_.patterns->patterns()[match.pattern];
      evidence::SignalRow row;
      row.at = rows.locate(place(match));
      row.rule = pattern.rule;
      row.pattern = pattern.name;
      row.text = shown(bytes.substr(match.begin, match.end - match.begin));
      row.value = shown(match.capture);
      row.path = artifact.path;
      row.language = word(artifact.language);
      row.role = role;
      rows.add(std::move(row));
    }
  }

  void open_archive(Slot& slot, std::string_view bytes, std::size_t depth) {
    if (depth == 0) budget_ = {.packed = bytes.size()};
    if (depth >= limits::max_archive_depth) {
      slot.artifact.outcome.not_at_all(
          fmt::format("archives nested deeper than {} (max_archive_depth) are not opened", limits::max_archive_depth));
      return;
    }
    const std::string name = slot.artifact.path;
    const ArtifactId top = slot.artifact.id >> 16;
    std::vector<Slot> members;
    const ReadOutcome outcome =
        intake::for_each_member(bytes, name, budget_, [&](const std::string& path, std::string_view content) {
          Slot member;
          member.artifact.id = artifact_id(static_cast<std::uint32_t>(top), ++member_number_);
          member.artifact.path = name + "!/" + path;
          std::string transcoded;
          read_text(member, {.bytes = as_utf8(content, transcoded), .size = content.size()}, depth + 1);
          members.push_back(std::move(member));
        });
    slot.artifact.outcome.merge(outcome);
    slot.members = std::move(members);
  }

  const CollectOptions& options_;
  Worker& worker_;
  intake::ArchiveBudget budget_;
  std::uint32_t member_number_ = 0;
};

void flatten(Slot& slot, Collection& into) {
  if (slot.rows != nullptr) into.rows.push_back(std::move(slot.rows));
  into.artifacts.push_back(std::move(slot.artifact));
  for (Slot& member : slot.members) flatten(member, into);
}

void read_entry(const intake::Tree& tree, const intake::Entry& entry, const CollectOptions& options, Worker& worker,
                Slot& slot) {
  slot.artifact.path = options.prefix + entry.path;
  if (entry.type != intake::EntryType::file) {
    slot.artifact.kind = entry.type == intake::EntryType::symlink   ? ArtifactKind::symlink
                         : entry.type == intake::EntryType::special ? ArtifactKind::special
                                                                    : ArtifactKind::unknown;
    slot.artifact.outcome.not_at_all(entry.reason);
    return;
  }
  const Result<OpenedText> text = open_text(tree, entry, worker.buffers);
  if (!text) {
    slot.artifact.outcome.not_at_all(
        text.error().code == ErrorCode::limit ? text.error().message + " (max_document_bytes)" : text.error().message);
    return;
  }
  Reading(options, worker).read_text(slot, *text, 0);
}

// Of an archive of logs, whose artifacts and rows begin at these places.
void drop_repeated_steps(Collection& read, std::size_t first_artifact, std::size_t first_rows) {
  const std::vector<ArtifactId> repeated = buildlog::repeated_step_files(
      std::span(read.artifacts).subspan(first_artifact), std::span(read.rows).subspan(first_rows));
  if (repeated.empty()) return;
  const std::unordered_set<ArtifactId> told(repeated.begin(), repeated.end());
  std::erase_if(read.rows, [&](const auto& rows) { return told.contains(rows->artifact_id()); });
}

// The files of one tree by their path, for definitions whose steps run them. Indexed when the first one is asked for.
class FilesByPath {
 public:
  FilesByPath(const intake::Tree& tree, std::uint32_t first_ordinal) : tree_(tree), first_ordinal_(first_ordinal) {}

  std::optional<pipeline::follow::SubjectFile> read(std::string_view path, intake::Buffer& buffer) const {
    std::call_once(indexed_, [&] {
      for (std::uint32_t i = 0; i < tree_.entries().size(); ++i) numbers_.emplace(tree_.entries()[i].path, i);
    });
    const auto found = numbers_.find(path);
    if (found == numbers_.end()) return {};
    const intake::Entry& entry = tree_.entries()[found->second];
    if (entry.type != intake::EntryType::file || !tree_.read(entry, limits::max_text_bytes, buffer)) return {};
    return pipeline::follow::SubjectFile{.artifact = artifact_id(first_ordinal_ + found->second + 1, 0),
                                         .bytes = std::string(buffer.view())};
  }

 private:
  const intake::Tree& tree_;
  std::uint32_t first_ordinal_;
  mutable std::once_flag indexed_;
  mutable std::unordered_map<std::string_view, std::uint32_t> numbers_;
};

// What the steps of a definition run that lies in the same tree is read for them.
void follow(const FilesByPath& files, const CollectOptions& options, Worker& worker, Slot& slot) {
  if (options.contents_only || slot.rows == nullptr || slot.rows->step.empty() || slot.rows->command.empty()) return;
  slot.artifact.outcome.merge(pipeline::follow::follow_files(
      [&](std::string_view path) { return files.read(path, worker.buffers.file); }, options.prefix, *slot.rows));
}

}  // namespace

void collect(const intake::Tree& tree, const CollectOptions& options, const Sink& sink) {
  const std::vector<intake::Entry>& entries = tree.entries();
  tbb::enumerable_thread_specific<Worker> workers;
  const FilesByPath files(tree, options.first_ordinal);
  std::size_t begun = 0;
  const auto next_range = [&](tbb::flow_control& flow) {
    const std::size_t begin = begun;
    if (begin == entries.size()) flow.stop();
    begun = std::min(begin + entries_at_once, entries.size());
    return std::pair{begin, begun};
  };
  const auto read_range = [&](std::pair<std::size_t, std::size_t> range) {
    Worker& worker = workers.local();
    Collection read;
    for (std::size_t i = range.first; i < range.second; ++i) {
      if (options.wants && !options.wants(entries[i])) continue;
      Slot slot;
      slot.artifact.id = artifact_id(options.first_ordinal + static_cast<std::uint32_t>(i) + 1, 0);
      read_entry(tree, entries[i], options, worker, slot);
      follow(files, options, worker, slot);
      const bool archive = !slot.members.empty();
      const std::size_t first_artifact = read.artifacts.size();
      const std::size_t first_rows = read.rows.size();
      flatten(slot, read);
      if (archive) drop_repeated_steps(read, first_artifact, first_rows);
    }
    if (options.passed) options.passed(range.second - range.first);
    return read;
  };
  const auto hand_over = [&](Collection read) { sink(std::move(read)); };
  const std::size_t threads = tbb::global_control::active_value(tbb::global_control::max_allowed_parallelism);
  tbb::parallel_pipeline(
      threads * ranges_per_thread,
      tbb::make_filter<void, std::pair<std::size_t, std::size_t>>(tbb::filter_mode::serial_in_order, next_range) &
          tbb::make_filter<std::pair<std::size_t, std::size_t>, Collection>(tbb::filter_mode::parallel, read_range) &
          tbb::make_filter<Collection, void>(tbb::filter_mode::serial_in_order, hand_over));
  if (options.cost == nullptr) return;
  for (const Worker& worker : workers) {
    if (worker.scanner) options.cost->add(worker.scanner->cost());
  }
}

}  // namespace assay::app

#include "analyzer/history/history.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>
#include <queue>
#include <set>

#include "analyzer/history/clone.h"
#include "analyzer/history/commit_changes.h"
#include "analyzer/history/commit_walk.h"
#include "analyzer/history/identity.h"
#include "analyzer/history/path_role.h"

namespace assay::history {
namespace {

using evidence::RowId;
using evidence::Rows;
using evidence::Tri;

constexpr std::int64_t seconds_a_day = 86'400;

std::string_view word(FileFate fate) {
  switch (fate) {
    case FileFate::added:
      return "added";
    case FileFate::modified:
      return "modified";
    case FileFate::deleted:
      return "deleted";
    case FileFate::renamed:
      return "renamed";
  }
  return "";
}

// One repository being read: the steps below in order, each filling one kind of row.
class Reader {
 public:
  Reader(Clone clone, const HistoryOptions& options, Rows& rows)
      : clone_(std::move(clone)), options_(options), rows_(rows), at_(rows.whole()) {}

  ReadOutcome read() {
    for (const std::string& gap : clone_.gaps) outcome_.partly(gap);
    walk_ = walk_commits(clone_.store, clone_.tips, clone_.branch_tips, read_shallow(clone_.layout),
                         clone_.facts.partial, options_.max_commits);
    for (const std::string& gap : walk_.gaps) outcome_.partly(gap);
    repository();
    tenure();
    commits();
    identities();
    refs();
    if (walk_.commits.empty() && outcome_.coverage == Coverage::read)
      outcome_.gaps.emplace_back("the repository has no commits yet");
    if (rows_.lost() > 0) outcome_.partly(fmt::format("{} rows over max_rows_per_artifact", rows_.lost()));
    return outcome_;
  }

 private:
  void repository() {
    evidence::RepositoryRow row{.at = at_,
                                .head = clone_.references.head ? hex(*clone_.references.head) : "",
                                .branch = clone_.references.head_branch.starts_with("refs/heads/")
                                              ? clone_.references.head_branch.substr(11)
                                              : "",
                                .remote = clone_.facts.origin,
                                .shallow = evidence::tri(walk_.shallow),
                                .partial = evidence::tri(clone_.facts.partial),
                                .commits = static_cast<std::int64_t>(walk_.commits.size()),
                                .cut = evidence::tri(walk_.cut)};
    for (const WalkedCommit& commit : walk_.commits) {
      const std::int64_t time = commit.text.committer.time;
      row.oldest_time = row.oldest_time == 0 ? time : std::min(row.oldest_time, time);
      row.newest_time = std::max(row.newest_time, time);
    }
    rows_.add(std::move(row));
  }

  struct Seen {
    std::int64_t first = 0;
    std::int64_t commits = 0;
  };

  // Oldest first, by the order of the walk rather than by author time, which anyone may write.
  void tenure() {
    tenure_.resize(walk_.commits.size(), {-1, -1});
    if (walk_.cut) return;
    std::unordered_map<std::string_view, Seen> seen;
    for (std::size_t i = walk_.commits.size(); i-- > 0;) {
      const CommitText& text = walk_.commits[i].text;
      auto [entry, fresh] = seen.try_emplace(text.author.email, Seen{text.committer.time, 0});
      Seen& author = entry->second;
      tenure_[i] = {std::max<std::int64_t>(0, (text.committer.time - author.first) / seconds_a_day), author.commits};
      ++author.commits;
    }
  }

  void commits() {
    std::vector<ComparedCommit> compared(walk_.commits.size());
    if (options_.files) {
      ChangeLedger own;
      Result<std::vector<ComparedCommit>> all =
          compare_commits(clone_.layout, walk_, options_.ledger != nullptr ? *options_.ledger : own);
      if (all)
        compared = std::move(*all);
      else
        outcome_.partly(all.error().message + ": what the commits changed was not examined");
    }
    for (std::size_t i = 0; i < walk_.commits.size(); ++i) add_commit(i, compared[i]);
    say_what_was_not_compared(compared);
  }

  void add_commit(std::size_t number, const ComparedCommit& compared) {
    const WalkedCommit& commit = walk_.commits[number];
    const CommitText& text = commit.text;
    const bool complete = compared.compared == Compared::complete;
    const auto with_role = [&](PathRole role) {
      if (!complete) return std::int64_t{-1};
      return static_cast<std::int64_t>(std::count_if(compared.changes.relevant.begin(), compared.changes.relevant.end(),
                                                     [&](const RelevantFile& file) { return file.role == role; }));
    };
    const RowId id = rows_.add(evidence::GitCommitRow{
        .at = at_,
        .oid = hex(commit.oid),
        .subject = text.subject,
        .author_name = text.author.name,
        .author_email = text.author.email,
        .author_time = text.author.time,
        .author_zone = text.author.zone,
        .committer_name = text.committer.name,
        .committer_email = text.committer.email,
        .committer_time = text.committer.time,
        .committer_zone = text.committer.zone,
        .parents = static_cast<std::int64_t>(text.parents.size()),
        .signature = std::string(text.signature),
        .files = complete ? static_cast<std::int64_t>(compared.changes.files) : -1,
        .ci_files = with_role(PathRole::ci),
        .build_files = with_role(PathRole::build),
        .test_binaries = with_role(PathRole::test_binary),
        .author_tenure_days = tenure_[number].first,
        .author_commits_before = tenure_[number].second,
        .boundary = evidence::tri(commit.boundary),
        .on_branch = on_branch(commit.on_branch),
        .first_parent = text.parents.empty() ? "" : hex(text.parents.front()),
        .mainline = clone_.branch_tips.empty() ? Tri::not_examined : evidence::tri(commit.mainline)});
    for (const RelevantFile& file : compared.changes.relevant) {
      const bool deleted = file.fate == FileFate::deleted;
      rows_.add(evidence::CommitFileRow{.at = at_,
                                        .git_commit_id = id,
                                        .path = file.path,
                                        .change = std::string(word(file.fate)),
                                        .role = std::string(word(file.role)),
                                        .size = static_cast<std::int64_t>(file.size),
                                        .blob = deleted ? "" : hex(file.blob)});
    }
  }

  void say_what_was_not_compared(const std::vector<ComparedCommit>& compared) {
    const auto count = [&](Compared how) {
      return std::count_if(compared.begin(), compared.end(),
                           [&](const ComparedCommit& commit) { return commit.compared == how; });
    };
    if (count(Compared::missing) > 0)
      outcome_.partly("directories of some commits are not in this clone: what those commits changed was not examined");
    if (const auto corrupt = count(Compared::corrupt); corrupt > 0)
      outcome_.partly(
          fmt::format("damaged directory objects in {} commits: what they changed was not examined", corrupt));
    if (const auto incomplete = count(Compared::incomplete); incomplete > 0)
      outcome_.partly(fmt::format(
          "{} commits change more than max_files entries or nest deeper than max_directory_depth", incomplete));
  }

  void identities() {
    struct Sum {
      evidence::CommitIdentityRow row;
      std::set<std::int64_t> zones;
    };
    std::map<std::pair<std::string_view, std::string_view>, Sum> all;
    for (const WalkedCommit& commit : walk_.commits) {
      const Person& author = commit.text.author;
      auto [entry, fresh] = all.try_emplace({author.email, author.name});
      evidence::CommitIdentityRow& row = entry->second.row;
      if (fresh) {
        row = {.at = at_,
               .name = author.name,
               .email = author.email,
               .bot = evidence::tri(claims_to_be_a_bot(author.name, author.email)),
               .first_time = author.time,
               .last_time = author.time};
      }
      ++row.commits;
      row.signed_commits += commit.text.signature == "none" ? 0 : 1;
      row.first_time = std::min(row.first_time, author.time);
      row.last_time = std::max(row.last_time, author.time);
      entry->second.zones.insert(author.zone);
    }
    for (auto& [key, sum] : all) {
      sum.row.zones = static_cast<std::int64_t>(sum.zones.size());
      rows_.add(std::move(sum.row));
    }
  }

  // Without any branch (a detached checkout) or with cut history, "not reachable" would be a guess.
  Tri on_branch(bool reached) const {
    if (reached) return Tri::yes;
    return clone_.branch_tips.empty() || walk_.cut ? Tri::not_examined : Tri::no;
  }

  void refs() {
    for (const ResolvedReference& reference : clone_.resolved) {
      const auto found = walk_.index.find(reference.commit);
      const bool walked = found != walk_.index.end();
      Tri reachable = on_branch(walked && walk_.commits[found->second].on_branch);
      if (!walked && reference.kind != "other") reachable = Tri::not_examined;
      rows_.add(evidence::RefRow{
          .at = at_,
          .name = reference.name,
          .kind = std::string(reference.kind),
          .target = hex(reference.commit),
          .annotated = evidence::tri(reference.annotated),
          .is_signed = reference.annotated ? evidence::tri(reference.tag.signature != "none") : Tri::no,
          .on_branch = reachable,
          .tagger_email = reference.tag.tagger.email,
          .tag_time = reference.tag.tagger.time});
    }
  }

  Clone clone_;
  const HistoryOptions& options_;
  Rows& rows_;
  evidence::LocationId at_;
  ReadOutcome outcome_;
  CommitWalk walk_;
  std::vector<std::pair<std::int64_t, std::int64_t>> tenure_;
};

}  // namespace

ReadOutcome read_history(const std::string& repository_path, const HistoryOptions& options, Rows& rows) {
  Result<Clone> clone = open_clone(repository_path);
  if (!clone) {
    ReadOutcome outcome;
    outcome.not_at_all(clone.error().message);
    return outcome;
  }
  return Reader(std::move(*clone), options, rows).read();
}

}  // namespace assay::history

#include "analyzer/app/gather.h"

#include <fmt/format.h>

#include <utility>

#include "analyzer/app/collect.h"
#include "analyzer/app/progress.h"
#include "analyzer/evidence/loader.h"
#include "analyzer/history/history.h"

namespace assay::app {
namespace {

class Gathering {
 public:
  Gathering(evidence::Database& database, std::string_view schema, const engine::Bundle& bundle,
            const ExamineOptions& options, Progress& progress)
      : loader_(database, schema), bundle_(bundle), options_(options), progress_(progress) {}

  void gather(const Source& source) {
    collect(*source.tree,
            {.patterns = &bundle_.patterns(),
             .wants = options_.wants,
             .c_worker = options_.c_worker,
             .keys = options_.keys,
             .passed = [&](std::size_t inputs) { progress_.passed(inputs); },
             .cost = options_.stats ? &gathered_.matching : nullptr,
             .first_ordinal = ordinal_,
             .prefix = source.prefix,
             .contents_only = source.is_past},
            [&](Collection read) { take(std::move(read)); });
    ordinal_ += static_cast<std::uint32_t>(source.tree->entries().size());
    for (const std::string& gap : source.tree->gaps()) {
      Artifact artifact = next(source.prefix.empty() ? "." : source.prefix, ArtifactKind::unknown);
      artifact.outcome.partly(gap);
      take(std::move(artifact), nullptr);
    }
    if (source.is_past) take_past_contents(source);
    if (!source.repository.empty() && options_.history) take_history(source);
  }

  Result<Gathered> finish() {
    if (!loaded_) return tl::unexpected<Error>(loaded_.error());
    ASSAY_CHECK(loader_.finish());
    return std::move(gathered_);
  }

 private:
  Artifact next(std::string path, ArtifactKind kind) {
    Artifact artifact;
    artifact.id = artifact_id(++ordinal_, 0);
    artifact.path = std::move(path);
    artifact.kind = kind;
    return artifact;
  }

  void take(Collection read) {
    if (loaded_) loaded_ = loader_.add(std::span<const Artifact>(read.artifacts));
    if (loaded_) loaded_ = loader_.add(std::span<const std::unique_ptr<evidence::Rows>>(read.rows));
    for (Artifact& artifact : read.artifacts) {
      gathered_.bytes += artifact.size;
      gathered_.artifacts.push_back(std::move(artifact));
    }
  }

  void take(Artifact artifact, std::unique_ptr<evidence::Rows> rows) {
    Collection one;
    one.artifacts.push_back(std::move(artifact));
    if (rows != nullptr) one.rows.push_back(std::move(rows));
    take(std::move(one));
  }

  // Which commit brought and which removed each past content, under an artifact of its own.
  void take_past_contents(const Source& source) {
    Artifact artifact = next(source.prefix, ArtifactKind::repository);
    auto rows = std::make_unique<evidence::Rows>(artifact.id);
    for (const history::PastContent& content : source.past) {
      rows->add(
          evidence::PastContentRow{.at = rows->whole(),
                                   .path = fmt::format("{}{}/{}", source.prefix, content.brought_by, content.path),
                                   .blob = content.blob,
                                   .brought_by = content.brought_by,
                                   .removed_by = content.removed_by});
    }
    take(std::move(artifact), std::move(rows));
  }

  void take_history(const Source& source) {
    Artifact artifact = next(source.prefix + ".git", ArtifactKind::repository);
    auto rows = std::make_unique<evidence::Rows>(artifact.id);
    artifact.outcome = history::read_history(source.repository, {.ledger = options_.ledger}, *rows);
    take(std::move(artifact), std::move(rows));
  }

  evidence::Loader loader_;
  const engine::Bundle& bundle_;
  const ExamineOptions& options_;
  Progress& progress_;
  Gathered gathered_;
  Result<void> loaded_;
  std::uint32_t ordinal_ = 0;
};

}  // namespace

Result<Gathered> gather_into(evidence::Database& database, std::string_view schema, const Subject& subject,
                             const engine::Bundle& bundle, const ExamineOptions& options) {
  std::size_t entries = 0;
  for (const Source& source : subject.sources) entries += source.tree->entries().size();
  Progress progress(entries, options.progress);
  Gathering gathering(database, schema, bundle, options, progress);
  for (const Source& source : subject.sources) gathering.gather(source);
  return gathering.finish();
}

}  // namespace assay::app

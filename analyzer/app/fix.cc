#include "analyzer/app/fix.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>

#include "analyzer/base/limits.h"
#include "analyzer/formats/text_edits.h"
#include "analyzer/pipeline/mend/mend.h"
#include "reports/answers.h"

namespace assay::app {
namespace {

namespace mend = pipeline::mend;

// Commits of tags and branches out of clones the user keeps.
class Mirror {
 public:
  explicit Mirror(std::string directory) : directory_(std::move(directory)) {}

  std::optional<std::string> commit(std::string_view repository, std::string_view reference) const {
    if (directory_.empty() || repository.find("..") != std::string_view::npos) return {};
    for (const std::string_view end : {".git", "", "/.git"}) {
      const std::string path = fmt::format("{}/{}{}", directory_, repository, end);
      std::error_code error;
      if (!std::filesystem::is_directory(path, error)) continue;
      for (const std::string_view kind : {"refs/tags/", "refs/heads/", "refs/remotes/origin/"}) {
        if (Result<std::string> found = intake::commit_of(path, fmt::format("{}{}", kind, reference))) return *found;
      }
    }
    return {};
  }

 private:
  std::string directory_;
};

std::map<std::string, std::vector<mend::Wish>> wishes_by_file(const Report& report, const engine::Bundle& rules) {
  std::map<std::string, std::vector<mend::Wish>> out;
  for (const Finding& finding : report.findings) {
    const engine::Rule* rule = rules.find(finding.rule);
    if (rule == nullptr || rule->mend.empty() || !finding.suppressions.empty()) continue;
    const auto mendable = finding.values.find("mendable");
    if (mendable != finding.values.end() && mendable->second == "0") continue;
    std::vector<mend::Wish>& wishes = out[finding.at.path];
    const bool known = std::any_of(wishes.begin(), wishes.end(), [&](const mend::Wish& wish) {
      return wish.word == rule->mend && wish.place == finding.at.span.begin;
    });
    if (!known) wishes.push_back({rule->mend, finding.at.span.begin});
  }
  return out;
}

// Replaces the file's content at once: whoever reads it sees the old or the new one.
Result<void> replace(const std::string& path, const std::string& text) {
  struct stat status {};
  if (lstat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode))
    return fail(ErrorCode::io, "not a regular file any more", path);
  const std::string beside = path + ".assay-fix";
  {
    std::ofstream stream(beside, std::ios::binary);
    stream << text;
    if (!stream.flush()) return fail(ErrorCode::io, "cannot be written", beside);
  }
  if (chmod(beside.c_str(), status.st_mode & 07777) != 0 || rename(beside.c_str(), path.c_str()) != 0) {
    unlink(beside.c_str());
    return fail(ErrorCode::io, "cannot be replaced", path);
  }
  return {};
}

class Fixing {
 public:
  explicit Fixing(const CommonOptions& options) : options_(options), mirror_(options.mirror) {}

  Result<void> file(const Source& source, const intake::Entry& entry, const std::string& shown,
                    const std::vector<mend::Wish>& wishes) {
    intake::Buffer buffer;
    ASSAY_CHECK(source.tree->read(entry, limits::max_text_bytes, buffer));
    const std::string before(buffer.view());
    const mend::MendedFile after = mend::mend_file(
        before, wishes,
        [&](std::string_view name, std::string_view reference) { return mirror_.commit(name, reference); });
    for (std::size_t i = 0; i < wishes.size(); ++i) {
      if (after.left[i].empty()) {
        ++mended_;
      } else {
        left_.push_back(fmt::format("{}:{}: {}", shown, wishes[i].place.line, after.left[i]));
      }
    }
    if (after.text == before) return {};
    ++files_;
    if (options_.fix != "apply") {
      const std::string diff = formats::unified_diff(entry.path, before, after.text);
      write_text(isatty(STDOUT_FILENO) != 0 ? reports::visible_lines(diff) : diff);
      return {};
    }
    std::error_code error;
    const bool directory = std::filesystem::is_directory(source.name, error);
    return replace(directory ? source.name + "/" + entry.path : source.name, after.text);
  }

  void tell() const {
    std::string text =
        fmt::format("assay: {} finding{} {} in {} file{}", mended_, mended_ == 1 ? "" : "s",
                    options_.fix == "apply" ? "mended" : "can be mended", files_, files_ == 1 ? "" : "s");
    text += left_.empty() ? "\n" : fmt::format("; {} left:\n", left_.size());
    for (const std::string& line : left_) text += "  " + line + "\n";
    std::fputs(reports::visible_lines(text).c_str(), stderr);
  }

 private:
  const CommonOptions& options_;
  Mirror mirror_;
  std::size_t mended_ = 0;
  std::size_t files_ = 0;
  std::vector<std::string> left_;
};

}  // namespace

int run_fix(const Subject& subject, const Report& report, const engine::Bundle& rules, const CommonOptions& options) {
  const auto wishes = wishes_by_file(report, rules);
  Fixing fixing(options);
  for (const Source& source : subject.sources) {
    if (source.is_past) continue;
    for (const intake::Entry& entry : source.tree->entries()) {
      const auto found = wishes.find(source.prefix + entry.path);
      if (found == wishes.end() || entry.type != intake::EntryType::file) continue;
      if (const Result<void> done = fixing.file(source, entry, found->first, found->second); !done)
        return report_error(done.error());
    }
  }
  fixing.tell();
  return 0;
}

}  // namespace assay::app

#include "analyzer/history/scripted_repository.h"

#include <fmt/format.h>
#include <git2.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <memory>

namespace assay::history {
namespace {

constexpr std::int64_t first_time = 1'704'110'400;  // 2024-01-01T12:00:00Z
constexpr std::int64_t day = 86'400;

template <class Type, void (*Free)(Type*)>
struct Release {
  void operator()(Type* value) const { Free(value); }
};
using RepositoryPointer = std::unique_ptr<git_repository, Release<git_repository, git_repository_free>>;
using IndexPointer = std::unique_ptr<git_index, Release<git_index, git_index_free>>;
using OdbPointer = std::unique_ptr<git_odb, Release<git_odb, git_odb_free>>;

tl::unexpected<Error> git_failure(std::string_view doing) {
  const git_error* error = git_error_last();
  return fail(ErrorCode::io, fmt::format("{}: {}", doing, error != nullptr ? error->message : "unknown"));
}

struct Moment {
  std::int64_t time = 0;
  std::string zone = "+0000";
};

// RFC 3339, days counted by the civil calendar.
Result<Moment> parse_moment(std::string_view text) {
  const auto bad = [&] {
    return fail(ErrorCode::syntax, fmt::format("'{}' is not a time like 2024-03-01T10:00:00+08:00", text));
  };
  std::array<int, 6> part{};
  constexpr std::array<std::pair<std::size_t, std::size_t>, 6> places = {
      {{0, 4}, {5, 2}, {8, 2}, {11, 2}, {14, 2}, {17, 2}}};
  if (text.size() < 20 || text[4] != '-' || text[7] != '-' || (text[10] != 'T' && text[10] != ' ') || text[13] != ':' ||
      text[16] != ':')
    return bad();
  for (std::size_t i = 0; i < part.size(); ++i) {
    const char* begin = text.data() + places[i].first;
    if (std::from_chars(begin, begin + places[i].second, part[i]).ptr != begin + places[i].second) return bad();
  }
  const std::string_view zone = text.substr(19);
  int minutes = 0;
  if (zone != "Z") {
    int hours = 0;
    if (zone.size() != 6 || (zone[0] != '+' && zone[0] != '-') || zone[3] != ':' ||
        std::from_chars(zone.data() + 1, zone.data() + 3, hours).ptr != zone.data() + 3 ||
        std::from_chars(zone.data() + 4, zone.data() + 6, minutes).ptr != zone.data() + 6) {
      return bad();
    }
    minutes = (hours * 60 + minutes) * (zone[0] == '-' ? -1 : 1);
  }
  const std::int64_t year = part[1] <= 2 ? part[0] - 1 : part[0];
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  const std::int64_t year_of_era = year - era * 400;
  const std::int64_t day_of_year = (153 * (part[1] + (part[1] > 2 ? -3 : 9)) + 2) / 5 + part[2] - 1;
  const std::int64_t days =
      era * 146'097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719'468;
  const int shown = minutes < 0 ? -minutes : minutes;
  return Moment{days * day + part[3] * 3600 + part[4] * 60 + part[5] - minutes * 60,
                fmt::format("{}{:02}{:02}", minutes < 0 ? '-' : '+', shown / 60, shown % 60)};
}

// Inert: the shape of a signature with nothing signed in it.
std::string_view armour_name(std::string_view kind) {
  if (kind == "openpgp") return "PGP SIGNATURE";
  if (kind == "x509") return "SIGNED MESSAGE";
  return "SSH SIGNATURE";
}

std::string signature_header(std::string_view kind) {
  return fmt::format("gpgsig -----BEGIN {0}-----\n bm90IGEgc2lnbmF0dXJl\n -----END {0}-----\n", armour_name(kind));
}

std::string signature_block(std::string_view kind) {
  return fmt::format("-----BEGIN {0}-----\nbm90IGEgc2lnbmF0dXJl\n-----END {0}-----\n", armour_name(kind));
}

class Builder {
 public:
  Result<void> open(const std::string& directory) {
    git_libgit2_init();
    git_repository* repository = nullptr;
    git_repository_init_options options = GIT_REPOSITORY_INIT_OPTIONS_INIT;
    options.flags = GIT_REPOSITORY_INIT_MKPATH | GIT_REPOSITORY_INIT_NO_REINIT;
    options.initial_head = "main";
    if (git_repository_init_ext(&repository, directory.c_str(), &options) != 0)
      return git_failure("making the repository");
    repository_.reset(repository);
    git_odb* odb = nullptr;
    if (git_repository_odb(&odb, repository) != 0) return git_failure("opening its objects");
    odb_.reset(odb);
    return {};
  }

  Result<void> add(const ScriptedCommit& commit) {
    ASSAY_CHECK(one(commit, commit.files, commit.message));
    ScriptedCommit later = commit;
    later.tags.clear();
    later.on.clear();
    later.merges.clear();
    later.author_time.clear();
    later.committer_time.clear();
    for (int i = 1; i < commit.times; ++i) ASSAY_CHECK(one(later, {}, fmt::format("{} {}", commit.message, i + 1)));
    if (commit.times > 1) {
      for (const std::string& tag : commit.tags) ASSAY_CHECK(reference("refs/tags/" + tag, last_));
    }
    return {};
  }

 private:
  Result<git_oid> find(const std::string& name) const {
    if (const auto found = references_.find("refs/heads/" + name); found != references_.end()) return found->second;
    if (const auto found = references_.find("refs/tags/" + name); found != references_.end()) return found->second;
    return fail(ErrorCode::syntax, fmt::format("there is no branch or tag '{}' yet", name));
  }

  Result<git_oid> tree_of(const std::map<std::string, std::string>& files) {
    git_index* made = nullptr;
    if (git_index_new(&made) != 0) return git_failure("making an index");
    const IndexPointer index(made);
    for (const auto& [path, content] : files) {
      git_index_entry entry{};
      entry.mode = GIT_FILEMODE_BLOB;
      entry.path = path.c_str();
      if (git_odb_write(&entry.id, odb_.get(), content.data(), content.size(), GIT_OBJECT_BLOB) != 0 ||
          git_index_add(index.get(), &entry) != 0) {
        return git_failure("adding " + path);
      }
    }
    git_oid tree{};
    if (git_index_write_tree_to(&tree, index.get(), repository_.get()) != 0) return git_failure("writing the tree");
    return tree;
  }

  Result<void> reference(const std::string& name, const git_oid& oid) {
    git_reference* made = nullptr;
    if (git_reference_create(&made, repository_.get(), name.c_str(), &oid, 1, nullptr) != 0)
      return git_failure("making " + name);
    git_reference_free(made);
    return {};
  }

  Result<void> one(const ScriptedCommit& commit, const std::map<std::string, std::optional<std::string>>& changes,
                   const std::string& message) {
    std::vector<git_oid> parents;
    if (!commit.on.empty()) {
      ASSAY_TRY(const git_oid base, find(commit.on));
      parents.push_back(base);
    } else if (const auto tip = references_.find("refs/heads/" + commit.branch); tip != references_.end()) {
      parents.push_back(tip->second);
    } else if (any_) {
      parents.push_back(last_);
    }
    std::map<std::string, std::string> files;
    if (!parents.empty()) files = trees_[id_text(parents.front())];
    if (!commit.merges.empty()) {
      ASSAY_TRY(const git_oid other, find(commit.merges));
      parents.push_back(other);
      for (const auto& entry : trees_[id_text(other)]) files.insert(entry);
    }
    for (const auto& [path, content] : changes) {
      if (content) {
        files[path] = *content;
      } else {
        files.erase(path);
      }
    }
    Moment authored{any_ ? last_time_ + day : first_time, "+0000"};
    if (!commit.author_time.empty()) {
      ASSAY_TRY(authored, parse_moment(commit.author_time));
    }
    Moment committed = authored;
    if (!commit.committer_time.empty()) {
      ASSAY_TRY(committed, parse_moment(commit.committer_time));
    }
    ASSAY_TRY(const git_oid tree, tree_of(files));
    std::string text = fmt::format("tree {}\n", id_text(tree));
    for (const git_oid& parent : parents) text += fmt::format("parent {}\n", id_text(parent));
    const std::string& committer = commit.committer.empty() ? commit.author : commit.committer;
    text += fmt::format("author {} {} {}\n", commit.author, authored.time, authored.zone);
    text += fmt::format("committer {} {} {}\n", committer, committed.time, committed.zone);
    if (!commit.signature.empty()) text += signature_header(commit.signature);
    text += "\n" + message + "\n";
    if (git_odb_write(&last_, odb_.get(), text.data(), text.size(), GIT_OBJECT_COMMIT) != 0)
      return git_failure("writing the commit");
    any_ = true;
    last_time_ = committed.time;
    trees_[id_text(last_)] = std::move(files);
    if (commit.branch != "none") {
      references_["refs/heads/" + commit.branch] = last_;
      ASSAY_CHECK(reference("refs/heads/" + commit.branch, last_));
    }
    for (const std::string& tag : commit.tags) {
      git_oid target = last_;
      if (commit.annotated) {
        std::string object = fmt::format("object {}\ntype commit\ntag {}\ntagger {} {} {}\n\n{}\n", id_text(last_), tag,
                                         committer, committed.time, committed.zone, tag);
        if (!commit.signature.empty()) object += signature_block(commit.signature);
        if (git_odb_write(&target, odb_.get(), object.data(), object.size(), GIT_OBJECT_TAG) != 0)
          return git_failure("writing the tag");
      }
      references_["refs/tags/" + tag] = last_;
      ASSAY_CHECK(reference("refs/tags/" + tag, target));
    }
    return {};
  }

  static std::string id_text(const git_oid& oid) {
    std::string out(GIT_OID_HEXSZ, '\0');
    git_oid_fmt(out.data(), &oid);
    return out;
  }

  RepositoryPointer repository_;
  OdbPointer odb_;
  std::map<std::string, git_oid> references_;
  std::map<std::string, std::map<std::string, std::string>> trees_;  // files of each commit made so far
  git_oid last_{};
  bool any_ = false;
  std::int64_t last_time_ = 0;
};

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const std::size_t end = text.find_first_of(" ,");
    if (end != 0) out.emplace_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return out;
}

bool is_yes(std::string_view text) {
  return text == "yes" || text == "true";
}

Result<void> set_field(ScriptedCommit& commit, std::string_view name, const std::string& value) {
  static const std::map<std::string_view, std::string ScriptedCommit::*> texts = {
      {"author", &ScriptedCommit::author},
      {"committer", &ScriptedCommit::committer},
      {"author_time", &ScriptedCommit::author_time},
      {"message", &ScriptedCommit::message},
      {"committer_time", &ScriptedCommit::committer_time},
      {"branch", &ScriptedCommit::branch},
      {"on", &ScriptedCommit::on},
      {"merges", &ScriptedCommit::merges}};
  if (const auto text = texts.find(name); text != texts.end()) {
    commit.*(text->second) = value;
  } else if (name == "signed") {
    if (value == "no" || value == "false") return {};
    if (!is_yes(value) && value != "ssh" && value != "openpgp" && value != "x509") {
      return fail(ErrorCode::syntax, "`signed` is no, yes, ssh, openpgp or x509");
    }
    commit.signature = value;
  } else if (name == "annotated") {
    commit.annotated = is_yes(value);
  } else if (name == "times") {
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), commit.times);
    if (error != std::errc{} || *end != '\0' || commit.times < 1 || commit.times > 1000) {
      return fail(ErrorCode::syntax, "`times` is a number from 1 to 1000");
    }
  } else if (name == "tag" || name == "tags") {
    commit.tags = words_of(value);
  } else if (name == "delete") {
    for (const std::string& path : words_of(value)) commit.files[path] = std::nullopt;
  } else {
    return fail(ErrorCode::syntax, fmt::format("a commit has no key `{}`", name));
  }
  return {};
}

}  // namespace

Result<void> build_repository(const std::string& directory, const std::vector<ScriptedCommit>& script) {
  Builder builder;
  ASSAY_CHECK(builder.open(directory));
  for (std::size_t i = 0; i < script.size(); ++i) {
    if (auto made = builder.add(script[i]); !made) {
      Error error = std::move(made).error();
      error.where = fmt::format("commit {}", i + 1);
      return tl::unexpected<Error>(std::move(error));
    }
  }
  return {};
}

Result<ScriptedCommit> scripted_commit(const std::map<std::string, std::string>& fields,
                                       const std::map<std::string, std::string>& files) {
  ScriptedCommit out;
  for (const auto& [name, value] : fields) ASSAY_CHECK(set_field(out, name, value));
  for (const auto& [path, content] : files) out.files[path] = content;
  return out;
}

}  // namespace assay::history

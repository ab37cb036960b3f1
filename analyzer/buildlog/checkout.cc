#include "analyzer/buildlog/checkout.h"

#include <algorithm>
#include <array>

namespace assay::buildlog {
namespace {

bool hex(std::string_view text, std::size_t least) {
  return text.size() >= least && text.size() <= 64 &&
         std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
         c == '.' || c == '/' || c == '+';
}

std::string_view unquoted(std::string_view word) {
  while (!word.empty() && (word.front() == '"' || word.front() == '\'')) word.remove_prefix(1);
  while (!word.empty() && (word.back() == '"' || word.back() == '\'')) word.remove_suffix(1);
  return word;
}

std::string_view kind_of(std::string_view ref) {
  if (ref.starts_with("refs/pull/") || ref.starts_with("refs/merge-requests/") ||
      ref.starts_with("refs/pull-requests/"))
    return "pull-request";
  if (ref.starts_with("refs/heads/")) return "branch";
  if (ref.starts_with("refs/tags/")) return "tag";
  return "commit";
}

// "+COMMIT:refs/remotes/pull/7/merge", "refs/pull/7/head", "pull/7/head:local", "refs/heads/main:refs/…".
void refspec(const Line& line, std::string_view word, Journal& journal) {
  std::string_view source = unquoted(word);
  take(source, "+");
  const std::size_t colon = source.find(':');
  const std::string_view target = colon == std::string_view::npos ? std::string_view{} : source.substr(colon + 1);
  source = source.substr(0, colon);
  if (source.find('*') != std::string_view::npos) return;
  if (hex(source, 40)) {
    checked_out(line, word, target, source, journal);
  } else if (source.starts_with("refs/") || source.starts_with("pull/") || source.starts_with("merge-requests/")) {
    checked_out(line, word, source, {}, journal);
  }
}

// "https://github.com/owner/name" of another owner than the job's own repository of that name.
void from_fork(const Line& line, std::string_view address, Journal& journal) {
  const std::string own = journal.has_run() ? journal.run().repository : std::string();
  const std::size_t slash = own.find('/');
  if (slash == std::string::npos) return;
  std::string name = lower(address);
  while (name.ends_with('/')) name.pop_back();
  if (name.ends_with(".git")) name.resize(name.size() - 4);
  const std::size_t last = name.rfind('/');
  const std::size_t owner = last == std::string::npos || last == 0 ? std::string::npos : name.rfind('/', last - 1);
  if (owner == std::string::npos || name.substr(last) != own.substr(slash)) return;
  name.erase(0, owner + 1);
  if (name == own) return;
  journal.event_once(line, address,
                     {.kind = "checked-out", .name = std::move(name), .version = "fork", .value = shown(address)});
}

}  // namespace

std::string full_ref(std::string_view ref) {
  ref = unquoted(ref);
  bool remote = false;
  while (take(ref, "refs/remotes/") || take(ref, "remotes/")) remote = true;
  if (ref.empty() || ref.size() > 300 || !std::all_of(ref.begin(), ref.end(), name_character)) return {};
  if (ref.starts_with("refs/")) return std::string(ref);
  for (const std::string_view request : {"pull/", "merge-requests/", "pull-requests/"}) {
    if (ref.starts_with(request) && ref.size() > request.size() && ref[request.size()] >= '0' &&
        ref[request.size()] <= '9')
      return "refs/" + std::string(ref);
  }
  if (ref.starts_with("tags/")) return "refs/" + std::string(ref);
  const bool origin = take(ref, "origin/");
  if (ref.empty() || ref == "HEAD" || (!remote && !origin)) return {};
  return "refs/heads/" + std::string(ref);
}

void checked_out(const Line& line, std::string_view part, std::string_view ref, std::string_view commit,
                 Journal& journal) {
  std::string name = full_ref(ref);
  if (name.empty() && commit.empty()) return;
  const std::string_view kind = kind_of(name);
  if (!commit.empty()) {
    journal.memory().checked_out = std::string(commit);
    journal.memory().checked_out_ref = name;
  } else if (name == journal.memory().checked_out_ref) {
    return;  // already told with its commit
  }
  journal.event_once(
      line, part,
      {.kind = "checked-out", .name = std::move(name), .version = std::string(kind), .value = std::string(commit)});
}

void read_git_command(const Line& line, std::string_view command, Journal& journal) {
  std::string_view rest = command;
  bool git = false;
  std::string_view verb;
  std::string_view before;
  for (int words = 0; words < 60; ++words) {
    const std::string_view word = take_word(rest);
    if (word.empty()) return;
    const std::string_view last = word.substr(word.rfind('/') + 1);
    if (verb.empty()) {
      if (!git && (last == "git" || last == "git.exe" || last == "gh"))
        git = true;
      else if (git && (word == "-c" || word == "-C"))
        take_word(rest);
      else if (git && !word.starts_with('-'))
        verb = word;
    } else if (verb == "fetch") {
      if (!word.starts_with('-')) refspec(line, word, journal);
    } else if (verb == "checkout") {
      if (hex(unquoted(word), 40))
        checked_out(line, word, {}, unquoted(word), journal);
      else if (!word.starts_with('-'))
        checked_out(line, word, word, {}, journal);
    } else if (verb == "remote") {
      if (word.find("://") != std::string_view::npos) return from_fork(line, unquoted(word), journal);
    } else if (verb == "pr" && before == "checkout" && !word.starts_with('-')) {
      const std::string_view number = unquoted(word);
      if (!number.empty() && std::all_of(number.begin(), number.end(), [](char c) { return c >= '0' && c <= '9'; }))
        checked_out(line, word, "refs/pull/" + std::string(number) + "/head", {}, journal);
      return;
    } else if (verb != "pr") {
      return;
    }
    before = word;
  }
}

void read_head(const Line& line, std::string_view rest, Journal& journal) {
  std::string_view commit = take_word(rest);
  while (!commit.empty() && commit.back() == '.') commit.remove_suffix(1);
  if (!hex(commit, 7) || journal.memory().checked_out.starts_with(commit)) return;
  checked_out(line, commit, {}, commit, journal);
}

}  // namespace assay::buildlog

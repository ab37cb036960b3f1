#include "analyzer/history/commit_text.h"

#include <algorithm>
#include <charconv>

#include "analyzer/base/limits.h"
#include "analyzer/base/utf8.h"

namespace assay::history {
namespace {

constexpr std::int64_t largest_time = std::int64_t{1} << 53;
constexpr std::size_t max_parents = 1024;
constexpr std::size_t max_name_bytes = 1024;

std::string_view take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return line;
}

bool take_id(std::string_view text, git_oid& out) {
  return text.size() >= GIT_OID_HEXSZ && git_oid_fromstrn(&out, text.data(), GIT_OID_HEXSZ) == 0;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

SignatureKind kind_of(std::string_view armour) {
  if (armour.starts_with("-----BEGIN PGP ")) return "openpgp";
  if (armour.starts_with("-----BEGIN SSH ")) return "ssh";
  if (armour.starts_with("-----BEGIN SIGNED MESSAGE")) return "x509";
  return "other";
}

std::string first_line(std::string_view message) {
  while (!message.empty() && message.front() == '\n') message.remove_prefix(1);
  return utf8::repaired(take_line(message).substr(0, limits::max_line_bytes_shown));
}

}  // namespace

Person read_person(std::string_view line) {
  Person out;
  const std::size_t close = line.rfind('>');
  const std::size_t open = close == std::string_view::npos ? std::string_view::npos : line.rfind('<', close);
  if (open == std::string_view::npos) {
    out.name = utf8::repaired(trimmed(line.substr(0, max_name_bytes)));
    return out;
  }
  out.name = utf8::repaired(trimmed(line.substr(0, std::min(open, max_name_bytes))));
  out.email = utf8::repaired(trimmed(line.substr(open + 1, std::min(close - open - 1, max_name_bytes))));
  for (char& c : out.email) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  std::string_view rest = trimmed(line.substr(close + 1));
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), out.time);
  if (error != std::errc{}) out.time = 0;
  out.time = std::clamp(out.time, -largest_time, largest_time);
  rest = trimmed(rest.substr(static_cast<std::size_t>(end - rest.data())));
  int zone = 0;
  if (rest.size() >= 5 && (rest[0] == '+' || rest[0] == '-') &&
      std::from_chars(rest.data() + 1, rest.data() + 5, zone).ptr == rest.data() + 5) {
    out.zone = std::int64_t{zone / 100 * 60 + zone % 100} * (rest[0] == '-' ? -1 : 1);
  }
  return out;
}

CommitText read_commit(std::string_view bytes) {
  CommitText out;
  bool tree = false;
  bool author = false;
  bool committer = false;
  while (!bytes.empty() && bytes.front() != '\n') {
    const std::string_view line = take_line(bytes);
    if (line.starts_with("tree ") && !tree) {
      tree = take_id(line.substr(5), out.tree);
    } else if (line.starts_with("parent ") && out.parents.size() < max_parents) {
      git_oid parent{};
      if (take_id(line.substr(7), parent)) out.parents.push_back(parent);
    } else if (line.starts_with("author ") && !author) {
      out.author = read_person(line.substr(7));
      author = true;
    } else if (line.starts_with("committer ") && !committer) {
      out.committer = read_person(line.substr(10));
      committer = true;
    } else if (line.starts_with("gpgsig ")) {
      out.signature = kind_of(line.substr(7));
    } else if (line.starts_with("gpgsig-sha256 ") && out.signature == "none") {
      out.signature = kind_of(line.substr(14));
    }
  }
  out.subject = first_line(bytes);
  out.well_formed = tree && author && committer;
  return out;
}

TagText read_tag(std::string_view bytes) {
  TagText out;
  while (!bytes.empty() && bytes.front() != '\n') {
    const std::string_view line = take_line(bytes);
    if (line.starts_with("object ") && !out.well_formed) out.well_formed = take_id(line.substr(7), out.target);
    if (line.starts_with("tagger ")) out.tagger = read_person(line.substr(7));
    if (line.starts_with("gpgsig ")) out.signature = kind_of(line.substr(7));
  }
  // A tag's signature stands at the end of its message, at the start of a line.
  if (const std::size_t armour = bytes.rfind("\n-----BEGIN "); armour != std::string_view::npos) {
    out.signature = kind_of(bytes.substr(armour + 1));
  }
  return out;
}

}  // namespace assay::history

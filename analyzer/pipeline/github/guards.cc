#include "analyzer/pipeline/github/guards.h"

#include <algorithm>

#include "analyzer/base/limits.h"
#include "analyzer/pipeline/github/triggers.h"

namespace assay::pipeline::github {
namespace {

using evidence::Tri;

constexpr int max_depth = 30;

bool holds(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

// Lower case and without blanks outside quotes.
std::string compact(std::string_view text) {
  std::string out;
  bool quoted = false;
  for (const char c : text) {
    if (c == '\'') quoted = !quoted;
    const bool blank = c == ' ' || c == '\t' || c == '\r' || c == '\n';
    if (blank && !quoted) continue;
    out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return out;
}

// The parts between `sign` outside parentheses and quotes.
std::vector<std::string_view> split(std::string_view text, std::string_view sign) {
  std::vector<std::string_view> out;
  int depth = 0;
  bool quoted = false;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\'') quoted = !quoted;
    if (quoted) continue;
    if (text[i] == '(' || text[i] == '[') ++depth;
    if (text[i] == ')' || text[i] == ']') --depth;
    if (depth != 0 || text.compare(i, sign.size(), sign) != 0) continue;
    out.push_back(text.substr(begin, i - begin));
    begin = i + sign.size();
    ++i;
  }
  out.push_back(text.substr(begin));
  return out;
}

// Whether the first parenthesis closes with the last byte.
bool is_enclosed(std::string_view text) {
  if (text.size() < 2 || text.front() != '(' || text.back() != ')') return false;
  int depth = 0;
  bool quoted = false;
  for (std::size_t i = 0; i + 1 < text.size(); ++i) {
    if (text[i] == '\'') quoted = !quoted;
    if (quoted) continue;
    if (text[i] == '(') ++depth;
    if (text[i] == ')' && --depth == 0) return false;
  }
  return depth == 1;
}

// The literal x of `field=='x'` or `'x'==field`, with the sign asked for; nothing otherwise.
bool compares(std::string_view part, std::string_view field, std::string_view sign, std::string& literal) {
  const std::size_t at = part.find(sign);
  if (at == std::string_view::npos) return false;
  std::string_view left = part.substr(0, at);
  std::string_view right = part.substr(at + sign.size());
  if (right == field) std::swap(left, right);
  if (left != field || right.size() < 2 || right.front() != '\'' || right.back() != '\'') return false;
  literal = right.substr(1, right.size() - 2);
  return true;
}

class Reader {
 public:
  explicit Reader(const std::vector<std::string>& events) : events_(events) {}

  Guard either(std::string_view text, int depth) const {
    if (depth > max_depth) return {};
    if (is_enclosed(text)) return either(text.substr(1, text.size() - 2), depth + 1);
    Guard all{true, true};
    for (const std::string_view part : split(text, "||")) {
      Guard one;
      for (const std::string_view factor : split(part, "&&")) {
        const Guard guard = split(part, "&&").size() == 1 ? leaf(factor, depth) : either(factor, depth + 1);
        one.outsiders = one.outsiders || guard.outsiders;
        one.rights = one.rights || guard.rights;
      }
      all.outsiders = all.outsiders && one.outsiders;
      all.rights = all.rights && one.rights;
    }
    all.rights = all.rights || all.outsiders;
    return all;
  }

 private:
  bool lets_in(std::string_view event, bool only_with_rights) const {
    const EventTrust trust = trust_of(event, {});
    return trust.outsider == Tri::yes && (!only_with_rights || trust.privileged == Tri::yes);
  }

  // None of the events but `except` lets outsiders in.
  bool none_but(std::string_view except, bool only_with_rights) const {
    return std::none_of(events_.begin(), events_.end(),
                        [&](const std::string& event) { return event != except && lets_in(event, only_with_rights); });
  }

  Guard leaf(std::string_view part, int depth) const {
    if (is_enclosed(part)) return either(part.substr(1, part.size() - 2), depth + 1);
    constexpr Guard both{true, true};
    const bool negated = part.starts_with('!') && !part.starts_with("!=");
    if (negated) part.remove_prefix(1);
    if (holds(part, "head.repo.fork")) {
      const bool is_no = part.ends_with("==false") || part.ends_with("!=true") || part.ends_with("==''");
      return negated != is_no ? both : Guard{};
    }
    if (negated) return {};
    if (holds(part, "author_association")) return holds(part, "!=") || holds(part, "'none'") ? Guard{} : both;
    if (holds(part, "pull_request.merged")) return holds(part, "==false") || holds(part, "!=true") ? Guard{} : both;
    if (holds(part, ".labels.*.name") && part.starts_with("contains(")) return both;
    if (part.starts_with("github.event.label.name==")) return both;
    if (same_repository(part)) return both;
    if (by_name(part)) return both;
    if (part.starts_with("contains(fromjson(") && holds(part, "actor") && !holds(part, "[bot]")) return both;
    return by_event(part);
  }

  static bool same_repository(std::string_view part) {
    const std::size_t at = part.find("==");
    if (at == std::string_view::npos) return false;
    std::string_view left = part.substr(0, at);
    std::string_view right = part.substr(at + 2);
    for (int i = 0; i < 2; ++i, std::swap(left, right)) {
      const bool own = right.starts_with("github.repository") || right.starts_with("github.event.repository") ||
                       right.starts_with("github.event.pull_request.base.repo") ||
                       right.starts_with("github.event.workflow_run.repository") || right.starts_with('\'');
      const bool head = holds(left, "head.repo.full_name") || holds(left, "head.repo.id") ||
                        holds(left, "head.repo.owner.login") || holds(left, "head_repository.full_name") ||
                        holds(left, "head_repository.owner.login") || holds(left, "head.user.login");
      if (own && head) return true;
    }
    return false;
  }

  static bool by_name(std::string_view part) {
    std::string name;
    for (const std::string_view author : {"github.event.pull_request.user.login", "github.event.issue.user.login",
                                          "github.event.comment.user.login", "github.event.review.user.login"}) {
      if (compares(part, author, "==", name)) return !name.empty();
    }
    for (const std::string_view actor : {"github.actor", "github.triggering_actor", "github.event.sender.login",
                                         "github.event.workflow_run.actor.login"}) {
      if (compares(part, actor, "==", name)) return !name.empty() && !holds(name, "[bot]");
    }
    return false;
  }

  Guard by_event(std::string_view part) const {
    std::string name;
    if (compares(part, "github.event_name", "==", name)) return {!lets_in(name, false), !lets_in(name, true)};
    if (compares(part, "github.event_name", "!=", name)) return {none_but(name, false), none_but(name, true)};
    if (compares(part, "github.event.workflow_run.event", "==", name))
      return {!lets_in(name, false), !lets_in(name, false)};
    if (compares(part, "github.event.workflow_run.event", "!=", name)) {
      const bool requests = name == "pull_request" || name == "pull_request_target";
      return {requests, requests};
    }
    // A pull request's own run stands on refs/pull/N/merge; other events of outsiders stand on a branch.
    const bool branch = compares(part, "github.ref", "==", name) || compares(part, "github.ref_name", "==", name) ||
                        part.starts_with("startswith(github.ref,'refs/tags") ||
                        part.starts_with("startswith(github.ref,'refs/heads") || part == "github.ref_type=='tag'";
    if (branch && !holds(name, "pull/")) return {none_but("pull_request", false), none_but("pull_request", true)};
    return {};
  }

  const std::vector<std::string>& events_;
};

}  // namespace

Guard guard_of(std::string_view condition, const std::vector<std::string>& events) {
  if (condition.size() > limits::max_expression_bytes) return {};
  std::string text = compact(condition);
  if (text.starts_with("${{") && text.ends_with("}}")) text = text.substr(3, text.size() - 5);
  if (text.empty() || holds(text, "${{")) return {};
  return Reader(events).either(text, 0);
}

}  // namespace assay::pipeline::github

#include "analyzer/pipeline/github/triggers.h"

#include <algorithm>
#include <initializer_list>

namespace assay::pipeline::github {
namespace {

bool in(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool maintainers_only(const std::vector<std::string>& types) {
  return !types.empty() && std::all_of(types.begin(), types.end(), [](const std::string& type) {
    return in(type, {"labeled", "unlabeled", "assigned", "unassigned", "milestoned", "demilestoned", "locked",
                     "unlocked", "pinned", "unpinned", "transferred", "answered", "category_changed",
                     "review_requested", "auto_merge_enabled", "enqueued"});
  });
}

}  // namespace

EventTrust trust_of(std::string_view event, const std::vector<std::string>& types) {
  using evidence::Tri;
  EventTrust trust;
  if (in(event, {"pull_request", "pull_request_review", "pull_request_review_comment"})) {
    trust = {Tri::yes, Tri::no};
  } else if (in(event, {"pull_request_target", "issues", "issue_comment", "discussion", "discussion_comment", "fork",
                        "watch", "gollum", "workflow_run", "commit_comment"})) {
    trust = {Tri::yes, Tri::yes};
  } else if (in(event, {"push",
                        "schedule",
                        "workflow_dispatch",
                        "repository_dispatch",
                        "release",
                        "create",
                        "delete",
                        "deployment",
                        "deployment_status",
                        "label",
                        "milestone",
                        "page_build",
                        "registry_package",
                        "merge_group",
                        "branch_protection_rule",
                        "check_run",
                        "check_suite",
                        "status",
                        "public",
                        "project",
                        "project_card",
                        "project_column",
                        "image_version"})) {
    trust = {Tri::no, Tri::yes};
  }
  if (trust.outsider == Tri::yes && maintainers_only(types)) trust.outsider = Tri::no;
  return trust;
}

bool delivers(std::string_view event, std::string_view object) {
  if (object == "issue") return in(event, {"issues", "issue_comment"});
  if (object == "pull_request") {
    return in(event, {"pull_request", "pull_request_target", "pull_request_review", "pull_request_review_comment"});
  }
  if (object == "comment")
    return in(event, {"issue_comment", "pull_request_review_comment", "commit_comment", "discussion_comment"});
  if (object == "review") return event == "pull_request_review";
  if (object == "discussion") return in(event, {"discussion", "discussion_comment"});
  if (object == "pages") return event == "gollum";
  if (object == "commits" || object == "head_commit") return event == "push";
  if (object == "workflow_run") return event == "workflow_run";
  if (object == "check_suite" || object == "check_run") return in(event, {"check_suite", "check_run"});
  if (object == "forkee") return event == "fork";
  if (object == "changes")
    return in(event,
              {"issues", "issue_comment", "pull_request", "pull_request_target", "discussion", "discussion_comment"});
  return true;
}

}  // namespace assay::pipeline::github

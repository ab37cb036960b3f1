#include <algorithm>

#include "analyzer/base/position.h"
#include "analyzer/pipeline/definition_file.h"
#include "analyzer/pipeline/others/pipeline_rows.h"
#include "analyzer/pipeline/others/reader_frame.h"
#include "analyzer/pipeline/others/readers.h"

namespace assay::pipeline::others {
namespace {

using evidence::RowId;
using evidence::Tri;
using evidence::tri;
using formats::ShellDialect;

// plugins.jenkins.io, branch-api: what a change request's author writes.
std::string_view control_of(std::string_view name) {
  if (name.starts_with("env.")) name.remove_prefix(4);
  for (const std::string_view outside :
       {"CHANGE_TITLE", "CHANGE_BRANCH", "CHANGE_AUTHOR_DISPLAY_NAME", "CHANGE_AUTHOR", "CHANGE_AUTHOR_EMAIL",
        "CHANGE_FORK", "ghprbPullTitle", "ghprbPullLongDescription", "ghprbSourceBranch", "ghprbCommentBody",
        "gitlabMergeRequestTitle", "gitlabSourceBranch"}) {
    if (name == outside) return "outsider";
  }
  for (const std::string_view inside : {"BRANCH_NAME", "GIT_BRANCH", "TAG_NAME", "GIT_LOCAL_BRANCH", "CHANGE_TARGET"}) {
    if (name == inside) return "insider";
  }
  if (name.starts_with("params.")) return "insider";
  for (const std::string_view prefix :
       {"BUILD_", "JOB_", "NODE_", "JENKINS_", "WORKSPACE", "GIT_COMMIT", "EXECUTOR_", "HUDSON_", "currentBuild."}) {
    if (name.starts_with(prefix)) return "platform";
  }
  return "unknown";
}

bool in_word(char c) {
  return c == '_' || c == '-' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// A Groovy string: what stands between its quotes.
struct Literal {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::size_t after = 0;
  bool interpolated = false;
};

class Jenkins {
 public:
  Jenkins(PipelineRows& out, std::string_view text) : out_(out), text_(text), lines_(text) {}

  void read() {
    out_.trigger(lines_.span(0, 0), "push", Tri::no, Tri::yes);
    job_ = out_.job(lines_.span(0, 0), "pipeline");
    std::size_t at = 0;
    while (at < text_.size()) {
      const char c = text_[at];
      if (text_.compare(at, 2, "//") == 0) {
        at = std::min(text_.size(), text_.find('\n', at));
      } else if (text_.compare(at, 2, "/*") == 0) {
        const std::size_t close = text_.find("*/", at + 2);
        at = close == std::string_view::npos ? text_.size() : close + 2;
      } else if (c == '\'' || c == '"') {
        at = literal_at(at).after;
      } else if (in_word(c)) {
        std::size_t end = at;
        while (end < text_.size() && in_word(text_[end])) ++end;
        at = word(text_.substr(at, end - at), at, end);
      } else if (c == '@' && text_.compare(at, 8, "@Library") == 0) {
        at = library(at, at + 8);
      } else {
        ++at;
      }
    }
  }

 private:
  Literal literal_at(std::size_t at) const {
    const char quote = text_[at];
    const bool triple = text_.compare(at, 3, std::string(3, quote)) == 0;
    const std::string sign(triple ? 3 : 1, quote);
    Literal out{.begin = at + sign.size(), .end = text_.size(), .after = text_.size(), .interpolated = quote == '"'};
    for (std::size_t i = out.begin; i < text_.size(); ++i) {
      if (text_[i] == '\\') {
        ++i;
      } else if (!triple && text_[i] == '\n') {
        out.end = out.after = i;
        return out;
      } else if (text_.compare(i, sign.size(), sign) == 0) {
        out.end = i;
        out.after = i + sign.size();
        return out;
      }
    }
    return out;
  }

  // The next string behind a word, over blanks, brackets and `name:`; its begin is 0 when there is none near.
  Literal argument(std::size_t at, std::string_view wanted = {}) const {
    const std::size_t limit = std::min(text_.size(), at + 400);
    bool found = wanted.empty();
    while (at < limit) {
      const char c = text_[at];
      if (c == '\'' || c == '"') {
        const Literal literal = literal_at(at);
        if (found) return literal;
        at = literal.after;
        continue;
      }
      if (!found && text_.compare(at, wanted.size(), wanted) == 0) {
        found = true;
        at += wanted.size();
        continue;
      }
      if (wanted.empty() && std::string_view(" \t\r\n([,:").find(c) == std::string_view::npos && !in_word(c)) return {};
      if (!wanted.empty() && (c == '}' || (c == '\n' && found))) return {};
      ++at;
    }
    return {};
  }

  std::string_view inside(const Literal& literal) const {
    return text_.substr(literal.begin, literal.end - literal.begin);
  }
  Span span(const Literal& literal) const { return lines_.span(literal.begin, literal.end); }

  bool alone(std::size_t begin) const { return begin == 0 || (text_[begin - 1] != '.' && text_[begin - 1] != '$'); }

  std::size_t word(std::string_view name, std::size_t begin, std::size_t end) {
    if (name == "docker" && text_.compare(end, 7, ".image(") == 0) {
      if (const Literal image = argument(end + 7); image.begin > 0) out_.image(span(image), inside(image), job_);
      return end;
    }
    if (!alone(begin)) return end;
    if (name == "sh" || name == "bat" || name == "powershell" || name == "pwsh") return script(name, begin, end);
    if (name == "stage") {
      if (const Literal stage = argument(end); stage.begin > 0) job_ = out_.job(lines_.span(begin, end), inside(stage));
    } else if (name == "image" || name == "withDockerContainer") {
      const Literal image = argument(end);
      if (image.begin > 0 && image.begin - end < 40) out_.image(span(image), inside(image), job_);
    } else if (name == "credentials" || name == "credentialsId") {
      const Literal id = argument(end);
      if (id.begin > 0 && id.begin - end < 40) out_.secret(span(id), inside(id), "env", job_, 0);
    } else if (name == "library") {
      return library(begin, end);
    } else if (name == "checkout") {
      out_.checkout(lines_.span(begin, end), {}, Tri::not_examined, Tri::no, job_, 0);
    } else if (name == "label" || name == "node") {
      const Literal label = argument(end);
      if (label.begin > 0 && label.begin - end < 20) out_.rows().job.back().runs_on = std::string(inside(label));
    } else if (name == "archiveArtifacts" || name == "stash") {
      const Literal path = argument(end);
      if (path.begin > 0) out_.shared(span(path), "artifact", "write", {}, inside(path), job_, 0);
    } else if (name == "copyArtifacts" || name == "unstash") {
      const Literal project = argument(end);
      if (project.begin > 0) out_.shared(span(project), "artifact", "read", inside(project), {}, job_, 0);
    } else if (name == "load" || name == "evaluate") {
      add_setting(out_.rows(), out_.workflow(), job_, out_.rows().locate(lines_.span(begin, end)), name,
                  inside(argument(end)));
    }
    return end;
  }

  std::size_t library(std::size_t begin, std::size_t at) {
    const Literal name = argument(at);
    if (name.begin == 0) return at;
    const std::string_view text = inside(name);
    const std::size_t sign = text.find('@');
    evidence::UsesRow row;
    row.kind = "library";
    row.text = text;
    row.name = text.substr(0, sign);
    row.reference = sign == std::string_view::npos ? std::string_view{} : text.substr(sign + 1);
    row.reference_kind = is_commit(row.reference) ? "commit" : row.reference.empty() ? "none" : "branch-or-tag";
    row.immutable = tri(is_commit(row.reference));
    out_.uses(lines_.span(begin, name.after), std::move(row), 0, 0);
    return name.after;
  }

  std::size_t script(std::string_view name, std::size_t begin, std::size_t end) {
    Literal body = argument(end);
    if (body.begin == 0 || (text_[end] != ' ' && text_[end] != '(' && text_[end] != '\t')) return end;
    const std::string_view line = text_.substr(end, std::min<std::size_t>(400, text_.find('\n', end) - end));
    if (const std::size_t named = line.find("script:"); named != std::string_view::npos) {
      if (const Literal exact = argument(end + named + 7); exact.begin > 0) body = exact;
    }
    const RowId step = out_.step(lines_.span(begin, end), job_, position_++, {}, "run", inside(body));
    const std::size_t offset = body.begin;
    const Script script{
        inside(body),
        [this, offset](std::size_t from, std::size_t to) { return lines_.span(offset + from, offset + to); },
        name == "bat"  ? ShellDialect::batch
        : name == "sh" ? ShellDialect::posix
                       : ShellDialect::powershell};
    if (body.interpolated) {
      // Groovy puts the values in before the shell reads the text.
      for (const Macro& macro : macros_in(script.text, "${", "}"))
        if (macro.begin == 0 || script.text[macro.begin - 1] != '\\')
          out_.expression(script.span(macro.begin, macro.end), macro.name, "shell", control_of(macro.name), job_, step);
    }
    out_.commands(script, "run", job_, step, [&](std::string_view variable) {
      return body.interpolated                   ? std::string_view("platform")
             : control_of(variable) == "unknown" ? std::string_view{}
                                                 : control_of(variable);
    });
    return body.after;
  }

  PipelineRows& out_;
  std::string_view text_;
  LineIndex lines_;
  RowId job_ = 0;
  std::int64_t position_ = 0;
};

}  // namespace

ReadOutcome read_jenkinsfile(const intake::Input& input, evidence::Rows& rows) {
  return read_text_as<Jenkins>("jenkins", input, rows);
}

ReadOutcome read_ci_definition(const intake::Input& input, evidence::Rows& rows) {
  const std::string& path = input.artifact.path;
  const std::string_view name = std::string_view(path).substr(path.find_last_of('/') + 1);
  if (name.find("enkinsfile") != std::string_view::npos) return read_jenkinsfile(input, rows);
  if (path.find(".tekton/") != std::string::npos) return read_tekton(input, rows);
  if (path.find(".circleci/") != std::string::npos) return read_circleci(input, rows);
  if (name.find("bitbucket-pipelines") != std::string_view::npos) return read_bitbucket(input, rows);
  for (const std::string_view part : {"travis", "appveyor", "drone", "woodpecker", "buildkite"}) {
    if (path.find(part) != std::string::npos) return read_script_lists(input, rows);
  }
  return read_azure_pipeline(input, rows);
}

}  // namespace assay::pipeline::others

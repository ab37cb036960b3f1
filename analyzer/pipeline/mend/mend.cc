#include "analyzer/pipeline/mend/mend.h"

#include <algorithm>
#include <map>
#include <set>

#include "analyzer/formats/yaml_tree.h"
#include "analyzer/pipeline/definition_file.h"
#include "analyzer/pipeline/github/definition.h"
#include "analyzer/pipeline/github/expression.h"
#include "analyzer/pipeline/github/uses.h"
#include "analyzer/pipeline/mend/shell_quoting.h"

namespace assay::pipeline::mend {
namespace {

using formats::YamlNode;

// A file with what turns positions into bytes.
class Sheet {
 public:
  explicit Sheet(std::string_view text) : text_(text), salvaged_(formats::YamlTree::salvage(text)), lines_(text) {}

  YamlNode root() const { return salvaged_.tree.root(); }
  bool complete() const { return salvaged_.complete; }
  std::string_view text() const { return text_; }

  std::size_t offset(Position position) const {
    if (position.line == 0 || position.line > lines_.line_count()) return text_.size();
    std::size_t at = lines_.line_start(position.line);
    if (at == 0 && text_.starts_with("\xEF\xBB\xBF")) at = 3;
    for (std::uint32_t column = 1; column < position.column && at < text_.size() && text_[at] != '\n'; ++column) {
      ++at;
      while (at < text_.size() && (static_cast<unsigned char>(text_[at]) & 0xC0) == 0x80) ++at;
    }
    return at;
  }
  std::size_t begin(const YamlNode& node) const { return offset(node.span().begin); }
  std::size_t end(const YamlNode& node) const { return offset(node.span().end); }
  std::size_t column(const YamlNode& node) const { return node.span().begin.column - 1; }
  // Behind the line break of the line `at` is in.
  std::size_t next_line(std::size_t at) const {
    const std::size_t end = text_.find('\n', at);
    return end == std::string_view::npos ? text_.size() : end + 1;
  }
  std::string line_break() const {
    const std::size_t end = text_.find('\n');
    return end != std::string_view::npos && end > 0 && text_[end - 1] == '\r' ? "\r\n" : "\n";
  }
  bool is_flow(const YamlNode& node) const { return node.exists() && text_.compare(begin(node), 1, "{") == 0; }

 private:
  std::string_view text_;
  formats::YamlTree::Salvaged salvaged_;
  LineIndex lines_;
};

struct Step {
  YamlNode job;
  YamlNode step;
};

std::vector<Step> steps_of(const YamlNode& root) {
  std::vector<Step> out;
  for (const auto& [key, job] : root.at("jobs").entries()) {
    for (const YamlNode& step : job.at("steps").items()) out.push_back({job, step});
  }
  for (const YamlNode& step : root.at("runs").at("steps").items()) out.push_back({root.at("runs"), step});
  return out;
}

bool holds(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

std::string spaces(std::size_t count) {
  return std::string(count, ' ');
}

// Puts `entry` into the step's mapping `name` (with, env), which may not be there yet; before the key `before` then.
// False when it is written in a way that is not extended mechanically.
bool put_entry(const Sheet& sheet, const YamlNode& step, std::string_view name, std::string_view entry,
               const YamlNode& anchor, bool after_anchor, std::vector<formats::TextEdit>& edits) {
  const YamlNode mapping = step.at(name);
  const std::string line_break = sheet.line_break();
  if (!mapping.exists()) {
    const std::size_t indent = sheet.column(anchor);
    const std::string block = std::string(name) + ":" + line_break + spaces(indent + 2) + std::string(entry);
    if (after_anchor) {
      const YamlNode value = step.at(anchor.text());
      const std::size_t at = sheet.next_line(sheet.end(value));
      const bool open_end = at == sheet.text().size() && !sheet.text().ends_with('\n');
      edits.push_back({at, at, (open_end ? line_break : "") + spaces(indent) + block + (open_end ? "" : line_break)});
    } else {
      const std::size_t at = sheet.begin(anchor);
      edits.push_back({at, at, block + line_break + spaces(indent)});
    }
    return true;
  }
  if (!mapping.is_mapping() || mapping.entries().empty()) return false;
  if (sheet.is_flow(mapping)) {
    const std::size_t at = sheet.begin(mapping) + 1;
    if (holds(entry, "${{")) return false;  // braces inside a flow mapping need quotes
    edits.push_back({at, at, std::string(entry) + ", "});
    return true;
  }
  const YamlNode first = mapping.entries().front().first;
  const std::size_t at = sheet.begin(first);
  // A merge key or alias stands elsewhere: the first own key must lie below the mapping's key.
  if (first.text() == "<<" || at < sheet.begin(key_of(step, name))) return false;
  edits.push_back({at, at, std::string(entry) + line_break + spaces(sheet.column(first))});
  return true;
}

bool pushes(const YamlNode& job) {
  for (const YamlNode& step : job.at("steps").items()) {
    const std::string_view run = step.at("run").text();
    for (const std::string_view word :
         {"git push", "git fetch", "git pull", "git submodule", "git lfs", "git clone", "git remote", "gh ",
          "npm version", "lerna", "semantic-release", "changeset", "mike deploy", "mkdocs gh-deploy", "goreleaser"}) {
      if (holds(run, word)) return true;
    }
    const std::string_view uses = step.at("uses").text();
    for (const std::string_view word : {"push", "commit", "release", "pull-request", "pages", "deploy", "publish",
                                        "semantic", "changesets", "version", "bump", "tag", "docs"}) {
      if (holds(uses, word) && !uses.starts_with("docker/")) return true;
    }
  }
  return false;
}

Mending no_persisted_credentials(const Sheet& sheet) {
  Mending out;
  for (const auto& [job, step] : steps_of(sheet.root())) {
    const YamlNode uses = step.at("uses");
    if (github::parse_uses(uses.text(), false).name != "actions/checkout") continue;
    if (step.at("with").at("persist-credentials").exists()) continue;
    if (pushes(job)) {
      out.left = "a job that may push needs the token";
    } else if (sheet.is_flow(step) ||
               !put_entry(sheet, step, "with", "persist-credentials: false", key_of(step, "uses"), true, out.edits)) {
      out.left = "a step in braces is not changed";
    }
  }
  return out;
}

// PULL_REQUEST_TITLE of github.event.pull_request.title; not a name the step has for something else.
std::string variable_for(std::string_view expression, const std::set<std::string, std::less<>>& taken) {
  std::string name;
  const std::size_t event = expression.find("event.");
  std::string_view rest = event == std::string_view::npos ? expression : expression.substr(event + 6);
  for (const std::string_view root : {"github.", "inputs.", "needs.", "steps.", "env."}) {
    if (rest.starts_with(root)) rest.remove_prefix(root.size());
  }
  for (const char c : rest) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    const bool digit = c >= '0' && c <= '9';
    if (letter || digit) {
      name += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    } else if (!name.empty() && name.back() != '_') {
      name += '_';
    }
  }
  while (!name.empty() && name.back() == '_') name.pop_back();
  if (name.empty() || (name[0] >= '0' && name[0] <= '9') || name.starts_with("GITHUB_") || name == "PATH" ||
      name == "HOME" || name == "SHELL")
    name = "VALUE_" + name;
  std::string unique = name;
  for (int i = 2; taken.contains(unique); ++i) unique = name + "_" + std::to_string(i);
  return unique;
}

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  return begin == std::string_view::npos ? std::string_view{}
                                         : text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

std::string_view shell_of(const YamlNode& root, const Step& place) {
  for (const YamlNode& shell : {place.step.at("shell"), place.job.at("defaults").at("run").at("shell"),
                                root.at("defaults").at("run").at("shell")}) {
    if (shell.is_scalar()) return shell.text();
  }
  return holds(place.job.at("runs-on").text(), "windows") ? "pwsh" : "bash";
}

// The expression whose braces enclose the place; "" when there is none in a script.
std::string expression_at(const Sheet& sheet, Position place) {
  for (const Step& one : steps_of(sheet.root())) {
    const YamlNode run = one.step.at("run");
    if (!run.is_scalar()) continue;
    const formats::TextPositions positions = run.positions();
    for (const github::Fence& fence : github::find_fences(run.text())) {
      const Span span = positions.span(fence.outer_begin, fence.outer_end);
      if (span.begin <= place && place < span.end)
        return std::string(trimmed(run.text().substr(fence.begin, fence.end - fence.begin)));
    }
  }
  return {};
}

Mending expression_through_variable(const Sheet& sheet, Position place) {
  Mending out;
  const std::string expression = expression_at(sheet, place);
  if (expression.empty()) return {{}, "the expression does not stand in a script of this file"};
  if (expression.find_first_of("\"\n#") != std::string::npos || holds(expression, ": "))
    return {{}, "the expression cannot be written into env as it is"};
  for (const Step& one : steps_of(sheet.root())) {
    const YamlNode run = one.step.at("run");
    if (!run.is_scalar()) continue;
    const std::string_view script = run.text();
    std::vector<github::Fence> fences;
    for (const github::Fence& fence : github::find_fences(script)) {
      if (fence.closed && trimmed(script.substr(fence.begin, fence.end - fence.begin)) == expression)
        fences.push_back(fence);
    }
    if (fences.empty()) continue;
    const std::string_view shell = shell_of(sheet.root(), one);
    if (shell.substr(0, 4) != "bash" && shell.substr(0, 2) != "sh") {
      out.left = "only scripts of sh and bash are changed";
      continue;
    }
    std::set<std::string, std::less<>> taken;
    for (const YamlNode& level : {one.step.at("env"), one.job.at("env"), sheet.root().at("env")}) {
      for (const auto& [key, value] : level.entries()) taken.emplace(key.text());
    }
    const std::string name = variable_for(expression, taken);
    const formats::TextPositions positions = run.positions();
    std::vector<formats::TextEdit> edits;
    bool plain = !sheet.is_flow(one.step) && (run.block() || !run.quoted());
    for (const github::Fence& fence : fences) {
      const Span span = positions.span(fence.outer_begin, fence.outer_end);
      formats::TextEdit edit{sheet.offset(span.begin), sheet.offset(span.end), {}};
      // What the file has there must be the expression itself, not something an escape or fold made of it.
      plain = plain && sheet.text().substr(edit.begin, edit.end - edit.begin) ==
                           script.substr(fence.outer_begin, fence.outer_end - fence.outer_begin);
      switch (quoting_at(script, fence.outer_begin)) {
        case Quoting::none:
          edit.text = "\"${" + name + "}\"";
          break;
        case Quoting::dual:
          edit.text = "${" + name + "}";
          break;
        case Quoting::single:
          edit.text = "'\"${" + name + "}\"'";
          break;
        case Quoting::unknown:
          plain = false;
          break;
      }
      // A plain scalar on one line ends at " #" and may not begin with a quote.
      if (!run.block() && edit.begin == sheet.begin(run) && edit.text.starts_with('"')) plain = false;
      edits.push_back(std::move(edit));
    }
    if (plain)
      plain = put_entry(sheet, one.step, "env", name + ": ${{ " + expression + " }}", key_of(one.step, "run"), false,
                        edits);
    if (!plain) {
      out.left = "a script whose quoting is not plain, or a step in braces, is not changed";
      continue;
    }
    out.edits.insert(out.edits.end(), edits.begin(), edits.end());
  }
  return out;
}

Mending pin_commit(const Sheet& sheet, Position place, const CommitSource& commits) {
  std::vector<YamlNode> all;
  for (const Step& one : steps_of(sheet.root())) all.push_back(one.step.at("uses"));
  for (const auto& [key, job] : sheet.root().at("jobs").entries()) all.push_back(job.at("uses"));
  std::string text;
  for (const YamlNode& node : all) {
    if (node.is_scalar() && node.span().begin <= place && place < node.span().end) text = node.text();
  }
  const evidence::UsesRow used = github::parse_uses(text, false);
  if (used.reference.empty() || used.reference_kind == "expression") return {{}, "there is no reference to look up"};
  const std::optional<std::string> commit = commits ? commits(used.name, used.reference) : std::nullopt;
  if (!commit || !is_commit(*commit)) return {{}, "the commit of " + text + " is not known here (--mirror)"};
  Mending out;
  for (const YamlNode& node : all) {
    if (!node.is_scalar() || node.text() != text) continue;
    const std::size_t begin = sheet.begin(node);
    const std::size_t end = sheet.end(node);
    const std::string_view written = sheet.text().substr(begin, end - begin);
    const std::size_t at = written.rfind("@" + used.reference);
    if (at == std::string_view::npos) {
      out.left = "a reference written with escapes is not changed";
      continue;
    }
    out.edits.push_back({begin + at + 1, begin + at + 1 + used.reference.size(), *commit});
    const std::size_t line_end = std::min(sheet.text().find_first_of("\r\n", end), sheet.text().size());
    // The comment tells people and updaters the version.
    if (sheet.text().substr(end, line_end - end).find_first_not_of(" \t") == std::string_view::npos)
      out.edits.push_back({end, end, " # " + used.reference});
  }
  return out;
}

Mending read_only_token(const Sheet& sheet) {
  const YamlNode root = sheet.root();
  const YamlNode jobs = key_of(root, "jobs");
  if (!jobs.exists() || key_of(root, "permissions").exists() || sheet.is_flow(root) || sheet.column(jobs) != 0)
    return {{}, "there is no place for permissions"};
  const std::string line_break = sheet.line_break();
  const std::size_t at = sheet.begin(jobs);
  return {{{at, at, "permissions:" + line_break + "  contents: read" + line_break + line_break}}, {}};
}

}  // namespace

bool is_mend(std::string_view word) {
  return word == "no-persisted-credentials" || word == "expression-through-variable" || word == "pin-commit" ||
         word == "read-only-token";
}

Mending mend(std::string_view file, std::string_view word, Position place, const CommitSource& commits) {
  const Sheet sheet(file);
  if (!sheet.complete()) return {{}, "the file has YAML errors"};
  if (word == "no-persisted-credentials") return no_persisted_credentials(sheet);
  if (word == "expression-through-variable") return expression_through_variable(sheet, place);
  if (word == "pin-commit") return pin_commit(sheet, place, commits);
  if (word == "read-only-token") return read_only_token(sheet);
  return {{}, "nothing is known to mend it"};
}

MendedFile mend_file(std::string_view file, const std::vector<Wish>& wishes, const CommitSource& commits) {
  MendedFile out{.text = std::string(file), .left = {}};
  // Where the places are in the text as it is now; nothing when a mend replaced what stood there.
  std::vector<std::optional<std::size_t>> places;
  const Sheet original(file);
  for (const Wish& wish : wishes) places.emplace_back(original.offset(wish.place));
  for (std::size_t i = 0; i < wishes.size(); ++i) {
    out.left.emplace_back();
    if (!places[i]) continue;  // the same expression or action, mended with an earlier one
    Mending mending = mend(out.text, wishes[i].word, LineIndex(out.text).position(*places[i]), commits);
    out.left.back() = std::move(mending.left);
    const Result<std::string> changed = formats::apply_edits(out.text, mending.edits);
    if (!changed) {
      out.left.back() = changed.error().message;
      continue;
    }
    for (std::optional<std::size_t>& place : places) {
      std::ptrdiff_t shift = 0;
      bool gone = false;
      for (const formats::TextEdit& edit : mending.edits) {
        if (!place || edit.begin > *place) continue;
        gone = gone || *place < edit.end;
        shift += static_cast<std::ptrdiff_t>(edit.text.size()) - static_cast<std::ptrdiff_t>(edit.end - edit.begin);
      }
      if (gone) {
        place.reset();
      } else if (place) {
        place = static_cast<std::size_t>(static_cast<std::ptrdiff_t>(*place) + shift);
      }
    }
    out.text = *changed;
  }
  return out;
}

}  // namespace assay::pipeline::mend

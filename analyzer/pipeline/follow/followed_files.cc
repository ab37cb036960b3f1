#include "analyzer/pipeline/follow/followed_files.h"

#include <algorithm>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

#include "analyzer/base/position.h"
#include "analyzer/formats/json_tree.h"
#include "analyzer/formats/makefile_rules.h"
#include "analyzer/formats/shell_commands.h"
#include "analyzer/pipeline/commands.h"
#include "analyzer/pipeline/follow/invocations.h"
#include "analyzer/pipeline/follow/make_recipe.h"

namespace assay::pipeline::follow {
namespace {

using evidence::RowId;
using evidence::Tri;

// The step whose commands are followed, and where they stand.
struct Here {
  RowId step = 0;
  RowId job = 0;
  RowId workflow = 0;
  std::optional<std::string> directory;  // nothing: somewhere outside, or not known
  int depth = 0;
};

// A variable of a step's environment that holds text of an outsider.
struct OutsiderVariable {
  RowId step = 0;  // 0: every step of the job
  RowId job = 0;   // 0: every job
  std::string name;
  std::string context;
};

// A text of commands inside a file, with the way back to the file's bytes.
struct Body {
  std::string text;
  std::vector<std::size_t> offsets;  // of every byte of the text in the file; empty: from `begin` on, one for one
  std::size_t begin = 0;
  std::string_view origin;

  std::size_t offset(std::size_t at) const {
    if (offsets.empty()) return begin + at;
    return at < offsets.size() ? offsets[at] : (offsets.empty() ? begin : offsets.back() + 1);
  }
};

bool in(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

std::string directory_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string{} : std::string(path.substr(0, slash));
}

bool is_shell_script(std::string_view path, std::string_view bytes) {
  for (const std::string_view end : {".sh", ".bash", ".zsh", ".ksh"}) {
    if (path.ends_with(end)) return true;
  }
  if (!bytes.starts_with("#!")) return false;
  const std::string_view first = bytes.substr(0, std::min<std::size_t>(bytes.find('\n'), 120));
  return first.find("sh") != std::string_view::npos && first.find("pwsh") == std::string_view::npos;
}

bool uses_variable(std::string_view word, std::string_view name) {
  for (std::size_t at = word.find(name); at != std::string_view::npos; at = word.find(name, at + 1)) {
    const bool sign = at > 0 && (word[at - 1] == '$' || (at > 1 && word.substr(at - 2, 2) == "${"));
    const std::size_t end = at + name.size();
    const char next = end < word.size() ? word[end] : ' ';
    const bool longer =
        next == '_' || (next >= 'a' && next <= 'z') || (next >= 'A' && next <= 'Z') || (next >= '0' && next <= '9');
    if (sign && !longer) return true;
  }
  return false;
}

class Follower {
 public:
  Follower(const FileSource& files, std::string_view prefix, evidence::Rows& rows)
      : files_(files), prefix_(prefix), rows_(rows) {
    for (const evidence::CommandRow& row : rows_.command) pipelines_ = std::max(pipelines_, row.pipeline + 1);
    for (const evidence::StepRow& row : rows_.step) directories_.emplace(row.step_id, row.directory);
    if (!rows_.workflow.empty() && rows_.workflow.front().path.starts_with(prefix_))
      action_directory_ = directory_of(std::string_view(rows_.workflow.front().path).substr(prefix_.size()));
    find_checkout_directories();
    find_outsider_variables();
  }

  ReadOutcome run() {
    const std::size_t own = rows_.command.size();
    Here here;
    for (std::size_t i = 0; i < own; ++i) {
      const evidence::CommandRow& row = rows_.command[i];
      if (row.step_id == 0) continue;
      if (row.step_id != here.step) {
        here = {.step = row.step_id, .job = row.job_id, .workflow = row.workflow_id, .directory = "", .depth = 0};
        if (const auto found = directories_.find(row.step_id); found != directories_.end())
          here.directory = path_in_workspace({}, found->second);
        done_.clear();
      }
      const bool shell = in(row.program, {"eval", "bash", "sh", "zsh", "dash"});
      const bool moves = row.program == "cd" || row.program == "pushd";
      const bool installs = in(row.installs, {"npm", "yarn", "pnpm", "bun"});
      const std::string_view first = std::string_view(row.text).substr(0, row.text.find(' '));
      const bool by_path = first.find('/') != std::string_view::npos;
      if (row.runs_workspace != Tri::yes && !moves && !installs && !by_path && !(shell && !outsiders_.empty()))
        continue;
      const evidence::LocationId at = row.at;
      const std::string text = row.text;
      const formats::ShellScript split = formats::split_shell(text);
      if (split.commands.empty()) continue;
      const CommandFacts facts = describe(split.commands.front());
      if (shell) evaluated(split.commands.front(), facts, at, here);
      take(facts, at, here);
    }
    return std::move(outcome_);
  }

 private:
  // What the command means for those behind it, and what it runs.
  void take(const CommandFacts& facts, evidence::LocationId at, Here& here) {
    if (in(facts.program, {"cd", "pushd"})) {
      here.directory = facts.arguments.size() == 1 ? located(here.directory, facts.arguments[0]) : std::nullopt;
      return;
    }
    for (const Invocation& invocation : invoked_by(facts)) {
      const std::optional<std::string> below = located(here.directory, invocation.directory);
      Here there = here;
      ++there.depth;
      switch (invocation.kind) {
        case Invocation::Kind::file:
          file(invocation.name, at, there);
          break;
        case Invocation::Kind::make_target:
          there.directory = below;
          make(invocation, at, there);
          break;
        case Invocation::Kind::package_script:
          there.directory = below;
          package_script(invocation.name, at, there);
          break;
      }
    }
  }

  std::optional<std::string> located(const std::optional<std::string>& directory, std::string_view path) const {
    for (const std::string_view sign :
         {"$GITHUB_ACTION_PATH", "${GITHUB_ACTION_PATH}", "${{ github.action_path }}", "${{github.action_path}}"}) {
      if (path.starts_with(sign))
        return path_in_workspace(action_directory_, "." + std::string(path.substr(sign.size())));
    }
    std::optional<std::string> found = path_in_workspace(directory.value_or("/"), path);
    for (const std::string& checkout : checkouts_) {
      if (!found) break;
      if (*found == checkout) return "";
      if (found->starts_with(checkout + "/")) return found->substr(checkout.size() + 1);
    }
    return found;
  }

  const SubjectFile* open(const std::optional<std::string>& wanted) {
    if (!wanted || wanted->empty()) return nullptr;
    const std::string& path = *wanted;
    const auto known = opened_.find(path);
    if (known != opened_.end()) return known->second ? &*known->second : nullptr;
    if (opened_.size() >= max_followed_files * 4) {
      cut("more files are named by commands than Assay looks for (max_followed_files)");
      return nullptr;
    }
    std::optional<SubjectFile>& file = opened_[path] = files_(path);
    if (file && file->bytes.size() > max_followed_bytes) {
      cut("of a file that a step runs only the first " + std::to_string(max_followed_bytes) +
          " bytes were followed (max_followed_bytes)");
      file->bytes.resize(max_followed_bytes);
    }
    return file ? &*file : nullptr;
  }

  void cut(std::string why) {
    if (std::find(outcome_.gaps.begin(), outcome_.gaps.end(), why) == outcome_.gaps.end())
      outcome_.partly(std::move(why));
  }

  // False when the step has been there, or a bound is met.
  bool enter(const std::string& path, const std::string& entry, const Here& here) {
    if (here.depth > max_followed_depth) {
      cut("scripts call each other deeper than Assay follows (max_followed_depth)");
      return false;
    }
    if (!done_.emplace(path, entry).second) return false;
    if (++entered_ > max_followed_files) {
      cut("more files are run by steps than Assay follows (max_followed_files)");
      return false;
    }
    return true;
  }

  void note(const std::string& path, std::string_view entry, bool read, evidence::LocationId at, const Here& here) {
    rows_.add(evidence::InvocationRow{.at = at,
                                      .step_id = here.step,
                                      .job_id = here.job,
                                      .workflow_id = here.workflow,
                                      .path = prefix_ + path,
                                      .entry = std::string(entry),
                                      .read = evidence::tri(read)});
  }

  void file(const std::string& name, evidence::LocationId at, const Here& here) {
    const std::optional<std::string> path = located(here.directory, name);
    const SubjectFile* found = open(path);
    if (found == nullptr || !enter(*path, {}, here)) return;
    const bool shell = is_shell_script(*path, found->bytes);
    note(*path, {}, shell, at, here);
    if (!shell) return;
    Here inside = here;
    commands(*found, {.text = found->bytes, .offsets = {}, .begin = 0, .origin = "script"}, inside);
  }

  void make(const Invocation& invocation, evidence::LocationId at, const Here& here) {
    const SubjectFile* found = nullptr;
    std::optional<std::string> path;
    for (const std::string_view name : {"GNUmakefile", "makefile", "Makefile"}) {
      path = located(here.directory, invocation.file.empty() ? name : std::string_view(invocation.file));
      found = open(path);
      if (found != nullptr || !invocation.file.empty()) break;
    }
    if (found == nullptr || !enter(*path, invocation.name, here)) return;
    const std::vector<formats::MakefileRule> rules = formats::read_makefile_rules(found->bytes);
    std::vector<std::string> wanted{invocation.name};
    if (invocation.name.empty()) {
      wanted.clear();
      for (const formats::MakefileRule& rule : rules) {
        if (rule.targets.front().starts_with('.')) continue;
        wanted.push_back(rule.targets.front());
        break;
      }
    }
    note(*path, invocation.name, true, at, here);
    for (std::size_t next = 0; next < wanted.size() && next < max_followed_files; ++next) {
      for (const formats::MakefileRule& rule : rules) {
        if (std::find(rule.targets.begin(), rule.targets.end(), wanted[next]) == rule.targets.end()) continue;
        for (const std::string& needed : rule.prerequisites) {
          if (std::find(wanted.begin(), wanted.end(), needed) == wanted.end()) wanted.push_back(needed);
        }
        for (const formats::RecipeLine& line : rule.recipe) {
          Here inside = here;  // every line has a shell of its own
          MakeRecipe recipe = expand_recipe(found->bytes, line);
          commands(*found,
                   {.text = std::move(recipe.text),
                    .offsets = std::move(recipe.offsets),
                    .begin = line.begin,
                    .origin = "makefile"},
                   inside);
        }
      }
    }
  }

  void package_script(const std::string& name, evidence::LocationId at, const Here& here) {
    const std::optional<std::string> path = located(here.directory, "package.json");
    const SubjectFile* found = open(path);
    if (found == nullptr) return;
    const formats::JsonTree tree(found->bytes);
    const formats::JsonNode script = tree.root().at("scripts").at(name);
    if (!script.is_string() || !enter(*path, name, here)) return;
    note(*path, name, true, at, here);
    Body body{.text = std::string(script.string()), .offsets = {}, .begin = script.offset() + 1, .origin = "lifecycle"};
    if (script.source().find('\\') != std::string_view::npos)  // escapes: every byte stands for the whole value
      body.offsets.assign(body.text.size(), script.offset());
    Here inside = here;
    commands(*found, body, inside);
  }

  void commands(const SubjectFile& file, const Body& body, Here& here) {
    const LineIndex lines(file.bytes);
    const formats::ShellScript split = formats::split_shell(body.text);
    if (!split.complete) cut("a script that a step runs could not be split to its end");
    const std::int64_t first_pipeline = pipelines_;
    for (const formats::ShellCommand& command : split.commands) {
      const CommandFacts facts = describe(command);
      if (facts.program.empty()) continue;
      evidence::CommandRow row = command_row(command, facts, body.text);
      const Span span = lines.span(body.offset(command.begin), body.offset(command.end == 0 ? 0 : command.end - 1) + 1);
      const evidence::LocationId at = rows_.add(evidence::LocationRow{.artifact_id = file.artifact,
                                                                      .line = span.begin.line,
                                                                      .column = span.begin.column,
                                                                      .end_line = span.end.line,
                                                                      .end_column = span.end.column});
      row.at = at;
      row.step_id = here.step;
      row.job_id = here.job;
      row.workflow_id = here.workflow;
      row.origin = body.origin;
      row.pipeline += first_pipeline;
      pipelines_ = std::max(pipelines_, row.pipeline + 1);
      rows_.add(std::move(row));
      evaluated(command, facts, at, here);
      environment_file(command, at, here);
      take(facts, at, here);
    }
  }

  void find_checkout_directories() {
    for (const evidence::CheckoutRow& checkout : rows_.checkout) {
      if (!checkout.repository.empty()) continue;
      for (const evidence::StepInputRow& input : rows_.step_input) {
        if (input.step_id != checkout.step_id || input.name != "path") continue;
        if (std::optional<std::string> path = path_in_workspace({}, input.value); path && !path->empty())
          checkouts_.push_back(std::move(*path));
      }
    }
  }

  void find_outsider_variables() {
    for (const evidence::ExpressionRow& source : rows_.expression) {
      if (source.sink != "env" || source.controlled_by != "outsider") continue;
      for (const evidence::VariableRow& variable : rows_.variable) {
        if (variable.step_id != source.step_id || variable.job_id != source.job_id ||
            variable.value.find(source.text) == std::string::npos)
          continue;
        outsiders_.push_back({source.step_id, source.job_id, variable.name, source.context});
      }
    }
  }

  void outsider(const OutsiderVariable& variable, std::string_view sink, evidence::LocationId at, const Here& here) {
    rows_.add(evidence::ExpressionRow{.at = at,
                                      .step_id = here.step,
                                      .job_id = here.job,
                                      .workflow_id = here.workflow,
                                      .text = "env." + variable.name,
                                      .context = variable.context,
                                      .sink = std::string(sink),
                                      .controlled_by = "outsider",
                                      .via = "env " + variable.name,
                                      .parsed = Tri::yes});
  }

  template <class Use>
  void for_each_outsider(const Here& here, Use use) {
    for (const OutsiderVariable& variable : outsiders_) {
      const bool reaches =
          (variable.step == 0 || variable.step == here.step) && (variable.job == 0 || variable.job == here.job);
      if (reaches) use(variable);
    }
  }

  // eval and sh -c run what a variable holds.
  void evaluated(const formats::ShellCommand& command, const CommandFacts& facts, evidence::LocationId at,
                 const Here& here) {
    if (outsiders_.empty()) return;
    const bool shell = in(facts.program, {"bash", "sh", "zsh", "dash"}) && !facts.arguments.empty() &&
                       in(facts.arguments.front(), {"-c", "-ec", "-ce", "-lc"});
    if (!shell && facts.program != "eval") return;
    for_each_outsider(here, [&](const OutsiderVariable& variable) {
      for (const formats::ShellWord& word : command.words) {
        if (!word.expands || !uses_variable(word.text, variable.name)) continue;
        outsider(variable, "shell", at, here);
        return;
      }
    });
  }

  void environment_file(const formats::ShellCommand& command, evidence::LocationId at, const Here& here) {
    const bool writes = std::any_of(command.redirects.begin(), command.redirects.end(), [](const auto& redirect) {
      return redirect.sign.find('>') != std::string::npos && (redirect.target.find("GITHUB_ENV") != std::string::npos ||
                                                              redirect.target.find("GITHUB_PATH") != std::string::npos);
    });
    if (!writes) return;
    for_each_outsider(here, [&](const OutsiderVariable& variable) {
      for (const formats::ShellWord& word : command.words) {
        if (!uses_variable(word.text, variable.name)) continue;
        outsider(variable, "env-file", at, here);
        return;
      }
    });
  }

  const FileSource& files_;
  std::string prefix_;
  evidence::Rows& rows_;
  ReadOutcome outcome_;
  std::int64_t pipelines_ = 0;
  std::size_t entered_ = 0;
  std::string action_directory_;
  std::vector<std::string> checkouts_;  // directories the own repository is checked out to
  std::vector<OutsiderVariable> outsiders_;
  std::unordered_map<RowId, std::string> directories_;
  std::unordered_map<std::string, std::optional<SubjectFile>> opened_;
  std::set<std::pair<std::string, std::string>> done_;  // file and entry, of the step at hand
};

}  // namespace

ReadOutcome follow_files(const FileSource& files, std::string_view prefix, evidence::Rows& rows) {
  return Follower(files, prefix, rows).run();
}

}  // namespace assay::pipeline::follow

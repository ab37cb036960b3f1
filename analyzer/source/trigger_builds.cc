// Triggers of package managers and build tools.
#include <string>

#include "analyzer/source/config_tree.h"
#include "analyzer/source/pickle.h"
#include "analyzer/source/trigger_writer.h"

namespace assay::source {
namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) text.remove_suffix(1);
  return text;
}

constexpr std::size_t max_tag_bytes = 4096;  // one XML tag; longer ones are read as far as this

struct Line {
  std::size_t begin = 0;  // of the trimmed text
  std::string_view text;  // trimmed
  bool indented = false;
};

template <class Visit>
void each_line(std::string_view text, Visit visit) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t feed = std::min(text.find('\n', at), text.size());
    const std::string_view whole = text.substr(at, feed - at);
    const std::string_view inner = trimmed(whole);
    visit(Line{inner.empty() ? at : static_cast<std::size_t>(inner.data() - text.data()), inner,
               whole.data() != inner.data()});
    at = feed + 1;
  }
}

// The value of `key = value` on a line of TOML, without its quotes; empty when the line says something else.
std::string_view toml_value(std::string_view line, std::string_view key) {
  if (!line.starts_with(key)) return {};
  std::string_view rest = trimmed(line.substr(key.size()));
  if (!rest.starts_with('=')) return {};
  rest = trimmed(rest.substr(1));
  if (rest.starts_with('"') || rest.starts_with('\'')) {
    const std::size_t close = rest.find(rest.front(), 1);
    return rest.substr(1, close == std::string_view::npos ? close : close - 1);
  }
  return rest;
}

}  // namespace

void read_setup_script(TriggerWriter& out) {
  out.trigger(0, 0, "pypi", "setup.py", "install", "python setup.py", out.path());
}

void read_python_project(TriggerWriter& out) {
  bool build_system = false;
  Line in_tree;
  std::string_view folders;
  std::string_view backend;
  each_line(out.text(), [&](const Line& line) {
    if (line.text.starts_with('[')) {
      build_system = line.text.starts_with("[build-system]");
    } else if (build_system) {
      if (const std::string_view value = toml_value(line.text, "build-backend"); !value.empty()) backend = value;
      if (const std::string_view value = toml_value(line.text, "backend-path"); !value.empty()) {
        in_tree = line;
        folders = value;
      }
    }
  });
  if (folders.empty()) return;
  out.trigger(in_tree.begin, in_tree.begin + in_tree.text.size(), "pypi", "build back end in the tree", "build",
              backend, folders);
}

void read_path_file(TriggerWriter& out) {
  // The interpreter's site module runs every line that begins with import and a blank, at each start.
  each_line(out.text(), [&](const Line& line) {
    if (line.indented || !(line.text.starts_with("import ") || line.text.starts_with("import\t"))) return;
    out.trigger(line.begin, line.begin + line.text.size(), "pypi", "pth", "import", line.text);
  });
}

void read_text_pickle(TriggerWriter& out) {
  const std::string call = dangerous_import(out.text());
  if (!call.empty()) out.trigger(0, 0, "pypi", "pickle", "import", call);
}

void read_customize(TriggerWriter& out) {
  out.trigger(0, 0, "pypi", out.name() == "sitecustomize.py" ? "sitecustomize" : "usercustomize", "import", "",
              out.path());
}

void read_gyp(TriggerWriter& out) {
  const std::string_view text = out.text();
  const std::string_view phase = out.name() == "binding.gyp" ? "install" : "build";
  for (std::size_t at = text.find("<!"); at != std::string_view::npos; at = text.find("<!", at + 2)) {
    std::size_t open = at + 2;
    if (open < text.size() && text[open] == '@') ++open;
    if (open >= text.size() || text[open] != '(') continue;
    // Parentheses nest in commands; a line end closes whatever is open, as gyp strings do not span lines.
    std::size_t close = open;
    int depth = 0;
    for (; close < text.size() && text[close] != '\n'; ++close) {
      if (text[close] == '(') ++depth;
      if (text[close] == ')' && --depth == 0) break;
    }
    const std::string_view command = trimmed(text.substr(open + 1, close - open - 1));
    const std::size_t end = close < text.size() && text[close] == ')' ? close + 1 : close;
    out.trigger(at, end, "gyp", "command expansion", phase, command);
    at = end - 2;
  }
  const ConfigTree tree = ConfigTree::parse(text);
  std::int32_t last = -1;
  std::string command;
  std::size_t begin = 0;
  std::size_t end = 0;
  const auto flush = [&] {
    if (last >= 0) out.trigger(begin, end, "gyp", "action", phase, command);
    command.clear();
    last = -1;
  };
  for (const ConfigTree::Leaf& leaf : tree.leaves()) {
    const bool action = tree.key(leaf, 1) == "action" && tree.depth(leaf) >= 3;
    if (!action || tree.holder(leaf) != last) flush();
    if (!action) continue;
    if (last < 0) begin = leaf.begin;
    last = tree.holder(leaf);
    end = leaf.end;
    if (!command.empty()) command += ' ';
    if (command.size() < limits::max_line_bytes_shown) command += leaf.text;
  }
  flush();
}

void read_cargo_build(TriggerWriter& out) {
  out.trigger(0, 0, "cargo", "build.rs", "build", "", out.path());
}

void read_cargo_manifest(TriggerWriter& out) {
  std::string_view section;
  each_line(out.text(), [&](const Line& line) {
    if (line.text.starts_with('[')) {
      section = line.text.substr(0, line.text.find(']') + 1);
      return;
    }
    const std::size_t end = line.begin + line.text.size();
    if (section == "[package]") {
      const std::string_view script = toml_value(line.text, "build");
      if (!script.empty() && script != "false")
        out.trigger(line.begin, end, "cargo", "build script", "build", "", script);
    } else if (section == "[lib]" &&
               (toml_value(line.text, "proc-macro") == "true" || toml_value(line.text, "proc_macro") == "true")) {
      out.trigger(line.begin, end, "cargo", "procedural macro", "build", "");
    }
  });
}

void read_ruby_extension(TriggerWriter& out) {
  out.trigger(0, 0, "rubygems", "extconf.rb", "install", "ruby extconf.rb", out.path());
}

void read_gemspec(TriggerWriter& out) {
  each_line(out.text(), [&](const Line& line) {
    const std::size_t key = line.text.find(".extensions");
    if (key == std::string_view::npos || line.text.starts_with('#')) return;
    const std::string_view value = trimmed(line.text.substr(key + std::string_view(".extensions").size()));
    if (!value.starts_with('=') && !value.starts_with("<<")) return;
    out.trigger(line.begin, line.begin + line.text.size(), "rubygems", "extension", "install", "",
                trimmed(value.substr(value.starts_with('=') ? 1 : 2)));
  });
}

void read_msbuild(TriggerWriter& out) {
  const std::string_view text = out.text();
  for (std::size_t at = text.find("<Exec"); at != std::string_view::npos; at = text.find("<Exec", at + 5)) {
    const std::string_view window = text.substr(at, max_tag_bytes);
    const std::string_view tag = window.substr(0, window.find('>'));
    const std::size_t key = tag.find("Command=");
    std::string_view command;
    if (key != std::string_view::npos && key + 9 < tag.size()) {
      command = tag.substr(key + 9);
      command = command.substr(0, command.find(tag[key + 8]));
    }
    out.trigger(at, at + tag.size(), "nuget", "msbuild exec", "build", command);
  }
}

void read_git_hook(TriggerWriter& out) {
  std::string kind = "git hook ";
  kind += out.name();
  std::size_t written = 0;
  each_line(out.text(), [&](const Line& line) {
    if (line.text.empty() || line.text.starts_with('#') || line.text.starts_with(". ")) return;
    if (++written > 50) return;
    out.trigger(line.begin, line.begin + line.text.size(), "git", kind, "commit", line.text);
  });
}

void read_envrc(TriggerWriter& out) {
  out.trigger(0, 0, "direnv", "envrc", "editor", "", out.path());
}

void read_composer(TriggerWriter& out) {
  const ConfigTree tree = ConfigTree::parse(out.text());
  if (!tree.complete()) out.outcome.partly("composer.json is not valid JSON throughout");
  for (const ConfigTree::Leaf& leaf : tree.leaves()) {
    if (tree.at(leaf, {"scripts", "*"}) || tree.at(leaf, {"scripts", "*", "*"})) {
      const std::string_view event = tree.key(leaf, tree.depth(leaf) - 2);
      const bool automatic = event.starts_with("pre-") || event.starts_with("post-");
      if (!automatic) continue;
      const bool install =
          event.find("install") != std::string_view::npos || event.find("update") != std::string_view::npos ||
          event.find("autoload") != std::string_view::npos || event.find("package") != std::string_view::npos ||
          event.find("create-project") != std::string_view::npos;
      std::string kind = "composer script ";
      kind += event;
      out.trigger(leaf.begin, leaf.end, "composer", kind, install ? "install" : "build", leaf.text);
    } else if (tree.at(leaf, {"autoload", "files", "*"})) {
      out.trigger(leaf.begin, leaf.end, "composer", "autoload file", "import", "", leaf.text);
    } else if (tree.at(leaf, {"type"}) && leaf.text == "composer-plugin") {
      out.trigger(leaf.begin, leaf.end, "composer", "composer plug-in", "install", "");
    }
  }
}

}  // namespace assay::source

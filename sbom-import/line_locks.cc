#include <string>
#include <string_view>
#include <vector>

#include "sbom-import/lock_text.h"
#include "sbom-import/lockfiles.h"

namespace assay::sbom {
namespace {

using evidence::RowId;

std::string_view next_word(std::string_view& rest) {
  rest = trimmed(rest);
  const std::size_t end = rest.find_first_of(" \t");
  const std::string_view word = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view{} : trimmed(rest.substr(end));
  return unquoted(word);
}

struct Required {
  std::string_view module;
  std::string_view version;
  bool indirect;
};
struct Replaced {
  std::string_view module;
  std::string_view version;
  std::string_view by;
  std::string_view by_version;
};

class GoMod {
 public:
  explicit GoMod(LockText& text) : text_(text) {}

  void read() {
    std::string_view line;
    std::string_view block;
    while (text_.next(line)) {
      const std::size_t slashes = line.find("//");
      const std::string_view comment =
          slashes == std::string_view::npos ? std::string_view{} : trimmed(line.substr(slashes + 2));
      std::string_view rest = trimmed(line.substr(0, slashes));
      if (rest.empty()) continue;
      if (rest == ")") {
        block = {};
        continue;
      }
      std::string_view verb = block;
      if (block.empty()) verb = next_word(rest);
      if (rest == "(") {
        block = verb;
        continue;
      }
      if (verb == "require") {
        const std::string_view module = next_word(rest);
        required_.push_back({module, next_word(rest), comment == "indirect" || comment.starts_with("indirect;")});
      } else if (verb == "replace") {
        Replaced one{.module = next_word(rest), .version = {}, .by = {}, .by_version = {}};
        std::string_view word = next_word(rest);
        if (word != "=>") {
          one.version = word;
          word = next_word(rest);
        }
        one.by = next_word(rest);
        one.by_version = next_word(rest);
        if (word == "=>" && !one.by.empty()) replaced_.push_back(one);
      } else if (verb == "module") {
        const std::string_view module = next_word(rest);
        if (text_.package(module, module, {}) != 0) text_.last().scope = "workspace";
        if (!module.empty()) text_.rows().document().subject = module;
      } else if (verb == "toolchain" && rest.starts_with("go1")) {
        const std::string_view version = next_word(rest).substr(2);
        text_.package(version, "stdlib", "v" + std::string(version.substr(0, version.find('-'))));
      } else if (verb == "go") {
        text_.document_version(rest);
      }
    }
    for (const Required& one : required_) require(one);
  }

 private:
  void require(const Required& one) {
    const Replaced* by = nullptr;
    for (const Replaced& candidate : replaced_) {
      if (candidate.module == one.module && (candidate.version.empty() || candidate.version == one.version))
        by = &candidate;
    }
    const bool local = by != nullptr && by->by_version.empty();
    const std::string_view module = by != nullptr && !local ? by->by : one.module;
    const RowId id = text_.package(one.module, module, by != nullptr && !local ? by->by_version : one.version);
    if (id == 0) return;
    text_.last().direct = evidence::tri(!one.indirect);
    text_.last().requirement = by == nullptr ? std::string() : std::string(one.module) + " " + std::string(one.version);
    if (local) {
      text_.last().scope = "workspace";
      text_.rows().origin(id, text_.place(by->by), {.kind = "file", .url = std::string(by->by)});
    }
  }

  LockText& text_;
  std::vector<Required> required_;
  std::vector<Replaced> replaced_;
};

// A string of Elixir or Ruby at the start of `rest`, which moves behind it; false when there is none.
bool take_string(std::string_view& rest, std::string_view& out) {
  const std::size_t open = rest.find_first_of("\"'");
  if (open == std::string_view::npos) return false;
  const std::size_t close = rest.find(rest[open], open + 1);
  if (close == std::string_view::npos) return false;
  out = rest.substr(open + 1, close - open - 1);
  rest = rest.substr(close + 1);
  return true;
}

}  // namespace

// go.mod (go.dev/ref/mod#go-mod-file). What `replace` puts in another's place stands under its real name; requirement
// says what was asked for.
ReadOutcome read_go_mod(const intake::Input& input, evidence::Rows& rows) {
  LockText text(input.bytes, rows, "go-mod", "golang", "manifest");
  GoMod(text).read();
  return text.finish();
}

// gradle.lockfile: group:artifact:version=configurations.
ReadOutcome read_gradle_lock(const intake::Input& input, evidence::Rows& rows) {
  LockText text(input.bytes, rows, "gradle-lock", "maven");
  std::string_view line;
  while (text.next(line)) {
    const std::string_view body = trimmed(line);
    if (body.empty() || body[0] == '#' || body.starts_with("empty=")) continue;
    const std::string_view where = body.substr(0, body.find('='));
    const std::size_t first = where.find(':');
    const std::size_t last = where.rfind(':');
    if (first == std::string_view::npos || first == last) {
      text.gap(body, "not of the form group:artifact:version=configurations");
      continue;
    }
    if (text.package(where, where.substr(0, last), where.substr(last + 1)) == 0) continue;
    const std::string_view uses = body.substr(where.size());
    if (uses.find("untime") == std::string_view::npos && uses.find("ompile") == std::string_view::npos &&
        uses.find("classpath") == std::string_view::npos)
      continue;
    bool product = uses.empty();
    for (std::size_t at = 1; at < uses.size();) {
      const std::size_t end = std::min(uses.find(',', at), uses.size());
      product = product || !trimmed(uses.substr(at, end - at)).starts_with("test");
      at = end + 1;
    }
    if (!product) text.last().scope = "dev";
  }
  return text.finish();
}

// mix.lock (Elixir terms): {:hex, :name, "version", "inner digest", [tools], [requirements], "repo", "outer digest"} or
// {:git, "url", "commit", options}.
ReadOutcome read_mix_lock(const intake::Input& input, evidence::Rows& rows) {
  LockText text(input.bytes, rows, "mix-lock", "hex");
  std::string_view line;
  while (text.next(line)) {
    std::string_view rest = trimmed(line);
    std::string_view key;
    if (!rest.starts_with('"') || !take_string(rest, key)) continue;
    const std::size_t open = rest.find('{');
    if (open == std::string_view::npos) continue;
    rest = rest.substr(open + 1);
    if (rest.starts_with(":git")) {
      std::string_view url;
      std::string_view commit;
      if (!take_string(rest, url) || !take_string(rest, commit)) continue;
      const RowId id = text.package(key, key, commit);
      text.origin(id, url, "git+" + std::string(url) + "#" + std::string(commit), {});
    } else if (rest.starts_with(":hex")) {
      std::string_view name = trimmed(rest.substr(rest.find(',') + 1));
      name = name.substr(name.starts_with(':') ? 1 : 0, name.find(',') - (name.starts_with(':') ? 1 : 0));
      std::string_view version;
      std::string_view inner;
      if (!take_string(rest, version)) continue;
      const bool dated = take_string(rest, inner);
      const RowId id = text.package(key, unquoted(name), version);
      text.rows().known_as(id, std::string(key));
      if (unquoted(name) != key) text.last().requirement = key;
      std::string_view outer;
      if (const std::size_t end = rest.rfind('"'); dated && end != std::string_view::npos && end > 0) {
        const std::size_t begin = rest.rfind('"', end - 1);
        if (begin != std::string_view::npos && end - begin == 65) outer = rest.substr(begin + 1, end - begin - 1);
      }
      text.origin(id, outer.empty() ? key : outer, {}, outer.empty() ? inner : outer);
      if (!outer.empty()) text.hash(id, outer, digest_of("sha-256", outer));
      for (std::size_t at = rest.find("{:"); at != std::string_view::npos; at = rest.find("{:", at + 2)) {
        std::string_view one = rest.substr(at + 2);
        const std::string_view target = one.substr(0, one.find(','));
        std::string_view range;
        take_string(one, range);
        text.rows().require(id, text.place(target), target, range, std::string(target));
      }
    }
  }
  return text.finish();
}

// A gemspec as RubyGems installs it: assignments to the variable of its block.
ReadOutcome read_gemspec(const intake::Input& input, evidence::Rows& rows) {
  LockText text(input.bytes, rows, "gemspec", "gem", "installed");
  std::string_view line;
  std::string_view variable;
  std::string_view name;
  std::string_view version;
  std::string license;
  std::string_view extensions;
  struct Need {
    std::string_view name;
    std::string_view range;
    bool dev;
  };
  std::vector<Need> needs;
  while (text.next(line)) {
    std::string_view body = trimmed(line);
    if (const std::size_t bar = body.find("Specification.new"); bar != std::string_view::npos) {
      const std::size_t open = body.find('|', bar);
      const std::size_t close = open == std::string_view::npos ? open : body.find('|', open + 1);
      if (close != std::string_view::npos) variable = trimmed(body.substr(open + 1, close - open - 1));
      continue;
    }
    if (variable.empty() || !body.starts_with(variable) || body.substr(variable.size(), 1) != ".") continue;
    body = body.substr(variable.size() + 1);
    std::string_view field = body.substr(0, body.find_first_of(" =(<"));
    std::string_view rest = body.substr(field.size());
    std::string_view value;
    if (field == "name" && take_string(rest, value)) name = value;
    if (field == "version" && take_string(rest, value)) version = value;
    if (field == "license" || field == "licenses") {
      while (take_string(rest, value)) license += (license.empty() ? "" : " OR ") + std::string(value);
    }
    if (field == "extensions" && take_string(rest, value)) extensions = value;
    if ((field == "add_runtime_dependency" || field == "add_dependency" || field == "add_development_dependency") &&
        take_string(rest, value)) {
      std::string_view range;
      take_string(rest, range);
      needs.push_back({value, range, field == "add_development_dependency"});
    }
  }
  if (name.empty() || version.empty()) return text.finish();
  const RowId id = text.package(name, name, version);
  if (id == 0) return text.finish();
  text.last().license = license;
  if (!extensions.empty()) text.rows().runs(id, text.place(extensions), extensions);
  for (const Need& need : needs) {
    if (!need.dev) text.rows().require(id, text.place(need.name), need.name, need.range, {});
  }
  return text.finish();
}

}  // namespace assay::sbom

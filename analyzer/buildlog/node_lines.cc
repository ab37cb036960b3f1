#include "analyzer/buildlog/address.h"
#include "analyzer/buildlog/tools.h"

namespace assay::buildlog {
namespace {

bool install_hook(std::string_view word) {
  return word == "preinstall" || word == "install" || word == "postinstall" || word == "prepare" ||
         word == "prepublish";
}

// What npm's registry packages may be called: keeps prose out.
bool package_name(std::string_view name) {
  if (name.empty()) return false;
  for (const char c : name) {
    const bool good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '@' ||
                      c == '/' || c == '-' || c == '_' || c == '.' || c == '~';
    if (!good) return false;
  }
  return true;
}

void lifecycle(const Line& line, std::string_view part, std::string_view name, std::string_view version,
               std::string_view hook, std::string_view command, Journal& journal) {
  journal.event_once(line, part,
                     {.kind = "lifecycle-script",
                      .ecosystem = "npm",
                      .name = lower(name),
                      .version = std::string(version),
                      .value = std::string(hook) + (command.empty() ? "" : ": ") + shown(command)});
}

// "added 123 packages, and audited 456 packages in 5s"
void added(const Line& line, std::string_view rest, Journal& journal) {
  const std::string_view count = take_word(rest);
  const std::string_view word = take_word(rest);
  if (!word.starts_with("package") || !starts_like_version(count)) return;
  journal.event(line, count, {.kind = "package-count", .ecosystem = "npm", .value = std::string(count)});
}

// "npm warn deprecated har-validator@5.1.5: …"
void deprecated(const Line& line, std::string_view rest, Journal& journal) {
  const std::string_view word = take_word(rest);
  std::string_view name;
  std::string_view version;
  if (split_at_version(word, name, version) && package_name(name))
    package(line, word, "package-installed", "npm", name, version, journal);
}

// "npm http fetch GET 200 https://… 35ms"
void fetch(const Line& line, std::string_view rest, Journal& journal) {
  contacted(line, rest, "npm", journal);
}

void notice(const Line& line, std::string_view rest, Journal& journal) {
  if (rest.starts_with("Publishing to ")) {
    journal.memory().npm_publishing = true;
    contacted(line, rest, "npm publish", journal);
  }
  if (rest.starts_with("Signed provenance statement")) {
    journal.memory().npm_publishing = true;
    journal.event_once(line, rest, {.kind = "attested", .ecosystem = "npm"});
  }
  // "shasum: 0a1b…" of the package that is about to be published.
  if (take(rest, "shasum:")) {
    const std::string_view digest = trimmed(rest);
    if (digest.size() == 40) journal.memory().packed_digest = std::string(digest);
  }
  if (rest.find("otal files:") != std::string_view::npos &&
      journal.step_name().find("publish") != std::string_view::npos) {
    journal.memory().npm_publishing = true;
  }
}

// "+ name@1.2.3" after publishing or adding one; "+ name 1.2.3" below a heading of pnpm.
void plus(const Line& line, std::string_view rest, Journal& journal) {
  const std::string_view word = take_word(rest);
  std::string_view name;
  std::string_view version;
  if (split_at_version(word, name, version) && package_name(name) && trimmed(rest).empty()) {
    if (journal.memory().npm_publishing && !journal.memory().packed_digest.empty()) {
      journal.event_once(line, word,
                         {.kind = "published",
                          .ecosystem = "npm",
                          .name = lower(name),
                          .version = std::string(version),
                          .value = journal.memory().packed_digest});
      journal.memory().packed_digest.clear();
      return;
    }
    package(line, word, journal.memory().npm_publishing ? "published" : "package-installed", "npm", name, version,
            journal);
    return;
  }
  if (!journal.memory().pnpm_dependencies) return;
  const std::string_view number = take_word(rest);
  if (starts_like_version(number) && package_name(word))
    package(line, word, "package-installed", "npm", word, number, journal);
}

void dependencies(const Line&, std::string_view rest, Journal& journal) {
  if (rest.empty()) journal.memory().pnpm_dependencies = true;
}

// "> esbuild@0.17.1 postinstall /path", the command stands on the next such line.
void script(const Line& line, std::string_view rest, Journal& journal) {
  StepMemory& memory = journal.memory();
  const std::string_view whole = trimmed(rest);
  const std::string_view word = take_word(rest);
  const std::string_view hook = take_word(rest);
  std::string_view name;
  std::string_view version;
  if (split_at_version(word, name, version) && package_name(name) && install_hook(hook)) {
    memory.lifecycle_package = std::string(name) + "\n" + std::string(version) + "\n" + std::string(hook);
    lifecycle(line, word, name, version, hook, "", journal);
    return;
  }
  if (memory.lifecycle_package.empty()) return;
  std::string_view known = memory.lifecycle_package;
  const std::string_view of = take_until(known, "\n");
  const std::string_view number = take_until(known, "\n");
  lifecycle(line, whole, of, number, known, whole, journal);
  memory.lifecycle_package.clear();
}

// ".../node_modules/esbuild postinstall$ node install.js" and "node_modules/nx postinstall: Done"
void in_modules(const Line& line, std::string_view rest, Journal& journal) {
  const std::string_view path = take_word(rest);
  rest = trimmed_left(rest);
  const std::size_t end = rest.find_first_of("$:");
  if (end == std::string_view::npos || !install_hook(rest.substr(0, end))) return;
  const std::size_t slash = path.rfind("node_modules/");
  std::string_view name = slash == std::string_view::npos ? path : path.substr(slash + 13);
  const std::string_view command = rest[end] == '$' ? trimmed(rest.substr(end + 1)) : std::string_view{};
  if (rest[end] == '$') lifecycle(line, path, name, "", rest.substr(0, end), command, journal);
}

void tree(const Line& line, std::string_view rest, Journal& journal) {
  const std::string_view word = take_word(rest);
  std::string_view name;
  std::string_view version;
  if (split_at_version(word, name, version) && package_name(name))
    package(line, word, "package-installed", "npm", name, version, journal);
}

// "➤ YN0085: │ + axios@npm:1.14.1, plain-crypto-js@npm:4.2.1, and 3 more."
// "➤ YN0013: │ x@npm:1.2.3 can't be found in the cache and will be fetched from the remote registry"
void berry(const Line& line, std::string_view rest, Journal& journal) {
  if (!take(rest, "YN0085:") && !take(rest, "YN0013:") && !take(rest, "YN0007:")) return;
  for (int count = 0; count < 200; ++count) {
    const std::string_view word = take_word(rest);
    if (word.empty()) return;
    std::string_view name;
    std::string_view version;
    if (word.find("@npm:") != std::string_view::npos && split_at_version(word, name, version) && package_name(name)) {
      package(line, word, "package-installed", "npm", name, version, journal);
    }
  }
}

constexpr ToolPrefix table[] = {
    {"added ", added},
    {"npm WARN deprecated ", deprecated},
    {"npm warn deprecated ", deprecated},
    {"warning ", deprecated},
    {"npm http fetch ", fetch},
    {"npm notice ", notice},
    {"+ ", plus},
    {"dependencies:", dependencies},
    {"devDependencies:", dependencies},
    {"> ", script},
    {".../", in_modules},
    {"node_modules/", in_modules},
    {"├─ ", tree},
    {"├── ", tree},
    {"└── ", tree},
    {"+-- ", tree},
    {"`-- ", tree},
    {"installed ", tree},
    {"└─ ", tree},
    {"➤ ", berry},
};

}  // namespace

ToolTable node_lines() {
  return {table, std::size(table)};
}

}  // namespace assay::buildlog

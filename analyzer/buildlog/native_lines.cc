#include <cstring>

#include "analyzer/buildlog/address.h"
#include "analyzer/buildlog/tools.h"

namespace assay::buildlog {
namespace {

// "   Compiling serde v1.0.1", "  Downloaded serde v1.0.1", "   Installed …"
void crate(const Line& line, std::string_view rest, Journal& journal) {
  const std::string_view name = take_word(rest);
  const std::string_view version = take_word(rest);
  if (version.size() < 2 || version[0] != 'v' || !starts_like_version(version)) return;
  package(line, name, "package-installed", "cargo", name, version.substr(1), journal);
}

// "   Published x v1.0.0 at registry `crates-io`"; older cargo: "   Uploading x v1.0.0 (/path)"
void crate_published(const Line& line, std::string_view rest, Journal& journal) {
  const std::string_view name = take_word(rest);
  const std::string_view version = take_word(rest);
  if (version.size() < 2 || version[0] != 'v' || !starts_like_version(version)) return;
  package(line, name, "published", "cargo", name, version.substr(1), journal);
}

// "go: downloading github.com/x/y v1.2.3"
void module(const Line& line, std::string_view rest, Journal& journal) {
  const std::string_view name = take_word(rest);
  const std::string_view version = take_word(rest);
  if (version.starts_with('v')) package(line, name, "package-installed", "golang", name, version, journal);
}

// Bundler: "Installing rake 13.0.6", "Fetching rake 13.0.6", "Using rake 13.0.6"
void gem(const Line& line, std::string_view rest, Journal& journal) {
  const std::string_view name = take_word(rest);
  const std::string_view version = take_word(rest);
  const std::string_view after = trimmed(rest);
  if (!starts_like_version(version) || version.starts_with('v') ||
      (!after.empty() && after[0] != '(' && !after.starts_with("with native")))
    return;
  package(line, name, "package-installed", "gem", name, version, journal);
}

// "go: added example.com/m v1.2.3"
void module_added(const Line& line, std::string_view rest, Journal& journal) {
  const std::string_view name = take_word(rest);
  const std::string_view version = take_word(rest);
  if (version.starts_with('v') && name.find('.') != std::string_view::npos)
    package(line, name, "package-requested", "golang", name, version, journal);
}

// "Fetching gem metadata from https://rubygems.org/", "Fetching demo-1.0.gem", Bazel's "Fetching https://…"
void fetching(const Line& line, std::string_view rest, Journal& journal) {
  if (rest.starts_with("gem metadata from ") || rest.ends_with(".gem")) journal.memory().gems = true;
  if (rest.starts_with("gem metadata from ") || rest.starts_with("http")) contacted(line, rest, "fetch", journal);
}

// Bundler: "Using rake 13.0.6"
void gem_used(const Line& line, std::string_view rest, Journal& journal) {
  if (journal.memory().gems) gem(line, rest, journal);
}

// "Pushing gem to https://rubygems.org..."
void gem_pushed(const Line& line, std::string_view rest, Journal& journal) {
  contacted(line, rest, "gem push", journal);
}

// Cargo: "Updating git repository `https://…`"; pip and apk name an address behind a word too.
void updating(const Line& line, std::string_view rest, Journal& journal) {
  if (rest.starts_with("git repository ") || rest.starts_with("git submodule "))
    contacted(line, rest, "cargo", journal);
}

// apk: "fetch https://dl-cdn.alpinelinux.org/alpine/v3.20/main/x86_64/APKINDEX.tar.gz"
void apk_index(const Line& line, std::string_view rest, Journal& journal) {
  if (rest.starts_with("http")) contacted(line, rest, "apk", journal);
}

// git push: "To https://github.com/o/n.git", "To github.com:o/n.git"
void pushed(const Line& line, std::string_view rest, Journal& journal) {
  const std::string_view place = take_word(rest);
  if (!trimmed(rest).empty() || !place.ends_with(".git")) return;
  journal.event_once(line, place, {.kind = "git-pushed", .value = shown(place)});
  contacted(line, place, "git push", journal);
}

// "Submodule path 'x': checked out '0123…'"
void submodule(const Line& line, std::string_view rest, Journal& journal) {
  const std::string_view path = take_until(rest, "'");
  if (!take(rest, ": checked out '")) return;
  const std::string_view commit = rest.substr(0, rest.find('\''));
  journal.event_once(line, commit, {.kind = "submodule-checked-out", .name = shown(path), .value = shown(commit)});
}

// curl -v: "* Connected to example.com (192.0.2.1) port 443"
void connected(const Line& line, std::string_view rest, Journal& journal) {
  const std::string_view host = take_word(rest);
  if (!trimmed_left(rest).starts_with('(')) return;
  journal.event_once(line, host, {.kind = "url-contacted", .name = "curl", .value = shown(host), .host = lower(host)});
}

// CMake: "-- Downloading https://…", "-- Found OpenSSL: /usr/lib/x (found version \"3.0.11\")"
void cmake(const Line& line, std::string_view rest, Journal& journal) {
  if (rest.starts_with("Downloading") || rest.starts_with("Fetching") || rest.starts_with("[download"))
    contacted(line, rest, "cmake", journal);
  if (!take(rest, "Found ")) return;
  const std::string_view name = take_until(rest, ": ");
  const std::size_t version = rest.find("found version \"");
  if (version == std::string_view::npos || name.find(' ') != std::string_view::npos) return;
  const std::string_view number = rest.substr(version + 15);
  journal.event_once(line, name,
                     {.kind = "tool-found",
                      .name = shown(name),
                      .version = shown(number.substr(0, number.find('"'))),
                      .value = shown(rest.substr(0, rest.find(" (")))});
}

// "Successfully registered gem: x (1.2.3)"
void gem_published(const Line& line, std::string_view rest, Journal& journal) {
  const std::string_view name = take_word(rest);
  std::string_view version = trimmed(rest);
  if (take(version, "(")) package(line, name, "published", "gem", name, version.substr(0, version.find(')')), journal);
}

// "Setting up libc6:amd64 (2.31-0ubuntu9) ..."
void deb(const Line& line, std::string_view rest, Journal& journal) {
  const std::string_view word = take_word(rest);
  std::string_view version = take_word(rest);
  if (!take(version, "(") || !version.ends_with(')')) return;
  const std::string_view name = word.substr(0, word.find(':'));
  package(line, word, "package-installed", "deb", name, version.substr(0, version.size() - 1), journal);
}

// "Get:1 http://archive.ubuntu.com/ubuntu focal/main amd64 x amd64 1.2 [3 kB]"
void apt(const Line& line, std::string_view rest, Journal& journal) {
  take_word(rest);
  contacted(line, rest, "apt", journal);
}

// "Installed Newtonsoft.Json 13.0.1 from https://api.nuget.org/…"
void nuget(const Line& line, std::string_view rest, Journal& journal) {
  const std::string_view name = take_word(rest);
  const std::string_view version = take_word(rest);
  if (!starts_like_version(version) || version.starts_with('v') || !trimmed_left(rest).starts_with("from ")) return;
  package(line, name, "package-installed", "nuget", name, version, journal);
  contacted(line, rest, "nuget", journal);
}

void nuget_published(const Line& line, std::string_view, Journal& journal) {
  journal.event_once(line, trimmed(line.text), {.kind = "published", .ecosystem = "nuget"});
}

// "config.status: executing depfiles commands"
void configure(const Line& line, std::string_view rest, Journal& journal) {
  const std::string_view name = take_word(rest);
  if (trimmed(rest) == "commands")
    journal.event_once(line, name, {.kind = "configure-command", .name = std::string(name)});
}

// "Cloning into 'x'..." tells no address; "From https://github.com/x/y" and "Fetching origin" follow it.
void fetched(const Line& line, std::string_view rest, Journal& journal) {
  if (rest.starts_with("https://") || rest.starts_with("http://") || rest.starts_with("ssh://"))
    contacted(line, rest, "git", journal);
}

// wget: "--2022-05-13 18:52:42--  https://…"
void wget(const Line& line, std::string_view rest, Journal& journal) {
  if (rest.size() > 20 && rest[4] == '-' && rest.substr(0, 30).find("--") != std::string_view::npos)
    contacted(line, rest, "wget", journal);
}

// wget: "Connecting to example.com (example.com)|192.0.2.1|:443... connected."
void connecting(const Line& line, std::string_view rest, Journal& journal) {
  const std::size_t bar = rest.find('|');
  if (bar == std::string_view::npos) return;
  const std::size_t end = rest.find('|', bar + 1);
  if (end == std::string_view::npos || end - bar > 50) return;
  const std::string_view host = take_word(rest);
  if (host.find('.') == std::string_view::npos) return;
  if (journal.first_time(host, 0x636f6e6eULL)) {
    journal.event(line, host,
                  {.kind = "url-contacted", .name = "wget", .value = std::string(host), .host = lower(host)});
  }
}

constexpr ToolPrefix table[] = {
    {"Compiling ", crate},
    {"Downloaded ", crate},
    {"Published ", crate_published},
    {"Uploading ", crate_published},
    {"go: downloading ", module},
    {"Installing ", gem},
    {"Installing ", crate},
    {"Adding ", crate},
    {"Uploaded ", crate_published},
    {"go: added ", module_added},
    {"go: upgraded ", module_added},
    {"Fetching ", gem},
    {"Fetching ", fetching},
    {"Using ", gem_used},
    {"Pushing gem to ", gem_pushed},
    {"Updating ", updating},
    {"fetch ", apk_index},
    {"To ", pushed},
    {"Submodule path '", submodule},
    {"* Connected to ", connected},
    {"-- ", cmake},
    {"Successfully registered gem: ", gem_published},
    {"Setting up ", deb},
    {"Get:", apt},
    {"Installed ", nuget},
    {"Your package was pushed.", nuget_published},
    {"config.status: executing ", configure},
    {"From ", fetched},
    {"--", wget},
    {"Connecting to ", connecting},
};

}  // namespace

ToolTable native_lines() {
  return {table, std::size(table)};
}

}  // namespace assay::buildlog

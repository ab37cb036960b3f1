#include "analyzer/buildlog/address.h"
#include "analyzer/buildlog/tools.h"

namespace assay::buildlog {
namespace {

void published(const Line& line, std::string_view part, std::string_view ecosystem, std::string_view name,
               std::string_view version, std::string_view value, Journal& journal) {
  journal.event_once(line, part,
                     {.kind = "published",
                      .ecosystem = std::string(ecosystem),
                      .name = lower(name),
                      .version = std::string(version),
                      .value = shown(value)});
}

// gh release create prints the address alone: "https://github.com/o/n/releases/tag/v1"
void release(const Line& line, std::string_view rest, Journal& journal) {
  if (rest.find("/releases/tag/") == std::string_view::npos || rest.find(' ') != std::string_view::npos) return;
  const std::string_view path = rest.substr(0, rest.find("/releases/tag/"));
  published(line, trimmed(line.text), "github", path, rest.substr(rest.rfind('/') + 1), trimmed(line.text), journal);
}

// Changesets: "🦋  success packages published successfully:", then "🦋  name@1.0.0"
void changesets(const Line& line, std::string_view rest, Journal& journal) {
  rest = trimmed(rest);
  if (rest.find("published successfully") != std::string_view::npos) {
    journal.memory().npm_publishing = true;
    return;
  }
  std::string_view name;
  std::string_view version;
  if (journal.memory().npm_publishing && rest.find(' ') == std::string_view::npos &&
      split_at_version(rest, name, version))
    published(line, rest, "npm", name, version, "", journal);
}

// Lerna: "Successfully published:", then " - name@1.0.0"
void lerna(const Line&, std::string_view rest, Journal& journal) {
  if (trimmed(rest).empty()) journal.memory().npm_publishing = true;
}
void dashed(const Line& line, std::string_view rest, Journal& journal) {
  std::string_view name;
  std::string_view version;
  const std::string_view word = take_word(rest);
  if (journal.memory().npm_publishing && trimmed(rest).empty() && split_at_version(word, name, version))
    published(line, word, "npm", name, version, "", journal);
}

// dotnet nuget push: "Pushing Name.1.2.3.nupkg to 'https://www.nuget.org/api/v2/package'..."
void nuget(const Line& line, std::string_view rest, Journal& journal) {
  const std::string_view file = take_word(rest);
  if (!file.ends_with(".nupkg")) return;
  std::string_view name = file.substr(0, file.size() - 6);
  for (std::size_t dot = name.find('.'); dot != std::string_view::npos; dot = name.find('.', dot + 1)) {
    if (dot + 1 < name.size() && name[dot + 1] >= '0' && name[dot + 1] <= '9') {
      published(line, file, "nuget", name.substr(0, dot), name.substr(dot + 1), "", journal);
      break;
    }
  }
  contacted(line, rest, "nuget", journal);
}

// helm push: "Pushed: registry.example.com/charts/x:1.2.3"
void helm(const Line& line, std::string_view rest, Journal& journal) {
  const std::string_view reference = take_word(rest);
  if (reference.find('/') != std::string_view::npos) image(line, reference, "", "published", journal);
}

// apk: "(3/12) Installing musl-dev (1.2.3-r4)"
void apk(const Line& line, std::string_view rest, Journal& journal) {
  const std::string_view count = take_word(rest);
  if (count.find('/') == std::string_view::npos || !count.ends_with(')') || take_word(rest) != "Installing") return;
  const std::string_view name = take_word(rest);
  std::string_view version = take_word(rest);
  if (!take(version, "(") || !version.ends_with(')')) return;
  version.remove_suffix(1);
  package(line, name, "package-installed", "apk", name, version, journal);
}

// dnf, yum: "  Installing       : bash-5.1.8-6.el9.x86_64     1/2"
void rpm(const Line& line, std::string_view rest, Journal& journal) {
  rest = trimmed_left(rest);
  if (!take(rest, ": ")) return;
  std::string_view whole = take_word(rest);
  const std::size_t release = whole.rfind('-');
  const std::size_t version =
      release == std::string_view::npos || release == 0 ? std::string_view::npos : whole.rfind('-', release - 1);
  if (version == std::string_view::npos || version == 0) return;
  package(line, whole, "package-installed", "rpm", whole.substr(0, version), whole.substr(version + 1), journal);
}

// cosign: "tlog entry created with index: 1234", "Pushing signature to: ghcr.io/o/n"
void logged(const Line& line, std::string_view rest, Journal& journal) {
  journal.event_once(line, rest, {.kind = "attested", .ecosystem = "sigstore", .value = shown(trimmed(rest))});
}
void signature(const Line& line, std::string_view rest, Journal& journal) {
  journal.event_once(line, rest, {.kind = "signed", .ecosystem = "oci", .name = shown(trimmed(rest))});
}

// actions/attest-build-provenance: "Attestation created for name@sha256:…"
void attestation(const Line& line, std::string_view rest, Journal& journal) {
  if (take(rest, "created for "))
    journal.event_once(line, rest, {.kind = "attested", .ecosystem = "github", .name = shown(trimmed(rest))});
}

// Microsoft's signtool: "Successfully signed: setup.exe"; jarsigner: "jar signed."
void signed_file(const Line& line, std::string_view rest, Journal& journal) {
  journal.event_once(line, trimmed(line.text), {.kind = "signed", .ecosystem = "file", .name = shown(trimmed(rest))});
}

// gpg: "using \"0123ABCD\" as default secret key for signing"
void gpg(const Line& line, std::string_view rest, Journal& journal) {
  if (rest.find("secret key for signing") == std::string_view::npos) return;
  take(rest, "\"");
  journal.event_once(line, rest,
                     {.kind = "signed", .ecosystem = "openpgp", .name = shown(rest.substr(0, rest.find('"')))});
}

// vsce: "DONE  Published publisher.name v1.0.0."; ovsx: "🚀  Published publisher.name v1.0.0"
void extension(const Line& line, std::string_view rest, Journal& journal) {
  rest = trimmed_left(rest);
  if (!take(rest, "Published ")) return;
  const std::string_view name = take_word(rest);
  std::string_view version = take_word(rest);
  if (!take(version, "v") || name.find('.') == std::string_view::npos) return;
  while (version.ends_with('.')) version.remove_suffix(1);
  published(line, name, "vscode-extension", name, version, "", journal);
}

constexpr ToolPrefix table[] = {
    {"Successfully signed: ", signed_file},
    {"jar signed.", signed_file},
    {"gpg: using ", gpg},
    {"DONE ", extension},
    {"🚀 ", extension},
    {"https://github.com/", release},
    {"🦋  ", changesets},
    {"Successfully published:", lerna},
    {"- ", dashed},
    {"Pushing ", nuget},
    {"Pushed: ", helm},
    {"(", apk},
    {"Installing  ", rpm},
    {"tlog entry created with index: ", logged},
    {"Pushing signature to: ", signature},
    {"Attestation ", attestation},
};

}  // namespace

ToolTable release_lines() {
  return {table, std::size(table)};
}

}  // namespace assay::buildlog

#include "analyzer/buildlog/address.h"
#include "analyzer/buildlog/tools.h"

namespace assay::buildlog {
namespace {

bool distribution(std::string_view file) {
  return file.ends_with(".whl") || file.ends_with(".tar.gz") || file.ends_with(".zip");
}

// "litellm-1.82.8-py3-none-any.whl" (PEP 427) or "name-1.2.tar.gz".
bool split_file(std::string_view file, std::string_view& name, std::string_view& version) {
  const std::size_t slash = file.rfind('/');
  if (slash != std::string_view::npos) file = file.substr(slash + 1);
  file = file.substr(0, file.find('#'));
  if (!distribution(file) || !split_dash_version(file, name, version)) return false;
  if (file.ends_with(".whl")) {
    version = version.substr(0, version.find('-'));
  } else {
    version.remove_suffix(file.ends_with(".zip") ? 4 : 7);
  }
  return true;
}

// "Successfully installed a-1 b-2"; gem prints one name the same way; NuGet "Successfully installed 'A 1.2.3' to
// C:\\x".
void installed(const Line& line, std::string_view rest, Journal& journal) {
  if (take(rest, "'")) {
    const std::string_view name = take_word(rest);
    const std::string_view version = take_word(rest);
    if (version.ends_with('\''))
      package(line, name, "package-installed", "nuget", name, version.substr(0, version.size() - 1), journal);
    return;
  }
  for (int count = 0; count < 5'000; ++count) {
    const std::string_view word = take_word(rest);
    if (word.empty()) return;
    std::string_view name;
    std::string_view version;
    if (!split_dash_version(word, name, version)) continue;
    package(line, word, "package-installed", journal.memory().gems ? "gem" : "pypi", name, version, journal);
  }
}

// "Building wheel for demo (setup.py): started", "Running setup.py install for demo": code of the package runs.
void built(const Line& line, std::string_view rest, Journal& journal) {
  const std::string_view name = take_word(rest);
  rest = trimmed_left(rest);
  const std::string_view how = rest.starts_with('(') ? rest.substr(1, rest.find(')') - 1) : "setup.py";
  journal.event_once(
      line, name,
      {.kind = "lifecycle-script", .ecosystem = "pypi", .name = lower(name), .value = "build: " + shown(how)});
}

// "Cloning https://example.com/x to /tmp/pip-req-build-1"
void cloning(const Line& line, std::string_view rest, Journal& journal) {
  if (rest.starts_with("http") || rest.starts_with("ssh:")) contacted(line, rest, "git", journal);
}

// Poetry: "Publishing demo (1.0) to PyPI"; uv: "Publishing 2 files https://upload.pypi.org/legacy/"
void publishing(const Line& line, std::string_view rest, Journal& journal) {
  const std::string_view name = take_word(rest);
  std::string_view version = take_word(rest);
  journal.memory().twine_uploading = true;
  if (take(version, "(") && version.ends_with(')'))
    package(line, name, "published", "pypi", name, version.substr(0, version.size() - 1), journal);
  else
    contacted(line, rest, "uv publish", journal);
}

void collecting(const Line& line, std::string_view rest, Journal& journal) {
  const std::string_view word = take_word(rest);
  if (word.find("://") != std::string_view::npos) {
    contacted(line, word, "pip", journal);
    return;
  }
  const std::string_view name = word.substr(0, word.find_first_of("[<>=!~;@("));
  package(line, name, "package-requested", "pypi", name, "", journal);
}

// "Downloading https://…/x-1.whl (3 kB)" and "Downloading x-1-py3-none-any.whl (9 kB)"
void downloading(const Line& line, std::string_view rest, Journal& journal) {
  if (rest.starts_with("from ") || rest.starts_with(": ")) return;
  const std::string_view word = take_word(rest);
  Address address;
  const bool has_address = first_address(word, address);
  std::string_view name;
  std::string_view version;
  const bool file = split_file(word.substr(0, word.find('?')), name, version);
  if (has_address) contacted(line, address, file ? "pip" : "download", journal);
  if (!file) return;
  journal.event_once(line, word,
                     {.kind = "package-downloaded",
                      .ecosystem = "pypi",
                      .name =
                          [&] {
                            std::string normal = lower(name);
                            for (char& c : normal) c = c == '_' || c == '.' ? '-' : c;
                            return normal;
                          }(),
                      .version = std::string(version),
                      .value = has_address ? address.url : "",
                      .host = has_address ? address.host : ""});
}

// "Looking in indexes: https://pypi.org/simple, https://…"
void indexes(const Line& line, std::string_view rest, Journal& journal) {
  for (std::size_t at = rest.find("://"); at != std::string_view::npos; at = rest.find("://", at + 3)) {
    Address address;
    if (!address_at(rest, at, address)) continue;
    journal.event_once(line, address.whole,
                       {.kind = "index-used", .ecosystem = "pypi", .value = address.url, .host = address.host});
  }
}

// uv: " + litellm==1.82.8"
void uv(const Line& line, std::string_view rest, Journal& journal) {
  const std::string_view word = take_word(rest);
  const std::size_t sign = word.find("==");
  if (sign == std::string_view::npos || sign == 0 || !trimmed(rest).empty()) return;
  package(line, word, "package-installed", "pypi", word.substr(0, sign), word.substr(sign + 2), journal);
}

// Poetry: "- Installing requests (2.28.1)"; Composer: "- Installing symfony/console (v5.4.1): Extracting archive"
void listed(const Line& line, std::string_view rest, Journal& journal) {
  const std::string_view name = take_word(rest);
  std::string_view version = take_word(rest);
  if (!take(version, "(")) return;
  // "(1.0 -> 2.0)", "(v1.0 => v2.0)"
  if (version.find(')') == std::string_view::npos) {
    take_word(rest);
    version = take_word(rest);
  }
  version = version.substr(0, version.find_first_of("):"));
  if (!starts_like_version(version)) return;
  package(line, name, "package-installed", name.find('/') == std::string_view::npos ? "pypi" : "composer", name,
          version, journal);
}

void uploading_to(const Line& line, std::string_view rest, Journal& journal) {
  journal.memory().twine_uploading = true;
  Address address;
  if (!first_address(rest, address)) return;
  journal.memory().twine_index = address.url;
  contacted(line, address, "twine", journal);
}

void uploading(const Line& line, std::string_view rest, Journal& journal) {
  const std::string_view word = take_word(rest);
  std::string_view name;
  std::string_view version;
  if (!journal.memory().twine_uploading || !split_file(word, name, version)) return;
  std::string normal = lower(name);
  for (char& c : normal) c = c == '_' || c == '.' ? '-' : c;
  journal.event_once(line, word,
                     {.kind = "published",
                      .ecosystem = "pypi",
                      .name = std::move(normal),
                      .version = std::string(version),
                      .value = journal.memory().twine_index});
}

constexpr ToolPrefix table[] = {
    {"Successfully installed ", installed},
    {"Collecting ", collecting},
    {"Downloading ", downloading},
    {"Looking in indexes: ", indexes},
    {"Looking in links: ", indexes},
    {"+ ", uv},
    {"- Installing ", listed},
    {"• Installing ", listed},
    {"- Updating ", listed},
    {"• Updating ", listed},
    {"- Upgrading ", listed},
    {"- Downgrading ", listed},
    {"- Uploading ", uploading},
    {"Publishing ", publishing},
    {"Using cached ", downloading},
    {"Building wheel for ", built},
    {"Running setup.py install for ", built},
    {"Cloning ", cloning},
    {"Uploading distributions to ", uploading_to},
    {"Uploading ", uploading},
};

}  // namespace

ToolTable python_lines() {
  return {table, std::size(table)};
}

}  // namespace assay::buildlog

#include "analyzer/buildlog/address.h"
#include "analyzer/buildlog/tools.h"

namespace assay::buildlog {
namespace {

// The coordinates in ".../maven2/org/example/part/1.2/part-1.2.jar" (Maven repository layout). The path above the group
// is cut at the last part that no group begins with.
bool coordinates(std::string_view url, std::string& name, std::string_view& version) {
  const std::size_t scheme = url.find("://");
  if (scheme == std::string_view::npos) return false;
  std::string_view path = url.substr(scheme + 3);
  const std::size_t root = path.find('/');
  if (root == std::string_view::npos) return false;
  path.remove_prefix(root + 1);
  for (const std::string_view above : {"maven2/", "m2/", "maven/", "public/", "releases/", "repository/", "repo/"}) {
    if (const std::size_t at = path.rfind(above); at != std::string_view::npos && (at == 0 || path[at - 1] == '/')) {
      path.remove_prefix(at + above.size());
      break;
    }
  }
  const std::size_t file = path.rfind('/');
  const std::size_t number = file == std::string_view::npos || file == 0 ? file : path.rfind('/', file - 1);
  const std::size_t part =
      number == std::string_view::npos || number == 0 ? std::string_view::npos : path.rfind('/', number - 1);
  if (part == std::string_view::npos || number == std::string_view::npos) return false;
  version = path.substr(number + 1, file - number - 1);
  const std::string_view artifact = path.substr(part + 1, number - part - 1);
  if (!path.substr(file + 1).starts_with(artifact)) return false;
  name = std::string(path.substr(0, part));
  for (char& c : name) c = c == '/' ? '.' : c;
  name += '/';
  name += artifact;
  return true;
}

void transferred(const Line& line, std::string_view rest, std::string_view tool, bool up, Journal& journal) {
  Address address;
  if (!first_address(rest, address)) return;
  if (up || journal.first_time(address.host, 0x6d6176656eULL)) contacted(line, address, tool, journal);
  std::string name;
  std::string_view version;
  const bool archive = address.url.ends_with(".jar") || address.url.ends_with(".aar") || address.url.ends_with(".war");
  if (archive && coordinates(address.url, name, version)) {
    package(line, address.whole, up ? "published" : "package-installed", "maven", name, version, journal);
  }
}

void maven_down(const Line& line, std::string_view rest, Journal& journal) {
  transferred(line, rest, "maven", false, journal);
}
void maven_up(const Line& line, std::string_view rest, Journal& journal) {
  transferred(line, rest, "maven", true, journal);
}
void gradle_down(const Line& line, std::string_view rest, Journal& journal) {
  if (rest.starts_with("http")) transferred(line, rest, "gradle", false, journal);
}

// "> Task :library:publishMavenPublicationToSonatypeRepository"
void task(const Line& line, std::string_view rest, Journal& journal) {
  const std::string_view path = take_word(rest);
  const std::size_t colon = path.rfind(':');
  const std::string_view name = colon == std::string_view::npos ? path : path.substr(colon + 1);
  if (!name.starts_with("publish") || name.find("Local") != std::string_view::npos || trimmed(rest) == "UP-TO-DATE" ||
      trimmed(rest) == "SKIPPED")
    return;
  journal.event_once(line, path, {.kind = "published", .ecosystem = "maven", .name = std::string(path)});
}

constexpr ToolPrefix table[] = {
    {"Downloading from ", maven_down},
    {"Downloaded from ", maven_down},
    {"Downloading: ", maven_down},
    {"Downloaded: ", maven_down},
    {"Uploaded to ", maven_up},
    {"Uploaded: ", maven_up},
    {"Download http", [](const Line& line, std::string_view,
                         Journal& journal) { gradle_down(line, line.text.substr(line.text.find("http")), journal); }},
    {"> Task ", task},
};

}  // namespace

ToolTable jvm_lines() {
  return {table, std::size(table)};
}

}  // namespace assay::buildlog

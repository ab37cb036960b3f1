#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sbom-import/lock_text.h"
#include "sbom-import/lockfiles.h"

namespace assay::sbom {
namespace {

using evidence::RowId;

struct Field {
  std::string_view name;
  std::string_view value;  // of the first line
  std::string joined;      // with the lines that go on
};

// "Name: value" lines until an empty one; a line that begins with a space goes on. `glue` joins without the space.
bool paragraph(LockText& text, std::vector<Field>& fields, bool glue) {
  fields.clear();
  std::string_view line;
  while (text.next(line)) {
    if (trimmed(line).empty()) {
      if (fields.empty()) continue;
      return true;
    }
    if (line[0] == ' ' || line[0] == '\t') {
      if (!fields.empty() && fields.back().joined.size() < 65'536) fields.back().joined += glue ? line.substr(1) : line;
      continue;
    }
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    const std::string_view value = trimmed(line.substr(colon + 1));
    fields.push_back({line.substr(0, colon), value, std::string(value)});
  }
  return !fields.empty();
}

const Field* field(const std::vector<Field>& fields, std::string_view name) {
  for (const Field& one : fields) {
    if (one.name == name) return &one;
  }
  return nullptr;
}

std::string_view value_of(const std::vector<Field>& fields, std::string_view name) {
  const Field* found = field(fields, name);
  return found == nullptr ? std::string_view{} : found->value;
}

// The file name of the innermost archive a member stands in, without suffix: "a.war!/lib/b-1.0.jar!/META-INF/…" is
// "b-1.0".
std::string_view archive_name(std::string_view path) {
  const std::size_t mark = path.rfind("!/");
  if (mark == std::string_view::npos) return {};
  path = path.substr(0, mark);
  path = path.substr(path.rfind('/') + 1);
  return path.substr(0, path.rfind('.'));
}

void names_after_commas(LockText& text, RowId id, const Field* list) {
  if (list == nullptr || id == 0) return;
  std::string_view rest = list->value;
  while (!rest.empty()) {
    const std::size_t comma = rest.find(',');
    std::string_view one = trimmed(rest.substr(0, comma));
    rest = comma == std::string_view::npos ? std::string_view{} : rest.substr(comma + 1);
    one = one.substr(0, one.find('|'));
    const std::size_t open = one.find('(');
    const std::string_view name = trimmed(one.substr(0, open));
    const std::string_view range =
        open == std::string_view::npos ? std::string_view{} : one.substr(open + 1, one.find(')') - open - 1);
    if (!name.empty())
      text.rows().require(id, text.place(name), name, range, std::string(name.substr(0, name.find(':'))));
  }
}

}  // namespace

// METADATA and PKG-INFO (core metadata, PEP 566 and 643) of an installed distribution, wheel or egg.
ReadOutcome read_python_metadata(const intake::Input& input, evidence::Rows& rows) {
  LockText text(input.bytes, rows, "python-metadata", "pypi", "installed");
  std::vector<Field> fields;
  paragraph(text, fields, false);
  const Field* name = field(fields, "Name");
  if (name == nullptr) return text.finish();
  const RowId id = text.package(name->value, name->value, value_of(fields, "Version"));
  if (id == 0) return text.finish();
  text.document_version(value_of(fields, "Metadata-Version"));
  const std::string_view expression = value_of(fields, "License-Expression");
  text.last().license = expression.empty() ? value_of(fields, "License") : expression;
  text.last().supplier = value_of(fields, "Author");
  for (const Field& one : fields) {
    if (one.name != "Requires-Dist") continue;
    const std::size_t end = one.value.find_first_of(" <>=!~;[(@");
    const std::string_view range = end == std::string_view::npos ? std::string_view{} : trimmed(one.value.substr(end));
    text.rows().require(id, text.place(one.value.substr(0, end)), one.value.substr(0, end), range, {});
  }
  return text.finish();
}

// pom.properties, which Maven puts into every jar.
ReadOutcome read_pom_properties(const intake::Input& input, evidence::Rows& rows) {
  LockText text(input.bytes, rows, "pom-properties", "maven", "installed");
  std::string_view line;
  std::string_view group;
  std::string_view artifact;
  std::string_view version;
  while (text.next(line)) {
    const std::size_t equals = line.find('=');
    if (equals == std::string_view::npos || line[0] == '#') continue;
    const std::string_view key = trimmed(line.substr(0, equals));
    const std::string_view value = trimmed(line.substr(equals + 1));
    if (key == "groupId") group = value;
    if (key == "artifactId") artifact = value;
    if (key == "version") version = value;
  }
  if (!artifact.empty()) text.package(artifact, std::string(group) + ":" + std::string(artifact), version);
  return text.finish();
}

// META-INF/MANIFEST.MF of a jar: the best name it gives of itself, with the file's name where it gives none. Whoever
// joins evidence prefers pom.properties of the same jar.
ReadOutcome read_jar_manifest(const intake::Input& input, evidence::Rows& rows) {
  LockText text(input.bytes, rows, "jar-manifest", "maven", "installed");
  std::vector<Field> fields;
  paragraph(text, fields, true);
  const auto first = [&](std::initializer_list<std::string_view> names) -> const Field* {
    for (const std::string_view name : names) {
      const Field* found = field(fields, name);
      if (found != nullptr && !found->value.empty() && found->value.find("${") == std::string_view::npos) return found;
    }
    return nullptr;
  };
  const Field* title = first({"Implementation-Title", "Bundle-Name", "Specification-Title", "Extension-Name",
                              "Short-Name", "Bundle-SymbolicName"});
  const Field* version = first({"Implementation-Version", "Bundle-Version", "Specification-Version", "Plugin-Version"});
  const Field* group = first({"Implementation-Vendor-Id", "Bundle-SymbolicName"});
  const std::string_view file = archive_name(input.artifact.path);
  std::string_view name = title == nullptr ? std::string_view{} : title->value;
  std::string_view number = version == nullptr ? std::string_view{} : version->value;
  // "name-1.2.3": the version begins at the first '-' before a digit.
  for (std::size_t dash = file.find('-'); dash != std::string_view::npos && dash + 1 < file.size();
       dash = file.find('-', dash + 1)) {
    if (file[dash + 1] < '0' || file[dash + 1] > '9') continue;
    if (name.empty() || name.find(' ') != std::string_view::npos) name = file.substr(0, dash);
    if (number.empty()) number = file.substr(dash + 1);
    break;
  }
  if (name.empty() || number.empty()) return text.finish();
  std::string whole = group == nullptr ? std::string() : std::string(group->joined.substr(0, group->joined.find(';')));
  // A symbolic name ends in the name of the bundle itself.
  const std::size_t tail = whole.rfind('.');
  if (group != nullptr && group->name == "Bundle-SymbolicName" && tail != std::string::npos) whole.resize(tail);
  const std::string_view where = title != nullptr     ? title->value
                                 : version != nullptr ? version->value
                                 : fields.empty()     ? std::string_view{}
                                                      : fields.front().value;
  if (where.empty()) return text.finish();
  if (text.package(where, whole.empty() ? std::string(name) : whole + ":" + std::string(name), number) != 0) {
    if (const Field* vendor = first({"Implementation-Vendor", "Bundle-Vendor"})) text.last().supplier = vendor->value;
  }
  return text.finish();
}

// /var/lib/dpkg/status and status.d (deb-control(5)); packages that are not installed are left out.
ReadOutcome read_dpkg_status(const intake::Input& input, evidence::Rows& rows) {
  LockText text(input.bytes, rows, "dpkg-status", "deb", "installed");
  std::vector<Field> fields;
  while (paragraph(text, fields, false)) {
    const Field* name = field(fields, "Package");
    const std::string_view status = value_of(fields, "Status");
    if (name == nullptr || (!status.empty() && !status.ends_with(" installed"))) continue;
    const RowId id = text.package(name->value, name->value, value_of(fields, "Version"));
    if (id == 0) continue;
    text.last().supplier = value_of(fields, "Maintainer");
    text.last().bom_ref = value_of(fields, "Architecture");
    text.rows().known_as(id, std::string(name->value));
    names_after_commas(text, id, field(fields, "Pre-Depends"));
    names_after_commas(text, id, field(fields, "Depends"));
  }
  return text.finish();
}

// /lib/apk/db/installed: one letter a field (wiki.alpinelinux.org, "Apk spec").
ReadOutcome read_apk_installed(const intake::Input& input, evidence::Rows& rows) {
  LockText text(input.bytes, rows, "apk-installed", "apk", "installed");
  std::vector<Field> fields;
  while (paragraph(text, fields, false)) {
    const Field* name = field(fields, "P");
    if (name == nullptr) continue;
    const RowId id = text.package(name->value, name->value, value_of(fields, "V"));
    if (id == 0) continue;
    text.last().license = value_of(fields, "L");
    text.last().supplier = value_of(fields, "m");
    text.rows().known_as(id, std::string(name->value));
    // "Q1" and base64: SHA-1 of the package's control part.
    if (const std::string_view sum = value_of(fields, "C"); sum.starts_with("Q1"))
      each_integrity("sha1-" + std::string(sum.substr(2)), [&](const Digest& digest) { text.hash(id, sum, digest); });
    std::string_view rest = value_of(fields, "D");
    while (!(rest = trimmed(rest)).empty()) {
      const std::string_view one = rest.substr(0, rest.find(' '));
      rest.remove_prefix(one.size());
      const std::string_view target = one.substr(0, one.find_first_of("<>=~"));
      if (!target.starts_with('!'))
        text.rows().require(id, text.place(one), target, one.substr(target.size()), std::string(target));
    }
  }
  return text.finish();
}

}  // namespace assay::sbom

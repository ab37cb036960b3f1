#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "sbom-import/gaps.h"
#include "sbom-import/lock_rows.h"
#include "sbom-import/lock_text.h"
#include "sbom-import/lockfiles.h"
#include "sbom-import/xml_tree.h"

// XML of the Java world: pom.xml of Maven, verification-metadata.xml of Gradle.
namespace assay::sbom {
namespace {

using evidence::RowId;

class MavenXml {
 public:
  MavenXml(std::string_view bytes, evidence::Rows& rows, std::string_view format, std::string_view declared)
      : tree_(bytes), rows_(rows), out_(rows, format, "maven", declared) {
    if (!tree_.complete()) gaps_.add(tree_.problem_position(), tree_.problem());
  }

  LockRows& rows() { return out_; }
  pugi::xml_node root() const { return tree_.root(); }

  evidence::LocationId place(std::string_view piece, pugi::xml_node otherwise) {
    const std::size_t begin = tree_.offset(piece.data(), tree_.offset(otherwise));
    return rows_.locate(tree_.span(begin, begin + piece.size()));
  }
  void gap(pugi::xml_node where, std::string_view what) { gaps_.add(tree_.position(tree_.offset(where)), what); }
  ReadOutcome finish() {
    out_.finish();
    return gaps_.outcome(rows_.lost());
  }

 private:
  XmlTree tree_;
  evidence::Rows& rows_;
  LockRows out_;
  Gaps gaps_;
};

std::string_view text_of(pugi::xml_node parent, const char* name) {
  return trimmed(parent.child(name).text().get());
}

// A POM's own properties; those of a parent that is another file are not known here.
class Properties {
 public:
  explicit Properties(pugi::xml_node project) {
    const pugi::xml_node parent = project.child("parent");
    for (const pugi::xml_node one : project.child("properties").children())
      values_.emplace(one.name(), trimmed(one.text().get()));
    for (const char* name : {"groupId", "artifactId", "version"}) {
      const std::string_view own = text_of(project, name);
      const std::string_view inherited = text_of(parent, name);
      const std::string_view value = own.empty() ? inherited : own;
      values_.emplace("project." + std::string(name), value);
      values_.emplace("pom." + std::string(name), value);
      values_.emplace("project.parent." + std::string(name), inherited);
    }
  }

  // With every "${name}" replaced; false when one is not known. Names inside values are followed a few times only.
  bool resolve(std::string_view text, std::string& out) const {
    out = text;
    for (int round = 0; round < most_rounds; ++round) {
      const std::size_t open = out.find("${");
      if (open == std::string::npos) return true;
      const std::size_t close = out.find('}', open);
      if (close == std::string::npos) return false;
      const auto found = values_.find(out.substr(open + 2, close - open - 2));
      if (found == values_.end() || out.size() + found->second.size() > most_bytes) return false;
      out.replace(open, close - open + 1, found->second);
    }
    return false;
  }

 private:
  static constexpr int most_rounds = 16;
  static constexpr std::size_t most_bytes = 4096;
  std::unordered_map<std::string, std::string_view> values_;
};

std::string_view scope_of(std::string_view written, bool optional) {
  if (written == "test") return "dev";
  if (written == "provided") return "peer";
  return optional ? "optional" : "required";
}

void pom_dependency(MavenXml& pom, const Properties& properties, pugi::xml_node one,
                    const std::unordered_map<std::string, std::string_view>& managed) {
  std::string group;
  std::string artifact;
  std::string version;
  const std::string_view written = text_of(one, "artifactId");
  if (!properties.resolve(text_of(one, "groupId"), group) || !properties.resolve(written, artifact) || artifact.empty())
    return pom.gap(one, "a property of another file names this dependency");
  if (group.empty() && std::string_view(one.name()) == "plugin") group = "org.apache.maven.plugins";
  std::string_view asked = text_of(one, "version");
  const auto found = managed.find(group + ":" + artifact);
  if (asked.empty() && found != managed.end()) asked = found->second;
  const bool known = properties.resolve(asked, version);
  // "[1.0]" is exactly that; other brackets are ranges.
  if (version.starts_with('[') && version.ends_with(']') && version.find(',') == std::string::npos)
    version = version.substr(1, version.size() - 2);
  const bool range = !known || version.find_first_of("[](),") != std::string::npos;
  const RowId id = pom.rows().package(pom.place(written, one), group + ":" + artifact, range ? "" : version);
  if (id == 0) return;
  evidence::ComponentRow& row = pom.rows().last();
  row.requirement = asked;
  row.scope = scope_of(text_of(one, "scope"), text_of(one, "optional") == "true");
  row.direct = evidence::Tri::yes;
  if (const std::string_view path = text_of(one, "systemPath"); !path.empty())
    pom.rows().origin(id, pom.place(path, one), {.kind = "file", .url = std::string(path)});
}

}  // namespace

// pom.xml (maven.apache.org, "POM Reference"): what the file itself declares. Versions that a parent or an imported BOM
// decides stay unknown; nothing is fetched.
ReadOutcome read_pom(const intake::Input& input, evidence::Rows& rows) {
  MavenXml pom(input.bytes, rows, "pom", "manifest");
  const pugi::xml_node project = pom.root();
  const Properties properties(project);
  std::string value;
  if (properties.resolve("${project.groupId}:${project.artifactId}", value)) pom.rows().document().subject = value;
  if (properties.resolve("${project.version}", value)) pom.rows().document().subject_version = value;
  std::unordered_map<std::string, std::string_view> managed;
  for (const pugi::xml_node one : project.child("dependencyManagement").child("dependencies").children("dependency")) {
    std::string key;
    if (properties.resolve(std::string(text_of(one, "groupId")) + ":" + std::string(text_of(one, "artifactId")), key))
      managed.emplace(std::move(key), text_of(one, "version"));
  }
  if (const pugi::xml_node parent = project.child("parent")) {
    const std::string_view artifact = text_of(parent, "artifactId");
    const RowId id = pom.rows().package(pom.place(artifact, parent),
                                        std::string(text_of(parent, "groupId")) + ":" + std::string(artifact),
                                        text_of(parent, "version"));
    if (id != 0) pom.rows().last().scope = "dev";
  }
  for (const pugi::xml_node one : project.child("dependencies").children("dependency"))
    pom_dependency(pom, properties, one, managed);
  for (const pugi::xml_node one : project.child("build").child("plugins").children("plugin")) {
    const std::size_t before = rows.component.size();
    pom_dependency(pom, properties, one, {});
    if (rows.component.size() > before) pom.rows().last().scope = "dev";
  }
  // Where else Maven is told to look.
  for (const auto& [list, entry] :
       {std::pair{"repositories", "repository"}, {"pluginRepositories", "pluginRepository"}}) {
    for (const pugi::xml_node one : project.child(list).children(entry)) {
      const std::string_view url = text_of(one, "url");
      if (url.empty()) continue;
      rows.add(evidence::ComponentOriginRow{
          .at = pom.place(url, one), .kind = "extra-index", .url = std::string(url), .host = host_of(url)});
    }
  }
  return pom.finish();
}

// gradle/verification-metadata.xml (docs.gradle.org, "Verifying dependencies"): digests each artifact must have.
ReadOutcome read_gradle_verification(const intake::Input& input, evidence::Rows& rows) {
  MavenXml file(input.bytes, rows, "gradle-verification", "lockfile");
  for (const pugi::xml_node one : file.root().child("components").children("component")) {
    const std::string_view name = one.attribute("name").value();
    const RowId id = file.rows().package(file.place(name, one),
                                         std::string(one.attribute("group").value()) + ":" + std::string(name),
                                         one.attribute("version").value());
    if (id == 0) continue;
    for (const pugi::xml_node artifact : one.children("artifact")) {
      // The POM's digest is no digest of the library.
      const std::string_view which = artifact.attribute("name").value();
      const bool library = !which.ends_with(".pom") && !which.ends_with(".module");
      for (const char* algorithm : {"sha512", "sha256", "sha1", "md5"}) {
        const std::string_view sum = artifact.child(algorithm).attribute("value").value();
        if (library && !sum.empty()) file.rows().hash(id, file.place(sum, artifact), digest_of(algorithm, sum));
      }
    }
  }
  return file.finish();
}

}  // namespace assay::sbom

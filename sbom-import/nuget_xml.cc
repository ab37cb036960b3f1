#include <string>
#include <string_view>
#include <vector>

#include "sbom-import/gaps.h"
#include "sbom-import/lock_rows.h"
#include "sbom-import/lock_text.h"
#include "sbom-import/lockfiles.h"
#include "sbom-import/xml_tree.h"

namespace assay::sbom {
namespace {

using evidence::RowId;

class NugetXml {
 public:
  NugetXml(std::string_view bytes, evidence::Rows& rows, std::string_view format)
      : tree_(bytes), rows_(rows), out_(rows, format, "nuget", "manifest") {}

  ReadOutcome read(bool config) {
    if (!tree_.complete()) gaps_.add(tree_.problem_position(), tree_.problem());
    std::vector<pugi::xml_node> open{tree_.root()};
    while (!open.empty()) {
      const pugi::xml_node node = open.back();
      open.pop_back();
      const std::string_view name = XmlTree::local(node.name());
      if (config && name == "package") {
        const RowId id = package(node.attribute("id"), node.attribute("version"));
        if (id != 0 && std::string_view(node.attribute("developmentDependency").value()) == "true")
          out_.last().scope = "dev";
        if (id != 0) out_.last().requirement = node.attribute("allowedVersions").value();
      } else if (!config &&
                 (name == "PackageReference" || name == "PackageVersion" || name == "GlobalPackageReference")) {
        pugi::xml_attribute id = node.attribute("Include");
        if (!id) id = node.attribute("Update");
        pugi::xml_attribute version = node.attribute("Version");
        if (!version) version = node.attribute("VersionOverride");
        package(id, version);
      }
      std::vector<pugi::xml_node> inner;
      for (const pugi::xml_node child : node.children()) {
        if (child.type() == pugi::node_element) inner.push_back(child);
      }
      open.insert(open.end(), inner.rbegin(), inner.rend());
    }
    out_.finish();
    return gaps_.outcome(rows_.lost());
  }

 private:
  // What MSBuild fills in only later ("$(Name)") names no package.
  RowId package(pugi::xml_attribute name, pugi::xml_attribute version) {
    const std::string_view id = trimmed(name.value());
    std::string_view number = trimmed(version.value());
    if (id.empty() || number.empty()) return 0;
    const std::size_t begin = tree_.offset(id.data(), 0);
    const auto at = rows_.locate(tree_.span(begin, begin + id.size()));
    if (id.find("$(") != std::string_view::npos || number.find("$(") != std::string_view::npos) {
      gaps_.add(tree_.position(begin), "a property of the build that is not known here");
      return 0;
    }
    // "[1.2.3]" is exactly that; other brackets and '*' are ranges.
    const bool exact = number.starts_with('[') && number.ends_with(']') && number.find(',') == std::string_view::npos;
    if (exact) number = number.substr(1, number.size() - 2);
    const bool range = number.find_first_of("[](),*") != std::string_view::npos;
    const RowId row = out_.package(at, id, range ? std::string_view{} : number);
    if (row != 0 && range) out_.last().requirement = number;
    return row;
  }

  XmlTree tree_;
  evidence::Rows& rows_;
  LockRows out_;
  Gaps gaps_;
};

}  // namespace

ReadOutcome read_nuget_config(const intake::Input& input, evidence::Rows& rows) {
  return NugetXml(input.bytes, rows, "nuget-packages-config").read(true);
}

ReadOutcome read_msbuild_packages(const intake::Input& input, evidence::Rows& rows) {
  return NugetXml(input.bytes, rows, "msbuild-packages").read(false);
}

}  // namespace assay::sbom

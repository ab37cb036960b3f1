#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "analyzer/base/result.h"

namespace assay::sbom {

// A package URL (package-url/purl-spec, ECMA-427): pkg:type/namespace/name@version?qualifiers#subpath. All parts are
// decoded and normalised by the rules of their type: lower case where the type ignores case, '-' for '_' in PyPI names,
// and so on.
struct PackageUrl {
  std::string type{};
  std::string space{};  // the namespace: parts joined by '/', "" when there is none
  std::string name{};
  std::string version{};
  std::vector<std::pair<std::string, std::string>> qualifiers{};  // sorted by key
  std::string subpath{};

  // "" when absent.
  std::string_view qualifier(std::string_view key) const;
  friend bool operator==(const PackageUrl&, const PackageUrl&) = default;
};

// Reads what the specification allows and what people write: upper case in type and qualifier keys, '//' after the
// scheme, superfluous slashes. Refuses a missing scheme, type or name and characters a type cannot have.
Result<PackageUrl> parse_package_url(std::string_view text);

// Only what the specification and the type's definition allow: on top of parse_package_url(), qualifier keys in lower
// case and check_package_url(). A reader of documents wants parse_package_url(): a type's demand that is not met costs
// no component.
Result<PackageUrl> parse_package_url_strictly(std::string_view text);
// Whether the parts make a package URL: type, name and keys are well formed, and the type has the namespace and
// qualifiers its definition requires and none that it prohibits.
Result<void> check_package_url(const PackageUrl& purl);

// The type's own rules: case, PyPI separators, default qualifiers. parse_package_url() has applied them already.
void normalise(PackageUrl& purl);

// The canonical form.
std::string to_text(const PackageUrl& purl);

// The key two documents agree on for one package whatever tool wrote them: "@scope/name" for npm, "group/artifact" for
// Maven, "name" for PyPI in lower case with one '-' for each run of '-', '_' and '.', the module path for Go. Parts are
// joined by
// '/'; the type itself is not part of it. Operating system packages leave out the namespace (the distribution).
std::string full_name(std::string_view type, std::string_view space, std::string_view name);

// For a name as its ecosystem writes it ("@scope/name", "group:artifact", "vendor/package").
PackageUrl package_url_of(std::string_view type, std::string_view written_name, std::string_view version);

}  // namespace assay::sbom

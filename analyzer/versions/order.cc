#include "analyzer/versions/order.h"

#include <string>

#include "analyzer/versions/orders.h"

namespace assay::versions {
namespace {

struct Name {
  std::string_view ecosystem;
  Scheme scheme;
};

// Lower case; package URL types first, then what VERS and OSV call the same differently.
constexpr Name names[] = {
    {"npm", Scheme::semver},
    {"golang", Scheme::semver},
    {"cargo", Scheme::semver},
    {"hex", Scheme::semver},
    {"swift", Scheme::semver},
    {"github", Scheme::semver},
    {"githubactions", Scheme::semver},
    {"bitnami", Scheme::semver},
    {"cocoapods", Scheme::gem},
    {"pub", Scheme::pub},
    {"pypi", Scheme::pypi},
    {"maven", Scheme::maven},
    {"nuget", Scheme::nuget},
    {"gem", Scheme::gem},
    {"composer", Scheme::composer},
    {"deb", Scheme::deb},
    {"opam", Scheme::deb},
    {"rpm", Scheme::rpm},
    {"apk", Scheme::apk},
    {"alpm", Scheme::alpm},
    {"ebuild", Scheme::gentoo},
    {"conan", Scheme::conan},
    {"cran", Scheme::cran},
    {"bioconductor", Scheme::cran},
    {"hackage", Scheme::intdot},
    {"julia", Scheme::semver},
    {"nim", Scheme::intdot},
    {"semver", Scheme::semver},
    {"gentoo", Scheme::gentoo},
    {"openssl", Scheme::openssl},
    {"nginx", Scheme::semver},
    {"datetime", Scheme::datetime},
    {"intdot", Scheme::intdot},
    {"lexicographic", Scheme::lexicographic},
    {"go", Scheme::semver},
    {"crates.io", Scheme::semver},
    {"packagist", Scheme::composer},
    {"rubygems", Scheme::gem},
    {"conancenter", Scheme::conan},
    {"swifturl", Scheme::semver},
    {"github actions", Scheme::semver},
    {"debian", Scheme::deb},
    {"ubuntu", Scheme::deb},
    {"echo", Scheme::deb},
    {"alpine", Scheme::apk},
    {"wolfi", Scheme::apk},
    {"chainguard", Scheme::apk},
    {"alpaquita", Scheme::apk},
    {"bellsoft hardened containers", Scheme::apk},
    {"minimos", Scheme::apk},
    {"red hat", Scheme::rpm},
    {"almalinux", Scheme::rpm},
    {"rocky linux", Scheme::rpm},
    {"suse", Scheme::rpm},
    {"opensuse", Scheme::rpm},
    {"mageia", Scheme::rpm},
    {"openeuler", Scheme::rpm},
    {"photon os", Scheme::rpm},
};

}  // namespace

std::optional<Scheme> scheme_of(std::string_view ecosystem) {
  ecosystem = ecosystem.substr(0, ecosystem.find(':'));
  for (const Name& name : names) {
    if (compare_folded(name.ecosystem, ecosystem) == 0) return name.scheme;
  }
  return std::nullopt;
}

std::weak_ordering compare(Scheme scheme, std::string_view a, std::string_view b) {
  if (a == b) return std::weak_ordering::equivalent;
  switch (scheme) {
    case Scheme::semver:
      return compare_semver(a, b);
    case Scheme::pub:
      return compare_pub(a, b);
    case Scheme::pypi:
      return compare_pypi(a, b);
    case Scheme::maven:
      return compare_maven(a, b);
    case Scheme::nuget:
      return compare_nuget(a, b);
    case Scheme::gem:
      return compare_gem(a, b);
    case Scheme::composer:
      return compare_composer(a, b);
    case Scheme::deb:
      return compare_deb(a, b);
    case Scheme::rpm:
      return compare_rpm(a, b);
    case Scheme::apk:
      return compare_apk(a, b);
    case Scheme::alpm:
      return compare_alpm(a, b);
    case Scheme::gentoo:
      return compare_gentoo(a, b);
    case Scheme::conan:
      return compare_conan(a, b);
    case Scheme::cran:
      return compare_cran(a, b);
    case Scheme::openssl:
      return compare_openssl(a, b);
    case Scheme::datetime:
      return compare_datetime(a, b);
    case Scheme::intdot:
      return compare_intdot(a, b);
    case Scheme::lexicographic:
      break;
  }
  return compare_bytes(a, b);
}

std::optional<std::weak_ordering> compare(std::string_view ecosystem, std::string_view a, std::string_view b) {
  const std::optional<Scheme> scheme = scheme_of(ecosystem);
  if (!scheme) return std::nullopt;
  return compare(*scheme, a, b);
}

std::weak_ordering compare_numbers(std::string_view a, std::string_view b) {
  while (a.starts_with('0')) a.remove_prefix(1);
  while (b.starts_with('0')) b.remove_prefix(1);
  if (a.size() != b.size()) return a.size() <=> b.size();
  return compare_bytes(a, b);
}

std::weak_ordering compare_bytes(std::string_view a, std::string_view b) {
  const int order = a.compare(b);
  return order <=> 0;
}

std::weak_ordering compare_folded(std::string_view a, std::string_view b) {
  for (std::size_t i = 0; i < a.size() && i < b.size(); ++i) {
    const auto order = static_cast<unsigned char>(folded(a[i])) <=> static_cast<unsigned char>(folded(b[i]));
    if (order != 0) return order;
  }
  return a.size() <=> b.size();
}

Validity by_validity(bool a_valid, bool b_valid, std::string_view a, std::string_view b) {
  if (a_valid && b_valid) return {};
  if (a_valid != b_valid) return {true, a_valid ? std::weak_ordering::greater : std::weak_ordering::less};
  return {true, compare_bytes(a, b)};
}

std::string_view take_until(std::string_view& text, char separator) {
  const std::size_t end = text.find(separator);
  const std::string_view taken = text.substr(0, end);
  text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
  return taken;
}

}  // namespace assay::versions

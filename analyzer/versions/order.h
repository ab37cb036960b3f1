#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string_view>

// Which of two versions is the later one, by the rules of the ecosystem they belong to.
//
// Every order is total: a version its ecosystem would refuse comes before all that it accepts, and two such are ordered
// by their bytes. Equivalent versions ("1.0" and "1.0.0" in most ecosystems) are equivalent here whatever their
// spelling. Time is linear in the length of both. Pure functions; may be called from any thread; never throw.
namespace assay::versions {

enum class Scheme : std::uint8_t {
  semver,         // semver.org 2.0.0, section 11, with any number of numeric parts and a leading 'v' or '='
  pub,            // semver, but build metadata counts (pub.dev "Version ordering")
  pypi,           // PEP 440
  maven,          // Maven "POM Reference", version order; org.apache.maven ComparableVersion
  nuget,          // semver with up to four parts, letters of any case
  gem,            // Gem::Version
  composer,       // composer/semver over PHP's version_compare
  deb,            // deb-version(7)
  rpm,            // rpm-version(7), rpmvercmp
  apk,            // apk-package(5): suffixes, letters, revisions
  alpm,           // vercmp(8)
  gentoo,         // Package Manager Specification 8, chapter 3.3
  conan,          // docs.conan.io, "Version ranges and versions"
  cran,           // R, numeric_version
  openssl,        // a letter after the number is a later patch
  datetime,       // RFC 3339
  intdot,         // dotted numbers, any separator; Hackage, Haskell PVP
  lexicographic,  // bytes
};

// By package URL type ("npm", "golang"), VERS scheme, or OSV ecosystem ("PyPI", "crates.io", "Debian:12"); case does
// not matter. Nothing for an ecosystem without a known order.
std::optional<Scheme> scheme_of(std::string_view ecosystem);

std::weak_ordering compare(Scheme scheme, std::string_view a, std::string_view b);

// Nothing when the ecosystem has no known order.
std::optional<std::weak_ordering> compare(std::string_view ecosystem, std::string_view a, std::string_view b);

}  // namespace assay::versions

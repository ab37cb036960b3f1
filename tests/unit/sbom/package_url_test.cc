#include "sbom-import/package_url.h"

#include <gtest/gtest.h>

namespace assay::sbom {
namespace {

std::string canonical(std::string_view text) {
  const Result<PackageUrl> purl = parse_package_url(text);
  return purl ? to_text(*purl) : "refused";
}

TEST(PackageUrl, ReadsEveryPart) {
  const PackageUrl purl = parse_package_url("pkg:npm/%40scope/name@1.0.0?b=2&a=x%2Fy#dir/./file").value();
  EXPECT_EQ(purl.type, "npm");
  EXPECT_EQ(purl.space, "@scope");
  EXPECT_EQ(purl.name, "name");
  EXPECT_EQ(purl.version, "1.0.0");
  EXPECT_EQ(purl.qualifier("a"), "x/y");
  EXPECT_EQ(purl.qualifier("c"), "");
  EXPECT_EQ(purl.subpath, "dir/file");
  EXPECT_EQ(to_text(purl), "pkg:npm/%40scope/name@1.0.0?a=x%2Fy&b=2#dir/file");
}

TEST(PackageUrl, NormalisesByType) {
  EXPECT_EQ(canonical("pkg:PyPI/Some_Package@1.0"), "pkg:pypi/some-package@1.0");
  EXPECT_EQ(canonical("PKG:GitHub/Owner/Name@v1"), "pkg:github/owner/name@v1");
  EXPECT_EQ(canonical("pkg:nuget/Some.Name@1"), "pkg:nuget/Some.Name@1");
  EXPECT_EQ(canonical("pkg://npm//name@1"), "pkg:npm/name@1");
  EXPECT_EQ(canonical("pkg:npm/@scope/name"), "pkg:npm/%40scope/name");
  EXPECT_EQ(canonical("pkg:maven/org.example/Lib@1%2B2"), "pkg:maven/org.example/Lib@1%2B2");
}

TEST(PackageUrl, RefusesWhatIsNone) {
  for (const char* text : {"", "npm/name@1", "pkg:", "pkg:npm", "pkg:npm/", "pkg:n%pm/name", "pkg:maven/@1.0",
                           "pkg:1npm/a", "pkg:npm/a?1key=x"}) {
    EXPECT_EQ(canonical(text), "refused") << text;
  }
}

TEST(PackageUrl, WhatATypeDemandsIsCheckedApart) {
  for (const char* text :
       {"pkg:swift/Alamofire@5.4.3", "pkg:vcpkg/boost/asio@1", "pkg:julia/Dates", "pkg:cpan/LWP::UserAgent@6.7.6",
        "pkg:vscode-extension/java@1", "pkg:otp/space/hex@2", "pkg:chrome-extension/dogs",
        "pkg:chrome-extension/dlpngalgnefjeiefhmpklpfiohadpglk@1.2.3.4.5"}) {
    EXPECT_TRUE(parse_package_url(text).has_value()) << text;
    EXPECT_FALSE(parse_package_url_strictly(text).has_value()) << text;
  }
  for (const char* text :
       {"pkg:swift/github.com/Alamofire/Alamofire@5.4.3", "pkg:vcpkg/asio@1", "pkg:julia/Dates?uuid=ade2ca70",
        "pkg:cpan/GDT/URI-PackageURL@2.23", "pkg:chrome-extension/dlpngalgnefjeiefhmpklpfiohadpglk@1.2.3.4"}) {
    EXPECT_TRUE(parse_package_url_strictly(text).has_value()) << text;
  }
  EXPECT_FALSE(check_package_url({.type = "npm", .name = "a", .qualifiers = {{"in production", "true"}}}).has_value());
  EXPECT_FALSE(check_package_url({.type = "", .name = "a"}).has_value());
}

TEST(PackageUrl, AGitRepositoryIsNamedByAllThatFollowsItsHost) {
  const auto purl = parse_package_url("pkg:git/codeberg.org/forgejo/forgejo@a72d2c07#options/x.md");
  ASSERT_TRUE(purl.has_value());
  EXPECT_EQ(purl->space, "codeberg.org");
  EXPECT_EQ(purl->name, "forgejo/forgejo");
  EXPECT_EQ(to_text(*purl), "pkg:git/codeberg.org/forgejo/forgejo@a72d2c07#options/x.md");
}

TEST(PackageUrl, FullNameIsTheSameHoweverANameIsWritten) {
  EXPECT_EQ(full_name("pypi", "", "Zope.Interface_x--y"), "zope-interface-x-y");
  EXPECT_EQ(full_name("npm", "@Scope", "name"), "@scope/name");
  EXPECT_EQ(full_name("maven", "org.Example", "Lib"), "org.Example/Lib");
  EXPECT_EQ(full_name("nuget", "", "Newtonsoft.Json"), "newtonsoft.json");
  EXPECT_EQ(full_name("deb", "debian", "curl"), "curl");
  EXPECT_EQ(full_name("golang", "github.com/Owner", "Repo"), "github.com/owner/repo");
}

TEST(PackageUrl, IsMadeFromANameAsItsEcosystemWritesIt) {
  EXPECT_EQ(to_text(package_url_of("npm", "@scope/name", "1.0.0")), "pkg:npm/%40scope/name@1.0.0");
  EXPECT_EQ(to_text(package_url_of("maven", "org.example:lib", "1")), "pkg:maven/org.example/lib@1");
  EXPECT_EQ(to_text(package_url_of("pypi", "Some_Name", "")), "pkg:pypi/some-name");
}

}  // namespace
}  // namespace assay::sbom

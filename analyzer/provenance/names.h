#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace assay::provenance {

// The names that statements, certificates, logs and SBOMs share, brought into one form so that they can be compared.

std::string lower(std::string_view text);

struct RepositoryName {
  std::string repository;  // "github.com/owner/name": lower case, no scheme, user, port or ".git"; "" when it is none
  std::string reference;   // what follows '@' in the path: "refs/heads/main", a tag or a commit; "" when nothing does
};

// Of "git+https://github.com/O/N.git@refs/heads/main", "https://github.com/O/N/actions/runs/1", "git@github.com:O/N",
// "pkg:github/o/n@v1" and the like. On github.com a repository is the first two parts of the path, elsewhere everything
// before "/-/" and before '@'.
RepositoryName repository_of(std::string_view uri);

struct PackageName {
  std::string type;  // npm, pypi, …; "" when the text names no package
  std::string full;  // as component.full_name: lower case where the ecosystem ignores case, "-" for "_" and "." in pypi
  std::string version;  // "" when not given
};

// Of a package URL (purl specification: scheme, type, namespace, name, version; qualifiers and subpath dropped) or of
// the file name of a wheel (PEP 427). `python` says that other archives are Python's too (PEP 625).
PackageName package_of(std::string_view text, bool python);

// The number in ".../actions/runs/123/attempts/1", ".../-/jobs/123", ".../-/pipelines/123"; the text itself when it is
// a number, perhaps with "-1" behind it; "" otherwise.
std::string run_number(std::string_view run);

// "2026-05-11T19:16:31Z"; "" outside of the years 1970 to 9999.
std::string rfc3339(std::int64_t seconds);

}  // namespace assay::provenance

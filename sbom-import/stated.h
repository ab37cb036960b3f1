#pragma once

#include <string>
#include <string_view>

#include "analyzer/evidence/rows.h"
#include "sbom-import/package_url.h"

// What documents state about a component, in the words of the evidence whatever the format: identity, origin, digest.
namespace assay::sbom {

// Fills purl, purl_type, purl_namespace, full_name and, when the row has none, name and version. A name as written
// stays, without the namespace it may repeat.
void identify(evidence::ComponentRow& row, const PackageUrl& purl, std::string_view as_written);

// For a name of a known ecosystem: derives the package URL.
void identify(evidence::ComponentRow& row, std::string_view type, std::string_view written_name,
              std::string_view version);

// For a name of no known ecosystem: full_name is "group/name" or the name as written, purl stays "".
void identify_plain(evidence::ComponentRow& row, std::string_view group, std::string_view name);

// A component_origin row without component and place: kind (registry, git, url, file), host and immutable are read off
// the URL. `type` is the purl type, whose registry's URL shapes are known. A commit of 40 or 64 hex digits or an
// integrity value makes it immutable.
evidence::ComponentOriginRow origin_of(std::string_view url, std::string_view type, std::string_view integrity);

// Host of a URL in lower case without user and port; of "git@host:owner/name" too; "" when there is none.
std::string host_of(std::string_view url);

bool is_commit(std::string_view text);  // 40 or 64 hexadecimal digits

struct Digest {
  std::string algorithm;  // "sha-512", "sha-256", "sha-1", "md5", … as in component_hash
  std::string value;      // lower-case hex; as written, lower case, when it is no hex
};
// "SHA256", "SHA-256", "sha256" -> "sha-256"; "SHA3-512" -> "sha3-512"; others in lower case.
std::string algorithm_word(std::string_view written);
Digest digest_of(std::string_view algorithm, std::string_view value);
// Calls `each(Digest)` for every "algorithm-base64" part of a Subresource Integrity value (W3C SRI); false when one is
// not of that form.
template <class Each>
bool each_integrity(std::string_view integrity, Each each);

bool read_integrity_part(std::string_view part, Digest& digest);

template <class Each>
bool each_integrity(std::string_view integrity, Each each) {
  bool good = true;
  while (!integrity.empty()) {
    const std::size_t end = integrity.find(' ');
    const std::string_view part = integrity.substr(0, end);
    integrity = end == std::string_view::npos ? std::string_view{} : integrity.substr(end + 1);
    if (part.empty()) continue;
    Digest digest;
    if (read_integrity_part(part, digest)) {
      each(std::move(digest));
    } else {
      good = false;
    }
  }
  return good;
}

// Exactly one version satisfies the npm range: "1.2.3", "=1.2.3", with pre-release and build.
bool is_exact_version(std::string_view range);

}  // namespace assay::sbom

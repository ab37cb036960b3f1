#pragma once

#include <cstdint>
#include <string_view>

namespace assay {

// What a text in the shape of a credential is, judged offline from the text alone.
enum class CredentialVerdict : std::uint8_t {
  placeholder,     // an example: says so, repeats, counts up, or has too few different characters
  wrong_checksum,  // its issuer's checksum does not fit: nobody ever issued it
  plausible,       // random enough, and its format has no checksum
  proven,          // its issuer's checksum fits, which one text in four thousand million does by chance
};
std::string_view word(CredentialVerdict verdict);

// `kind` is one of the pattern names of rules/source/credential-shapes.yaml; kinds without a checksum of their own are
// judged by their randomness only. Total, linear, pure.
//
// Checksums: GitHub (github.blog, "Behind GitHub's new authentication token formats", 2021) and npm, which took the
// format over: the last six characters are the CRC-32 of the others behind the prefix, in base 62 (0-9, A-Z, a-z),
// padded with zeros. PyPI: a macaroon (version 2) of the location pypi.org.
CredentialVerdict judge_credential(std::string_view kind, std::string_view text);

}  // namespace assay

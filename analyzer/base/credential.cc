#include "analyzer/base/credential.h"

#include <algorithm>
#include <array>
#include <bitset>
#include <string>

namespace assay {
namespace {

constexpr std::string_view base62_digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr std::size_t checksum_digits = 6;
constexpr std::size_t shortest_judged = 16;
constexpr std::size_t longest_judged = 512;  // bytes; keys go on for thousands, which say nothing more

// CRC-32 of IEEE 802.3, as zlib and PNG have it.
std::uint32_t crc32(std::string_view text) {
  std::uint32_t crc = 0xFFFFFFFFU;
  for (const char c : text) {
    crc ^= static_cast<unsigned char>(c);
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1U) ^ ((crc & 1U) != 0 ? 0xEDB88320U : 0U);
  }
  return ~crc;
}

bool checksum_fits(std::string_view body) {
  if (body.size() <= checksum_digits) return false;
  std::uint32_t left = crc32(body.substr(0, body.size() - checksum_digits));
  const std::string_view given = body.substr(body.size() - checksum_digits);
  for (std::size_t i = given.size(); i-- > 0; left /= 62) {
    if (given[i] != base62_digits[left % 62]) return false;
  }
  return true;
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}

bool says_it_is_an_example(std::string_view text) {
  std::string small(text);
  std::transform(small.begin(), small.end(), small.begin(), lower);
  for (const std::string_view word :
       {"example", "placeholder", "changeme", "redacted", "dummy", "fake", "your_", "your-", "insert", "replace",
        "xxxx", "....", "****", "notreal", "not-real", "not_real"}) {
    if (small.find(word) != std::string::npos) return true;
  }
  return false;
}

// Runs that chance hardly makes: the same character five times, or eight in the order of the alphabet.
bool repeats_or_counts(std::string_view text) {
  std::size_t same = 1;
  std::size_t rising = 1;
  for (std::size_t i = 1; i < text.size(); ++i) {
    same = text[i] == text[i - 1] ? same + 1 : 1;
    rising = lower(text[i]) == lower(text[i - 1]) + 1 ? rising + 1 : 1;
    if (same >= 5 || rising >= 8) return true;
  }
  return false;
}

// Sixteen hexadecimal digits at random show ten different ones; twenty of a larger alphabet show sixteen.
bool varied(std::string_view text) {
  std::bitset<256> seen;
  for (const char c : text) seen.set(static_cast<unsigned char>(c));
  return seen.count() >= std::min<std::size_t>(8, text.size() / 2);
}

struct Checked {
  std::string_view kind;
  std::string_view prefix;  // before the random part
};
// All GitHub prefixes are four characters long.
constexpr std::array with_checksum = {Checked{"github-token", "gh._"}, Checked{"npm-token", "npm_"}};

// "pypi-" and base64url of a macaroon: version 2, then a location field of eight bytes, "pypi.org".
constexpr std::string_view pypi_macaroon = "pypi-AgEIcHlwaS5vcmc";

}  // namespace

std::string_view word(CredentialVerdict verdict) {
  switch (verdict) {
    case CredentialVerdict::placeholder:
      return "placeholder";
    case CredentialVerdict::wrong_checksum:
      return "wrong-checksum";
    case CredentialVerdict::plausible:
      return "plausible";
    case CredentialVerdict::proven:
      return "proven";
  }
  return "";
}

CredentialVerdict judge_credential(std::string_view kind, std::string_view text) {
  for (const Checked& checked : with_checksum) {
    if (checked.kind != kind || text.size() <= checked.prefix.size()) continue;
    const std::string_view body = text.substr(checked.prefix.size());
    if (checksum_fits(body)) return CredentialVerdict::proven;
    return repeats_or_counts(body) || says_it_is_an_example(body) ? CredentialVerdict::placeholder
                                                                  : CredentialVerdict::wrong_checksum;
  }
  const std::string_view judged = text.substr(0, longest_judged);
  if (judged.size() < shortest_judged || says_it_is_an_example(judged) || !varied(judged)) return CredentialVerdict::placeholder;
  if (kind == "pypi-token") {
    return text.starts_with(pypi_macaroon) ? CredentialVerdict::plausible : CredentialVerdict::wrong_checksum;
  }
  // The frame of a key is made of dashes, and DER begins with the same zeros in many keys.
  if (kind.starts_with("private-key")) return CredentialVerdict::plausible;
  return repeats_or_counts(judged) ? CredentialVerdict::placeholder : CredentialVerdict::plausible;
}

}  // namespace assay

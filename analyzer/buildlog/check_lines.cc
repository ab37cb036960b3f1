#include <array>

#include "analyzer/buildlog/tools.h"

namespace assay::buildlog {
namespace {

constexpr std::string_view mismatch = "mismatch";          // the content is not what was promised
constexpr std::string_view unverifiable = "unverifiable";  // nobody could tell

void failed(const Line& line, std::string_view what, std::string_view how, Journal& journal) {
  journal.event_once(line, trimmed(line.text),
                     {.kind = "check-failed",
                      .name = std::string(what),
                      .version = std::string(how),
                      .value = shown(trimmed(line.text).substr(0, 300))});
}

bool holds(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

void checksum(const Line& line, std::string_view, Journal& journal) {
  failed(line, "checksum", mismatch, journal);
}
void bad_signature(const Line& line, std::string_view, Journal& journal) {
  failed(line, "signature", mismatch, journal);
}
void unknown_key(const Line& line, std::string_view, Journal& journal) {
  failed(line, "signature", unverifiable, journal);
}
void certificate(const Line& line, std::string_view, Journal& journal) {
  failed(line, "certificate", unverifiable, journal);
}

// "sha256sum: WARNING: 1 computed checksum did NOT match"
void sum(const Line& line, std::string_view rest, Journal& journal) {
  if (holds(rest, "did NOT match")) checksum(line, rest, journal);
}

// "W: GPG error: … NO_PUBKEY …", "E: Failed to fetch …  Hash Sum mismatch"
void apt(const Line& line, std::string_view rest, Journal& journal) {
  if (holds(rest, "BADSIG"))
    bad_signature(line, rest, journal);
  else if (holds(rest, "GPG error") || holds(rest, "signatures couldn't be verified"))
    unknown_key(line, rest, journal);
  else if (holds(rest, "Hash Sum mismatch"))
    checksum(line, rest, journal);
}

// apk, dnf, apt and wget all begin so.
void warning(const Line& line, std::string_view rest, Journal& journal) {
  if (holds(rest, "UNTRUSTED signature") || rest.starts_with("The following packages cannot be authenticated"))
    unknown_key(line, rest, journal);
  else if (rest.starts_with("cannot verify ") || rest.starts_with("The certificate of "))
    certificate(line, rest, journal);
  else if (holds(rest, "DO NOT MATCH THE HASHES") || rest.starts_with("Checksum for ") || rest.starts_with("checksum "))
    checksum(line, rest, journal);
}

// rpm: "warning: /x.rpm: Header V4 RSA/SHA256 Signature, key ID 1234: NOKEY"
void rpm(const Line& line, std::string_view rest, Journal& journal) {
  if (!holds(rest, "ignature, key ID")) return;
  if (rest.ends_with("NOKEY") || rest.ends_with("NOTTRUSTED"))
    unknown_key(line, rest, journal);
  else if (rest.ends_with("BAD"))
    bad_signature(line, rest, journal);
}

void verifying(const Line& line, std::string_view rest, Journal& journal) {
  if (holds(rest, "checksum mismatch")) checksum(line, rest, journal);
}

void npm(const Line& line, std::string_view rest, Journal& journal) {
  if (rest.starts_with("EINTEGRITY")) checksum(line, rest, journal);
}

// "Error: no matching signatures", "error: failed to verify the checksum of …", "Error: GPG check FAILED"
void error(const Line& line, std::string_view rest, Journal& journal) {
  if (rest.starts_with("no matching signatures") || rest.starts_with("signature verification failed") ||
      rest.starts_with("invalid signature"))
    bad_signature(line, rest, journal);
  else if (rest.starts_with("GPG check FAILED"))
    unknown_key(line, rest, journal);
  else if (rest.starts_with("checksum for ") || rest.starts_with("failed to verify the checksum") ||
           rest.starts_with("SHA256 mismatch") || rest.starts_with("hash mismatch"))
    checksum(line, rest, journal);
}

constexpr ToolPrefix table[] = {
    {"sha256sum: WARNING: ", sum},
    {"sha512sum: WARNING: ", sum},
    {"sha1sum: WARNING: ", sum},
    {"md5sum: WARNING: ", sum},
    {"shasum: WARNING: ", sum},
    {"gpg: BAD signature from ", bad_signature},
    {"gpgv: BAD signature from ", bad_signature},
    {"gpg: Can't check signature: ", unknown_key},
    {"gpgv: Can't check signature: ", unknown_key},
    {"W: ", apt},
    {"E: ", apt},
    {"WARNING: ", warning},
    {"ERROR: ", warning},
    {"Authentication warning overridden", unknown_key},
    {"GPG check FAILED", unknown_key},
    {"curl: (60) ", certificate},
    {"curl: (51) ", certificate},
    {"npm ERR! code ", npm},
    {"npm error code ", npm},
    {"THESE PACKAGES DO NOT MATCH THE HASHES", checksum},
    {"verifying ", verifying},
    {"SECURITY ERROR", checksum},
    {"[WARNING] Checksum validation failed", checksum},
    {"[WARNING] Could not validate integrity of download", checksum},
    {"Dependency verification failed", checksum},
    {"error Integrity check failed for ", checksum},
    {"➤ YN0018:", checksum},
    {"ERR_PNPM_TARBALL_INTEGRITY", checksum},
    {"error: ", error},
    {"Error: ", error},
    {"FAILED: SLSA verification failed", bad_signature},
    {"The checksum verification of the file failed", checksum},
    {"Checksum mismatch", checksum},
    {"checksum mismatch", checksum},
    {"Hash mismatch", checksum},
    {"Signature verification failed", bad_signature},
    {"signature verification failed", bad_signature},
    {"warning: /", rpm},
};

}  // namespace

ToolTable check_lines() {
  return {table, std::size(table)};
}

}  // namespace assay::buildlog

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "analyzer/buildlog/build_log.h"
#include "analyzer/provenance/attestation.h"

namespace {

std::string base64(std::string_view text) {
  constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < text.size(); i += 3) {
    const std::string_view part = text.substr(i, 3);
    unsigned bits = 0;
    for (std::size_t k = 0; k < 3; ++k)
      bits = bits << 8U | (k < part.size() ? static_cast<unsigned char>(part[k]) : 0U);
    for (std::size_t k = 0; k < 4; ++k) out.push_back(k <= part.size() ? letters[bits >> (18 - 6 * k) & 63U] : '=');
  }
  return out;
}

// Every place must be a place, and no row may point nowhere.
void read(std::string_view bytes) {
  const assay::Artifact artifact{.id = assay::artifact_id(1, 0), .path = "input"};
  assay::evidence::Rows rows(artifact.id);
  assay::provenance::looks_like_attestation(bytes);
  assay::provenance::read_attestation({artifact, bytes}, rows);
  assay::buildlog::read_command_runs({artifact, bytes}, rows);
  for (const auto& row : rows.attestation_subject) {
    if (row.attestation_id == 0) std::abort();
  }
  for (const auto& row : rows.location) {
    if (row.line < 0 || row.end_line < row.line || (row.end_line == row.line && row.end_column < row.column))
      std::abort();
  }
}

}  // namespace

// The first byte chooses the shell that is built around the rest, so that mutations reach the statement inside without
// having to invent base64 and envelopes first; the other bytes are as they are.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (bytes.empty()) return 0;
  const std::string_view rest = bytes.substr(1);
  const std::size_t half = rest.size() / 2;
  const std::string statement =
      R"({"_type":"https://in-toto.io/Statement/v1","subject":[{"name":"a","digest":{"sha256":"00"}}],)"
      R"("predicateType":"https://slsa.dev/provenance/v1","predicate":)" +
      std::string(rest) + "}";
  const std::string envelope = R"({"payloadType":"application/vnd.in-toto+json","payload":")" + base64(statement) +
                               R"(","signatures":[{"sig":")" + base64(rest.substr(0, half)) + R"("}]})";
  switch (static_cast<unsigned char>(bytes[0]) % 8U) {
    case 0:
      read(statement);
      break;
    case 1:
      read(envelope);
      break;
    case 2:
      read(R"({"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json","verificationMaterial":{"certificate":)"
           R"({"rawBytes":")" +
           base64(rest.substr(half)) + R"("}},"dsseEnvelope":)" + envelope + "}");
      break;
    case 3:
      read(R"({"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json","verificationMaterial":{},)"
           R"("messageSignature":{"messageDigest":{"algorithm":"SHA2_256","digest":")" +
           base64(rest.substr(0, half)) + R"("},"signature":")" + base64(rest.substr(half)) + R"("}})");
      break;
    case 4:
      read(R"({"_type":"https://in-toto.io/Statement/v0.1","predicateType":"https://witness.dev/attestations/)"
           R"(command-run/v0.1","predicate":)" +
           std::string(rest) + "}");
      break;
    case 5:
      read("Format: 1.0\nSource: a\nBinary: a\n" + std::string(rest));
      break;
    case 6:
      read(statement + "\n" + envelope + "\n" + std::string(rest));
      break;
    default:
      read(rest);
  }
  return 0;
}

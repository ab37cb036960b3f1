#include "analyzer/provenance/minisign.h"

#include <fmt/format.h>

#include <array>

#include "analyzer/base/utf8.h"
#include "analyzer/formats/base64.h"
#include "analyzer/provenance/trusted_keys.h"

namespace assay::provenance {
namespace {

constexpr std::string_view untrusted = "untrusted comment: ";
constexpr std::string_view trusted = "trusted comment: ";
constexpr std::size_t id_bytes = 8;
constexpr std::size_t signature_bytes = 64;
constexpr std::size_t key_bytes = 32;
constexpr std::size_t max_line_bytes = 4 << 10;
constexpr std::size_t max_comment_bytes = 400;

std::string_view take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  std::string_view line = text.substr(0, end);
  text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

// The id is a number whose bytes stand in the file from the lowest on.
std::string id_of(std::string_view bytes) {
  std::string out;
  for (auto at = bytes.rbegin(); at != bytes.rend(); ++at)
    out += fmt::format("{:02X}", static_cast<unsigned>(static_cast<unsigned char>(*at)));
  return out;
}

struct Blob {
  bool hashed = false;
  std::string id;
  std::string rest;
};
std::optional<Blob> read_blob(std::string_view line, std::size_t size) {
  if (line.size() > max_line_bytes) return std::nullopt;
  const std::optional<std::string> bytes = formats::base64(line, 2 + id_bytes + size);
  if (!bytes || bytes->size() != 2 + id_bytes + size || (!bytes->starts_with("Ed") && !bytes->starts_with("ED")))
    return std::nullopt;
  return Blob{.hashed = (*bytes)[1] == 'D',
              .id = id_of(std::string_view(*bytes).substr(2, id_bytes)),
              .rest = bytes->substr(2 + id_bytes)};
}

}  // namespace

bool looks_like_minisign(std::string_view head) {
  if (!take_line(head).starts_with(untrusted)) return false;
  return read_blob(take_line(head), signature_bytes).has_value();
}

std::optional<MinisignKey> read_minisign_key(std::string_view text) {
  if (text.starts_with(untrusted)) take_line(text);
  const std::optional<Blob> blob = read_blob(take_line(text), key_bytes);
  if (!blob || blob->hashed) return std::nullopt;
  return MinisignKey{.id = blob->id, .key = blob->rest};
}

ReadOutcome read_minisign(const intake::Input& input, evidence::Rows& rows, const TrustedKeys* keys) {
  ReadOutcome outcome;
  std::string_view rest = input.bytes;
  take_line(rest);
  const std::string_view line = take_line(rest);
  const std::optional<Blob> blob = read_blob(line, signature_bytes);
  if (!blob) {
    outcome.not_at_all("no signature of minisign was found in it");
    return outcome;
  }
  evidence::SignatureRow row{.at = rows.locate({{2, 1}, {2, static_cast<std::uint32_t>(line.size()) + 1}}),
                             .kind = "minisign",
                             .algorithm = blob->hashed ? "ed25519-blake2b" : "ed25519",
                             .key_id = blob->id};
  std::string_view comment = take_line(rest);
  if (comment.starts_with(trusted)) {
    comment.remove_prefix(trusted.size());
    row.signer = utf8::repaired(comment.substr(0, max_comment_bytes));
    const std::string_view global = take_line(rest);
    const std::optional<std::string> signature =
        global.size() <= max_line_bytes ? formats::base64(global, signature_bytes) : std::nullopt;
    const bool wrong = keys != nullptr && signature &&
                       keys->verify_by_id(blob->id, blob->rest + std::string(comment), *signature) == evidence::Tri::no;
    if (wrong) row.verified = evidence::Tri::no;
  }
  rows.add(std::move(row));
  return outcome;
}

}  // namespace assay::provenance

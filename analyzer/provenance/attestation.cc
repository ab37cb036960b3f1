#include "analyzer/provenance/attestation.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "analyzer/base/limits.h"
#include "analyzer/formats/json_tree.h"
#include "analyzer/provenance/buildinfo.h"
#include "analyzer/provenance/envelope.h"
#include "analyzer/provenance/minisign.h"

namespace assay::provenance {
namespace {

constexpr std::size_t enough = 8192;
constexpr std::string_view blanks = " \t\r\n\xEF\xBB\xBF";

// Where a second document of JSON lines begins, npos when the first one is all.
std::size_t second_document(std::string_view text, const formats::JsonNode& root) {
  if (!root.is_object()) return std::string_view::npos;
  const std::size_t end = root.offset() + root.source().size();
  const std::size_t next = text.find_first_not_of(blanks, end);
  if (next == std::string_view::npos || text[next] != '{') return std::string_view::npos;
  return text.substr(end, next - end).find('\n') == std::string_view::npos ? std::string_view::npos : next;
}

void read_lines(std::string_view text, evidence::Rows& rows, const TrustedKeys* keys, Budget& budget,
                ReadOutcome& outcome) {
  std::uint32_t line = 0;
  std::size_t others = 0;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view one = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    if (one.find_first_not_of(blanks) != std::string_view::npos) {
      const formats::JsonTree tree(one);
      if (!read_document(tree.root(), Place(rows, line), keys, budget, outcome)) ++others;
    }
    ++line;
  }
  if (others > 0) outcome.partly(fmt::format("{} lines are no statements", others));
}

}  // namespace

bool looks_like_attestation(std::string_view head) {
  const std::size_t first = head.find_first_not_of(blanks);
  if (first == std::string_view::npos) return false;
  if (head[first] != '{' && head[first] != '[')
    return looks_like_minisign(head.substr(0, enough)) || looks_like_buildinfo(head.substr(0, enough)) ||
           looks_like_package_buildinfo(head.substr(0, enough));
  // Cheap words first: most JSON files hold none of them.
  constexpr std::array<std::string_view, 7> words{
      "in-toto",  "\"payload", "erificationMaterial", "verification_material", "attestation", "\"base64Signature\"",
      "\"_type\""};
  const std::string_view begin = head.substr(0, enough);
  if (std::none_of(words.begin(), words.end(),
                   [&](std::string_view word) { return begin.find(word) != std::string_view::npos; }))
    return false;
  const formats::JsonTree tree(head.size() <= (std::size_t{1} << 20U) ? head : begin);
  return is_document(tree.root());
}

ReadOutcome read_attestation(const intake::Input& input, evidence::Rows& rows) {
  return read_attestation(input, rows, nullptr);
}

ReadOutcome read_attestation(const intake::Input& input, evidence::Rows& rows, const TrustedKeys* keys) {
  ReadOutcome outcome;
  std::string_view bytes = input.bytes;
  if (bytes.size() > limits::max_document_bytes) {
    outcome.partly(fmt::format("only the first {} bytes were read (max_document_bytes)", limits::max_document_bytes));
    bytes = bytes.substr(0, limits::max_document_bytes);
  }
  if (looks_like_minisign(bytes.substr(0, enough))) {
    outcome.merge(read_minisign({input.artifact, bytes}, rows, keys));
  } else if (looks_like_buildinfo(bytes.substr(0, enough))) {
    outcome.merge(read_buildinfo({input.artifact, bytes}, rows));
  } else if (looks_like_package_buildinfo(bytes.substr(0, enough))) {
    outcome.merge(read_package_buildinfo({input.artifact, bytes}, rows));
  } else {
    const formats::JsonTree tree(bytes);
    Budget budget;
    if (second_document(bytes, tree.root()) != std::string_view::npos) {
      read_lines(bytes, rows, keys, budget, outcome);
    } else if (!read_document(tree.root(), Place(rows, std::uint32_t{0}), keys, budget, outcome)) {
      outcome.not_at_all("no statement was found in it");
    } else if (!tree.well_formed()) {
      outcome.partly(fmt::format("not well-formed JSON: {}", tree.problems().front().message));
    }
  }
  if (rows.lost() > 0) outcome.partly(fmt::format("{} rows were left out (max_rows_per_artifact)", rows.lost()));
  return outcome;
}

}  // namespace assay::provenance

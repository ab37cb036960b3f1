#include "analyzer/buildlog/blobs.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include "analyzer/buildlog/decode.h"

namespace assay::buildlog {
namespace {

constexpr std::size_t shortest_run = 60;
constexpr std::size_t max_blobs = 5'000;

constexpr std::array<bool, 256> make_run_characters() {
  std::array<bool, 256> of_run{};
  for (int c = 'a'; c <= 'z'; ++c) of_run[static_cast<std::size_t>(c)] = true;
  for (int c = 'A'; c <= 'Z'; ++c) of_run[static_cast<std::size_t>(c)] = true;
  for (int c = '0'; c <= '9'; ++c) of_run[static_cast<std::size_t>(c)] = true;
  for (const char c : {'+', '/', '-', '_'}) of_run[static_cast<unsigned char>(c)] = true;
  return of_run;
}
constexpr auto run_characters = make_run_characters();

bool of_run(char c) {
  return run_characters[static_cast<unsigned char>(c)];
}

// Encoded bytes use capitals, small letters and digits alike; names and paths do not.
bool mixed(std::string_view run) {
  std::size_t upper = 0;
  std::size_t small = 0;
  std::size_t digits = 0;
  for (const char c : run.substr(0, 120)) {
    upper += c >= 'A' && c <= 'Z' ? 1 : 0;
    small += c >= 'a' && c <= 'z' ? 1 : 0;
    digits += c >= '0' && c <= '9' ? 1 : 0;
  }
  return upper >= 6 && small >= 6 && digits >= 3;
}

bool all_encoded(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return of_run(c) || c == '='; });
}

}  // namespace

void BlobFinder::flush(Journal& journal) {
  if (pending_.empty()) return;
  const std::string run = std::move(pending_);
  pending_.clear();
  if (rows_ >= max_blobs) return;
  const bool worth = worth_decoding(run);
  if (!worth && !mixed(run)) return;
  Decoded decoded;
  if (worth) {
    decoded = decode(run, budget_);
  } else {
    decoded.content = "binary";
  }
  ++rows_;
  journal.blob(pending_span_, {.length = static_cast<std::int64_t>(run.size()),
                               .whole_line = evidence::Tri::yes,
                               .encodings = decoded.encodings,
                               .layers = static_cast<std::int64_t>(decoded.layers),
                               .content = decoded.content,
                               .sample = decoded.sample});
}

void BlobFinder::embedded(const Line& line, std::string_view run, Journal& journal) {
  if (rows_ >= max_blobs || budget_spent() || !worth_decoding(run)) return;
  const Decoded decoded = decode(run, budget_);
  const bool telling = decoded.layers >= 2 || decoded.content == "secret-map" || decoded.content == "environment" ||
                       decoded.content == "key" || decoded.content == "script";
  if (decoded.layers == 0 || !telling || decoded.content == "binary") return;
  ++rows_;
  journal.blob(line.span(run), {.length = static_cast<std::int64_t>(run.size()),
                                .whole_line = evidence::Tri::no,
                                .encodings = decoded.encodings,
                                .layers = static_cast<std::int64_t>(decoded.layers),
                                .content = decoded.content,
                                .sample = decoded.sample});
}

void BlobFinder::look(const Line& line, Journal& journal) {
  const std::string_view text = trimmed(line.text);
  if (!pending_.empty()) {
    const bool continues = !pending_.ends_with('=') && !text.empty() && text.size() <= pending_width_ &&
                           all_encoded(text) && pending_.size() + text.size() <= limits::max_decode_bytes;
    if (continues) {
      pending_.append(text);
      pending_span_.end = line.span(text).end;
      if (text.size() < pending_width_) flush(journal);
      return;
    }
    flush(journal);
  }
  if (text.size() < shortest_run) return;
  // Any run of 60 covers one of these places.
  for (std::size_t probe = shortest_run - 1; probe < text.size(); probe += shortest_run) {
    if (!of_run(text[probe])) continue;
    std::size_t begin = probe;
    while (begin > 0 && of_run(text[begin - 1])) --begin;
    std::size_t end = probe + 1;
    while (end < text.size() && of_run(text[end])) ++end;
    const std::size_t characters = end - begin;
    while (end < text.size() && text[end] == '=') ++end;
    if (begin > 0 && begin <= 2 && text.substr(0, begin).find_first_not_of('=') == std::string_view::npos) begin = 0;
    if (characters >= shortest_run) {
      const std::string_view run = text.substr(begin, end - begin);
      const bool quoted =
          begin == 1 && end + 1 == text.size() && text.front() == text.back() && (text[0] == '"' || text[0] == '\'');
      if (run.size() == text.size() || quoted) {
        pending_.assign(run);
        pending_width_ = text.size();
        pending_span_ = line.span(run);
        return;
      }
      embedded(line, run, journal);
    }
    probe = std::max(probe, end - 1);
  }
}

}  // namespace assay::buildlog

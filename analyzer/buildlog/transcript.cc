#include "analyzer/buildlog/transcript.h"

#include <algorithm>

#include "analyzer/buildlog/bazel_events.h"
#include "analyzer/buildlog/binary_log.h"
#include "analyzer/buildlog/json_log.h"

namespace assay::buildlog {
namespace {

constexpr std::size_t max_heading_bytes = 1'000;

}  // namespace

bool looks_like_transcript(std::string_view head) {
  return looks_like_binary_log(head) || looks_like_bazel_events(head) || looks_like_json_log(head);
}

Transcript read_transcript(std::string_view bytes) {
  const std::string_view head = bytes.substr(0, 8192);
  if (looks_like_binary_log(head)) return read_binary_log(bytes);
  if (looks_like_bazel_events(head)) return read_bazel_events(bytes);
  return read_json_log(bytes);
}

std::int32_t Transcript::add_heading(std::string_view heading) {
  headings.emplace_back(heading.substr(0, max_heading_bytes));
  return static_cast<std::int32_t>(headings.size() - 1);
}

Spoken spoken(const Transcript& transcript) {
  Spoken out;
  for (const Message& message : transcript.messages) {
    if (message.text.empty()) continue;
    out.places.push_back({out.text.size(), message.at.value_or(Span{})});
    out.text += message.text;
    if (!out.text.ends_with('\n')) out.text += '\n';
  }
  return out;
}

Span Spoken::span(std::size_t begin) const {
  const auto after = std::upper_bound(places.begin(), places.end(), begin,
                                      [](std::size_t offset, const auto& place) { return offset < place.offset; });
  return after == places.begin() ? Span{} : std::prev(after)->span;
}

}  // namespace assay::buildlog

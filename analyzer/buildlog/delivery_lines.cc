#include "analyzer/buildlog/address.h"
#include "analyzer/buildlog/checkout.h"
#include "analyzer/buildlog/tools.h"

namespace assay::buildlog {
namespace {

void cache(const Line& line, std::string_view key, std::string_view kind, Journal& journal) {
  key = trimmed(key);
  if (!key.empty()) journal.event_once(line, key, {.kind = std::string(kind), .name = shown(key)});
}
void hit(const Line& line, std::string_view rest, Journal& journal) {
  cache(line, rest, "cache-hit", journal);
}
void saved(const Line& line, std::string_view rest, Journal& journal) {
  cache(line, rest, "cache-saved", journal);
}
void missed(const Line& line, std::string_view rest, Journal& journal) {
  cache(line, rest, "cache-miss", journal);
}
// "Cache saved successfully" alone tells no key.
void saved_unnamed(const Line& line, std::string_view, Journal& journal) {
  journal.event_once(line, trimmed(line.text), {.kind = "cache-saved"});
}

// "Artifact x.zip has been successfully uploaded! Final size is …", "Artifact x successfully finalized. Artifact ID
// 123"
void artifact(const Line& line, std::string_view rest, Journal& journal) {
  if (rest.find("successfully uploaded") == std::string_view::npos &&
      rest.find("successfully finalized") == std::string_view::npos)
    return;
  const std::string_view name = take_word(rest);
  journal.event_once(line, name, {.kind = "artifact-uploaded", .name = std::string(name)});
}

// "Skip output 'x' since it may contain secret."
void withheld(const Line& line, std::string_view rest, Journal& journal) {
  const std::string_view name = take_until(rest, "'");
  if (rest.starts_with(" since it may contain secret"))
    journal.event(line, name, {.kind = "output-withheld", .name = shown(name)});
}

// GoReleaser: "• release created    name=v1.2.3 url=https://…", "• published …"
void release(const Line& line, std::string_view rest, Journal& journal) {
  Address address;
  if (!first_address(rest, address)) return;
  journal.event_once(
      line, address.whole,
      {.kind = "published", .ecosystem = "github", .name = "release", .value = address.url, .host = address.host});
}

// softprops/action-gh-release: "🎉 Release ready at https://github.com/o/r/releases/tag/v1"
void release_ready(const Line& line, std::string_view rest, Journal& journal) {
  release(line, rest, journal);
}

constexpr ToolPrefix table[] = {
    {"HEAD is now at ", read_head},
    {"Cache hit for: ", hit},
    {"Cache hit for restore-key: ", hit},
    {"Cache restored from key: ", hit},
    {"Cache saved with key: ", saved},
    {"Cache saved with the key: ", saved},
    {"Cache saved successfully", saved_unnamed},
    {"Cache not found for input keys: ", missed},
    {"Successfully extracted cache",
     [](const Line& line, std::string_view, Journal& journal) { cache(line, line.text, "cache-hit", journal); }},
    {"Artifact ", artifact},
    {"Skip output '", withheld},
    {"• release created", release},
    {"• release updated", release},
    {"• published", release},
    {"🎉 Release ready at ", release_ready},
};

}  // namespace

ToolTable delivery_lines() {
  return {table, std::size(table)};
}

}  // namespace assay::buildlog

#include "analyzer/buildlog/address.h"
#include "analyzer/buildlog/tools.h"

namespace assay::buildlog {

void image(const Line& line, std::string_view reference, std::string_view digest, std::string_view kind,
           Journal& journal) {
  while (!reference.empty() &&
         (reference.back() == '.' || reference.back() == ',' || reference.back() == '\'' || reference.back() == ']'))
    reference.remove_suffix(1);
  while (!reference.empty() && (reference.front() == '\'' || reference.front() == '[')) reference.remove_prefix(1);
  if (reference.empty() || reference.size() > 400) return;
  std::string_view name = reference;
  if (const std::size_t at = name.find('@'); at != std::string_view::npos) {
    if (digest.empty()) digest = name.substr(at + 1);
    name = name.substr(0, at);
  }
  std::string_view tag;
  const std::size_t slash = name.rfind('/');
  if (const std::size_t colon = name.find(':', slash == std::string_view::npos ? 0 : slash);
      colon != std::string_view::npos) {
    tag = name.substr(colon + 1);
    name = name.substr(0, colon);
  }
  const std::string_view first = name.substr(0, name.find('/'));
  const bool host =
      name.find('/') != std::string_view::npos &&
      (first.find('.') != std::string_view::npos || first.find(':') != std::string_view::npos || first == "localhost");
  if (host) name.remove_prefix(first.size() + 1);
  const std::string registry = host ? lower(first) : "docker.io";
  if (registry == "docker.io") take(name, "library/");
  journal.event_once(line, reference,
                     {.kind = std::string(kind),
                      .ecosystem = "oci",
                      .name = std::string(name),
                      .version = std::string(tag),
                      .value = std::string(digest),
                      .host = registry});
}

namespace {

void pulled(const Line& line, std::string_view rest, Journal& journal) {
  image(line, take_word(rest), "", "image-pulled", journal);
}

// "Digest: sha256:…" after "latest: Pulling from library/node"
void digest(const Line& line, std::string_view rest, Journal& journal) {
  StepMemory& memory = journal.memory();
  if (memory.pulled_image.empty() || !rest.starts_with("sha256:")) return;
  const std::string_view value = trimmed(rest);
  std::string_view name = memory.pulled_image;
  std::string_view tag = take_until(name, "\n");
  journal.event_once(line, value,
                     {.kind = "image-pulled",
                      .ecosystem = "oci",
                      .name = std::string(name),
                      .version = std::string(tag),
                      .value = std::string(value)});
  memory.pulled_image.clear();
}

// GitLab: "Using docker image sha256:… for ruby:2.7 with digest ruby@sha256:… ..."
void used(const Line& line, std::string_view rest, Journal& journal) {
  take_word(rest);
  if (take_word(rest) != "for") return;
  const std::string_view reference = take_word(rest);
  std::string_view value;
  if (take_word(rest) == "with" && take_word(rest) == "digest") {
    value = take_word(rest);
    take_until(value, "@");
  }
  image(line, reference, value, "image-pulled", journal);
}

void push(const Line&, std::string_view rest, Journal& journal) {
  const std::size_t begin = rest.find('[');
  const std::size_t end = rest.find(']');
  if (begin != std::string_view::npos && end != std::string_view::npos && end > begin)
    journal.memory().pushed_image = rest.substr(begin + 1, end - begin - 1);
}

// BuildKit: "#7 resolve docker.io/library/node:18@sha256:… done"
void resolve(const Line& line, std::string_view rest, Journal& journal) {
  const std::string_view word = take_word(rest);
  if (word.find("@sha256:") != std::string_view::npos) image(line, word, "", "image-pulled", journal);
}

// BuildKit: "#12 pushing manifest for ghcr.io/o/r:1@sha256:… 0.5s done"
void pushing(const Line& line, std::string_view rest, Journal& journal) {
  image(line, take_word(rest), "", "published", journal);
}

// "Step 1/5 : FROM node:18", "STEP 1/3: FROM docker.io/library/node:18 AS build"
void stage(const Line& line, std::string_view rest, Journal& journal) {
  const std::size_t from = rest.find(": FROM ");
  const std::size_t spaced = rest.find(" : FROM ");
  if (from == std::string_view::npos && spaced == std::string_view::npos) return;
  std::string_view reference = rest.substr(spaced != std::string_view::npos ? spaced + 8 : from + 7);
  while (reference.starts_with("--")) take_word(reference), reference = trimmed_left(reference);
  const std::string_view name = take_word(reference);
  if (name != "scratch") image(line, name, "", "image-requested", journal);
}

void tagged(const Line& line, std::string_view rest, Journal& journal) {
  image(line, take_word(rest), "", "image-built", journal);
}

constexpr ToolPrefix table[] = {
    {"Trying to pull ", pulled},
    {"Step ", stage},
    {"STEP ", stage},
    {"Successfully tagged ", tagged},
    {"naming to ", tagged},
    {"Status: Downloaded newer image for ", pulled},
    {"Status: Image is up to date for ", pulled},
    {"Pulling docker image ", pulled},
    {"Digest: ", digest},
    {"Using docker image ", used},
    {"The push refers to ", push},
    {"resolve ", resolve},
    {"pushing manifest for ", pushing},
};

}  // namespace

ToolTable image_lines() {
  return {table, std::size(table)};
}

}  // namespace assay::buildlog

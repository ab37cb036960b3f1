#include "analyzer/app/open_text.h"

#include "analyzer/app/readers.h"
#include "analyzer/base/limits.h"
#include "analyzer/base/utf16.h"
#include "analyzer/buildlog/transcript.h"
#include "analyzer/intake/recognise.h"

namespace assay::app {
namespace {

constexpr std::size_t head_bytes = 8192;

// A log whose lines are its own; one packed into JSON would break if its lines were cut.
bool has_lines_to_shorten(const intake::Entry& entry, std::string_view head) {
  std::string transcoded;
  head = as_utf8(head.substr(0, 2 * head_bytes), transcoded).substr(0, head_bytes);
  const intake::Recognised found = intake::recognise(entry.path, head);
  Artifact artifact{.path = entry.path, .kind = found.kind, .language = found.language};
  if (artifact.kind == ArtifactKind::text) refine(artifact, head);
  return artifact.kind == ArtifactKind::build_log && !buildlog::looks_like_transcript(head);
}

}  // namespace

std::string_view as_utf8(std::string_view bytes, std::string& transcoded) {
  const utf16::Order order = utf16::order(bytes);
  if (order == utf16::Order::none) return bytes;
  transcoded = utf16::to_utf8(bytes, order);
  return intake::looks_binary(std::string_view(transcoded).substr(0, head_bytes)) ? bytes : transcoded;
}

Result<OpenedText> open_text(const intake::Tree& tree, const intake::Entry& entry, TextBuffers& buffers) {
  // One byte more than is read, so that the reader sees that the line went on.
  const intake::LongLines lines{
      .from = limits::max_text_bytes, .most = limits::max_log_line_bytes + 1, .wanted = has_lines_to_shorten};
  ASSAY_TRY(const std::uint64_t size, tree.read(entry, limits::max_document_bytes, lines, buffers.file));
  return OpenedText{.bytes = as_utf8(buffers.file.view(), buffers.transcoded), .size = size};
}

}  // namespace assay::app

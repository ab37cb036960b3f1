#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "analyzer/buildlog/transcript.h"

// Logs packed in JSON and records. The first byte chooses the beginning of one, so that mutations get past the
// recogniser.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace assay::buildlog;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (bytes.empty()) return 0;
  constexpr std::string_view beginnings[] = {{"\x12\0\0\0\x12\0\0\0", 8},
                                             {"\x12\0\0\0\x12\0\0\0\x18\x08text {0}\x18\x01x\x0b\x02\x04\x0a", 25},
                                             "[{\"pos\":0,\"time\":0,\"out\":",
                                             "[{\"time\":\"x\",\"type\":\"out\",\"message\":",
                                             "{\"vertexes\":[{\"digest\":\"a\",\"name\":\"[1/2] RUN x\"}]}\n",
                                             "{\"id\":{\"started\":{}},\"started\":{}}\n",
                                             ""};
  const std::string log = std::string(beginnings[static_cast<unsigned char>(bytes[0]) % std::size(beginnings)]) +
                          std::string(bytes.substr(1));
  if (!looks_like_transcript(std::string_view(log).substr(0, 8192))) return 0;
  const Transcript transcript = read_transcript(log);
  for (const Message& message : transcript.messages) {
    if (message.step >= static_cast<std::int32_t>(transcript.headings.size())) std::abort();
  }
  const Spoken text = spoken(transcript);
  for (std::size_t at = 0; at < text.text.size(); at += 97) text.span(at);
  return 0;
}

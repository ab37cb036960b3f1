#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace assay::buildlog {

// What stands behind a run of encoded characters.
struct Decoded {
  std::string encodings;  // layers peeled, outermost first, '>' between: "base64>base64>gzip"
  std::size_t layers = 0;
  std::string
      content;  // text | json | secret-map | environment | script | binary | key | unknown (see docs of log_blob)
  std::string sample;  // start of the decoded text on one line, secrets replaced by ***
};

// Cheap: whether the first bytes behind `run` can be text, another encoding or compressed data. `run` consists of the
// characters of base64 (RFC 4648, either alphabet) or hex.
bool worth_decoding(std::string_view run);

// Peels base64, base64url, hex, percent encoding, gzip, zlib, UTF-16 and reversal, up to limits::max_decode_layers.
// What is decoded is taken from `budget`; peeling stops when it is used up. Never fails: a run that decodes to nothing
// has zero layers or content "binary".
Decoded decode(std::string_view run, std::size_t& budget);

}  // namespace assay::buildlog

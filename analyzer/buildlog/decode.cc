#include "analyzer/buildlog/decode.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cstdint>

#include "analyzer/base/limits.h"
#include "analyzer/base/utf8.h"

namespace assay::buildlog {
namespace {

constexpr std::int8_t no = -1;
constexpr std::size_t worth_head_bytes = 72;  // so many decoded bytes are judged before a run is decoded

constexpr std::array<std::int8_t, 256> make_base64_values() {
  std::array<std::int8_t, 256> values{};
  for (auto& value : values) value = no;
  std::int8_t next = 0;
  for (unsigned char c = 'A'; c <= 'Z'; ++c) values[c] = next++;
  for (unsigned char c = 'a'; c <= 'z'; ++c) values[c] = next++;
  for (unsigned char c = '0'; c <= '9'; ++c) values[c] = next++;
  values['+'] = values['-'] = 62;
  values['/'] = values['_'] = 63;
  return values;
}
constexpr auto base64_values = make_base64_values();

std::int8_t base64_value(char c) {
  return base64_values[static_cast<unsigned char>(c)];
}
int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return no;
}
bool space(char c) {
  return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

// Decodes up to `limit` bytes; stops at the padding. False when a character is of neither alphabet.
bool from_base64(std::string_view text, std::size_t limit, std::string& out) {
  out.clear();
  std::uint32_t bits = 0;
  int count = 0;
  for (std::size_t at = 0; at < text.size() && out.size() < limit; ++at) {
    if (space(text[at])) continue;
    if (text[at] == '=') return text.find_first_not_of("= \r\n\t", at) == std::string_view::npos;
    const std::int8_t value = base64_value(text[at]);
    if (value == no) return false;
    bits = (bits << 6) | static_cast<std::uint32_t>(value);
    count += 6;
    if (count >= 8) {
      count -= 8;
      out.push_back(static_cast<char>((bits >> count) & 0xFFU));
    }
  }
  return true;
}

bool from_hex(std::string_view text, std::size_t limit, std::string& out) {
  out.clear();
  int high = no;
  for (std::size_t at = 0; at < text.size() && out.size() < limit; ++at) {
    if (space(text[at])) continue;
    const int value = hex_value(text[at]);
    if (value == no) return false;
    if (high == no) {
      high = value;
    } else {
      out.push_back(static_cast<char>((high << 4) | value));
      high = no;
    }
  }
  return high == no || out.size() >= limit;
}

bool from_percent(std::string_view text, std::size_t limit, std::string& out) {
  out.clear();
  std::size_t decoded = 0;
  for (std::size_t at = 0; at < text.size() && out.size() < limit; ++at) {
    if (text[at] == '%' && at + 2 < text.size() + 0 && hex_value(text[at + 1]) != no && hex_value(text[at + 2]) != no) {
      out.push_back(static_cast<char>((hex_value(text[at + 1]) << 4) | hex_value(text[at + 2])));
      at += 2;
      ++decoded;
    } else {
      out.push_back(text[at]);
    }
  }
  return decoded * 12 >= out.size();
}

// Inflates gzip (RFC 1952) or zlib (RFC 1950) data; what came out before an error or the limit is kept.
bool inflate_all(std::string_view data, std::size_t limit, std::string& out) {
  out.clear();
  z_stream stream{};
  if (inflateInit2(&stream, 15 + 32) != Z_OK) return false;
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(data.data()));
  stream.avail_in = static_cast<uInt>(std::min<std::size_t>(data.size(), 1U << 30));
  std::array<char, 16 << 10> part{};
  int state = Z_OK;
  while (state == Z_OK && out.size() < limit) {
    stream.next_out = reinterpret_cast<Bytef*>(part.data());
    stream.avail_out = static_cast<uInt>(part.size());
    state = inflate(&stream, Z_NO_FLUSH);
    const std::size_t made = part.size() - stream.avail_out;
    out.append(part.data(), std::min(made, limit - out.size()));
    if (made == 0) break;
  }
  inflateEnd(&stream);
  return !out.empty();
}

bool gzip_magic(std::string_view data) {
  return data.size() > 10 && data[0] == '\x1f' && data[1] == '\x8b' && data[2] == '\x08';
}
bool zlib_magic(std::string_view data) {
  return data.size() > 8 && data[0] == '\x78' &&
         (data[1] == '\x01' || data[1] == '\x5e' || data[1] == '\x9c' || data[1] == '\xda');
}

bool utf16(std::string_view data) {
  if (data.size() < 8) return false;
  const std::size_t end = std::min<std::size_t>(data.size(), 64) & ~std::size_t{1};
  for (std::size_t i = 0; i < end; i += 2) {
    if (data[i + 1] != '\0' || (static_cast<unsigned char>(data[i]) < 0x20 && !space(data[i]))) return false;
  }
  return true;
}

// Text a person or a machine could have written: UTF-8 without control characters, a few strays allowed.
bool text_like(std::string_view data) {
  if (data.empty()) return false;
  std::size_t strays = 0;
  std::size_t at = 0;
  while (at < data.size() && strays * 32 <= data.size()) {
    const auto byte = static_cast<unsigned char>(data[at]);
    if (byte < 0x80) {
      if ((byte < 0x20 && !space(data[at])) || byte == 0x7f) ++strays;
      ++at;
    } else if (utf8::next(data, at) == utf8::invalid) {
      // The last character may be cut.
      if (at + 3 < data.size()) ++strays;
    }
  }
  return strays * 32 <= data.size();
}

bool promising(std::string_view data) {
  return gzip_magic(data) || zlib_magic(data) || utf16(data) || text_like(data);
}

bool all_hex(std::string_view text) {
  return text.size() >= 32 &&
         std::all_of(text.begin(), text.end(), [](char c) { return hex_value(c) != no || space(c); });
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

// Lines NAME=value with upper-case names.
std::size_t environment_lines(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t at = 0; at < text.size() && count < 16;) {
    std::size_t end = text.find_first_of("\n\0", at, 2);
    if (end == std::string_view::npos) end = text.size();
    std::size_t name = at;
    while (name < end &&
           ((text[name] >= 'A' && text[name] <= 'Z') || text[name] == '_' || (text[name] >= '0' && text[name] <= '9')))
      ++name;
    if (name - at >= 2 && name < end && text[name] == '=') ++count;
    at = end + 1;
  }
  return count;
}

std::string classify(std::string_view text) {
  const bool readable = text_like(text.substr(0, 4096));
  if (contains(text, "\"isSecret\":true") || contains(text, "\"isSecret\": true")) return "secret-map";
  if (contains(text, "-----BEGIN ") && contains(text, "PRIVATE KEY-----")) return "key";
  if (!readable) return "binary";
  if (environment_lines(text) >= 4) return "environment";
  for (const std::string_view word :
       {"#!/", "curl ", "wget ", "eval(", "exec(", "import os", "import subprocess", "child_process", "/bin/sh",
        "/bin/bash", "| sh", "|sh", "Invoke-Expression", "IEX", "Invoke-WebRequest", "/proc/"}) {
    if (contains(text, word)) return "script";
  }
  const std::size_t first = text.find_first_not_of(" \r\n\t");
  if (first != std::string_view::npos && (text[first] == '{' || text[first] == '[') && contains(text, "\":"))
    return "json";
  return "text";
}

// One line of at most 160 bytes in which whatever looks like a secret is ***: values of "value" members, and every run
// of 12 or more token characters that has digits and letters.
std::string redacted_sample(std::string_view text, bool binary) {
  if (binary) return {};
  std::string out;
  for (std::size_t at = 0; at < text.size() && out.size() < 160;) {
    std::size_t end = at;
    bool digits = false;
    bool letters = false;
    while (end < text.size() && (base64_value(text[end]) != no || text[end] == '.')) {
      (text[end] >= '0' && text[end] <= '9' ? digits : letters) = true;
      ++end;
    }
    const bool value = at >= 9 && text.substr(at - 9, 9) == "\"value\":\"";
    if (end > at) {
      if (value || (end - at >= 12 && digits && letters)) {
        out += "***";
        if (value) end = std::min(text.find('"', at), text.size());
      } else {
        out.append(text.substr(at, std::min<std::size_t>(end - at, 80)));
      }
      at = end;
    } else {
      out.push_back(static_cast<unsigned char>(text[at]) < 0x20 ? ' ' : text[at]);
      ++at;
    }
  }
  return utf8::repaired(out);
}

// The first twelve bytes settle what most runs are, which is paths and names: more strays than promising() forgives for
// the whole head, and no known beginning.
bool hopeless_as_base64(std::string_view run) {
  std::array<char, 12> head{};
  for (std::size_t group = 0; group < 4; ++group) {
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      const int value = base64_value(run[4 * group + i]);
      if (value == no) return false;
      bits = bits << 6U | static_cast<std::uint32_t>(value);
    }
    for (std::size_t i = 0; i < 3; ++i) head[3 * group + i] = static_cast<char>(bits >> (16 - 8 * i) & 0xFFU);
  }
  const std::string_view data(head.data(), head.size());
  if (gzip_magic(data) || zlib_magic(data) || utf16(data)) return false;
  std::size_t strays = 0;
  for (std::size_t at = 0; at + 4 <= data.size();) {
    const auto byte = static_cast<unsigned char>(data[at]);
    const bool control = (byte < 0x20 && !space(data[at])) || byte == 0x7f;
    if (control || utf8::next(data, at) == utf8::invalid) ++strays;
    if (control) ++at;
  }
  return strays * 32 > worth_head_bytes;
}
bool worth_as_base64(std::string_view run) {
  std::string head;
  return run.size() >= 16 && !hopeless_as_base64(run) &&
         from_base64(run.substr(0, worth_head_bytes / 3 * 4), worth_head_bytes, head) && promising(head);
}
bool worth_as_hex(std::string_view run) {
  std::string head;
  return all_hex(run) && from_hex(run.substr(0, 128), 64, head) && promising(head);
}
bool worth_reversed(std::string_view run, std::string& reversed) {
  if (run.size() < 16 ||
      std::any_of(run.begin(), run.end(), [](char c) { return base64_value(c) == no && c != '=' && !space(c); }))
    return false;
  reversed.assign(run.rbegin(), run.rend());
  // Base64 groups count from the end: without padding the tail of the original may be cut off.
  return worth_as_base64(reversed) || worth_as_hex(reversed);
}

}  // namespace

bool worth_decoding(std::string_view run) {
  if (run.size() < 16) return false;
  // Rulers and repeated characters.
  if (run[0] == run[1] && run[1] == run[2] && run[2] == run[3] && run[0] != 'A') return false;
  if (worth_as_base64(run)) return true;
  if (hex_value(run[0]) != no &&
      worth_as_hex(run.substr(0, 128).substr(0, run.substr(0, 128).size() & ~std::size_t{1})))
    return true;
  const std::string_view tail = run.substr(run.size() - std::min<std::size_t>(run.size(), 96));
  std::string reversed;
  return worth_reversed(tail, reversed);
}

Decoded decode(std::string_view run, std::size_t& budget) {
  Decoded out;
  std::string current(run);
  std::string next;
  while (out.layers < limits::max_decode_layers && budget > 0) {
    const char* name = nullptr;
    if (gzip_magic(current) || zlib_magic(current)) {
      if (!inflate_all(current, budget, next)) break;
      name = gzip_magic(current) ? "gzip" : "zlib";
    } else if (utf16(current)) {
      next.clear();
      for (std::size_t i = 0; i < current.size(); i += 2) next.push_back(current[i]);
      name = "utf-16";
    } else if (worth_as_hex(current) && from_hex(current, budget, next)) {
      name = "hex";
    } else if (worth_as_base64(current) && from_base64(current, budget, next)) {
      name = current.find_first_of("-_") != std::string::npos ? "base64url" : "base64";
    } else if (contains(current, "%7B%22") || contains(current, "%3D") || contains(current, "%20")) {
      if (!from_percent(current, budget, next)) break;
      name = "percent";
    } else if (worth_reversed(current, next)) {
      name = "reversed";
    } else {
      break;
    }
    budget -= std::min(budget, next.size());
    out.encodings += out.layers > 0 ? ">" : "";
    out.encodings += name;
    ++out.layers;
    current.swap(next);
  }
  out.content = classify(current);
  if (out.layers == 0) {
    out.content = from_base64(run, 1, next) ? "binary" : "unknown";
    return out;
  }
  out.sample = redacted_sample(current, out.content == "binary");
  return out;
}

}  // namespace assay::buildlog

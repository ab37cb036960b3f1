#include "sbom-import/binary_packages.h"

#include <zlib.h>

#include <algorithm>
#include <string>
#include <vector>

#include "analyzer/formats/json_tree.h"
#include "sbom-import/lock_rows.h"

namespace assay::sbom {
namespace {

using namespace std::string_view_literals;
using evidence::RowId;

// --- Go -------------------------------------------------------------------------------------------------------------

constexpr std::string_view go_magic = "\xFF Go buildinf:"sv;
constexpr std::size_t go_alignment = 16;
constexpr std::size_t go_header = 32;
constexpr unsigned go_inline_strings = 2;
// Around the module information, so that it can be found in a program whose addresses are not followed.
constexpr std::string_view modules_begin = "\x30\x77\xAF\x0C\x92\x74\x08\x02\x41\xE1\xC1\x07\xE6\xD6\x18\xE6"sv;
constexpr std::string_view modules_end = "\xF9\x32\x43\x31\x86\x18\x20\x72\x00\x82\x42\x10\x41\x16\xD8\xF2"sv;
constexpr std::size_t most_module_bytes = std::size_t{4} << 20;

struct GoBuild {
  std::string_view version;  // "go1.22.1 X:boringcrypto"
  std::string_view modules;  // lines
};

std::string_view take_string(std::string_view& bytes) {
  std::uint64_t size = 0;
  for (unsigned shift = 0; shift < 35 && !bytes.empty(); shift += 7) {
    const auto byte = static_cast<unsigned char>(bytes[0]);
    bytes.remove_prefix(1);
    size |= static_cast<std::uint64_t>(byte & 0x7FU) << shift;
    if (byte < 0x80) break;
  }
  const std::string_view text = bytes.substr(0, size);
  bytes.remove_prefix(text.size());
  return text;
}

std::string_view between_marks(std::string_view bytes) {
  const std::size_t begin = bytes.find(modules_begin);
  if (begin == std::string_view::npos) return {};
  const std::string_view rest = bytes.substr(begin + modules_begin.size(), most_module_bytes);
  const std::size_t end = rest.find(modules_end);
  return end == std::string_view::npos ? std::string_view{} : rest.substr(0, end);
}

GoBuild go_build(std::string_view bytes) {
  for (std::size_t at = bytes.find(go_magic); at != std::string_view::npos; at = bytes.find(go_magic, at + 1)) {
    if (at % go_alignment != 0 || bytes.size() - at < go_header) continue;
    GoBuild build;
    if ((static_cast<unsigned char>(bytes[at + 15]) & go_inline_strings) != 0) {
      std::string_view rest = bytes.substr(at + go_header);
      build.version = take_string(rest);
      const std::string_view framed = take_string(rest);
      if (framed.size() >= modules_begin.size() + modules_end.size())
        build.modules = framed.substr(modules_begin.size(), framed.size() - modules_begin.size() - modules_end.size());
    } else {
      build.modules = between_marks(bytes);
    }
    return build;
  }
  return {};
}

std::string_view take_field(std::string_view& line, char separator) {
  const std::size_t end = line.find(separator);
  const std::string_view field = line.substr(0, end);
  line = end == std::string_view::npos ? std::string_view{} : line.substr(end + 1);
  return field;
}

struct GoModule {
  std::string_view path;
  std::string_view version;
  std::string_view sum;
  std::string_view instead_of;
};

// "-X main.version=1.0.0" among the linker's flags: the only version a program built outside of a module cache has.
std::string_view version_from_flags(std::string_view flags) {
  for (std::size_t at = flags.find("-X"); at != std::string_view::npos; at = flags.find("-X", at + 2)) {
    std::string_view assignment = flags.substr(at + 2);
    while (!assignment.empty() &&
           (assignment[0] == ' ' || assignment[0] == '=' || assignment[0] == '\'' || assignment[0] == '"'))
      assignment.remove_prefix(1);
    assignment = assignment.substr(0, assignment.find_first_of(" '\""));
    const std::size_t equals = assignment.find('=');
    if (equals == std::string_view::npos) continue;
    const std::string_view name = assignment.substr(0, equals);
    std::string_view value = assignment.substr(equals + 1);
    const std::string_view number = value.starts_with('v') ? value.substr(1) : value;
    const bool is_version = !number.empty() && number[0] >= '0' && number[0] <= '9';
    if (is_version && (name.ends_with(".version") || name.ends_with(".Version") || name.ends_with(".ver")))
      return value;
  }
  return {};
}

void add_go(const GoBuild& build, evidence::Rows& rows) {
  LockRows out(rows, "go-build-info", "golang", "installed");
  const auto whole = rows.whole();
  std::vector<GoModule> modules;
  GoModule main;
  std::string_view flags;
  for (std::string_view rest = build.modules; !rest.empty();) {
    std::string_view line = take_field(rest, '\n');
    const std::string_view verb = take_field(line, '\t');
    if (verb == "mod" || verb == "dep") {
      GoModule one;
      one.path = take_field(line, '\t');
      one.version = take_field(line, '\t');
      one.sum = take_field(line, '\t');
      if (verb == "mod") {
        main = one;
      } else {
        modules.push_back(one);
      }
    } else if (verb == "=>" && !modules.empty()) {
      GoModule& last = modules.back();
      last.instead_of = last.path;
      last.path = take_field(line, '\t');
      last.version = take_field(line, '\t');
      last.sum = take_field(line, '\t');
    } else if (verb == "build" && line.starts_with("-ldflags=")) {
      flags = line.substr(9);
    }
  }
  if (main.version == "(devel)") main.version = version_from_flags(flags);
  out.document().version = build.version;
  out.document().subject = main.path;
  out.document().subject_version = main.version;
  if (!main.path.empty() && out.package(whole, main.path, main.version) != 0) {
    if (main.version.empty()) out.last().scope = "subject";
  }
  for (const GoModule& one : modules) {
    const bool folder = one.path.starts_with('.') || one.path.starts_with('/');
    const RowId id =
        out.package(whole, folder ? one.instead_of : one.path, one.version == "(devel)" ? ""sv : one.version);
    if (id == 0) continue;
    if (!one.instead_of.empty()) out.last().requirement = one.instead_of;
    if (folder) {
      out.origin(id, whole, {.kind = "file", .url = std::string(one.path)});
    } else {
      out.origin(id, whole, {}, one.sum);
    }
  }
  std::string_view version = build.version.substr(0, build.version.find(' '));
  if (version.starts_with("go1")) out.package(whole, "stdlib", "v" + std::string(version.substr(2)));
  out.finish();
}

// --- cargo-auditable
// --------------------------------------------------------------------------------------------------

constexpr std::size_t most_audit_bytes = std::size_t{8} << 20;

bool inflate_all(std::string_view packed, std::string& out) {
  z_stream stream{};
  if (inflateInit(&stream) != Z_OK) return false;
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(std::min<std::size_t>(packed.size(), most_audit_bytes));
  int state = Z_OK;
  while (state == Z_OK && out.size() < most_audit_bytes) {
    const std::size_t had = out.size();
    out.resize(had + 65'536);
    stream.next_out = reinterpret_cast<Bytef*>(out.data() + had);
    stream.avail_out = 65'536;
    state = inflate(&stream, Z_NO_FLUSH);
    out.resize(out.size() - stream.avail_out);
  }
  inflateEnd(&stream);
  return state == Z_STREAM_END;
}

ReadOutcome add_cargo(std::string_view packed, evidence::Rows& rows) {
  ReadOutcome outcome;
  std::string json;
  if (!inflate_all(packed, json)) {
    outcome.partly("the section .dep-v0 is not what cargo-auditable writes");
    return outcome;
  }
  const formats::JsonTree tree(json);
  LockRows out(rows, "cargo-auditable", "cargo", "installed");
  const auto whole = rows.whole();
  std::size_t index = 0;
  for (const formats::JsonNode entry : tree.root().at("packages").items()) {
    const RowId id = out.package(whole, entry.at("name").string(), entry.at("version").string());
    out.known_as(id, std::to_string(index++));
    if (id == 0) continue;
    if (entry.at("kind").string() == "build") out.last().scope = "dev";
    const std::string_view source = entry.at("source").string();
    if (source == "crates.io" || source == "registry") {
      out.origin(id, whole, {.kind = "registry"});
    } else if (source == "git") {
      out.origin(id, whole, {.kind = "git"});
    }
    for (const formats::JsonNode target : entry.at("dependencies").items())
      out.require(id, whole, target.text(), {}, std::string(target.text()));
  }
  out.finish();
  return outcome;
}

bool is_program(std::string_view bytes) {
  constexpr std::string_view starts[] = {
      "\x7F"
      "ELF"sv,
      "MZ"sv, "\xFE\xED\xFA"sv, "\xCE\xFA\xED\xFE"sv, "\xCF\xFA\xED\xFE"sv};
  return std::any_of(std::begin(starts), std::end(starts),
                     [&](std::string_view start) { return bytes.starts_with(start); });
}

}  // namespace

ReadOutcome read_binary_packages(const intake::Input& input, evidence::Rows& rows) {
  ReadOutcome outcome;
  if (!is_program(input.bytes)) return outcome;
  if (const GoBuild build = go_build(input.bytes); !build.version.empty() || !build.modules.empty()) {
    add_go(build, rows);
  }
  if (const std::string_view packed = section_of(input.bytes, ".dep-v0"); !packed.empty())
    outcome.merge(add_cargo(packed, rows));
  if (rows.lost() > 0) outcome.partly("rows beyond max_rows_per_artifact were not kept");
  return outcome;
}

}  // namespace assay::sbom

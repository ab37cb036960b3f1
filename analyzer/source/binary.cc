#include "analyzer/source/binary.h"

#include <array>
#include <cmath>
#include <cstdint>
#include <string>

#include "analyzer/base/digest.h"
#include "analyzer/source/pickle.h"

namespace assay::source {
namespace {

using namespace std::string_view_literals;

// What first bytes tell, finer than the word in evidence: a .gz that is xz inside is a lie worth knowing.
struct Magic {
  std::size_t offset;
  std::string_view bytes;
  std::string_view id;
  std::string_view format;
};

// Sources: the formats' specifications. The first that fits wins.
constexpr Magic magics[] = {
    {0,
     "\x7F"
     "ELF"sv,
     "elf", "elf"},
    {0, "\xFE\xED\xFA\xCE"sv, "mach-o", "mach-o"},
    {0, "\xFE\xED\xFA\xCF"sv, "mach-o", "mach-o"},
    {0, "\xCE\xFA\xED\xFE"sv, "mach-o", "mach-o"},
    {0, "\xCF\xFA\xED\xFE"sv, "mach-o", "mach-o"},
    {0, "\0asm"sv, "wasm", "wasm"},
    {0, "dex\n"sv, "dex", "dex"},
    {0, "BC\xC0\xDE"sv, "llvm-bitcode", "llvm-bitcode"},
    {0, "PK\x03\x04"sv, "zip", "archive"},
    {0, "PK\x05\x06"sv, "zip", "archive"},
    {0, "7z\xBC\xAF\x27\x1C"sv, "7z", "archive"},
    {0, "Rar!\x1A\x07"sv, "rar", "archive"},
    {0, "MSCF"sv, "cab", "archive"},
    {0, "!<arch>\n"sv, "ar", "archive"},
    {0, "\xED\xAB\xEE\xDB"sv, "rpm", "archive"},
    {257, "ustar"sv, "tar", "archive"},
    {0, "070701"sv, "cpio", "archive"},
    {0, "\x1F\x8B"sv, "gzip", "compressed"},
    {0,
     "\xFD"
     "7zXZ\0"sv,
     "xz", "compressed"},
    {0, "BZh"sv, "bzip2", "compressed"},
    {0, "\x28\xB5\x2F\xFD"sv, "zstd", "compressed"},
    {0, "\x04\x22\x4D\x18"sv, "lz4", "compressed"},
    {0, "LZIP"sv, "lzip", "compressed"},
    {0, "\x89PNG\r\n\x1A\n"sv, "png", "image"},
    {0, "\xFF\xD8\xFF"sv, "jpeg", "image"},
    {0, "GIF8"sv, "gif", "image"},
    {0, "\0\0\x01\0"sv, "ico", "image"},
    {0, "\0\0\x02\0"sv, "ico", "image"},
    {0, "II*\0"sv, "tiff", "image"},
    {0, "MM\0*"sv, "tiff", "image"},
    {8, "WEBP"sv, "webp", "image"},
    {4, "ftypavif"sv, "avif", "image"},
    {0, "icns"sv, "icns", "image"},
    {0, "8BPS"sv, "psd", "image"},
    {0, "\0\x01\0\0"sv, "ttf", "font"},
    {0, "true"sv, "ttf", "font"},
    {0, "OTTO"sv, "otf", "font"},
    {0, "ttcf"sv, "ttc", "font"},
    {0, "wOFF"sv, "woff", "font"},
    {0, "wOF2"sv, "woff2", "font"},
    {0, "OggS"sv, "ogg", "audio"},
    {0, "fLaC"sv, "flac", "audio"},
    {8, "WAVE"sv, "wav", "audio"},
    {0, "ID3"sv, "mp3", "audio"},
    {4, "ftyp"sv, "mp4", "video"},
    {0, "\x1A\x45\xDF\xA3"sv, "matroska", "video"},
    {8, "AVI "sv, "avi", "video"},
    {0, "%PDF-"sv, "pdf", "pdf"},
    {0, "SQLite format 3\0"sv, "sqlite", "sqlite"},
    {0, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"sv, "ole", "office"},
    {0, "PACK\0\0\0"sv, "git-pack", "git"},
    {0, "DIRC"sv, "git-index", "git"},
};

const Magic& magic_of(std::string_view bytes) {
  static constexpr Magic unknown{0, "", "unknown", "unknown"};
  static constexpr Magic java{0, "", "class", "class"};
  static constexpr Magic fat{0, "", "mach-o", "mach-o"};
  static constexpr Magic windows{0, "", "pe", "pe"};
  static constexpr Magic bitmap{0, "", "bmp", "image"};
  static constexpr Magic pickle{0, "", "pickle", "pickle"};
  static constexpr Magic python{0, "", "python-bytecode", "python-bytecode"};
  static constexpr Magic lzma{0, "", "lzma", "compressed"};
  const auto byte = [&](std::size_t at) {
    return at < bytes.size() ? static_cast<std::uint8_t>(bytes[at]) : std::uint8_t{0};
  };
  if (bytes.starts_with("\xCA\xFE\xBA\xBE")) {
    // Java counts its version here (45 and more), a universal Mach-O its architectures (few).
    return byte(4) == 0 && byte(5) == 0 && byte(6) == 0 && byte(7) < 43 ? fat : java;
  }
  for (const Magic& one : magics) {
    if (bytes.substr(0, one.offset + one.bytes.size()).ends_with(one.bytes) &&
        bytes.size() >= one.offset + one.bytes.size()) {
      return one;
    }
  }
  if (bytes.starts_with("MZ") && bytes.size() >= 64) {
    const std::size_t header =
        byte(60) | static_cast<std::size_t>(byte(61)) << 8U | static_cast<std::size_t>(byte(62)) << 16U;
    if (byte(63) == 0 && bytes.substr(std::min(header, bytes.size())).starts_with("PE")) return windows;
  }
  // Two letters prove little; the four reserved bytes of a bitmap are zero.
  if (bytes.starts_with("BM") && bytes.size() >= 10 && bytes.substr(6, 4) == "\0\0\0\0"sv) return bitmap;
  if (byte(0) == 0x80 && byte(1) >= 2 && byte(1) <= 5 && bytes.size() > 3) return pickle;
  if (byte(2) == 0x0D && byte(3) == 0x0A && byte(1) == 0x0D && bytes.size() > 16) return python;
  if (byte(0) == 0x5D && byte(1) == 0 && byte(2) == 0 && bytes.size() > 13) return lzma;
  return unknown;
}

// What an extension promises: the ids it agrees with.
struct Promise {
  std::string_view extension;
  std::string_view ids;  // separated by blanks
};

constexpr Promise promises[] = {
    {"png", "png"},
    {"jpg", "jpeg"},
    {"jpeg", "jpeg"},
    {"gif", "gif"},
    {"bmp", "bmp"},
    {"ico", "ico png bmp"},
    {"tif", "tiff"},
    {"tiff", "tiff"},
    {"webp", "webp"},
    {"avif", "avif"},
    {"icns", "icns"},
    {"psd", "psd"},
    {"ttf", "ttf otf"},
    {"otf", "otf ttf"},
    {"ttc", "ttc"},
    {"woff", "woff"},
    {"woff2", "woff2"},
    {"zip", "zip"},
    {"jar", "zip"},
    {"war", "zip"},
    {"whl", "zip"},
    {"egg", "zip"},
    {"apk", "zip"},
    {"nupkg", "zip"},
    {"vsix", "zip"},
    {"docx", "zip ole"},
    {"xlsx", "zip ole"},
    {"pptx", "zip ole"},
    {"odt", "zip"},
    {"epub", "zip"},
    {"7z", "7z"},
    {"rar", "rar"},
    {"cab", "cab"},
    {"a", "ar"},
    {"deb", "ar"},
    {"rpm", "rpm"},
    {"tar", "tar"},
    {"gz", "gzip"},
    {"tgz", "gzip"},
    {"xz", "xz"},
    {"txz", "xz"},
    {"bz2", "bzip2"},
    {"zst", "zstd"},
    {"lz4", "lz4"},
    {"lzma", "lzma"},
    {"lz", "lzip"},
    {"exe", "pe"},
    {"dll", "pe"},
    {"sys", "pe"},
    {"pyd", "pe"},
    {"efi", "pe"},
    {"so", "elf mach-o"},
    {"ko", "elf"},
    {"o", "elf mach-o pe llvm-bitcode wasm"},
    {"dylib", "mach-o"},
    {"node", "elf mach-o pe"},
    {"class", "class"},
    {"wasm", "wasm"},
    {"dex", "dex"},
    {"pyc", "python-bytecode"},
    {"pdf", "pdf"},
    {"ogg", "ogg"},
    {"flac", "flac"},
    {"wav", "wav"},
    {"mp3", "mp3"},
    {"mp4", "mp4"},
    {"m4a", "mp4"},
    {"mkv", "matroska"},
    {"webm", "matroska"},
    {"avi", "avi"},
    {"sqlite", "sqlite"},
    {"sqlite3", "sqlite"},
    {"pkl", "pickle"},
    {"pickle", "pickle"},
    {"doc", "ole zip"},
    {"xls", "ole zip"},
    {"ppt", "ole zip"},
    {"msi", "ole"},
    // Text: bytes that are no text lie already.
    {"txt", ""},
    {"md", ""},
    {"js", ""},
    {"ts", ""},
    {"py", ""},
    {"c", ""},
    {"h", ""},
    {"cc", ""},
    {"cpp", ""},
    {"go", ""},
    {"rs", ""},
    {"rb", ""},
    {"java", ""},
    {"php", ""},
    {"sh", ""},
    {"m4", ""},
    {"json", ""},
    {"yml", ""},
    {"yaml", ""},
    {"toml", ""},
    {"xml", ""},
    {"html", ""},
    {"css", ""},
    {"svg", ""},
    {"csv", ""},
};

evidence::Tri agrees(std::string_view path, std::string_view id) {
  const std::string_view name = path.substr(path.find_last_of('/') + 1);
  const std::size_t dot = name.find_last_of('.');
  if (dot == std::string_view::npos || dot == 0) return evidence::Tri::not_examined;
  std::string extension(name.substr(dot + 1));
  for (char& c : extension) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  for (const Promise& promise : promises) {
    if (promise.extension != extension) continue;
    // Bytes of no known kind under a text's name are more often another encoding than a lie.
    if (promise.ids.empty()) return id == "unknown" ? evidence::Tri::not_examined : evidence::Tri::no;
    std::string padded = " ";
    padded += promise.ids;
    padded += ' ';
    std::string wanted = " ";
    wanted += id;
    wanted += ' ';
    if (padded.find(wanted) != std::string::npos) return evidence::Tri::yes;
    // An mp3 begins with a frame as often as with a tag; formats without a fixed beginning prove nothing by lacking it.
    if (id == "unknown" &&
        (extension == "mp3" || extension == "pyc" || extension == "lzma" || extension == "pkl" || extension == "tar")) {
      return evidence::Tri::not_examined;
    }
    return evidence::Tri::no;
  }
  return evidence::Tri::not_examined;
}

bool runs(std::string_view format) {
  return format == "elf" || format == "pe" || format == "mach-o" || format == "class" || format == "wasm" ||
         format == "dex" || format == "python-bytecode";
}

}  // namespace

double entropy(std::string_view bytes) {
  bytes = bytes.substr(0, std::size_t{64} << 10);
  if (bytes.empty()) return 0;
  std::array<std::uint32_t, 256> counts{};
  for (const char c : bytes) ++counts[static_cast<std::uint8_t>(c)];
  double bits = 0;
  const auto total = static_cast<double>(bytes.size());
  for (const std::uint32_t count : counts) {
    if (count == 0) continue;
    const double share = static_cast<double>(count) / total;
    bits -= share * std::log2(share);
  }
  return bits;
}

std::string_view binary_format(std::string_view bytes) {
  return magic_of(bytes).format;
}

ReadOutcome read_binary(const intake::Input& input, evidence::Rows& rows) {
  const Magic& magic = magic_of(input.bytes);
  const bool executable = runs(magic.format);
  rows.add(evidence::BinaryBlobRow{
      .at = rows.whole(),
      .path = input.artifact.path,
      .format = std::string(magic.format),
      .size = static_cast<std::int64_t>(input.bytes.size()),
      .entropy = std::round(entropy(input.bytes) * 1000) / 1000,
      .role = words(input.artifact.roles),
      .executable = evidence::tri(executable),
      .name_agrees = agrees(input.artifact.path, magic.id),
      .sha256 = input.artifact.sha256.empty() ? digest::sha256(input.bytes) : input.artifact.sha256});
  if (magic.id == "pickle") {
    if (const std::string call = dangerous_import(input.bytes); !call.empty()) {
      rows.add(evidence::ExecutionTriggerRow{.at = rows.whole(),
                                             .path = input.artifact.path,
                                             .ecosystem = "pypi",
                                             .kind = "pickle",
                                             .phase = "import",
                                             .command = call});
    }
  }
  return {};
}

}  // namespace assay::source

#include "analyzer/source/binary.h"

#include <gtest/gtest.h>

#include "analyzer/source/pickle.h"
#include "tests/support/reading.h"

namespace assay::source {
namespace {

using namespace std::string_literals;
using test::Reading;

std::string facts(std::string_view path, const std::string& bytes) {
  Reading reading(read_binary, path, bytes, ArtifactKind::binary);
  return reading.one("SELECT format, size, executable, name_agrees FROM binary_blob");
}

TEST(Binary, FormatsByTheirFirstBytes) {
  EXPECT_EQ(facts("tool",
                  "\x7F"
                  "ELF\x02\x01\x01"s),
            "elf|7|1|NULL");
  EXPECT_EQ(facts("x.class", "\xCA\xFE\xBA\xBE\0\0\0\x34"s), "class|8|1|1");
  EXPECT_EQ(facts("x.dylib", "\xCA\xFE\xBA\xBE\0\0\0\x02"s), "mach-o|8|1|1");
  EXPECT_EQ(facts("x.wasm", "\0asm\x01\0\0\0"s), "wasm|8|1|1");
  EXPECT_EQ(facts("x.png", "\x89PNG\r\n\x1A\n"s), "image|8|0|1");
  EXPECT_EQ(facts("x.xz",
                  "\xFD"
                  "7zXZ\0\0"s),
            "compressed|7|0|1");
  EXPECT_EQ(facts("x", std::string(257, '\0') + "ustar\0"s), "archive|263|0|NULL");
  EXPECT_EQ(facts("x", ""), "unknown|0|0|NULL");
  EXPECT_EQ(facts("x.bmp", "BMK\x05\x06"), "unknown|5|0|0") << "shorter than the header";
}

TEST(Binary, AProgramNeedsBothHeaders) {
  std::string program = "MZ" + std::string(58, '\0') + "\x40\0\0\0"s + "PE\0\0"s;
  EXPECT_EQ(facts("x.dll", program), "pe|68|1|1");
  program[64] = 'X';
  EXPECT_EQ(facts("x.dll", program), "unknown|68|0|0");
}

TEST(Binary, NamesThatLie) {
  EXPECT_EQ(facts("logo.png",
                  "\x7F"
                  "ELF\x02\x01\x01"s),
            "elf|7|1|0");
  EXPECT_EQ(facts("fonts/a.woff2", "const x = 1;"s), "unknown|12|0|0");
  EXPECT_EQ(facts("notes.txt", "\x1F\x8B\x08\0"s), "compressed|4|0|0");
  EXPECT_EQ(facts("notes.txt", "Gr\xFC\xDF\x65"s), "unknown|5|0|NULL") << "another encoding";
  EXPECT_EQ(facts("PHOTO.JPG", "\xFF\xD8\xFF\xE0"s), "image|4|0|1");
}

TEST(Binary, EntropyAndDigest) {
  EXPECT_EQ(entropy(""), 0);
  EXPECT_EQ(entropy("aaaa"), 0);
  EXPECT_DOUBLE_EQ(entropy("abab"), 1);
  std::string all;
  for (int i = 0; i < 256; ++i) all.push_back(static_cast<char>(i));
  EXPECT_DOUBLE_EQ(entropy(all), 8);
  Reading reading(read_binary, "x", "abc", ArtifactKind::binary);
  EXPECT_EQ(reading.one("SELECT sha256 FROM binary_blob"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Pickle, NamesTheFunctionThatStartsAProcess) {
  EXPECT_EQ(dangerous_import("\x80\x02"
                             "cposix\nsystem\nX\x02\0\0\0id\x85R."s),
            "posix.system");
  EXPECT_EQ(dangerous_import("\x80\x04\x8C\x08"
                             "builtins\x94\x8C\x04"
                             "exec\x94\x93"s),
            "builtins.exec");
  EXPECT_EQ(dangerous_import("\x80\x02"
                             "ccollections\nOrderedDict\n)R."s),
            "");
  EXPECT_EQ(dangerous_import("\x80\x02"
                             "cposix\nsystem\n\xFF\xFF"s),
            "posix.system")
      << "broken behind the import";
  EXPECT_EQ(dangerous_import("\x80\x02X\xFF\xFF\xFF\x7Fshort"s), "") << "a length that lies";
  Reading reading(read_binary, "model.pkl",
                  "\x80\x02"
                  "cposix\nsystem\nX\x02\0\0\0id\x85R."s,
                  ArtifactKind::binary);
  EXPECT_EQ(reading.one("SELECT ecosystem, kind, phase, command FROM execution_trigger"),
            "pypi|pickle|import|posix.system");
}

}  // namespace
}  // namespace assay::source

#include "sbom-import/binary_packages.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include "tests/support/reading.h"

namespace assay::sbom {
namespace {

using namespace std::string_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::string number(std::uint64_t value, unsigned width) {
  std::string out;
  for (unsigned i = 0; i < width; ++i) out += i < sizeof value ? static_cast<char>(value >> (8 * i) & 0xFFU) : '\0';
  return out;
}

std::string varint(std::string_view text) {
  std::string out;
  std::size_t size = text.size();
  for (; size >= 0x80; size >>= 7U) out += static_cast<char>(size | 0x80U);
  return out + static_cast<char>(size) + std::string(text);
}

// A program of 64 bytes of ELF header followed by the build information as the Go linker writes it.
std::string go_program(std::string_view version, std::string_view modules, std::size_t shift = 0) {
  std::string out =
      "\x7F"
      "ELF";
  out.resize(64 + shift, '\0');
  out += "\xFF Go buildinf:"s + '\x08' + '\x02';
  out.resize(96 + shift, '\0');
  out += varint(version);
  out += varint(std::string(16, 'a') + std::string(modules) + std::string(16, 'z'));
  return out;
}

// A 64-bit ELF file with the name table and one section.
std::string elf_with(std::string_view section, std::string_view content) {
  const std::string names = '\0' + std::string(section) + '\0';
  std::string out =
      "\x7F"
      "ELF\2\1"s;
  out.resize(40, '\0');
  const std::uint64_t table = 64 + names.size() + content.size();
  out += number(table, 8);
  out.resize(58, '\0');
  out += number(64, 2) + number(2, 2) + number(0, 2);
  out += names;
  out += content;
  const auto header = [](std::uint64_t name, std::uint64_t offset, std::uint64_t size) {
    std::string one = number(name, 4) + number(0, 20) + number(offset, 8) + number(size, 8);
    one.resize(64, '\0');
    return one;
  };
  return out + header(0, 64, names.size()) + header(1, 64 + names.size(), content.size());
}

std::string packed(std::string_view text) {
  std::string out(compressBound(text.size()), '\0');
  uLongf size = out.size();
  EXPECT_EQ(
      compress(reinterpret_cast<Bytef*>(out.data()), &size, reinterpret_cast<const Bytef*>(text.data()), text.size()),
      Z_OK);
  out.resize(size);
  return out;
}

constexpr std::string_view all =
    "SELECT purl_type, full_name, c.version, c.scope, declared_in, coalesce(o.kind, ''), coalesce(o.integrity, '') "
    "FROM component c LEFT JOIN component_origin o USING (component_id) ORDER BY c.component_id";

TEST(BinaryPackages, GoStatesWhatWasLinked) {
  test::Reading reading(read_binary_packages, "server",
                        go_program("go1.22.1 X:boringcrypto",
                                   "path\texample.com/server\nmod\texample.com/server\t(devel)\t\n"
                                   "dep\texample.com/a\tv1.2.3\th1:AAEC\n"
                                   "dep\texample.com/b\tv1.0.0\n=>\texample.com/fork\tv1.0.1\th1:AAED\n"
                                   "dep\texample.com/c\tv0.0.0\n=>\t../c\t(devel)\t\nbuild\tGOOS=linux\n"),
                        ArtifactKind::binary);
  EXPECT_THAT(reading.ask(all), ElementsAre("golang|example.com/server||subject|installed||",
                                            "golang|example.com/a|v1.2.3|required|installed|registry|h1:AAEC",
                                            "golang|example.com/fork|v1.0.1|required|installed|registry|h1:AAED",
                                            "golang|example.com/c||required|installed|file|",
                                            "golang|stdlib|v1.22.1|required|installed||"));
  EXPECT_EQ(reading.one("SELECT requirement FROM component WHERE name = 'fork'"), "example.com/b");
  EXPECT_EQ(reading.outcome().coverage, Coverage::read);
}

TEST(BinaryPackages, AGoProgramTakesItsVersionFromTheLinkersFlags) {
  test::Reading reading(read_binary_packages, "server",
                        go_program("go1.22.1",
                                   "mod\texample.com/server\t(devel)\t\n"
                                   "build\t-ldflags=\"-s -X main.commit=abc -X 'main.version=v1.4.0'\"\n"),
                        ArtifactKind::binary);
  EXPECT_EQ(reading.one("SELECT version FROM component WHERE name = 'server'"), "v1.4.0");
}

TEST(BinaryPackages, GoInformationStandsOnItsAlignment) {
  test::Reading reading(read_binary_packages, "server", go_program("go1.22.1", "mod\tm\tv1\t\n", 3),
                        ArtifactKind::binary);
  EXPECT_THAT(reading.rows().component, IsEmpty());
}

TEST(BinaryPackages, CargoAuditableStatesTheWholeGraph) {
  const std::string program =
      elf_with(".dep-v0", packed(R"({"packages":[{"name":"a","version":"1.0.0","source":"crates.io"},
                            {"name":"cc","version":"1.1.0","source":"crates.io","kind":"build"},
                            {"name":"app","version":"0.1.0","source":"local","root":true,"dependencies":[0,1]}]})"));
  test::Reading reading(read_binary_packages, "app", program, ArtifactKind::binary);
  EXPECT_THAT(reading.ask(all),
              ElementsAre("cargo|a|1.0.0|required|installed|registry|", "cargo|cc|1.1.0|dev|installed|registry|",
                          "cargo|app|0.1.0|required|installed||"));
  EXPECT_THAT(reading.ask("SELECT a.name || '>' || b.name FROM dependency d JOIN component a USING (component_id) "
                          "JOIN component b ON b.component_id = d.target_id ORDER BY 1"),
              ElementsAre("app>a", "app>cc"));
}

TEST(BinaryPackages, DamageIsSaid) {
  test::Reading reading(read_binary_packages, "app", elf_with(".dep-v0", "not compressed"), ArtifactKind::binary);
  EXPECT_EQ(reading.outcome().coverage, Coverage::partly_read);
  EXPECT_THAT(reading.rows().component, IsEmpty());
}

TEST(BinaryPackages, OtherFilesAndCutOnesGiveNothing) {
  const std::string whole = elf_with(".dep-v0", packed("{}"));
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const Artifact artifact{.id = artifact_id(1, 0), .path = "app"};
    evidence::Rows rows(artifact.id);
    read_binary_packages({artifact, std::string_view(whole).substr(0, size)}, rows);
    EXPECT_THAT(rows.component, IsEmpty());
  }
  EXPECT_EQ(section_of("MZ", ".dep-v0"), "");
  EXPECT_EQ(section_of("\xCF\xFA\xED\xFE", ".dep-v0"), "");
  EXPECT_EQ(section_of("text", ".dep-v0"), "");
  EXPECT_EQ(section_of(whole, ".text"), "");
}

}  // namespace
}  // namespace assay::sbom

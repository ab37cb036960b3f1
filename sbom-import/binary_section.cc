#include <cstdint>

#include "sbom-import/binary_packages.h"

// Sections of ELF (System V ABI, chapter 4), PE ("PE Format", section table) and Mach-O (loader.h), read without trust:
// an offset outside the file ends the search.
namespace assay::sbom {
namespace {

class Bytes {
 public:
  Bytes(std::string_view data, bool big) : data_(data), big_(big) {}

  std::uint64_t number(std::uint64_t offset, unsigned width) const {
    if (offset > data_.size() || data_.size() - offset < width) return 0;
    std::uint64_t value = 0;
    for (unsigned i = 0; i < width; ++i) {
      const auto byte = static_cast<unsigned char>(data_[offset + (big_ ? i : width - 1 - i)]);
      value = value << 8U | byte;
    }
    return value;
  }
  std::string_view cut(std::uint64_t offset, std::uint64_t size) const {
    if (offset > data_.size() || data_.size() - offset < size) return {};
    return data_.substr(offset, size);
  }
  // A name of at most `most` bytes, ended by a zero.
  std::string_view name(std::uint64_t offset, std::uint64_t most) const {
    if (offset >= data_.size()) return {};
    const std::string_view text = data_.substr(offset, most);
    return text.substr(0, text.find('\0'));
  }

 private:
  std::string_view data_;
  bool big_;
};

constexpr std::uint64_t most_sections = 4096;

std::string_view elf_section(std::string_view binary, std::string_view name) {
  if (binary.size() < 64) return {};
  const bool wide = binary[4] == 2;
  const Bytes bytes(binary, binary[5] == 2);
  const unsigned word = wide ? 8 : 4;
  const std::uint64_t table = bytes.number(wide ? 40 : 32, word);
  const std::uint64_t entry = bytes.number(wide ? 58 : 46, 2);
  const std::uint64_t count = bytes.number(wide ? 60 : 48, 2);
  const std::uint64_t names = bytes.number(wide ? 62 : 50, 2);
  if (table > binary.size() || entry == 0) return {};
  const auto offset_of = [&](std::uint64_t index) {
    return bytes.number(table + index * entry + (wide ? 24 : 16), word);
  };
  const std::uint64_t texts = offset_of(names);
  for (std::uint64_t i = 0; i < count && i < most_sections; ++i) {
    if (bytes.name(texts + bytes.number(table + i * entry, 4), name.size() + 1) != name) continue;
    return bytes.cut(offset_of(i), bytes.number(table + i * entry + (wide ? 32 : 20), word));
  }
  return {};
}

std::string_view pe_section(std::string_view binary, std::string_view name) {
  const Bytes bytes(binary, false);
  const std::uint64_t header = bytes.number(60, 4);
  if (bytes.cut(header, 4) != std::string_view("PE\0\0", 4)) return {};
  const std::uint64_t count = bytes.number(header + 6, 2);
  const std::uint64_t table = header + 24 + bytes.number(header + 20, 2);
  for (std::uint64_t i = 0; i < count && i < most_sections; ++i) {
    const std::uint64_t at = table + i * 40;
    if (bytes.name(at, 8) != name.substr(0, 8)) continue;
    // On disk a section is filled up; its virtual size is the true one.
    const std::uint64_t size = bytes.number(at + 8, 4);
    const std::uint64_t raw = bytes.number(at + 16, 4);
    return bytes.cut(bytes.number(at + 20, 4), size != 0 && size < raw ? size : raw);
  }
  return {};
}

std::string_view mach_section(std::string_view binary, std::string_view name) {
  const bool big = static_cast<unsigned char>(binary[0]) == 0xFE;
  const Bytes bytes(binary, big);
  const bool wide = (bytes.number(0, 4) & 1U) != 0;
  const std::uint64_t count = bytes.number(16, 4);
  std::uint64_t at = wide ? 32 : 28;
  for (std::uint64_t i = 0; i < count && i < most_sections; ++i) {
    const std::uint64_t kind = bytes.number(at, 4);
    const std::uint64_t size = bytes.number(at + 4, 4);
    if (size < 8) return {};
    if (kind == (wide ? 0x19U : 0x1U)) {
      const std::uint64_t sections = bytes.number(at + (wide ? 64 : 48), 4);
      for (std::uint64_t j = 0; j < sections && j < most_sections; ++j) {
        const std::uint64_t section = at + (wide ? 72 + j * 80 : 56 + j * 68);
        if (bytes.name(section, 16) != name) continue;
        return wide ? bytes.cut(bytes.number(section + 48, 4), bytes.number(section + 40, 8))
                    : bytes.cut(bytes.number(section + 40, 4), bytes.number(section + 36, 4));
      }
    }
    at += size;
  }
  return {};
}

}  // namespace

std::string_view section_of(std::string_view binary, std::string_view name) {
  if (binary.starts_with("\x7F"
                         "ELF"))
    return elf_section(binary, name);
  if (binary.starts_with("MZ")) return pe_section(binary, name);
  if (binary.starts_with("\xFE\xED\xFA\xCE") || binary.starts_with("\xFE\xED\xFA\xCF") ||
      binary.starts_with("\xCE\xFA\xED\xFE") || binary.starts_with("\xCF\xFA\xED\xFE"))
    return mach_section(binary, name);
  return {};
}

}  // namespace assay::sbom

#include "analyzer/source/pickle.h"

#include <array>
#include <cstdint>
#include <cstring>

namespace assay::source {
namespace {

bool dangerous(std::string_view module, std::string_view name) {
  struct Known {
    std::string_view module;
    std::string_view name;  // "" for every name of the module
  };
  static constexpr Known known[] = {
      {"os", "system"},
      {"os", "popen"},
      {"posix", "system"},
      {"posix", "popen"},
      {"nt", "system"},
      {"nt", "popen"},
      {"os", "execv"},
      {"os", "execve"},
      {"os", "execvp"},
      {"os", "spawnv"},
      {"os", "spawnl"},
      {"posix", "execv"},
      {"posix", "execve"},
      {"subprocess", ""},
      {"builtins", "exec"},
      {"builtins", "eval"},
      {"builtins", "compile"},
      {"builtins", "__import__"},
      {"__builtin__", "exec"},
      {"__builtin__", "eval"},
      {"__builtin__", "execfile"},
      {"__builtin__", "compile"},
      {"__builtin__", "__import__"},
      {"runpy", ""},
      {"pty", ""},
      {"socket", ""},
      {"commands", ""},
      {"webbrowser", "open"},
      {"importlib", "import_module"},
      {"urllib.request", ""},
      {"requests", ""},
      {"ctypes", ""},
      {"code", ""},
      {"pip", "main"},
      {"timeit", ""},
      {"shutil", "rmtree"},
  };
  for (const Known& one : known) {
    if (one.module == module && (one.name.empty() || one.name == name)) return true;
  }
  return false;
}

class Walk {
 public:
  explicit Walk(std::string_view bytes) : bytes_(bytes) {}

  std::string run() {
    while (at_ < bytes_.size() && found_.empty()) {
      if (!step(static_cast<std::uint8_t>(bytes_[at_++]))) break;
    }
    return found_;
  }

 private:
  bool skip(std::size_t count) {
    if (count > bytes_.size() - at_) return false;
    at_ += count;
    return true;
  }
  bool number(std::size_t width, std::uint64_t& value) {
    if (width > bytes_.size() - at_) return false;
    value = 0;
    for (std::size_t i = width; i > 0; --i) value = value << 8U | static_cast<std::uint8_t>(bytes_[at_ + i - 1]);
    at_ += width;
    return true;
  }
  bool line(std::string_view& out) {
    const std::size_t feed = bytes_.find('\n', at_);
    if (feed == std::string_view::npos) return false;
    out = bytes_.substr(at_, feed - at_);
    at_ = feed + 1;
    return true;
  }
  bool counted(std::size_t width, bool text) {
    std::uint64_t length = 0;
    if (!number(width, length) || length > bytes_.size() - at_) return false;
    if (text) remember(bytes_.substr(at_, length));
    return skip(length);
  }
  void remember(std::string_view text) {
    before_ = last_;
    last_ = text;
  }
  void imports(std::string_view module, std::string_view name) {
    if (!dangerous(module, name)) return;
    found_ = std::string(module);
    found_ += '.';
    found_ += name;
  }

  bool step(std::uint8_t opcode) {
    std::string_view first;
    std::string_view second;
    switch (opcode) {
      case 'c':  // GLOBAL
      case 'i':  // INST
        if (!line(first) || !line(second)) return false;
        imports(first, second);
        return true;
      case 0x93:  // STACK_GLOBAL: the two strings pushed last, memo fetches between them not followed
        imports(before_, last_);
        return true;
      case 'V':  // UNICODE
      case 'S':  // STRING
        if (!line(first)) return false;
        if (opcode == 'S' && first.size() >= 2) first = first.substr(1, first.size() - 2);
        remember(first);
        return true;
      case 0x8C:
        return counted(1, true);  // SHORT_BINUNICODE
      case 'U':
        return counted(1, true);  // SHORT_BINSTRING
      case 'X':
        return counted(4, true);  // BINUNICODE
      case 'T':
        return counted(4, true);  // BINSTRING
      case 0x8D:
        return counted(8, true);  // BINUNICODE8
      case 'C':
        return counted(1, false);  // SHORT_BINBYTES
      case 'B':
        return counted(4, false);  // BINBYTES
      case 0x8E:
        return counted(8, false);  // BINBYTES8
      case 0x96:
        return counted(8, false);  // BYTEARRAY8
      case 0x8A:
        return counted(1, false);  // LONG1
      case 0x8B:
        return counted(4, false);  // LONG4
      case 0x80:
        return skip(1);  // PROTO
      case 0x95:
        return skip(8);  // FRAME
      case 'K':          // BININT1
      case 'h':          // BINGET
      case 'q':          // BINPUT
      case 0x82:
        return skip(1);  // EXT1
      case 'M':          // BININT2
      case 0x83:
        return skip(2);  // EXT2
      case 'J':          // BININT
      case 'j':          // LONG_BINGET
      case 'r':          // LONG_BINPUT
      case 0x84:
        return skip(4);  // EXT4
      case 'G':
        return skip(8);  // BINFLOAT
      case 'I':
      case 'L':
      case 'F':
      case 'g':
      case 'p':
      case 'P':
        return line(first);
      case '.':
        return at_ < bytes_.size() &&
               static_cast<std::uint8_t>(bytes_[at_]) == 0x80;  // STOP; another stream may follow
      case '(':
      case ')':
      case '0':
      case '1':
      case '2':
      case 'N':
      case 'Q':
      case 'R':
      case 'a':
      case 'b':
      case 'd':
      case 'e':
      case 'l':
      case 'o':
      case 's':
      case 't':
      case 'u':
      case ']':
      case '}':
      case 0x81:
      case 0x85:
      case 0x86:
      case 0x87:
      case 0x88:
      case 0x89:
      case 0x8F:
      case 0x90:
      case 0x91:
      case 0x92:
      case 0x94:
      case 0x97:
      case 0x98:
        return true;
      default:
        return false;
    }
  }

  std::string_view bytes_;
  std::size_t at_ = 0;
  std::string_view before_;
  std::string_view last_;
  std::string found_;
};

}  // namespace

std::string dangerous_import(std::string_view bytes) {
  return Walk(bytes).run();
}

}  // namespace assay::source

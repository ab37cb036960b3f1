// assay-c-facts: the facts of one C or C++ file, from libclang, for analyzer/source/c_family.h (which describes the
// answer). A process of its own: it gives up every right it does not need before it looks at the text, and can open no
// file at all.
#if defined(__SANITIZE_ADDRESS__)
#define ASSAY_ADDRESS_SANITIZED
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ASSAY_ADDRESS_SANITIZED
#endif
#endif

#include <clang-c/Index.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/base/limits.h"
#include "analyzer/source/c_capability.h"

namespace {

using namespace assay;
using nlohmann::json;

constexpr std::size_t max_passes = 4;  // parses with more macros defined, the first one included
constexpr std::size_t max_facts = 50'000;

// Names that headers would have declared: without them the parser gives up the calls they stand in.
constexpr std::string_view prelude_c =
    "#define NULL 0\n"
    "enum { PROT_READ = 1, PROT_WRITE = 2, PROT_EXEC = 4, MAP_SHARED = 1, MAP_PRIVATE = 2, MAP_ANONYMOUS = 32, "
    "MAP_FIXED = 16, RTLD_LAZY = "
    "1, RTLD_NOW = 2, AF_UNIX = 1, AF_INET = 2, AF_INET6 = 10, SOCK_STREAM = 1, SOCK_DGRAM = 2, O_RDONLY = 0, O_WRONLY "
    "= 1, O_RDWR = 2, "
    "O_CREAT = 64, EXIT_FAILURE = 1, EXIT_SUCCESS = 0, STDIN_FILENO = 0, STDOUT_FILENO = 1, STDERR_FILENO = 2 };\n"
    "typedef unsigned long size_t; typedef long ssize_t; typedef int pid_t; typedef unsigned char uint8_t; typedef "
    "unsigned short "
    "uint16_t; typedef unsigned int uint32_t; typedef unsigned long uint64_t; typedef signed char int8_t; typedef "
    "short int16_t; "
    "typedef int int32_t; typedef long int64_t; typedef unsigned long uintptr_t; typedef long intptr_t; typedef struct "
    "assay_file FILE; "
    "void *dlopen(); void *dlsym(); void *mmap(); void *GetProcAddress(); char *getenv(); FILE *popen(); FILE "
    "*fopen();\n";
constexpr std::string_view prelude_cpp =
    "#define NULL __null\n"
    "enum { PROT_READ = 1, PROT_WRITE = 2, PROT_EXEC = 4, MAP_SHARED = 1, MAP_PRIVATE = 2, MAP_ANONYMOUS = 32, "
    "MAP_FIXED = 16, RTLD_LAZY = "
    "1, RTLD_NOW = 2, AF_UNIX = 1, AF_INET = 2, AF_INET6 = 10, SOCK_STREAM = 1, SOCK_DGRAM = 2, O_RDONLY = 0, O_WRONLY "
    "= 1, O_RDWR = 2, "
    "O_CREAT = 64, EXIT_FAILURE = 1, EXIT_SUCCESS = 0, STDIN_FILENO = 0, STDOUT_FILENO = 1, STDERR_FILENO = 2 };\n"
    "typedef unsigned long size_t; typedef long ssize_t; typedef int pid_t; typedef unsigned char uint8_t; typedef "
    "unsigned short "
    "uint16_t; typedef unsigned int uint32_t; typedef unsigned long uint64_t; typedef signed char int8_t; typedef "
    "short int16_t; "
    "typedef int int32_t; typedef long int64_t; typedef unsigned long uintptr_t; typedef long intptr_t; struct FILE; "
    "extern \"C\" { "
    "void *dlopen(...); void *dlsym(...); void *mmap(...); char *getenv(...); FILE *popen(...); FILE *fopen(...); int "
    "system(...); "
    "int execl(...); int execlp(...); int execv(...); int execve(...); int execvp(...); int fork(...); int "
    "socket(...); int connect(...); "
    "int mprotect(...); int ptrace(...); int posix_spawn(...); int setenv(...); int putenv(...); } namespace std { "
    "using ::system; using "
    "::getenv; }\n";

void limit(int resource, rlim_t value) {
  const rlimit both{value, value};
  setrlimit(static_cast<__rlimit_resource_t>(resource), &both);
}

std::string taken(CXString text) {
  const char* const characters = clang_getCString(text);
  std::string out = characters != nullptr ? characters : "";
  clang_disposeString(text);
  return out;
}

struct Spot {
  std::size_t offset = 0;
  bool main_file = false;
};

// One parse and what it says. Offsets are of `text_`, the prelude included.
class Extract {
 public:
  Extract(const std::string& text, std::size_t prelude, bool cpp) : text_(text), prelude_(prelude), cpp_(cpp) {
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '\n') feeds_.push_back(i);
    }
    prelude_lines_ =
        static_cast<std::size_t>(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(prelude), '\n'));
  }

  bool parse(const std::vector<std::string>& macros);
  std::string macro_of_skipped_code();
  // To be called once, before macro_of_skipped_code().
  void note_telling_macros();
  bool told_all() const { return facts_ < max_facts; }

 private:
  struct Frame {
    Extract* self;
    std::string function;  // "" outside
  };
  static CXChildVisitResult visit(CXCursor cursor, CXCursor parent, CXClientData data);

  void declaration(CXCursor cursor);
  void use(CXCursor cursor, const std::string& caller);
  void reference(CXCursor cursor, const std::string& from);
  std::string name_of(CXCursor cursor);
  Spot spot(CXSourceLocation location);
  void symbol(std::string_view kind, const std::string& name, const std::string& detail, CXCursor cursor);
  void place(json& fact, std::size_t offset, std::size_t length);
  void say(const json& fact) {
    std::string line = fact.dump(-1, ' ', false, json::error_handler_t::replace);
    if (facts_ >= max_facts || !said_.insert(line).second) return;
    ++facts_;
    line += '\n';
    std::fwrite(line.data(), 1, line.size(), stdout);
  }

  const std::string& text_;
  std::size_t prelude_;
  std::size_t prelude_lines_ = 0;
  bool cpp_;
  CXFile file_ = nullptr;
  std::vector<std::size_t> feeds_;
  std::vector<std::pair<std::size_t, std::size_t>> skipped_;
  std::set<std::string> said_;
  std::set<std::pair<std::size_t, std::string>> used_;  // in this parse
  std::set<std::string> tried_;
  std::vector<std::string> telling_;
  std::size_t facts_ = 0;
};

Spot Extract::spot(CXSourceLocation location) {
  CXFile file = nullptr;
  unsigned offset = 0;
  clang_getExpansionLocation(location, &file, nullptr, nullptr, &offset);
  return {offset, file != nullptr && clang_File_isEqual(file, file_) != 0 && offset >= prelude_};
}

void Extract::place(json& fact, std::size_t offset, std::size_t length) {
  const auto line = static_cast<std::size_t>(std::lower_bound(feeds_.begin(), feeds_.end(), offset) - feeds_.begin());
  const std::size_t begin = line == 0 ? 0 : feeds_[line - 1] + 1;
  std::size_t column = 1;
  for (std::size_t i = begin; i < offset; ++i) {
    if ((static_cast<unsigned char>(text_[i]) & 0xC0U) != 0x80U) ++column;
  }
  fact["line"] = line + 1 - prelude_lines_;
  fact["column"] = column;
  fact["end_column"] = column + length;
}

std::string Extract::name_of(CXCursor cursor) {
  std::string name = taken(clang_getCursorSpelling(cursor));
  const CXCursor parent = clang_getCursorSemanticParent(cursor);
  const CXCursorKind kind = clang_getCursorKind(parent);
  if (kind == CXCursor_ClassDecl || kind == CXCursor_StructDecl || kind == CXCursor_ClassTemplate) {
    name = taken(clang_getCursorSpelling(parent)) + "::" + name;
  }
  return name;
}

void Extract::symbol(std::string_view kind, const std::string& name, const std::string& detail, CXCursor cursor) {
  const Spot at = spot(clang_getCursorLocation(cursor));
  json fact{{"fact", "symbol"}, {"kind", kind}, {"name", name}, {"detail", detail}};
  place(fact, at.offset, text_.compare(at.offset, name.size(), name) == 0 ? name.size() : 1);
  say(fact);
}

// Attributes have no cursors of their own worth the name; the printed declaration shows them with every macro expanded.
void Extract::declaration(CXCursor cursor) {
  CXPrintingPolicy policy = clang_getCursorPrintingPolicy(cursor);
  clang_PrintingPolicy_setProperty(policy, CXPrintingPolicy_TerseOutput, 1);
  const std::string printed = taken(clang_getCursorPrettyPrinted(cursor, policy));
  clang_PrintingPolicy_dispose(policy);
  const bool variable = clang_getCursorKind(cursor) == CXCursor_VarDecl;
  const std::string name = name_of(cursor);
  if (const std::size_t at = printed.find("ifunc(\""); at != std::string::npos && !variable) {
    const std::size_t close = printed.find('"', at + 7);
    const std::string resolver = printed.substr(at + 7, close == std::string::npos ? 0 : close - at - 7);
    // The resolver may be defined before or after; its definition says where it stands.
    CXCursor where = cursor;
    struct Search {
      const std::string& wanted;
      CXCursor& found;
    } search{resolver, where};
    clang_visitChildren(
        clang_getTranslationUnitCursor(clang_Cursor_getTranslationUnit(cursor)),
        [](CXCursor child, CXCursor, CXClientData data) {
          auto* const what = static_cast<Search*>(data);
          if (clang_getCursorKind(child) == CXCursor_LinkageSpec) return CXChildVisit_Recurse;
          if (clang_getCursorKind(child) != CXCursor_FunctionDecl ||
              taken(clang_getCursorSpelling(child)) != what->wanted)
            return CXChildVisit_Continue;
          what->found = child;
          return clang_isCursorDefinition(child) != 0 ? CXChildVisit_Break : CXChildVisit_Continue;
        },
        &search);
    symbol("ifunc-resolver", resolver, "ifunc of " + name, where);
  }
  if (!variable) {
    if (printed.find("(constructor") != std::string::npos || printed.find("gnu::constructor") != std::string::npos)
      symbol("constructor", name, "attribute constructor", cursor);
    if (printed.find("(destructor") != std::string::npos) symbol("destructor", name, "attribute destructor", cursor);
  }
  for (const std::string_view section : {".init_array", ".preinit_array", ".ctors", ".CRT$X"}) {
    if (printed.find(std::string("(\"") + std::string(section)) != std::string::npos)
      symbol("init-array", name, "section " + std::string(section), cursor);
  }
}

void Extract::reference(CXCursor cursor, const std::string& from) {
  const CXCursor target = clang_getCursorReferenced(cursor);
  if (clang_Cursor_isNull(target) != 0) return;
  const CXCursorKind kind = clang_getCursorKind(target);
  if (kind != CXCursor_FunctionDecl && kind != CXCursor_CXXMethod && kind != CXCursor_Constructor &&
      kind != CXCursor_VarDecl)
    return;
  // A local variable is no step; a static one may hold the function.
  if (kind == CXCursor_VarDecl && clang_getCursorLinkage(target) == CXLinkage_NoLinkage) return;
  say({{"fact", "edge"}, {"from", from}, {"to", name_of(target)}});
}

bool is_text_literal(CXCursor cursor) {
  for (int i = 0; i < 8; ++i) {
    const CXCursorKind kind = clang_getCursorKind(cursor);
    if (kind == CXCursor_StringLiteral) return true;
    if (kind != CXCursor_UnexposedExpr && kind != CXCursor_ParenExpr && kind != CXCursor_CStyleCastExpr) return false;
    CXCursor child = clang_getNullCursor();
    clang_visitChildren(
        cursor,
        [](CXCursor one, CXCursor, CXClientData data) {
          *static_cast<CXCursor*>(data) = one;
          return CXChildVisit_Continue;
        },
        &child);
    if (clang_Cursor_isNull(child) != 0) return false;
    cursor = child;
  }
  return false;
}

// A call, or a mention of the function where the parser gave the call up because it knew a type or a constant too
// little.
void Extract::use(CXCursor cursor, const std::string& caller) {
  const std::string callee = taken(clang_getCursorSpelling(cursor));
  std::string capability(source::capability_of(callee));
  const bool maps = callee == "mmap" || callee == "mmap64";
  if (capability.empty() && !maps) return;
  const Spot at = spot(clang_getCursorLocation(cursor));
  if (!at.main_file || !used_.insert({at.offset, callee}).second) return;
  if (maps) {
    const std::string_view rest = std::string_view(text_).substr(at.offset, 400);
    if (rest.substr(0, rest.find(';')).find("PROT_EXEC") == std::string_view::npos) return;
    capability = "memory-protection";
  }
  // A function of the file with that name is the file's own.
  const CXCursor target = clang_getCursorReferenced(cursor);
  if (clang_Cursor_isNull(target) == 0 && clang_isCursorDefinition(target) != 0) return;
  const bool shown =
      std::string_view(text_).substr(at.offset, callee.size() + 16).find(callee) != std::string_view::npos;
  json fact{{"fact", "call"}, {"caller", caller}, {"callee", callee}, {"capability", capability}, {"hidden", !shown}};
  const std::size_t deciding = source::deciding_argument(callee);
  if (deciding != std::string_view::npos && static_cast<int>(deciding) < clang_Cursor_getNumArguments(cursor)) {
    fact["literal"] = is_text_literal(clang_Cursor_getArgument(cursor, static_cast<unsigned>(deciding)));
  }
  place(fact, at.offset, shown ? callee.size() : 1);
  say(fact);
}

CXChildVisitResult Extract::visit(CXCursor cursor, CXCursor parent, CXClientData data) {
  static_cast<void>(parent);
  auto* const frame = static_cast<Frame*>(data);
  Extract& self = *frame->self;
  const CXCursorKind kind = clang_getCursorKind(cursor);
  const bool outside = frame->function.empty();
  if (clang_isPreprocessing(kind) != 0) return CXChildVisit_Continue;
  if (outside && clang_isDeclaration(kind) != 0 && !self.spot(clang_getCursorLocation(cursor)).main_file)
    return CXChildVisit_Continue;
  switch (kind) {
    case CXCursor_FunctionDecl:
    case CXCursor_CXXMethod:
    case CXCursor_Constructor:
    case CXCursor_Destructor:
    case CXCursor_FunctionTemplate: {
      if (clang_Cursor_hasAttrs(cursor) != 0) self.declaration(cursor);
      Frame inner{&self, self.name_of(cursor)};
      clang_visitChildren(cursor, visit, &inner);
      return CXChildVisit_Continue;
    }
    case CXCursor_VarDecl: {
      if (!outside) return CXChildVisit_Recurse;
      if (clang_Cursor_hasAttrs(cursor) != 0) self.declaration(cursor);
      Frame inner{&self, self.name_of(cursor)};
      if (self.cpp_) {
        bool calls = false;
        clang_visitChildren(
            cursor,
            [](CXCursor child, CXCursor, CXClientData flag) {
              if (clang_getCursorKind(child) == CXCursor_LambdaExpr) return CXChildVisit_Recurse;
              if (clang_getCursorKind(child) != CXCursor_CallExpr) return CXChildVisit_Recurse;
              *static_cast<bool*>(flag) = true;
              return CXChildVisit_Break;
            },
            &calls);
        if (calls) self.symbol("static-initialiser", inner.function, "initialised by a call", cursor);
      }
      clang_visitChildren(cursor, visit, &inner);
      return CXChildVisit_Continue;
    }
    case CXCursor_CallExpr:
      if (!outside) {
        self.use(cursor, frame->function);
        self.reference(cursor, frame->function);
      }
      return CXChildVisit_Recurse;
    case CXCursor_DeclRefExpr:
      if (!outside) {
        self.use(cursor, frame->function);
        self.reference(cursor, frame->function);
      }
      return CXChildVisit_Recurse;
    default:
      return CXChildVisit_Recurse;
  }
}

bool Extract::parse(const std::vector<std::string>& macros) {
  const char* const name = cpp_ ? "input.cc" : "input.c";
  std::vector<std::string> arguments{"-nostdinc",
                                     "-nobuiltininc",
                                     "-w",
                                     "-ferror-limit=0",
                                     "-target",
                                     "x86_64-linux-gnu",
                                     "-fbracket-depth=512",
                                     "-fno-spell-checking",
                                     "-Xclang",
                                     "-frecovery-ast",
                                     "-Xclang",
                                     "-frecovery-ast-type",
                                     "-Wno-error=implicit-function-declaration",
                                     "-Wno-error=int-conversion",
                                     "-Wno-error=incompatible-function-pointer-types",
                                     cpp_ ? "-std=gnu++20" : "-std=gnu11",
                                     "-x",
                                     cpp_ ? "c++" : "c"};
  if (cpp_) arguments.emplace_back("-nostdinc++");
  for (const std::string& macro : macros) arguments.push_back("-D" + macro + "=1");
  std::vector<const char*> pointers;
  for (const std::string& argument : arguments) pointers.push_back(argument.c_str());
  CXUnsavedFile file{name, text_.data(), text_.size()};
  const CXIndex index = clang_createIndex(0, 0);
  CXTranslationUnit unit = nullptr;
  const CXErrorCode error = clang_parseTranslationUnit2(
      index, name, pointers.data(), static_cast<int>(pointers.size()), &file, 1,
      CXTranslationUnit_DetailedPreprocessingRecord | CXTranslationUnit_Incomplete | CXTranslationUnit_KeepGoing,
      &unit);
  if (error != CXError_Success || unit == nullptr) return false;
  file_ = clang_getFile(unit, name);
  used_.clear();
  Frame outside{this, {}};
  clang_visitChildren(clang_getTranslationUnitCursor(unit), visit, &outside);
  skipped_.clear();
  CXSourceRangeList* const ranges = clang_getSkippedRanges(unit, file_);
  for (unsigned i = 0; ranges != nullptr && i < ranges->count; ++i) {
    const std::size_t begin = spot(clang_getRangeStart(ranges->ranges[i])).offset;
    const std::size_t end = spot(clang_getRangeEnd(ranges->ranges[i])).offset;
    if (begin < end && end <= text_.size()) skipped_.emplace_back(begin, end);
  }
  if (ranges != nullptr) clang_disposeSourceRangeList(ranges);
  clang_disposeTranslationUnit(unit);
  clang_disposeIndex(index);
  return true;
}

constexpr std::string_view load_time_words[] = {"ifunc", "constructor", "init_array"};

bool speaks_of_load_time(std::string_view text) {
  return std::any_of(std::begin(load_time_words), std::end(load_time_words),
                     [&](std::string_view word) { return text.find(word) != std::string_view::npos; });
}

bool word_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// Names of the macros whose definitions speak of load time: an attribute is often hidden in one.
std::vector<std::string> telling_macros(std::string_view text) {
  std::vector<std::string> out;
  for (std::size_t at = text.find("define"); at != std::string_view::npos && out.size() < 50;
       at = text.find("define", at + 6)) {
    const std::string_view line = text.substr(at + 6, text.find('\n', at) - at - 6);
    if (!speaks_of_load_time(line)) continue;
    const std::size_t begin = line.find_first_not_of(" \t");
    std::size_t end = begin;
    while (end < line.size() && word_character(line[end])) ++end;
    if (end > begin + 2) out.emplace_back(line.substr(begin, end - begin));
  }
  return out;
}

// A macro that would open a skipped range in which something runs at load time; "" when there is no more.
std::string Extract::macro_of_skipped_code() {
  for (const auto& [begin, end] : skipped_) {
    const std::string_view range = std::string_view(text_).substr(begin, end - begin);
    const bool worth =
        speaks_of_load_time(range) || std::any_of(telling_.begin(), telling_.end(), [&](const std::string& macro) {
          return range.find(macro) != std::string_view::npos;
        });
    if (!worth) continue;
    // The range begins at the `if`, `ifdef` or `elif` that was false; the names on that line are what to define.
    const std::string_view line = range.substr(0, range.find('\n'));
    for (std::size_t at = 0; at < line.size();) {
      if (!word_character(line[at])) {
        ++at;
        continue;
      }
      std::size_t stop = at;
      while (stop < line.size() && word_character(line[stop])) ++stop;
      std::string name(line.substr(at, stop - at));
      at = stop;
      const bool keyword =
          name == "if" || name == "ifdef" || name == "ifndef" || name == "elif" || name == "else" || name == "defined";
      const bool number = name.front() >= '0' && name.front() <= '9';
      if (!keyword && !number && tried_.insert(name).second) return name;
    }
  }
  return {};
}

void Extract::note_telling_macros() {
  telling_ = telling_macros(std::string_view(text_).substr(prelude_));
}

bool read_all(std::string& text) {
  std::array<char, 65536> buffer{};
  while (true) {
    const ssize_t got = read(0, buffer.data(), buffer.size());
    if (got == 0) return true;
    if (got < 0 || text.size() > limits::max_text_bytes) return false;
    text.append(buffer.data(), static_cast<std::size_t>(got));
  }
}

}  // namespace

int main(int count, char** arguments) {
  limit(RLIMIT_CORE, 0);
  limit(RLIMIT_FSIZE, 0);
  limit(RLIMIT_CPU, limits::max_native_parse_seconds);
#ifndef ASSAY_ADDRESS_SANITIZED
  limit(RLIMIT_AS, limits::max_native_parse_memory);  // the sanitizer's shadow alone is larger
#endif
  limit(RLIMIT_NOFILE, 3);  // the three there are: nothing can be opened, whatever an #include says
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  const bool cpp = count < 2 || !std::string_view(arguments[1]).ends_with(".c");
  std::string text(cpp ? prelude_cpp : prelude_c);
  const std::size_t prelude = text.size();
  if (!read_all(text)) return 3;
  if (text.compare(prelude, 3, "\xEF\xBB\xBF") == 0) text.replace(prelude, 3, "   ");
  Extract extract(text, prelude, cpp);
  extract.note_telling_macros();
  std::vector<std::string> macros;
  for (std::size_t pass = 0; pass < max_passes; ++pass) {
    if (!extract.parse(macros)) return 4;
    std::string macro = extract.macro_of_skipped_code();
    if (macro.empty()) break;
    const std::string line = json{{"fact", "skipped"}, {"macro", macro}}.dump() + "\n";
    std::fwrite(line.data(), 1, line.size(), stdout);
    macros.push_back(std::move(macro));
  }
  if (extract.told_all()) std::fputs("{\"fact\":\"end\"}\n", stdout);
  return std::fflush(stdout) == 0 ? 0 : 5;
}

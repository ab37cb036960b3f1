#include "analyzer/source/c_worker/extract.h"

#include <cstdio>
#include <nlohmann/json.hpp>

#include "analyzer/source/c_capability.h"

namespace assay::source {

using nlohmann::json;

namespace {

std::string taken(CXString text) {
  const char* const characters = clang_getCString(text);
  std::string out = characters != nullptr ? characters : "";
  clang_disposeString(text);
  return out;
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

}  // namespace

void Extract::say(const json& fact) {
  std::string line = fact.dump(-1, ' ', false, json::error_handler_t::replace);
  if (facts_ >= max_facts || !said_.insert(line).second) return;
  ++facts_;
  line += '\n';
  std::fwrite(line.data(), 1, line.size(), stdout);
}

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

// A call, or a mention of the function where the parser gave the call up because it knew a type or a constant too
// little.
void Extract::use(CXCursor cursor, const std::string& caller) {
  const std::string callee = taken(clang_getCursorSpelling(cursor));
  std::string capability(capability_of(callee));
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
  const std::size_t deciding = deciding_argument(callee);
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

}  // namespace assay::source

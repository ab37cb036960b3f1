#pragma once

#include <clang-c/Index.h>

#include <algorithm>
#include <nlohmann/json_fwd.hpp>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace assay::source {

struct Spot {
  std::size_t offset = 0;
  bool main_file = false;
};

// What one file says, by one parse after the other, each with more macros defined. Writes facts to standard output as
// it finds them (the lines analyzer/source/c_family.h describes), each once. Offsets are of `text_`, the prelude
// included.
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
  static constexpr std::size_t max_facts = 50'000;
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
  void place(nlohmann::json& fact, std::size_t offset, std::size_t length);
  void say(const nlohmann::json& fact);

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

}  // namespace assay::source

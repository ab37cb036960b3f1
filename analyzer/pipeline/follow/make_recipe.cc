#include "analyzer/pipeline/follow/make_recipe.h"

#include <algorithm>

namespace assay::pipeline::follow {
namespace {

bool is_name(char c) {
  return c == '_' || c == '-' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace

MakeRecipe expand_recipe(std::string_view file, const formats::RecipeLine& line) {
  MakeRecipe out;
  const auto put = [&](char c, std::size_t at) {
    out.text += c;
    out.offsets.push_back(at);
  };
  std::size_t at = line.begin;
  while (at < line.end) {
    const char next = at + 1 < line.end ? file[at + 1] : '\0';
    if (file[at] != '$' || next == '\0') {
      put(file[at], at);
      ++at;
    } else if (next == '$') {
      put('$', at);
      at += 2;
    } else if (next == '(' || next == '{') {
      std::size_t close = at + 2;
      int depth = 1;
      while (close < line.end && depth > 0) {
        if (file[close] == next) ++depth;
        if (file[close] == (next == '(' ? ')' : '}')) --depth;
        ++close;
      }
      const std::string_view name = file.substr(at + 2, close - at - (depth == 0 ? 3 : 2));
      if (!name.empty() && std::all_of(name.begin(), name.end(), is_name)) {
        for (std::size_t i = 0; i < name.size(); ++i) put(lower(name[i]), at + 2 + i);
      } else {
        put(' ', at);
      }
      at = close;
    } else {
      put('_', at);  // $@, $<, $^: names of files
      at += 2;
    }
  }
  return out;
}

}  // namespace assay::pipeline::follow

// Code behind conditions that are false here: which macro to define so that what runs at load time is seen.
#include <algorithm>
#include <iterator>

#include "analyzer/source/c_worker/extract.h"

namespace assay::source {
namespace {

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

}  // namespace

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

}  // namespace assay::source

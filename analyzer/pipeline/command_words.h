#pragma once

#include <algorithm>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

// What the parts of commands.h ask of the words of a command. For those parts only.
namespace assay::pipeline::words {

using Words = std::initializer_list<std::string_view>;

inline bool in(std::string_view word, Words words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

inline std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

// The first word that is no option, from `from` on; "" when there is none.
inline std::string_view operand(const std::vector<std::string>& words, std::size_t from = 0) {
  for (std::size_t i = from; i < words.size(); ++i) {
    if (!words[i].empty() && words[i][0] != '-') return words[i];
  }
  return {};
}

inline bool has(const std::vector<std::string>& words, std::string_view wanted) {
  return std::find(words.begin(), words.end(), wanted) != words.end();
}

inline bool is_local_path(std::string_view word) {
  return word.starts_with("./") || word.starts_with("../") || word.starts_with(".\\");
}

inline bool is_url(std::string_view word) {
  return word.starts_with("http://") || word.starts_with("https://") || word.starts_with("ftp://");
}

}  // namespace assay::pipeline::words

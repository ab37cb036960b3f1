#include "analyzer/buildlog/screen.h"

#include <algorithm>
#include <cstring>

namespace assay::buildlog {
namespace {

constexpr char escape = '\x1b';

bool shows_something(std::string_view stretch) {
  return std::any_of(stretch.begin(), stretch.end(), [](char c) { return static_cast<unsigned char>(c) > ' '; });
}

// The end of a string sequence (OSC, APC, DCS): after BEL or ESC \.
std::size_t string_end(std::string_view body, std::size_t at) {
  for (; at < body.size(); ++at) {
    if (body[at] == '\x07') return at + 1;
    if (body[at] == escape) return at + 1 < body.size() && body[at + 1] == '\\' ? at + 2 : at;
  }
  return at;
}

}  // namespace

bool Screen::plain(std::string_view body) {
  if (body.empty()) return true;
  return std::memchr(body.data(), escape, body.size()) == nullptr &&
         std::memchr(body.data(), '\r', body.size()) == nullptr &&
         std::memchr(body.data(), '\b', body.size()) == nullptr;
}

void Screen::write(std::string_view stretch, std::size_t at) {
  const std::size_t end = cursor_ + stretch.size();
  if (end > text_.size()) {
    text_.resize(end, ' ');
    origin_.resize(end, static_cast<std::uint32_t>(at));
  }
  std::memcpy(text_.data() + cursor_, stretch.data(), stretch.size());
  for (std::size_t i = 0; i < stretch.size(); ++i) origin_[cursor_ + i] = static_cast<std::uint32_t>(at + i);
  cursor_ = end;
}

void Screen::erase_from(std::size_t column) {
  if (column >= text_.size()) return;
  text_.resize(column);
  origin_.resize(column);
}

// Carries out the control sequence at `at` and returns the offset after it.
std::size_t Screen::control(std::string_view body, std::size_t at) {
  if (at + 1 >= body.size()) return body.size();
  const char kind = body[at + 1];
  if (kind == ']' || kind == '_' || kind == 'P' || kind == '^') return string_end(body, at + 2);
  if (kind != '[') return at + 2;
  std::size_t end = at + 2;
  while (end < body.size() && static_cast<unsigned char>(body[end]) >= 0x20 &&
         static_cast<unsigned char>(body[end]) < 0x40)
    ++end;
  if (end >= body.size()) return end;
  const std::string_view parameters = body.substr(at + 2, end - at - 2);
  switch (body[end]) {
    case 'm': {
      std::size_t begin = 0;
      // 38;5;8 and 48;5;8 are colours.
      if (parameters.find("8;5;") != std::string_view::npos || parameters.find("8;2;") != std::string_view::npos) break;
      while (begin <= parameters.size()) {
        const std::size_t stop = std::min(parameters.find(';', begin), parameters.size());
        const std::string_view one = parameters.substr(begin, stop - begin);
        if (one == "8") conceal_ = true;
        if (one.empty() || one == "0" || one == "28") conceal_ = false;
        begin = stop + 1;
      }
      break;
    }
    case 'K':
      if (parameters.empty() || parameters == "0") {
        erase_from(cursor_);
      } else if (parameters == "2") {
        erase_from(0);
        cursor_ = 0;
      }
      break;
    case 'G':
      if (parameters.empty() || parameters == "1") cursor_ = 0;
      break;
    default:
      break;
  }
  return end + 1;
}

std::string_view Screen::render(std::string_view body, std::size_t base) {
  text_.clear();
  origin_.clear();
  replaced_.clear();
  concealed_.clear();
  cursor_ = 0;
  conceal_ = false;
  std::size_t at = 0;
  std::size_t written = 0;  // where the stretch on the current row of text began
  while (at < body.size()) {
    std::size_t end = at;
    while (end < body.size() && body[end] != escape && body[end] != '\r' && body[end] != '\b') ++end;
    if (end > at) {
      const std::string_view stretch = body.substr(at, end - at);
      if (!conceal_) {
        write(stretch, base + at);
      } else if (!stretch.starts_with("ha:")) {
        concealed_.append(stretch);
      }
      at = end;
      continue;
    }
    if (body[at] == '\b') {
      if (cursor_ > 0) --cursor_;
      ++at;
      continue;
    }
    const std::size_t cursor_before = cursor_;
    const std::size_t size_before = text_.size();
    const std::size_t control_at = at;
    if (body[at] == '\r') {
      cursor_ = 0;
      ++at;
    } else {
      at = control(body, at);
    }
    const bool returned = cursor_before > 0 && cursor_ == 0;
    const bool erased = text_.size() < size_before;
    if (returned || erased) {
      const std::string_view stretch = body.substr(written, control_at - written);
      if (shows_something(stretch)) replaced_.push_back(stretch);
      written = at;
    }
  }
  // A carriage return at the end, or one followed by nothing but control sequences, hides nothing.
  if (!replaced_.empty() && !text_.empty() && !shows_something(body.substr(written))) replaced_.pop_back();
  if (!text_.empty() && !replaced_.empty()) {
    const std::string_view last = replaced_.back();
    if (origin_[0] >= base + static_cast<std::size_t>(last.data() - body.data()) &&
        origin_[0] < base + static_cast<std::size_t>(last.data() - body.data()) + last.size()) {
      replaced_.pop_back();
    }
  }
  return text_;
}

}  // namespace assay::buildlog

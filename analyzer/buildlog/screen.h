#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace assay::buildlog {

// What a terminal would show of one line, and what was written but is not shown: colours and other control sequences
// (ECMA-48 CSI, OSC, APC) are taken out, a carriage return or an erase lets later text replace earlier text. Columns
// are bytes, cursor movement between lines is ignored. Kept from line to line to reuse its memory; one thread.
class Screen {
 public:
  // True when `body` holds nothing to render, so that it is its own picture.
  static bool plain(std::string_view body);

  // The picture; valid until the next call. `base` is the offset of `body` in the line that origin() counts from.
  std::string_view render(std::string_view body, std::size_t base);

  const std::uint32_t* origin() const { return origin_.data(); }
  // Stretches of `body` that were written over or erased, blank ones left out.
  const std::vector<std::string_view>& replaced() const { return replaced_; }
  // Text set in the attribute "concealed" (SGR 8), joined; Jenkins' console notes are not counted.
  const std::string& concealed() const { return concealed_; }

 private:
  void write(std::string_view stretch, std::size_t at);
  void erase_from(std::size_t column);
  std::size_t control(std::string_view body, std::size_t at);

  std::string text_;
  std::vector<std::uint32_t> origin_;
  std::vector<std::string_view> replaced_;
  std::string concealed_;
  std::size_t cursor_ = 0;
  bool conceal_ = false;
};

}  // namespace assay::buildlog

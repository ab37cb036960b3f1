#include "reports/screen.h"

#include <algorithm>

#include "reports/layout.h"
#include "reports/neutralise.h"

namespace assay::reports {

Ink ink_of(Severity severity) {
  switch (severity) {
    case Severity::critical:
      return Ink::bright_red;
    case Severity::high:
      return Ink::red;
    case Severity::medium:
      return Ink::yellow;
    case Severity::low:
      return Ink::blue;
    case Severity::info:
      return Ink::cyan;
  }
  return Ink::plain;
}

Screen::Screen(const RenderOptions& options)
    : options_(options), width_(static_cast<std::size_t>(std::clamp(options.width, 40, 400))) {}

std::string Screen::paint(Ink ink, std::string_view text) const {
  if (!options_.colour || ink == Ink::plain || text.empty()) return std::string(text);
  constexpr std::array codes = {"0", "1", "2", "31", "1;31", "33", "34", "32", "36"};
  return fmt::format("\x1b[{}m{}\x1b[0m", codes[static_cast<std::size_t>(ink)], text);
}

void Screen::blank() {
  if (!out_.empty() && !out_.ends_with("\n\n")) out_ += '\n';
}

void Screen::line(std::string_view text) {
  while (text.ends_with(' ')) text.remove_suffix(1);
  out_ += text;
  out_ += '\n';
}

void Screen::prose(std::string_view lead, std::string_view next, std::size_t lead_width, std::string_view text,
                   Ink ink) {
  const std::size_t room = width_ > lead_width + 8 ? width_ - lead_width : 8;
  bool first = true;
  for (const std::string& one : wrapped(text, room, options_.unicode)) {
    line(std::string(first ? lead : next) + paint(ink, one));
    first = false;
  }
}

void Screen::prose(std::size_t indent, std::string_view text, Ink ink) {
  const std::string spaces(indent, ' ');
  prose(spaces, spaces, indent, text, ink);
}

void Screen::labelled(std::size_t indent, std::string_view label, std::string_view text, Ink label_ink, Ink ink) {
  const std::string spaces(indent, ' ');
  const std::size_t width = indent + label.size() + 1;
  prose(spaces + paint(label_ink, label) + " ", std::string(width, ' '), width, text, ink);
}

void Screen::heading(std::string_view title) {
  blank();
  const std::string shown = elided(title, width_ - 4, options_.unicode);
  const std::size_t used = display_width(shown) + 1;
  std::string rule;
  for (std::size_t i = used; i < width_; ++i) rule += glyph("─", "-");
  line(paint(Ink::bold, shown) + " " + paint(Ink::dim, rule));
  out_ += '\n';
}

std::string Screen::finish() {
  while (out_.ends_with("\n\n")) out_.pop_back();
  return options_.in_ci ? ci_log(out_) : out_;
}

}  // namespace assay::reports

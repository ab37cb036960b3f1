#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "reports/render.h"

namespace assay::reports {

enum class Ink : unsigned char { plain, bold, dim, red, bright_red, yellow, blue, green, cyan };
Ink ink_of(Severity severity);

// A terminal page under construction: text is made visible and wrapped before it is coloured, so colour never changes
// layout.
class Screen {
 public:
  explicit Screen(const RenderOptions& options);

  std::size_t width() const { return width_; }
  bool unicode() const { return options_.unicode; }
  // The first glyph with unicode, else the second.
  std::string_view glyph(std::string_view unicode, std::string_view ascii) const {
    return options_.unicode ? unicode : ascii;
  }

  // A piece of text in one ink; not made visible.
  std::string paint(Ink ink, std::string_view text) const;

  void blank();
  // A line that is already safe and fits.
  void line(std::string_view text);
  // `lead`, then the text wrapped beside it; further lines start with `next` (same width as `lead`, e.g. spaces or a
  // bar). Leads are plain or painted; their widths are given because paint takes no columns.
  void prose(std::string_view lead, std::string_view next, std::size_t lead_width, std::string_view text,
             Ink ink = Ink::plain);
  void prose(std::size_t indent, std::string_view text, Ink ink = Ink::plain);
  // "fix: text", the label once and the text hanging.
  void labelled(std::size_t indent, std::string_view label, std::string_view text, Ink label_ink = Ink::dim,
                Ink ink = Ink::plain);
  // A title with a rule to the edge.
  void heading(std::string_view title);

  std::string finish();

 private:
  const RenderOptions& options_;
  std::size_t width_;
  std::string out_;
};

// The scorecard of a product (terminal_product.cc).
void write_product(Screen& screen, const ProductAssessment& product);

}  // namespace assay::reports

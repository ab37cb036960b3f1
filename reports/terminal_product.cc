#include <algorithm>
#include <cmath>

#include "reports/layout.h"
#include "reports/neutralise.h"
#include "reports/outline.h"
#include "reports/screen.h"

namespace assay::reports {
namespace {

// A number as a share of something, kept drawable whatever the report says.
double share(double value, double whole) {
  const double part = whole > 0 ? value / whole : 0;
  return std::isfinite(part) ? std::clamp(part, 0.0, 1.0) : 0;
}

std::string bar(const Screen& screen, double part, std::size_t width) {
  const auto full = static_cast<std::size_t>(std::lround(part * static_cast<double>(width)));
  std::string out;
  for (std::size_t i = 0; i < width; ++i) out += i < full ? screen.glyph("█", "#") : screen.glyph("░", ".");
  return out;
}

// The text in exactly `width` columns.
std::string padded(const Screen& screen, std::string_view text, std::size_t width) {
  std::string out = elided(text, width, screen.unicode());
  const std::size_t used = display_width(out);
  if (used < width) out.append(width - used, ' ');
  return out;
}

// best … worst on a scale from 0 to 100, the middle marked.
std::string interval(const Screen& screen, const ProductAssessment& product, std::size_t width) {
  const auto cell = [&](double value) {
    return static_cast<std::size_t>(std::lround(share(value, 100) * static_cast<double>(width - 1)));
  };
  const std::size_t best = cell(product.risk_best);
  const std::size_t middle = cell(product.risk_middle);
  const std::size_t worst = cell(product.risk_worst);
  std::string out;
  for (std::size_t i = 0; i < width; ++i) {
    if (i == middle)
      out += screen.glyph("◆", "O");
    else if (i >= best && i <= worst)
      out += screen.glyph("━", "=");
    else
      out += screen.glyph("┄", ".");
  }
  return out;
}

void list(Screen& screen, std::string_view title, const std::vector<std::string>& lines, std::size_t limit) {
  if (lines.empty()) return;
  screen.blank();
  screen.prose(2, title, Ink::bold);
  for (std::size_t i = 0; i < lines.size() && i < limit; ++i) screen.prose("  - ", "    ", 4, lines[i]);
  if (lines.size() > limit) screen.prose(4, fmt::format("and {} more", lines.size() - limit), Ink::dim);
}

}  // namespace

void write_product(Screen& screen, const ProductAssessment& product) {
  screen.heading(product_title(product));
  screen.prose(2, product.decision, Ink::bold);
  screen.blank();
  screen.prose(2, turned_sentence(product));
  screen.blank();
  screen.line(fmt::format("  Risk {:>3.0f}  best {:.0f}, worst {:.0f}   0 {} 100", product.risk_middle,
                          product.risk_best, product.risk_worst,
                          interval(screen, product, std::min<std::size_t>(screen.width() - 38, 36))));
  screen.prose(2, risk_caption(), Ink::dim);
  screen.prose(2, fmt::format("Tier {}, evidence grade {}, gate {}{}", product.tier, product.grade, product.gate,
                              product.unstable ? "; unstable: a small change of a parameter turns the decision" : ""));
  screen.prose(2, fmt::format("{} checked by us, {} told to us, {} answered by nobody", product.checked, product.told,
                              product.unanswered));

  const auto privileges = privileges_by_bits(product);
  const double most = privileges.empty() ? 0 : privileges.front()->bits;
  if (most > 0) {
    screen.blank();
    screen.prose(2, fmt::format("What it holds ({:.2f} bits)", product.consequence_bits), Ink::bold);
    for (const PrivilegeScore* one : privileges) {
      if (one->level == 0) continue;
      screen.line(fmt::format("  {} {}/4  {} {:>5.2f}",
                              padded(screen, one->dimension + " " + one->title, screen.width() - 29), one->level,
                              screen.paint(Ink::red, bar(screen, share(one->bits, most), 12)), one->bits));
    }
  }
  if (!product.stages.empty()) {
    screen.blank();
    screen.prose(2, "How locked the doors are", Ink::bold);
    screen.prose(2, "mean, worst to best; v verified, t told, r refused, ? unknown", Ink::dim);
    const std::size_t bar_width = screen.width() >= 72 ? 12 : 0;
    for (const StageScore& stage : product.stages) {
      const std::string counts =
          fmt::format("v{} t{} r{} ?{}", stage.verified, stage.told, stage.refused, stage.unknown);
      const std::string text = fmt::format(
          "  {} {} {:>3.0f}-{:>3.0f}%",
          padded(screen, stage.stage + " " + stage.title, screen.width() - 43 - bar_width + (bar_width == 0 ? 18 : 0)),
          screen.paint(Ink::green, bar(screen, share(stage.middle, 1), bar_width)), 100 * stage.worst,
          100 * stage.best);
      if (bar_width > 0) {
        screen.line(fmt::format("{}  {}", text, counts));
      } else {
        screen.line(text);
        screen.prose(6, counts, Ink::dim);
      }
    }
  }
  list(screen, "Contradictions", product.contradictions, 3);
  list(screen, "Conditions", product.conditions, 8);
  list(screen, "Why", product.reasons, 6);
  list(screen, "Ask the vendor", product.questions, 5);
  screen.blank();
  std::string about =
      "Assessed on " + (product.assessed_on.empty() ? std::string("an unstated date") : product.assessed_on);
  if (!product.model_version.empty()) about += ", model " + product.model_version;
  screen.prose(2, about, Ink::dim);
}

}  // namespace assay::reports

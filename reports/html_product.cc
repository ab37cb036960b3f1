#include <algorithm>
#include <cmath>

#include "reports/html_parts.h"
#include "reports/neutralise.h"

namespace assay::reports {
namespace {

double share(double value, double whole) {
  const double part = whole > 0 ? value / whole : 0;
  return std::isfinite(part) ? std::clamp(part, 0.0, 1.0) : 0;
}

std::string gauge(const ProductAssessment& product) {
  const auto x = [](double value) { return 16 + 428 * share(value, 100); };
  const double best = x(product.risk_best);
  const double middle = x(product.risk_middle);
  const double worst = x(product.risk_worst);
  std::string out = fmt::format(
      "<svg class=\"gauge\" viewBox=\"0 0 460 78\" role=\"img\" aria-label=\"Risk {:.0f}, best {:.0f}, worst {:.0f}, "
      "of 100\">",
      product.risk_middle, product.risk_best, product.risk_worst);
  out += "<rect class=\"track\" x=\"16\" y=\"30\" width=\"428\" height=\"16\" rx=\"3\"/>";
  for (const int tick : {0, 25, 50, 75, 100}) {
    out += fmt::format(
        "<line class=\"tick\" x1=\"{0:.1f}\" x2=\"{0:.1f}\" y1=\"46\" y2=\"54\"/><text x=\"{0:.1f}\" "
        "y=\"69\">{1}</text>",
        x(tick), tick);
  }
  out += fmt::format("<rect class=\"band\" x=\"{:.1f}\" y=\"30\" width=\"{:.1f}\" height=\"16\"/>", best,
                     std::max(worst - best, 1.0));
  out += fmt::format("<path class=\"mid\" d=\"M{:.1f} 26l6 12l-6 12l-6 -12z\"/>", middle);
  out += fmt::format("<text class=\"big\" x=\"{:.1f}\" y=\"19\">{:.0f}</text>", middle, product.risk_middle);
  if (middle - best > 46) out += fmt::format("<text x=\"{:.1f}\" y=\"19\">best {:.0f}</text>", best, product.risk_best);
  if (worst - middle > 46)
    out += fmt::format("<text x=\"{:.1f}\" y=\"19\">worst {:.0f}</text>", worst, product.risk_worst);
  return out + "</svg>";
}

std::string known_bar(const ProductAssessment& product) {
  const int total = std::max(0, product.checked) + std::max(0, product.told) + std::max(0, product.unanswered);
  std::string out = "<svg class=\"known\" viewBox=\"0 0 1000 12\" preserveAspectRatio=\"none\" aria-hidden=\"true\">";
  double at = 0;
  const std::array<std::pair<int, const char*>, 3> parts = {
      {{product.checked, "checked"}, {product.told, "told"}, {product.unanswered, "nobody"}}};
  for (const auto& [count, name] : parts) {
    const double width = 1000 * share(count, total);
    out += fmt::format("<rect class=\"{}\" x=\"{:.1f}\" width=\"{:.1f}\" height=\"12\"/>", name, at,
                       std::max(width - 3, 0.0));
    at += width;
  }
  out += fmt::format(
      "</svg><ul class=\"marks\"><li><b>{}</b>checked by us</li><li><b>{}</b>told to us</li><li><b>{}</b>answered by "
      "nobody</li></ul>",
      product.checked, product.told, product.unanswered);
  return out;
}

std::string privileges(const ProductAssessment& product) {
  const auto all = privileges_by_bits(product);
  const double most = all.empty() ? 0 : all.front()->bits;
  std::string rows;
  std::size_t shown = 0;
  for (const PrivilegeScore* one : all) {
    if (one->level == 0 || ++shown > 8) continue;
    rows += fmt::format(
        "<tr><td>{}</td><td class=\"lvl\">{}/4</td><td class=\"bar\"><svg viewBox=\"0 0 100 10\" "
        "preserveAspectRatio=\"none\" aria-hidden=\"true\">"
        "<rect class=\"track\" width=\"100\" height=\"10\"/><rect width=\"{:.1f}\" "
        "height=\"10\"/></svg></td><td>{:.2f}</td></tr>",
        html_text(one->title.empty() ? one->dimension : one->title), one->level, 100 * share(one->bits, most),
        one->bits);
  }
  if (rows.empty()) rows = "<tr><td>No privilege is known.</td></tr>";
  std::string out = "<table class=\"holds\"><tbody>" + rows + "</tbody></table>";
  if (shown > 8) out += fmt::format("<p class=\"note\">and {} more in the annex</p>", shown - 8);
  return out;
}

struct State {
  const char* style;
  const char* text;
};
State state_of(const StageScore& stage) {
  if (stage.refused > 0) return {"refused", "refused"};
  if (stage.verified > 0)
    return {"verified", stage.unknown > 0 || stage.told > stage.verified ? "partly verified" : "verified"};
  if (stage.told > 0) return {"told", "only told"};
  return {"unknown", "unknown"};
}

std::string stages(const ProductAssessment& product) {
  std::string out = "<ol class=\"strip\">";
  for (const StageScore& stage : product.stages) {
    const State state = state_of(stage);
    const double worst = 100 * share(stage.worst, 1);
    const double best = 100 * share(stage.best, 1);
    out += fmt::format(
        "<li class=\"s-{}\"><b>{}</b><span class=\"state\">{}</span><svg viewBox=\"0 0 100 9\" "
        "preserveAspectRatio=\"none\" role=\"img\" "
        "aria-label=\"hygiene {:.0f} to {:.0f} percent\"><rect class=\"track\" width=\"100\" height=\"9\"/><rect "
        "class=\"band\" x=\"{:.1f}\" "
        "width=\"{:.1f}\" height=\"9\"/><rect class=\"mid\" x=\"{:.1f}\" width=\"3\" height=\"9\"/></svg></li>",
        state.style, html_text(stage.title.empty() ? stage.stage : stage.title), state.text, worst, best, worst,
        std::max(best - worst, 1.0), std::min(100 * share(stage.middle, 1), 97.0));
  }
  return out + "</ol>";
}

std::string block(std::string_view title, const std::vector<std::string>& items, std::size_t limit,
                  std::string_view tag = "ul") {
  if (items.empty()) return {};
  return fmt::format("<div class=\"card\"><h4>{}</h4>{}</div>\n", title, bullet_list(items, limit, tag));
}

// Blocks beside each other; one alone takes the whole width.
std::string pair(const std::string& left, const std::string& right) {
  if (left.empty() || right.empty()) return left + right;
  return "<div class=\"two\">" + left + right + "</div>\n";
}

}  // namespace

std::string product_page(const ProductAssessment& product) {
  std::string out = fmt::format(
      "<h2>{}</h2>\n<div class=\"card decision\"><div><h4>Decision</h4><p class=\"word\">{}</p><p "
      "class=\"turned\">{}</p></div>",
      html_text(product_title(product)), html_text(product.decision), html_text(turned_sentence(product)));
  out += fmt::format(
      "<div><h4>Risk, best to worst case</h4>{}<ul class=\"marks\"><li><b>{}</b>tier</li><li><b>{}</b>evidence "
      "grade</li><li><b>{}</b>gate</li></ul></div></div>\n",
      gauge(product), html_text(product.tier), html_text(product.grade), html_text(product.gate));
  if (product.unstable) {
    out +=
        "<p class=\"note\">Unstable: the decision turns when a parameter of the model changes by a tenth. Treat it as "
        "the more careful of the two.</p>\n";
  }
  out += pair(fmt::format("<div class=\"card\"><h4>What it holds (share in bits)</h4>{}</div>", privileges(product)),
              fmt::format("<div class=\"card\"><h4>What this rests on</h4>{}{}</div>", known_bar(product),
                          bullet_list(product.reasons, 4)));
  if (!product.stages.empty()) {
    out += fmt::format("<div class=\"card\"><h4>How locked each door is</h4>{}</div>\n", stages(product));
  }
  out += block("Contradictions", product.contradictions, 3);
  out += pair(block("Conditions", product.conditions, 8), block("Ask the vendor today", product.questions, 5, "ol"));
  out += fmt::format("<p class=\"note\">{} Evidence of {}; model {}.</p>\n", risk_caption(),
                     product.assessed_on.empty() ? "an unstated date" : html_text(product.assessed_on),
                     product.model_version.empty() ? "unstated" : html_text(product.model_version));
  return out;
}

std::string product_annex(const ProductAssessment& product) {
  std::string out = "<h2 class=\"annex\">Annex: what stands behind the numbers</h2>\n<div class=\"card rules\">";
  for (const PrivilegeScore* one : privileges_by_bits(product)) {
    out += fmt::format(
        "<section><h3>{} <span class=\"note\">{}, level {} of 4, weight {:.2f}, exposure {:.2f}, {:.2f} "
        "bits</span></h3>",
        html_text(one->title), html_text(one->dimension), one->level, one->weight, one->exposure, one->bits);
    out += bullet_list(one->reasons, 20);
    for (const Location& at : one->evidence)
      out += fmt::format("<p class=\"note mono\">{}</p>", html_text(position_text(at)));
    out += "</section>";
  }
  for (const StageScore& stage : product.stages) {
    out += fmt::format(
        "<section><h3>{} <span class=\"note\">{}, hygiene {:.0f} % ({:.0f} to {:.0f}), path weight {:.2f}; {} "
        "verified, {} told, {} refused, {} unknown</span></h3>{}</section>",
        html_text(stage.title), html_text(stage.stage), 100 * stage.middle, 100 * stage.worst, 100 * stage.best,
        stage.path_weight, stage.verified, stage.told, stage.refused, stage.unknown, bullet_list(stage.reasons, 20));
  }
  out += fmt::format(
      "<section><p>Consequence {:.3f} ({:.2f} bits). Risk {:.1f}, best {:.1f}, worst {:.1f}.</p></section></div>\n",
      product.consequence, product.consequence_bits, product.risk_middle, product.risk_best, product.risk_worst);
  if (product.questions.size() > 5) out += block("All questions", product.questions, product.questions.size(), "ol");
  if (product.contradictions.size() > 3)
    out += block("All contradictions", product.contradictions, product.contradictions.size());
  return out;
}

}  // namespace assay::reports

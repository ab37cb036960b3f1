#include <algorithm>

#include "reports/html_parts.h"
#include "reports/layout.h"
#include "reports/neutralise.h"

namespace assay::reports {
namespace {

// All in units of the picture, which the page scales. Names are set in a monospaced font, so their width is known.
constexpr int picture_width = 1040;
constexpr int gap = 96;
constexpr int box_height = 68;
constexpr int row_height = 128;
constexpr std::size_t most_columns = 4;
constexpr std::size_t max_things = 48;

struct Thing {
  std::string_view kind, name;
};

// The step that leads to the thing of the same index; nullptr where the chain has a break, and for the first.
struct Chain {
  std::vector<Thing> things;
  std::vector<const PathStep*> into;
  std::vector<std::size_t> numbers;
};

Chain chain_of(const AttackPath& path) {
  Chain out;
  const auto add = [&](std::string_view kind, std::string_view name, const PathStep* step, std::size_t number) {
    out.things.push_back({kind, name});
    out.into.push_back(step);
    out.numbers.push_back(number);
  };
  for (std::size_t i = 0; i < path.steps.size() && out.things.size() < max_things; ++i) {
    const PathStep& step = path.steps[i];
    const bool continues = i > 0 && path.steps[i - 1].to == step.from && path.steps[i - 1].to_kind == step.from_kind;
    if (!continues) add(step.from_kind, step.from, nullptr, 0);
    add(step.to_kind, step.to, &step, i);
  }
  return out;
}

// Rows of equal length, each as wide as the picture unless there is little to show.
struct Grid {
  std::size_t columns = 1;
  int box_width = 0;

  explicit Grid(std::size_t things) {
    const std::size_t rows = (things + most_columns - 1) / most_columns;
    columns = std::max<std::size_t>((things + rows - 1) / rows, 1);
    const int across = static_cast<int>(columns);
    box_width = std::min((picture_width - 4 - gap * (across - 1)) / across, 270);
  }
  int left(std::size_t index) const { return 2 + static_cast<int>(index % columns) * (box_width + gap); }
  int top(std::size_t index) const { return 26 + static_cast<int>(index / columns) * row_height; }
  std::size_t name_width() const { return static_cast<std::size_t>((box_width - 20) / 8); }  // characters
};

std::string box(const Grid& grid, const Thing& thing, std::size_t index, bool first, bool last) {
  const int x = grid.left(index);
  const int y = grid.top(index);
  std::string out = fmt::format(
      "<g><title>{} {}</title><rect class=\"box{}{}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"9\"/>",
      html_text(thing.kind), html_text(thing.name), first ? " first" : "", last ? " last" : "", x, y, grid.box_width,
      box_height);
  out += fmt::format("<text class=\"kind\" x=\"{}\" y=\"{}\">{}</text>", x + 12, y + 19,
                     html_text(elided(thing.kind, 26, true)));
  std::vector<std::string> lines = wrapped(thing.name, grid.name_width(), true);
  if (lines.size() > 2) {
    lines[1] = elided(lines[1] + lines[2], grid.name_width() - 1, true);
    if (!lines[1].ends_with("…")) lines[1] += "…";
    lines.resize(2);
  }
  for (std::size_t i = 0; i < lines.size(); ++i) {
    out += fmt::format("<text class=\"name\" x=\"{}\" y=\"{}\">{}</text>", x + 12, y + 38 + 17 * static_cast<int>(i),
                       html_text(lines[i]));
  }
  return out + "</g>";
}

std::string arrow(const Grid& grid, const PathStep& step, std::size_t number, std::size_t to, bool weakest) {
  const std::size_t from = to - 1;
  const int y = grid.top(from) + box_height / 2;
  std::string line;
  int dot_x = 0;
  int dot_y = y;
  std::string head;
  if (to % grid.columns != 0) {
    const int start = grid.left(from) + grid.box_width;
    const int end = grid.left(to);
    dot_x = (start + end) / 2 - 4;
    line = fmt::format("M{} {}H{}", start + 2, y, end - 11);
    head = fmt::format("M{} {}l-12 -6v12z", end - 2, y);
  } else {  // down, back to the left, down
    const int start = grid.left(from) + grid.box_width / 2;
    const int end = grid.left(to) + grid.box_width / 2;
    const int bottom = grid.top(from) + box_height;
    const int middle = (bottom + grid.top(to)) / 2;
    dot_x = (start + end) / 2;
    dot_y = middle;
    line = fmt::format("M{} {}V{}H{}V{}", start, bottom + 2, middle, end, grid.top(to) - 11);
    head = fmt::format("M{} {}l-6 -12h12z", end, grid.top(to) - 2);
  }
  std::string out = fmt::format("<g{}><title>{}{}</title>", weakest ? " class=\"weak\"" : "",
                                html_text(one_line(step.because)), step.observed ? "" : " (possible, not observed)");
  out += fmt::format("<path class=\"edge{}\" d=\"{}\"/><path class=\"head\" d=\"{}\"/>",
                     step.observed ? "" : " possible", line, head);
  out += fmt::format(
      "<circle class=\"dot\" cx=\"{0}\" cy=\"{1}\" r=\"10\"/><text class=\"step\" x=\"{0}\" y=\"{2}\">{3}</text>",
      dot_x, dot_y, dot_y + 4, number + 1);
  if (weakest) out += fmt::format("<text class=\"says\" x=\"{}\" y=\"{}\">weakest link</text>", dot_x, dot_y - 16);
  if (!step.observed) out += fmt::format("<text class=\"says\" x=\"{}\" y=\"{}\">possible</text>", dot_x, dot_y + 25);
  return out + "</g>";
}

}  // namespace

std::string path_picture(const AttackPath& path, std::size_t number) {
  const Chain chain = chain_of(path);
  if (chain.things.empty()) return {};
  const Grid grid(chain.things.size());
  const int height = grid.top(chain.things.size() - 1) + box_height + 8;
  std::string out = fmt::format(
      "<div class=\"scroll\"><svg class=\"picture\" viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"Path {}: {}; the "
      "steps follow as a list\">",
      picture_width, height, number, html_text(one_line(path.title)));
  for (std::size_t i = 0; i < chain.things.size(); ++i) {
    if (chain.into[i] != nullptr && i > 0)
      out += arrow(grid, *chain.into[i], chain.numbers[i], i, chain.numbers[i] == path.weakest);
  }
  for (std::size_t i = 0; i < chain.things.size(); ++i)
    out += box(grid, chain.things[i], i, i == 0, i + 1 == chain.things.size());
  return out + "</svg></div>\n";
}

}  // namespace assay::reports

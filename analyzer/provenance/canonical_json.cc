#include "analyzer/provenance/canonical_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <utility>

namespace assay::provenance {
namespace {

using formats::JsonKind;
using formats::JsonNode;

// In UTF-16 what lies above U+FFFF begins with a surrogate and so stands before U+E000 to U+FFFF.
bool before_in_utf16(std::string_view a, std::string_view b) {
  const auto [left, right] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
  if (left == a.end() || right == b.end()) return left == a.end() && right != b.end();
  const auto one = static_cast<unsigned char>(*left);
  const auto other = static_cast<unsigned char>(*right);
  const bool above = one >= 0xF0;
  if (above != (other >= 0xF0)) {
    if (above) return other >= 0xEE;
    return one < 0xEE;
  }
  return one < other;
}

void append_string(std::string& out, std::string_view text) {
  out.push_back('"');
  for (const char c : text) {
    switch (c) {
      case '"':
      case '\\':
        out.push_back('\\');
        out.push_back(c);
        break;
      case '\b':
        out += "\\b";
        break;
      case '\t':
        out += "\\t";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\f':
        out += "\\f";
        break;
      case '\r':
        out += "\\r";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20)
          fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(c));
        else
          out.push_back(c);
    }
  }
  out.push_back('"');
}

class Printer {
 public:
  Printer(const std::vector<LeftOut>& left_out, const std::optional<OnlyItems>& only, std::size_t most)
      : left_out_(left_out), only_(only), most_(most) {}

  bool print(const JsonNode& value) {
    if (out_.size() > most_) return false;
    switch (value.kind()) {
      case JsonKind::object:
        return object(value);
      case JsonKind::array:
        return array(value);
      case JsonKind::string:
        append_string(out_, value.text());
        return true;
      case JsonKind::number:
        if (const std::optional<std::string> number = canonical_number(value.text())) {
          out_ += *number;
          return true;
        }
        return false;
      case JsonKind::boolean:
      case JsonKind::null:
        out_ += value.text();
        return true;
      default:
        return false;
    }
  }
  std::string take() { return std::move(out_); }

 private:
  bool leaves_out(const JsonNode& object, std::string_view key) const {
    return std::any_of(left_out_.begin(), left_out_.end(), [&](const LeftOut& one) {
      return one.object == object && std::find(one.keys.begin(), one.keys.end(), key) != one.keys.end();
    });
  }

  bool object(const JsonNode& value) {
    std::vector<std::pair<std::string_view, JsonNode>> members;
    members.reserve(value.size());
    for (const auto& [key, member] : value.members()) {
      if (!leaves_out(value, key.text())) members.emplace_back(key.text(), member);
    }
    std::sort(members.begin(), members.end(),
              [](const auto& a, const auto& b) { return before_in_utf16(a.first, b.first); });
    const auto repeated = std::adjacent_find(members.begin(), members.end(),
                                             [](const auto& a, const auto& b) { return a.first == b.first; });
    if (repeated != members.end()) return false;
    out_.push_back('{');
    bool first = true;
    for (const auto& [key, member] : members) {
      if (!std::exchange(first, false)) out_.push_back(',');
      append_string(out_, key);
      out_.push_back(':');
      if (!print(member)) return false;
    }
    out_.push_back('}');
    return true;
  }

  bool array(const JsonNode& value) {
    const bool cut = only_ && only_->array == value;
    std::size_t number = 0;
    bool first = true;
    out_.push_back('[');
    for (const JsonNode& item : value.items()) {
      const std::size_t at = number++;
      if (cut && (at < only_->first || at >= only_->first + only_->count)) continue;
      if (!std::exchange(first, false)) out_.push_back(',');
      if (!print(item)) return false;
    }
    out_.push_back(']');
    return true;
  }

  const std::vector<LeftOut>& left_out_;
  const std::optional<OnlyItems>& only_;
  std::size_t most_;
  std::string out_;
};

}  // namespace

std::optional<std::string> canonical_number(std::string_view text) {
  double value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  if (value == 0) return "0";
  std::array<char, 40> shortest{};
  const auto written = std::to_chars(shortest.data(), shortest.data() + shortest.size(), std::fabs(value),
                                     std::chars_format::scientific);
  const std::string_view scientific(shortest.data(), static_cast<std::size_t>(written.ptr - shortest.data()));
  const std::size_t mark = scientific.find('e');
  std::string digits(scientific.substr(0, mark));
  std::erase(digits, '.');
  int exponent = 0;
  std::string_view power = scientific.substr(mark + 1);
  if (power.starts_with('+')) power.remove_prefix(1);
  std::from_chars(power.data(), power.data() + power.size(), exponent);
  const int count = static_cast<int>(digits.size());
  const int point = exponent + 1;  // digits before the decimal point
  std::string out = value < 0 ? "-" : "";
  if (count <= point && point <= 21) return out + digits + std::string(static_cast<std::size_t>(point - count), '0');
  if (0 < point && point <= 21) return out + digits.insert(static_cast<std::size_t>(point), ".");
  if (-6 < point && point <= 0) return out + "0." + std::string(static_cast<std::size_t>(-point), '0') + digits;
  out += digits.substr(0, 1);
  if (count > 1) out += "." + digits.substr(1);
  return out + fmt::format("e{}{}", point > 0 ? "+" : "-", std::abs(point - 1));
}

std::optional<std::string> canonical_json(const JsonNode& value, const std::vector<LeftOut>& left_out,
                                          const std::optional<OnlyItems>& only, std::size_t most) {
  Printer printer(left_out, only, most);
  if (!printer.print(value)) return std::nullopt;
  return printer.take();
}

}  // namespace assay::provenance

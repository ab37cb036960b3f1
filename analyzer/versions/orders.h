#pragma once

#include <compare>
#include <string_view>

// The orders behind analyzer/versions/order.h, one function a scheme, and what they share. For this room only.
namespace assay::versions {

std::weak_ordering compare_semver(std::string_view a, std::string_view b);
std::weak_ordering compare_pub(std::string_view a, std::string_view b);
std::weak_ordering compare_nuget(std::string_view a, std::string_view b);
std::weak_ordering compare_openssl(std::string_view a, std::string_view b);
std::weak_ordering compare_pypi(std::string_view a, std::string_view b);
std::weak_ordering compare_maven(std::string_view a, std::string_view b);
std::weak_ordering compare_gem(std::string_view a, std::string_view b);
std::weak_ordering compare_composer(std::string_view a, std::string_view b);
std::weak_ordering compare_deb(std::string_view a, std::string_view b);
std::weak_ordering compare_rpm(std::string_view a, std::string_view b);
std::weak_ordering compare_alpm(std::string_view a, std::string_view b);
std::weak_ordering compare_apk(std::string_view a, std::string_view b);
std::weak_ordering compare_gentoo(std::string_view a, std::string_view b);
std::weak_ordering compare_conan(std::string_view a, std::string_view b);
std::weak_ordering compare_cran(std::string_view a, std::string_view b);
std::weak_ordering compare_intdot(std::string_view a, std::string_view b);
std::weak_ordering compare_datetime(std::string_view a, std::string_view b);

// Decimal numbers of any length; "" is 0.
std::weak_ordering compare_numbers(std::string_view a, std::string_view b);
std::weak_ordering compare_bytes(std::string_view a, std::string_view b);
// With ASCII letters folded.
std::weak_ordering compare_folded(std::string_view a, std::string_view b);
// Both valid: nothing decided. One invalid: it comes first. Both: by bytes.
struct Validity {
  bool decided = false;
  std::weak_ordering order = std::weak_ordering::equivalent;
};
Validity by_validity(bool a_valid, bool b_valid, std::string_view a, std::string_view b);

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
constexpr bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
constexpr char folded(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}
// Cuts the longest prefix of `text` whose characters all satisfy `accept`.
template <class Accept>
std::string_view take_while(std::string_view& text, Accept accept) {
  std::size_t end = 0;
  while (end < text.size() && accept(text[end])) ++end;
  const std::string_view taken = text.substr(0, end);
  text.remove_prefix(end);
  return taken;
}
// Cuts up to the separator, and the separator; everything when it does not occur.
std::string_view take_until(std::string_view& text, char separator);

}  // namespace assay::versions

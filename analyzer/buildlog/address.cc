#include "analyzer/buildlog/address.h"

#include <array>
#include <cstring>

namespace assay::buildlog {
namespace {

constexpr std::size_t max_address = 2'000;  // longer ones are data in disguise and are cut here

bool letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool digit(char c) {
  return c >= '0' && c <= '9';
}

// Characters an address may contain here. Quotes, brackets and '`' end it although RFC 3986 allows some, because logs
// wrap addresses in them; '***' is how runners mask.
constexpr std::array<bool, 256> make_address_characters() {
  std::array<bool, 256> of_address{};
  for (std::size_t c = 0x21; c < 0x7f; ++c) of_address[c] = true;
  for (const char c : std::string_view("\"'`<>{}|\\^()[],;")) of_address[static_cast<unsigned char>(c)] = false;
  return of_address;
}
constexpr auto address_characters = make_address_characters();

bool part_of_address(char c) {
  return address_characters[static_cast<unsigned char>(c)];
}

bool part_of_host(char c) {
  return letter(c) || digit(c) || c == '.' || c == '-' || c == '_' || c == '*';
}

}  // namespace

bool address_at(std::string_view text, std::size_t colon, Address& out) {
  std::size_t begin = colon;
  while (begin > 0 && colon - begin < 12 &&
         (letter(text[begin - 1]) || digit(text[begin - 1]) || text[begin - 1] == '+' || text[begin - 1] == '-')) {
    --begin;
  }
  while (begin < colon && !letter(text[begin])) ++begin;
  if (colon - begin < 2) return false;
  std::size_t at = colon + 3;
  std::size_t end = at;
  if (end < text.size() && text[end] == '[') {
    while (end < text.size() && end - at < 64 && text[end] != ']') ++end;
    if (end < text.size()) ++end;
  }
  while (end < text.size() && end - begin < max_address && part_of_address(text[end])) ++end;
  while (end > at && std::strchr(".:!?*", text[end - 1]) != nullptr) --end;
  std::string_view rest = text.substr(at, end - at);
  const std::string_view authority = rest.substr(0, rest.find_first_of("/?#"));
  const std::size_t sign = authority.rfind('@');
  const std::string_view place = sign == std::string_view::npos ? authority : authority.substr(sign + 1);
  std::string_view host = place;
  if (host.starts_with('[')) {
    host = host.substr(1, host.find(']') - 1);
    for (const char c : host) {
      if (!digit(c) && c != ':' && c != '.' &&
          !(lower(std::string_view(&c, 1))[0] >= 'a' && lower(std::string_view(&c, 1))[0] <= 'f')) {
        return false;
      }
    }
  } else {
    host = host.substr(0, host.find(':'));
    for (const char c : host) {
      if (!part_of_host(c)) return false;
    }
    while (host.ends_with('.')) host.remove_suffix(1);
  }
  if (host.empty() || host.size() > 253) return false;
  out.whole = text.substr(begin, end - begin);
  out.host = lower(host);
  out.url.assign(text.substr(begin, at - begin));
  out.url.append(sign == std::string_view::npos ? rest : rest.substr(sign + 1));
  return true;
}

bool first_address(std::string_view text, Address& out) {
  for (std::size_t at = text.find("://"); at != std::string_view::npos; at = text.find("://", at + 3)) {
    if (address_at(text, at, out)) return true;
  }
  return false;
}

void contacted(const Line& line, const Address& address, std::string_view tool, Journal& journal) {
  if (!journal.first_time(address.url, 0x636f6e7461637465ULL)) return;
  journal.first_time(address.host, 0x6d656e74696f6e65ULL);
  journal.event(line, address.whole,
                {.kind = "url-contacted", .name = std::string(tool), .value = address.url, .host = address.host});
}

void contacted(const Line& line, std::string_view text, std::string_view tool, Journal& journal) {
  Address address;
  if (first_address(text, address)) contacted(line, address, tool, journal);
}

void mentioned(const Line& line, const Address& address, Journal& journal) {
  if (!journal.first_time(address.host, 0x6d656e74696f6e65ULL)) return;
  journal.event(line, address.whole, {.kind = "url-mentioned", .value = address.url, .host = address.host});
}

}  // namespace assay::buildlog

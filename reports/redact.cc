#include "reports/redact.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "analyzer/base/digest.h"
#include "reports/fields.h"

namespace assay::reports {
namespace {

bool is_alnum(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_token(char c) {
  return is_alnum(c) || c == '_' || c == '-';
}
bool is_value(char c) {
  return is_token(c) || std::string_view("+/=.~%!#^&*").find(c) != std::string_view::npos;
}
char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}

constexpr std::size_t max_judged = 4096;  // bytes of a value looked at before it is masked whole

// Prefixes vendors gave their tokens so that scanners find them, and how many token characters must follow.
struct Prefix {
  std::string_view text;
  std::size_t tail;
};
constexpr std::array prefixes = {Prefix{"ghp_", 20},
                                 Prefix{"gho_", 20},
                                 Prefix{"ghu_", 20},
                                 Prefix{"ghs_", 20},
                                 Prefix{"ghr_", 20},
                                 Prefix{"github_pat_", 20},
                                 Prefix{"npm_", 30},
                                 Prefix{"AKIA", 16},
                                 Prefix{"ASIA", 16},
                                 Prefix{"xoxb-", 10},
                                 Prefix{"xoxp-", 10},
                                 Prefix{"xoxa-", 10},
                                 Prefix{"xoxs-", 10},
                                 Prefix{"xoxr-", 10},
                                 Prefix{"xoxe-", 10},
                                 Prefix{"xapp-", 10},
                                 Prefix{"glpat-", 16},
                                 Prefix{"glptt-", 16},
                                 Prefix{"gldt-", 16},
                                 Prefix{"glrt-", 16},
                                 Prefix{"glcbt-", 16},
                                 Prefix{"pypi-", 50},
                                 Prefix{"dckr_pat_", 20},
                                 Prefix{"hf_", 30},
                                 Prefix{"AIza", 30},
                                 Prefix{"sk_live_", 16},
                                 Prefix{"rk_live_", 16},
                                 Prefix{"sk-ant-", 20},
                                 Prefix{"sk-proj-", 20},
                                 Prefix{"dop_v1_", 40},
                                 Prefix{"hvs.", 20},
                                 Prefix{"rubygems_", 40},
                                 Prefix{"ATATT3", 40},
                                 Prefix{"shpat_", 24},
                                 Prefix{"sk-", 40},
                                 Prefix{"AGE-SECRET-KEY-1", 40},
                                 Prefix{"hooks.slack.com/services/", 20}};

// Names whose value is a credential when it looks random.
constexpr std::array names = {
    std::string_view{"token"},       std::string_view{"secret"},      std::string_view{"password"},
    std::string_view{"passwd"},      std::string_view{"pwd"},         std::string_view{"api_key"},
    std::string_view{"api-key"},     std::string_view{"apikey"},      std::string_view{"authkey"},
    std::string_view{"auth_key"},    std::string_view{"access_key"},  std::string_view{"accesskey"},
    std::string_view{"private_key"}, std::string_view{"signing_key"}, std::string_view{"credential"},
    std::string_view{"credentials"}, std::string_view{"_auth"},       std::string_view{"secret_key"},
    std::string_view{"account_key"}, std::string_view{"accountkey"},  std::string_view{"bearer"},
    std::string_view{"key"}};

std::size_t code_points(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

std::string mask(std::string_view secret) {
  const std::size_t width = code_points(secret);
  std::string out;
  if (width >= 20) out = fmt::format("[redacted {}]", digest::sha256(secret).substr(0, 8));
  out.append(width - out.size(), '*');
  return out;
}

// Bits of a character, from how often each occurs.
double entropy(std::string_view text) {
  std::array<int, 256> seen{};
  for (const char c : text) ++seen[static_cast<unsigned char>(c)];
  double bits = 0;
  for (const int count : seen) {
    if (count == 0) continue;
    const double share = static_cast<double>(count) / static_cast<double>(text.size());
    bits -= share * std::log2(share);
  }
  return bits;
}

bool looks_random(std::string_view value) {
  if (value.size() < 16) return false;
  const bool digits = std::any_of(value.begin(), value.end(), [](char c) { return c >= '0' && c <= '9'; });
  const bool letters =
      std::any_of(value.begin(), value.end(), [](char c) { return lower(c) >= 'a' && lower(c) <= 'z'; });
  return digits && letters && entropy(value) >= 3.0;
}

// Length of the run of token characters at `at`.
template <class Is>
std::size_t run(std::string_view text, std::size_t at, Is is) {
  std::size_t end = at;
  while (end < text.size() && is(text[end])) ++end;
  return end - at;
}

struct Secret {
  std::size_t begin = 0, size = 0;  // size 0: nothing here
};

Secret known_prefix(std::string_view text, std::size_t at) {
  if (at > 0 && is_alnum(text[at - 1])) return {};
  for (const Prefix& prefix : prefixes) {
    if (!text.substr(at).starts_with(prefix.text)) continue;
    const std::size_t begin = at + prefix.text.size();
    // A webhook's address is its secret, slashes and all.
    const std::size_t size = prefix.text.ends_with('/') ? run(text, begin, is_value) : run(text, begin, is_token);
    if (size >= prefix.tail) return {begin, size};
  }
  // A JSON web token: three base64url parts; header and claims begin with {" in base64.
  if (text.substr(at).starts_with("eyJ")) {
    const auto is_part = [](char c) { return is_token(c) || c == '.'; };
    const std::string_view start = text.substr(at, max_judged);
    const std::string_view token = start.substr(0, run(start, 0, is_part));
    if (token.size() >= 40 && token.find(".eyJ") != std::string_view::npos) return {at + 3, run(text, at, is_part) - 3};
  }
  return {};
}

Secret private_key(std::string_view text, std::size_t at) {
  if (!text.substr(at).starts_with("-----BEGIN ")) return {};
  const std::size_t kind_end = text.find("-----", at + 11);
  if (kind_end == std::string_view::npos || kind_end - at > 60) return {};
  if (text.substr(at, kind_end - at).find("PRIVATE KEY") == std::string_view::npos) return {};
  const std::size_t begin = kind_end + 5;
  const std::size_t end = std::min(text.find("-----END", begin), text.size());
  return {begin, end - begin};
}

// scheme://user:password@host
Secret url_password(std::string_view text, std::size_t at) {
  if (!text.substr(at).starts_with("://")) return {};
  std::size_t colon = 0;
  for (std::size_t i = at + 3; i < text.size() && i < at + 300; ++i) {
    const char c = text[i];
    if (c == '@') {
      const std::size_t begin = colon + 1;
      if (colon == 0 || i == begin || text[begin] == '$' || text[begin] == '[' || text[begin] == '*') return {};
      return {begin, i - begin};
    }
    if (c == ':' && colon == 0) colon = i;
    if (c == '/' || c == ' ' || c == '"' || c == '\'' || c == '<' || c == '>') return {};
  }
  return {};
}

// name = value, name: "value", Authorization: Bearer value. `at` is the separator.
Secret assigned(std::string_view text, std::size_t at) {
  const char c = text[at];
  if (c != '=' && c != ':' && c != ' ') return {};
  std::size_t name_end = at;
  while (name_end > 0 && (text[name_end - 1] == ' ' || text[name_end - 1] == '"' || text[name_end - 1] == '\'')) {
    if (c == ' ' || at - name_end > 3) break;
    --name_end;
  }
  std::string before;
  for (std::size_t i = name_end; i > 0 && before.size() < 12; --i) before.insert(before.begin(), lower(text[i - 1]));
  const bool named = std::any_of(names.begin(), names.end(), [&](std::string_view name) {
    if (c == ' ' && name != "bearer") return false;
    return before.ends_with(name);
  });
  if (!named) return {};
  std::size_t begin = at + 1;
  while (begin < text.size() && begin < at + 5 &&
         (text[begin] == ' ' || text[begin] == '"' || text[begin] == '\'' || text[begin] == '>'))
    ++begin;
  // Judged by its beginning, so that text full of separators costs no more than its length.
  const std::string_view start = text.substr(std::min(begin, text.size()), max_judged);
  if (!looks_random(start.substr(0, run(start, 0, is_value)))) return {};
  return {begin, run(text, begin, is_value)};
}

struct Redact {
  static bool stays(std::string_view name) {
    constexpr std::array kept = {std::string_view{"path"},         std::string_view{"fingerprint"},
                                 std::string_view{"finding"},      std::string_view{"rules_digest"},
                                 std::string_view{"known_digest"}, std::string_view{"id"},
                                 std::string_view{"rule"}};
    return std::find(kept.begin(), kept.end(), name) != kept.end();
  }

  template <class T>
  void operator()(const char* name, T& value) {
    if (!stays(name)) apply(value);
  }
  void apply(std::string& text) { text = redact(text); }
  template <class T>
  void apply(std::vector<T>& list) {
    for (T& one : list) apply(one);
  }
  template <class T>
  void apply(std::map<std::string, T>& map) {
    for (auto& [key, value] : map) apply(value);
  }
  template <class A, class B>
  void apply(std::pair<A, B>& pair) {
    apply(pair.first);
    apply(pair.second);
  }
  template <class T>
  void apply(std::optional<T>& value) {
    if (value) apply(*value);
  }
  template <class T>
  void apply(T& value) {
    if constexpr (Described<T>) describe(*this, value);
  }
};

}  // namespace

std::string redact(std::string_view text) {
  std::string out;
  std::size_t copied = 0;
  for (std::size_t at = 0; at < text.size();) {
    Secret secret;
    switch (text[at]) {
      case '=':
      case ' ':
        secret = assigned(text, at);
        break;
      case ':':
        secret = url_password(text, at);
        if (secret.size == 0) secret = assigned(text, at);
        break;
      case '-':
        secret = private_key(text, at);
        break;
      default:
        if (is_alnum(text[at])) secret = known_prefix(text, at);
    }
    if (secret.size == 0) {
      ++at;
      continue;
    }
    out += text.substr(copied, secret.begin - copied);
    out += mask(text.substr(secret.begin, secret.size));
    at = copied = secret.begin + secret.size;
  }
  out += text.substr(copied);
  return out;
}

Report redacted(const Report& report) {
  Report copy = report;
  Redact visit;
  describe(visit, copy);
  return copy;
}

}  // namespace assay::reports

#include "sbom-import/package_url.h"

#include <algorithm>
#include <array>

namespace assay::sbom {
namespace {

constexpr std::string_view hex_digits = "0123456789ABCDEF";

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string lowered(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), lower);
  return out;
}

template <std::size_t N>
bool one_of(std::string_view text, const std::array<std::string_view, N>& set) {
  return std::find(set.begin(), set.end(), text) != set.end();
}

int hex_value(char c) {
  c = lower(c);
  if (is_digit(c)) return c - '0';
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

std::string decoded(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && hex_value(text[i + 1]) >= 0 && hex_value(text[i + 2]) >= 0) {
      out += static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

// Everything but letters, digits, ". - _ ~" and ':' in percent encoding (purl-spec, "Character encoding").
void append_encoded(std::string& out, std::string_view text) {
  for (const char c : text) {
    if (is_letter(c) || is_digit(c) || c == '.' || c == '-' || c == '_' || c == '~' || c == ':') {
      out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out += '%';
      out += hex_digits[byte >> 4U];
      out += hex_digits[byte & 15U];
    }
  }
}

std::string_view trimmed(std::string_view text, char c) {
  while (!text.empty() && text.front() == c) text.remove_prefix(1);
  while (!text.empty() && text.back() == c) text.remove_suffix(1);
  return text;
}

// The parts between slashes, decoded, empty ones left out, joined by '/'.
std::string segments(std::string_view text, bool subpath) {
  std::string out;
  while (!text.empty()) {
    const std::size_t slash = text.find('/');
    const std::string part = decoded(text.substr(0, slash));
    text = slash == std::string_view::npos ? std::string_view{} : text.substr(slash + 1);
    if (part.empty() || (subpath && (part == "." || part == ".."))) continue;
    if (!out.empty()) out += '/';
    out += part;
  }
  return out;
}

void append_segments(std::string& out, std::string_view joined) {
  while (true) {
    const std::size_t slash = joined.find('/');
    append_encoded(out, joined.substr(0, slash));
    if (slash == std::string_view::npos) return;
    out += '/';
    joined.remove_prefix(slash + 1);
  }
}

std::string dashes_for_separator_runs(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (c == '-' || c == '_' || c == '.') {
      if (out.empty() || out.back() != '-') out += '-';
    } else {
      out += lower(c);
    }
  }
  return out;
}

bool is_qualifier_key(std::string_view key) {
  return !key.empty() && is_letter(key[0]) && std::all_of(key.begin(), key.end(), [](char c) {
    return is_letter(c) || is_digit(c) || c == '.' || c == '-' || c == '_';
  });
}

bool is_type(std::string_view type) {
  return !type.empty() && is_letter(type[0]) && std::all_of(type.begin(), type.end(), [](char c) {
    return is_letter(c) || is_digit(c) || c == '.' || c == '-';
  });
}

bool read_qualifiers(std::string_view text, PackageUrl& purl) {
  while (!text.empty()) {
    const std::size_t end = text.find('&');
    const std::string_view pair = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    const std::size_t equals = pair.find('=');
    if (equals == std::string_view::npos) continue;
    const std::string key = lowered(pair.substr(0, equals));
    std::string value = decoded(pair.substr(equals + 1));
    if (value.empty()) continue;
    if (!is_qualifier_key(key)) return false;
    if (std::any_of(purl.qualifiers.begin(), purl.qualifiers.end(), [&](const auto& q) { return q.first == key; }))
      continue;
    purl.qualifiers.emplace_back(key, std::move(value));
  }
  std::sort(purl.qualifiers.begin(), purl.qualifiers.end());
  return true;
}

constexpr std::array lower_space = {std::string_view{"alpm"},
                                    std::string_view{"apk"},
                                    std::string_view{"bitbucket"},
                                    std::string_view{"brew"},
                                    std::string_view{"composer"},
                                    std::string_view{"deb"},
                                    std::string_view{"github"},
                                    std::string_view{"gitlab"},
                                    std::string_view{"golang"},
                                    std::string_view{"hex"},
                                    std::string_view{"qpkg"},
                                    std::string_view{"rpm"},
                                    std::string_view{"vscode-extension"},
                                    std::string_view{"luarocks"}};
constexpr std::array lower_name = {std::string_view{"alpm"},      std::string_view{"apk"},
                                   std::string_view{"bitbucket"}, std::string_view{"bitnami"},
                                   std::string_view{"brew"},      std::string_view{"composer"},
                                   std::string_view{"deb"},       std::string_view{"github"},
                                   std::string_view{"gitlab"},    std::string_view{"golang"},
                                   std::string_view{"hex"},       std::string_view{"npm"},
                                   std::string_view{"oci"},       std::string_view{"pub"},
                                   std::string_view{"pypi"},      std::string_view{"vscode-extension"},
                                   std::string_view{"luarocks"},  std::string_view{"otp"}};
constexpr std::array operating_system = {std::string_view{"deb"}, std::string_view{"rpm"}, std::string_view{"apk"},
                                         std::string_view{"alpm"}, std::string_view{"opkg"}};

enum class Needed { yes, may, never };
// What the definitions of types (package-url/purl-spec, types/) ask for.
struct Demand {
  std::string_view type;
  Needed space;
  std::string_view qualifier;  // that must be there, "" for none
};
constexpr Demand demands[] = {{"swift", Needed::yes, {}},
                              {"vscode-extension", Needed::yes, {}},
                              {"vcpkg", Needed::never, {}},
                              {"julia", Needed::never, "uuid"},
                              {"otp", Needed::never, {}}};

// An id of 32 letters from a to p, and one to four numbers as its version.
Result<void> check_chrome_extension(const PackageUrl& purl) {
  const bool id = purl.name.size() == 32 &&
                  std::all_of(purl.name.begin(), purl.name.end(), [](char c) { return c >= 'a' && c <= 'p'; });
  if (!id) return fail(ErrorCode::syntax, "not a package URL: no id of a Chrome extension");
  const bool numbers = purl.version.find_first_not_of("0123456789.") == std::string::npos &&
                       std::count(purl.version.begin(), purl.version.end(), '.') < 4;
  if (!numbers) return fail(ErrorCode::syntax, "not a package URL: no version of a Chrome extension");
  return {};
}

}  // namespace

std::string_view PackageUrl::qualifier(std::string_view key) const {
  for (const auto& [own, value] : qualifiers) {
    if (own == key) return value;
  }
  return {};
}

void normalise(PackageUrl& purl) {
  purl.type = lowered(purl.type);
  if (one_of(purl.type, lower_space)) purl.space = lowered(purl.space);
  if (one_of(purl.type, lower_name)) purl.name = lowered(purl.name);
  if (purl.type == "pypi") {
    std::replace(purl.name.begin(), purl.name.end(), '_', '-');
    purl.version = lowered(purl.version);
  } else if (purl.type == "pub") {
    std::replace(purl.name.begin(), purl.name.end(), '-', '_');
  } else if (purl.type == "huggingface") {
    purl.version = lowered(purl.version);
  } else if (purl.type == "git" && (purl.space == "github" || purl.space.starts_with("github/"))) {
    purl.space = lowered(purl.space);
    purl.name = lowered(purl.name);
  } else if (purl.type == "mlflow" && purl.qualifier("repository_url").find("databricks") != std::string_view::npos) {
    purl.name = lowered(purl.name);
  }
}

Result<PackageUrl> parse_package_url(std::string_view text) {
  const auto refuse = [](const std::string& why) { return fail(ErrorCode::syntax, "not a package URL: " + why); };
  if (text.size() < 4 || lowered(text.substr(0, 4)) != "pkg:") return refuse("it does not begin with 'pkg:'");
  PackageUrl purl;
  std::string_view rest = text.substr(4);
  if (const std::size_t hash = rest.rfind('#'); hash != std::string_view::npos) {
    purl.subpath = segments(rest.substr(hash + 1), true);
    rest = rest.substr(0, hash);
  }
  if (const std::size_t question = rest.rfind('?'); question != std::string_view::npos) {
    if (!read_qualifiers(rest.substr(question + 1), purl)) return refuse("a qualifier's key is invalid");
    rest = rest.substr(0, question);
  }
  rest = trimmed(rest, '/');
  const std::size_t slash = rest.find('/');
  if (slash == std::string_view::npos) return refuse("a type and a name are needed");
  purl.type = lowered(rest.substr(0, slash));
  if (!is_type(purl.type)) return refuse("the type is invalid");
  rest = trimmed(rest.substr(slash + 1), '/');
  // The version begins at the last '@' that is not the first character of a name: "@scope/name" has none.
  if (const std::size_t at = rest.rfind('@'); at != std::string_view::npos && at > 0 && rest[at - 1] != '/' &&
                                              (purl.type != "npm" || rest.find('/', at) == std::string_view::npos)) {
    purl.version = decoded(rest.substr(at + 1));
    rest = trimmed(rest.substr(0, at), '/');
  }
  // The name of a git repository is all that follows the host.
  const std::size_t last = purl.type == "git" ? rest.find('/') : rest.rfind('/');
  purl.name = decoded(last == std::string_view::npos ? rest : rest.substr(last + 1));
  if (last != std::string_view::npos) purl.space = segments(rest.substr(0, last), false);
  if (purl.name.empty() || (purl.name[0] == '@' && rest[last + 1] == '@')) return refuse("the name is missing");
  normalise(purl);
  return purl;
}

Result<void> check_package_url(const PackageUrl& purl) {
  const auto refuse = [](std::string why) { return fail(ErrorCode::syntax, "not a package URL: " + std::move(why)); };
  if (!is_type(purl.type)) return refuse("the type is invalid");
  if (purl.name.empty()) return refuse("the name is missing");
  for (const auto& [key, value] : purl.qualifiers) {
    if (!is_qualifier_key(key)) return refuse("a qualifier's key is invalid");
  }
  for (const Demand& demand : demands) {
    if (demand.type != purl.type) continue;
    if (demand.space == Needed::yes && purl.space.empty()) return refuse("its type needs a namespace");
    if (demand.space == Needed::never && !purl.space.empty()) return refuse("its type has no namespace");
    if (!demand.qualifier.empty() && purl.qualifier(demand.qualifier).empty())
      return refuse("its type needs the qualifier '" + std::string(demand.qualifier) + "'");
  }
  // A distribution is meant, not a module.
  if (purl.type == "cpan" && purl.name.find("::") != std::string::npos)
    return refuse("'::' stands in the name of a module, not of a distribution");
  if (purl.type == "chrome-extension") return check_chrome_extension(purl);
  return {};
}

Result<PackageUrl> parse_package_url_strictly(std::string_view text) {
  ASSAY_TRY(PackageUrl purl, parse_package_url(text));
  ASSAY_CHECK(check_package_url(purl));
  return purl;
}

std::string to_text(const PackageUrl& purl) {
  std::string out = "pkg:" + purl.type + "/";
  if (!purl.space.empty()) {
    append_segments(out, purl.space);
    out += '/';
  }
  if (purl.type == "git") {
    append_segments(out, purl.name);
  } else {
    append_encoded(out, purl.name);
  }
  if (!purl.version.empty()) {
    out += '@';
    append_encoded(out, purl.version);
  }
  char separator = '?';
  for (const auto& [key, value] : purl.qualifiers) {
    out += separator;
    out += key;
    out += '=';
    append_encoded(out, value);
    separator = '&';
  }
  if (!purl.subpath.empty()) {
    out += '#';
    append_segments(out, purl.subpath);
  }
  return out;
}

std::string full_name(std::string_view type, std::string_view space, std::string_view name) {
  PackageUrl purl{.type = std::string(type), .space = std::string(space), .name = std::string(name)};
  normalise(purl);
  if (purl.type == "pypi") return dashes_for_separator_runs(purl.name);
  if (purl.type == "nuget" || purl.type == "cargo") purl.name = lowered(purl.name);
  if (purl.type == "npm") purl.space = lowered(purl.space);
  if (purl.space.empty() || one_of(purl.type, operating_system)) return purl.name;
  return purl.space + "/" + purl.name;
}

PackageUrl package_url_of(std::string_view type, std::string_view written_name, std::string_view version) {
  PackageUrl purl{.type = std::string(type), .name = std::string(written_name), .version = std::string(version)};
  const bool spaced =
      type == "npm" ? written_name.starts_with("@")
                    : type == "maven" || type == "composer" || type == "golang" || type == "github" || type == "swift";
  const std::size_t cut = type == "maven" ? written_name.find_last_of(":/") : written_name.rfind('/');
  if (spaced && cut != std::string_view::npos) {
    purl.space = written_name.substr(0, cut);
    purl.name = written_name.substr(cut + 1);
  }
  normalise(purl);
  return purl;
}

}  // namespace assay::sbom

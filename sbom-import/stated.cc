#include "sbom-import/stated.h"

#include <algorithm>
#include <array>

#include "analyzer/base/digest.h"

namespace assay::sbom {
namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_hex(char c) {
  return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'f');
}

std::string lowered(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), lower);
  return out;
}

int base64_value(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (is_digit(c)) return c - '0' + 52;
  if (c == '+' || c == '-') return 62;
  return c == '/' || c == '_' ? 63 : -1;
}

bool base64_decode(std::string_view text, std::string& out) {
  while (!text.empty() && text.back() == '=') text.remove_suffix(1);
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    const int value = base64_value(c);
    if (value < 0) return false;
    bits = ((bits << 6U) | static_cast<std::uint32_t>(value)) & 0xFFFFFFU;
    count += 6;
    if (count >= 8) {
      count -= 8;
      out += static_cast<char>((bits >> static_cast<unsigned>(count)) & 0xFFU);
    }
  }
  return true;
}

// Tarballs of an npm registry stand under "/-/" whatever the host; other registries are known by host.
bool is_registry_url(std::string_view url, std::string_view host, std::string_view type) {
  if (type == "npm") return url.find("/-/") != std::string_view::npos || host == "npm.pkg.github.com";
  if (type == "pypi")
    return host == "pypi.org" || host == "files.pythonhosted.org" || url.find("/packages/") != std::string_view::npos;
  if (type == "cargo")
    return host == "crates.io" || host == "static.crates.io" || host == "index.crates.io" ||
           url.starts_with("registry+");
  if (type == "gem") return host == "rubygems.org";
  if (type == "composer") return host == "repo.packagist.org" || host == "api.github.com";
  if (type == "maven") return host.starts_with("repo") && host.find("maven") != std::string_view::npos;
  return false;
}

}  // namespace

void identify(evidence::ComponentRow& row, const PackageUrl& purl, std::string_view as_written) {
  row.purl = as_written;
  row.purl_type = purl.type;
  row.purl_namespace = purl.space;
  if (row.name.empty()) row.name = purl.name;
  // "@scope/name" and "group:artifact" in one field: the namespace is told apart already.
  if (!purl.space.empty() && row.name.size() > purl.space.size() + 1 && row.name.starts_with(purl.space)) {
    const char separator = row.name[purl.space.size()];
    if (separator == '/' || separator == ':') row.name.erase(0, purl.space.size() + 1);
  }
  row.full_name = full_name(purl.type, purl.space, purl.name);
  if (row.version.empty()) row.version = purl.version;
}

void identify(evidence::ComponentRow& row, std::string_view type, std::string_view written_name,
              std::string_view version) {
  const PackageUrl purl = package_url_of(type, written_name, version);
  identify(row, purl, to_text(purl));
}

void identify_plain(evidence::ComponentRow& row, std::string_view group, std::string_view name) {
  row.name = name;
  row.purl_namespace = group;
  row.full_name = group.empty() ? std::string(name) : std::string(group) + "/" + std::string(name);
}

std::string host_of(std::string_view url) {
  std::string_view rest;
  if (const std::size_t scheme = url.find("://"); scheme != std::string_view::npos) {
    rest = url.substr(scheme + 3);
  } else if (url.starts_with("//")) {
    rest = url.substr(2);
  } else {
    const std::size_t at = url.find('@');
    const std::size_t colon = url.find(':', at == std::string_view::npos ? 0 : at);
    if (at == std::string_view::npos || colon == std::string_view::npos || at == 0 || url.find('/') < at) return {};
    return lowered(url.substr(at + 1, colon - at - 1));
  }
  std::string_view host = rest.substr(0, rest.find_first_of("/?#\\"));
  if (const std::size_t at = host.rfind('@'); at != std::string_view::npos) host.remove_prefix(at + 1);
  if (host.starts_with('[')) {
    const std::size_t end = host.find(']');
    return lowered(host.substr(0, end == std::string_view::npos ? end : end + 1));
  }
  return lowered(host.substr(0, host.find(':')));
}

bool is_commit(std::string_view text) {
  return (text.size() == 40 || text.size() == 64) && std::all_of(text.begin(), text.end(), is_hex);
}

evidence::ComponentOriginRow origin_of(std::string_view url, std::string_view type, std::string_view integrity) {
  evidence::ComponentOriginRow row{.url = std::string(url), .integrity = std::string(integrity)};
  row.host = host_of(url);
  bool commit = false;
  constexpr std::array git_hosts = {std::string_view{"github:"}, std::string_view{"gitlab:"},
                                    std::string_view{"bitbucket:"}, std::string_view{"gist:"}};
  const bool short_form =
      std::any_of(git_hosts.begin(), git_hosts.end(), [&](std::string_view h) { return url.starts_with(h); });
  const std::string_view before_fragment = url.substr(0, url.find('#'));
  if (short_form || url.starts_with("git+") || url.starts_with("git:") || url.starts_with("git@") ||
      url.starts_with("ssh:") || before_fragment.ends_with(".git") || url.find(".git@") != std::string_view::npos) {
    row.kind = "git";
    if (short_form)
      row.host = url.starts_with("github:")   ? "github.com"
                 : url.starts_with("gitlab:") ? "gitlab.com"
                 : url.starts_with("gist:")   ? "gist.github.com"
                                              : "bitbucket.org";
    std::string_view reference;
    if (const std::size_t hash = url.rfind('#'); hash != std::string_view::npos) {
      reference = url.substr(hash + 1);
      if (const std::size_t word = reference.find("commit="); word != std::string_view::npos)
        reference = reference.substr(word + 7);
      reference = reference.substr(0, reference.find('&'));
    }
    if (!is_commit(reference)) {
      const std::size_t at = before_fragment.rfind('@');
      if (at != std::string_view::npos) reference = before_fragment.substr(at + 1);
    }
    commit = is_commit(reference);
  } else if (url.starts_with("file:") || url.starts_with("./") || url.starts_with("../") || url.starts_with("link:") ||
             url.starts_with("portal:")) {
    row.kind = "file";
  } else if (url.starts_with("workspace:")) {
    row.kind = "workspace";
  } else if (url.empty() || is_registry_url(url, row.host, type)) {
    row.kind = "registry";
  } else {
    row.kind = "url";
  }
  row.immutable = evidence::tri(commit || !integrity.empty());
  return row;
}

std::string algorithm_word(std::string_view written) {
  std::string word = lowered(written);
  std::replace(word.begin(), word.end(), '_', '-');
  constexpr std::array dashless = {std::string_view{"sha1"}, std::string_view{"sha224"}, std::string_view{"sha256"},
                                   std::string_view{"sha384"}, std::string_view{"sha512"}};
  if (std::find(dashless.begin(), dashless.end(), word) != dashless.end()) word.insert(3, "-");
  return word;
}

Digest digest_of(std::string_view algorithm, std::string_view value) {
  return {algorithm_word(algorithm), lowered(value)};
}

bool read_integrity_part(std::string_view part, Digest& digest) {
  const std::size_t dash = part.find('-');
  if (dash == std::string_view::npos) return false;
  std::string_view encoded = part.substr(dash + 1);
  encoded = encoded.substr(0, encoded.find('?'));
  std::string bytes;
  if (!base64_decode(encoded, bytes)) return false;
  digest = {algorithm_word(part.substr(0, dash)), digest::hex(bytes)};
  return true;
}

bool is_exact_version(std::string_view range) {
  while (!range.empty() && range.front() == ' ') range.remove_prefix(1);
  while (!range.empty() && range.back() == ' ') range.remove_suffix(1);
  if (range.starts_with('=')) range.remove_prefix(1);
  if (range.starts_with('v')) range.remove_prefix(1);
  int dots = 0;
  std::size_t i = 0;
  while (i < range.size() && (is_digit(range[i]) || range[i] == '.')) dots += range[i++] == '.' ? 1 : 0;
  if (dots != 2 || i == 0) return false;
  if (i == range.size()) return range.back() != '.';
  if (range[i] != '-' && range[i] != '+') return false;
  return std::all_of(range.begin() + static_cast<std::ptrdiff_t>(i), range.end(), [](char c) {
    return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'z') || c == '.' || c == '-' || c == '+';
  });
}

}  // namespace assay::sbom

#include "analyzer/provenance/names.h"

#include <fmt/format.h>

#include <array>
#include <ctime>

namespace assay::provenance {
namespace {

bool digit(char c) {
  return c >= '0' && c <= '9';
}

int hex_digit(char c) {
  if (digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string percent_decoded(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 && hex_digit(text[i + 2]) >= 0) {
      out.push_back(static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2])));
      i += 2;
    } else {
      out.push_back(text[i]);
    }
  }
  return out;
}

std::string python_name(std::string_view name) {
  std::string out = lower(name);
  for (char& c : out) {
    if (c == '_' || c == '.') c = '-';
  }
  return out;
}

bool case_matters(std::string_view type) {
  return type == "golang" || type == "maven" || type == "gem" || type == "cran" || type == "nuget" || type == "cargo" ||
         type == "generic";
}

PackageName package_url(std::string_view text) {
  text = text.substr(0, text.find_first_of("?#"));
  while (text.starts_with('/')) text.remove_prefix(1);
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return {};
  PackageName out;
  out.type = lower(text.substr(0, slash));
  text.remove_prefix(slash + 1);
  const std::size_t at = text.rfind('@');
  if (at != std::string_view::npos && at > 0 && text.find('/', at) == std::string_view::npos) {
    out.version = percent_decoded(text.substr(at + 1));
    text = text.substr(0, at);
  }
  const std::string name = percent_decoded(text);
  out.full = out.type == "pypi" ? python_name(name) : case_matters(out.type) ? name : lower(name);
  if (out.full.empty()) return {};
  return out;
}

PackageName python_file(std::string_view file, bool any_archive) {
  const bool wheel = file.ends_with(".whl");
  std::size_t suffix = 4;
  if (!wheel) {
    if (!any_archive) return {};
    if (file.ends_with(".tar.gz"))
      suffix = 7;
    else if (!file.ends_with(".zip"))
      return {};
  }
  file.remove_suffix(suffix);
  std::size_t dash = wheel ? file.find('-') : file.rfind('-');
  if (dash == std::string_view::npos || dash == 0 || dash + 1 >= file.size() || !digit(file[dash + 1])) return {};
  std::string_view version = file.substr(dash + 1);
  if (wheel) version = version.substr(0, version.find('-'));
  return {.type = "pypi", .full = python_name(file.substr(0, dash)), .version = std::string(version)};
}

}  // namespace

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

RepositoryName repository_of(std::string_view uri) {
  if (uri.size() > 4'000) return {};
  if (uri.starts_with("pkg:github/") || uri.starts_with("pkg:bitbucket/") || uri.starts_with("pkg:gitlab/")) {
    const PackageName package = package_url(uri.substr(4));
    const std::string host = package.type == "github"   ? "github.com/"
                             : package.type == "gitlab" ? "gitlab.com/"
                                                        : "bitbucket.org/";
    return {host + lower(package.full), package.version};
  }
  std::string_view rest = uri;
  if (const std::size_t scheme = rest.find("://"); scheme != std::string_view::npos) {
    rest.remove_prefix(scheme + 3);
    const std::string_view authority = rest.substr(0, rest.find('/'));
    if (const std::size_t user = authority.rfind('@'); user != std::string_view::npos) rest.remove_prefix(user + 1);
  } else if (rest.starts_with("git@")) {
    rest.remove_prefix(4);
  } else if (rest.find('.') == std::string_view::npos || rest.find('.') > rest.find('/')) {
    return {};
  }
  std::string text(rest.substr(0, rest.find_first_of("?#")));
  const std::size_t host_end = text.find_first_of("/:");
  if (host_end == std::string::npos || host_end == 0) return {};
  if (text[host_end] == ':') {
    // A port is digits up to the path; otherwise it is the short form of SSH.
    std::size_t end = host_end + 1;
    while (end < text.size() && digit(text[end])) ++end;
    if (end < text.size() && text[end] == '/' && end > host_end + 1)
      text.erase(host_end, end - host_end);
    else
      text[host_end] = '/';
  }
  RepositoryName out;
  if (const std::size_t at = text.find('@', host_end); at != std::string::npos) {
    out.reference = text.substr(at + 1);
    text.resize(at);
  }
  for (const std::string_view stop : {"/-/", "/actions/", "/tree/", "/commit/", "/blob/", "/releases/"}) {
    if (const std::size_t at = text.find(stop); at != std::string::npos) text.resize(at);
  }
  while (!text.empty() && text.back() == '/') text.pop_back();
  if (text.ends_with(".git")) text.resize(text.size() - 4);
  text = lower(text);
  if (text.starts_with("github.com/")) {
    const std::size_t owner = text.find('/', 11);
    if (owner == std::string::npos) return {};
    if (const std::size_t name = text.find('/', owner + 1); name != std::string::npos) text.resize(name);
  }
  if (text.find('/') == std::string::npos) return {};
  out.repository = std::move(text);
  return out;
}

PackageName package_of(std::string_view text, bool python) {
  if (text.size() > 2'000) return {};
  if (text.starts_with("pkg:")) return package_url(text.substr(4));
  return python_file(text.substr(text.rfind('/') + 1), python);
}

std::string run_number(std::string_view run) {
  constexpr std::array<std::string_view, 4> marks{"/actions/runs/", "/-/jobs/", "/-/pipelines/", "/builds/"};
  for (const std::string_view mark : marks) {
    if (const std::size_t at = run.find(mark); at != std::string_view::npos) {
      run = run.substr(at + mark.size());
      std::size_t end = 0;
      while (end < run.size() && digit(run[end])) ++end;
      return std::string(run.substr(0, end));
    }
  }
  std::size_t end = 0;
  while (end < run.size() && digit(run[end])) ++end;
  return end >= 4 && (end == run.size() || run[end] == '-') ? std::string(run.substr(0, end)) : std::string();
}

std::string rfc3339(std::int64_t seconds) {
  if (seconds < 0 || seconds > 253'402'300'799) return {};
  const std::time_t time = seconds;
  std::tm parts{};
  if (gmtime_r(&time, &parts) == nullptr) return {};
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday,
                     parts.tm_hour, parts.tm_min, parts.tm_sec);
}

}  // namespace assay::provenance

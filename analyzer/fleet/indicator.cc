#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <cctype>
#include <map>

#include "analyzer/evidence/database.h"
#include "analyzer/fleet/hunt.h"

namespace assay::fleet {
namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

bool is_hex(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  });
}

bool is_address(std::string_view text) {
  if (text.find(':') != std::string_view::npos) {
    return std::all_of(
               text.begin(), text.end(),
               [](char c) { return c == ':' || c == '.' || std::isxdigit(static_cast<unsigned char>(c)) != 0; }) &&
           std::count(text.begin(), text.end(), ':') >= 2;
  }
  int dots = 0;
  int digits = 0;
  for (const char c : text) {
    if (c == '.') {
      if (digits == 0) return false;
      ++dots;
      digits = 0;
    } else if (c >= '0' && c <= '9' && ++digits <= 3) {
    } else {
      return false;
    }
  }
  return dots == 3 && digits > 0;
}

bool is_host(std::string_view text) {
  if (text.find('.') == std::string_view::npos || text.front() == '.' || text.back() == '.') return false;
  const std::string_view last = text.substr(text.rfind('.') + 1);
  return last.size() >= 2 &&
         std::all_of(last.begin(), last.end(),
                     [](char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0; }) &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return c == '.' || c == '-' || std::isalnum(static_cast<unsigned char>(c)) != 0; });
}

std::string decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && is_hex(text.substr(i + 1, 2))) {
      out += static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16));
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

// As component.full_name: PyPI in lower case with '-', npm, golang and GitHub in lower case, others as written.
std::string normalised(std::string_view type, std::string_view name) {
  std::string out = type == "npm" || type == "pypi" || type == "github" || type == "golang" || type == "composer" ||
                            type == "githubactions"
                        ? lower(name)
                        : std::string(name);
  if (type == "pypi") {
    for (char& c : out) c = c == '_' || c == '.' ? '-' : c;
  }
  return out;
}

// pkg:type/namespace/name@version?qualifiers#subpath
bool read_purl(std::string_view text, std::vector<Indicator>& out) {
  text.remove_prefix(4);
  while (text.starts_with('/')) text.remove_prefix(1);
  text = text.substr(0, text.find_first_of("?#"));
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos || slash + 1 == text.size()) return false;
  const std::string type = lower(text.substr(0, slash));
  const std::string_view rest = text.substr(slash + 1);
  const std::size_t at = rest.rfind('@');
  const bool versioned = at != std::string_view::npos && at > 0 && rest.find('/', at) == std::string_view::npos;
  const std::string name = normalised(type, decoded(rest.substr(0, versioned ? at : rest.size())));
  Indicator indicator{.kind = IndicatorKind::package, .name = name, .purl_type = type};
  if (versioned) indicator.versions.push_back(decoded(rest.substr(at + 1)));
  if (type == "github" || type == "githubactions") {
    Indicator action = indicator;
    action.kind = IndicatorKind::action;
    action.purl_type.clear();
    out.push_back(std::move(action));
  }
  out.push_back(std::move(indicator));
  return true;
}

// Where an incident names the bad commits of an action, these decide and the window tells when its tags meant them.
void settle_actions(std::vector<Indicator>& indicators) {
  const auto is_window = [](const Indicator& one) {
    return one.kind == IndicatorKind::action && one.versions.empty() && one.window.known();
  };
  std::vector<Indicator> kept;
  for (const Indicator& one : indicators) {
    bool settled = false;
    for (Indicator& other : indicators) {
      if (!is_window(one) || other.kind != IndicatorKind::action || other.name != one.name || other.versions.empty())
        continue;
      other.window = one.window;
      settled = true;
    }
    if (!settled) kept.push_back(one);
  }
  indicators = std::move(kept);
}

Result<void> read_incident(const std::string& id, std::string_view image, std::vector<Indicator>& out) {
  ASSAY_TRY(evidence::Database database, evidence::Database::create());
  ASSAY_CHECK(database.attach_image("known", image));
  ASSAY_TRY(
      evidence::Statement packages,
      database.prepare(
          "SELECT purl_type, full_name, version, coalesce(valid_from, ''), coalesce(valid_until, ''), "
          "EXISTS (SELECT 1 FROM known.incident_family f WHERE f.incident = ?1 AND f.family = 'self-propagation') "
          "FROM known.bad_package WHERE incident = ?1 ORDER BY 1, 2, 4, 5, 3"));
  packages.bind(1, id);
  while (true) {
    ASSAY_TRY(const bool row, packages.step());
    if (!row) break;
    Window window;
    if (const auto from = read_time(packages.text(3))) window.from = from->first;
    if (const auto until = read_time(packages.text(4))) window.until = until->last;
    if (out.empty() || out.back().purl_type != packages.text(0) || out.back().name != packages.text(1) ||
        out.back().window != window) {
      out.push_back({.kind = IndicatorKind::package,
                     .name = std::string(packages.text(1)),
                     .purl_type = std::string(packages.text(0)),
                     .incident = id,
                     .window = window,
                     .spreads = packages.integer(5) == 1});
    }
    if (!packages.text(2).empty()) out.back().versions.emplace_back(packages.text(2));
  }
  for (std::size_t i = 0, end = out.size(); i < end; ++i) {
    if (out[i].purl_type != "githubactions") continue;
    Indicator action = out[i];
    action.kind = IndicatorKind::action;
    action.name = lower(action.name);
    action.purl_type.clear();
    out.push_back(std::move(action));
  }
  ASSAY_TRY(evidence::Statement indicators,
            database.prepare("SELECT kind, subject, value FROM known.indicator WHERE incident = ? ORDER BY 1, 2, 3"));
  indicators.bind(1, id);
  static const std::map<std::string_view, IndicatorKind> kinds = {{"action-commit", IndicatorKind::action},
                                                                  {"git-commit", IndicatorKind::commit},
                                                                  {"sha256", IndicatorKind::hash},
                                                                  {"sha1", IndicatorKind::hash},
                                                                  {"md5", IndicatorKind::hash},
                                                                  {"image-digest", IndicatorKind::hash},
                                                                  {"domain", IndicatorKind::host},
                                                                  {"ip", IndicatorKind::ip}};
  while (true) {
    ASSAY_TRY(const bool row, indicators.step());
    if (!row) break;
    const auto kind = kinds.find(indicators.text(0));
    if (kind == kinds.end()) continue;
    Indicator indicator{.kind = kind->second, .name = {}, .incident = id};
    std::string value = lower(indicators.text(2));
    if (indicator.kind == IndicatorKind::hash && value.starts_with("sha256:")) value.erase(0, 7);
    if (indicator.kind == IndicatorKind::action) {
      indicator.name = lower(indicators.text(1));
      indicator.versions.push_back(value);
    } else if (indicator.kind == IndicatorKind::host) {
      indicator.name = value;
    } else {
      indicator.value = value;
    }
    if (!out.empty()) indicator.spreads = out.front().spreads;
    out.push_back(std::move(indicator));
  }
  settle_actions(out);
  return {};
}

Result<bool> is_incident(const std::string& id, std::string_view image) {
  if (image.empty()) return false;
  ASSAY_TRY(evidence::Database database, evidence::Database::create());
  ASSAY_CHECK(database.attach_image("known", image));
  ASSAY_TRY(evidence::Statement found, database.prepare("SELECT 1 FROM known.incident WHERE incident = ?"));
  found.bind(1, id);
  return found.step();
}

}  // namespace

std::string_view word(IndicatorKind kind) {
  constexpr std::string_view words[] = {"package", "action", "commit", "hash", "host", "ip"};
  return words[static_cast<std::size_t>(kind)];
}

Result<std::vector<Indicator>> read_indicator(std::string_view text, std::string_view known_image) {
  const auto bad = [&] {
    return fail(ErrorCode::usage,
                fmt::format("'{}' is no package, action, commit, digest, host, address or incident", text));
  };
  std::vector<Indicator> out;
  if (text.empty() || text.find_first_of(" \t\n") != std::string_view::npos) return bad();
  if (text.starts_with("pkg:")) {
    if (!read_purl(text, out)) return bad();
    return out;
  }
  ASSAY_TRY(const bool incident, is_incident(std::string(text), known_image));
  if (incident) {
    ASSAY_CHECK(read_incident(std::string(text), known_image, out));
    if (out.empty())
      return fail(ErrorCode::usage, fmt::format("the incident '{}' left no trace that a store could hold", text));
    return out;
  }
  if (const std::size_t scheme = text.find("://"); scheme != std::string_view::npos) {
    std::string_view host = text.substr(scheme + 3);
    host = host.substr(0, host.find_first_of("/?#"));
    host = host.substr(host.rfind('@') == std::string_view::npos ? 0 : host.rfind('@') + 1);
    host = host.substr(0, host.find(':'));
    if (host.empty()) return bad();
    text = host;
    if (!is_address(text)) {
      out.push_back({.kind = IndicatorKind::host, .name = lower(text)});
      return out;
    }
  }
  std::string_view digest = text.starts_with("sha256:") ? text.substr(7) : text;
  if (is_hex(digest) && (digest.size() == 32 || digest.size() == 40 || digest.size() == 64 || digest.size() == 128)) {
    if (digest.size() == 40) out.push_back({.kind = IndicatorKind::commit, .name = {}, .value = lower(digest)});
    out.push_back({.kind = IndicatorKind::hash, .name = {}, .value = lower(digest)});
    return out;
  }
  if (is_address(text)) {
    out.push_back({.kind = IndicatorKind::ip, .name = {}, .value = lower(text)});
    return out;
  }
  const std::size_t at = text.rfind('@');
  const bool versioned = at != std::string_view::npos && at > 0;
  const std::string_view name = text.substr(0, versioned ? at : text.size());
  const std::vector<std::string> versions =
      versioned ? std::vector<std::string>{std::string(text.substr(at + 1))} : std::vector<std::string>{};
  if (name.empty() || (versioned && versions[0].empty())) return bad();
  const auto slashes = std::count(name.begin(), name.end(), '/');
  if (!versioned && slashes == 0 && is_host(name)) out.push_back({.kind = IndicatorKind::host, .name = lower(name)});
  // owner/name is an action; host.tld/owner/name is a Go module. Packages of other systems with a '/' are asked for as
  // package URLs.
  if (slashes >= 1 && name.front() != '@' && name.substr(0, name.find('/')).find('.') == std::string_view::npos) {
    out.push_back({.kind = IndicatorKind::action,
                   .name = lower(name.substr(0, name.find('/', name.find('/') + 1))),
                   .versions = versions});
    return out;
  }
  out.push_back({.kind = IndicatorKind::package, .name = std::string(name), .versions = versions});
  if (lower(name) != name) out.push_back({.kind = IndicatorKind::package, .name = lower(name), .versions = versions});
  return out;
}

}  // namespace assay::fleet

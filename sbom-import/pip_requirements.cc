#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/base/utf16.h"
#include "analyzer/formats/position_grid.h"
#include "sbom-import/gaps.h"
#include "sbom-import/readers.h"
#include "sbom-import/stated.h"

namespace assay::sbom {
namespace {

using evidence::LocationId;
using evidence::RowId;
using evidence::Rows;
using evidence::Tri;

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\f';
}
bool is_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

// Continuations become spaces of the same length, so that offsets stay those of the file. A comment line is not
// continued.
std::string joined(std::string_view text) {
  std::string out(text);
  std::size_t begin = 0;
  bool inside = false;
  while (begin < out.size()) {
    std::size_t end = out.find('\n', begin);
    if (end == std::string::npos) end = out.size();
    const std::string_view line = trimmed(std::string_view(out).substr(begin, end - begin));
    const bool comment = !inside && line.starts_with('#');
    inside = false;
    if (!comment && line.ends_with('\\') && end < out.size()) {
      const std::size_t slash = out.rfind('\\', end);
      std::fill(out.begin() + static_cast<std::ptrdiff_t>(slash), out.begin() + static_cast<std::ptrdiff_t>(end) + 1,
                ' ');
      inside = true;
    }
    begin = end + 1;
  }
  return out;
}

// pip reads UTF-16 with a byte order mark. Positions count code points, so they are the same in UTF-8.
std::string as_utf8(std::string_view bytes) {
  const utf16::Order order = utf16::order(bytes);
  return order == utf16::Order::none ? std::string(bytes) : utf16::to_utf8(bytes, order);
}

class Requirements {
 public:
  Requirements(std::string_view text, Rows& rows) : text_(joined(text)), grid_(text), rows_(rows) {}

  ReadOutcome read() {
    document_ = rows_.add(evidence::SbomDocumentRow{.at = rows_.whole(), .format = "pip-requirements"});
    std::string_view rest = text_;
    if (rest.starts_with("\xEF\xBB\xBF")) rest.remove_prefix(3);
    while (!rest.empty()) {
      const std::size_t end = rest.find('\n');
      line(without_comment(rest.substr(0, end)));
      rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
    }
    rows_.sbom_document.back().component_count = listed_;
    return gaps_.outcome(rows_.lost());
  }

 private:
  std::size_t offset(std::string_view piece) const { return static_cast<std::size_t>(piece.data() - text_.data()); }
  LocationId place(std::string_view piece) {
    const std::size_t begin = offset(piece);
    return rows_.locate(grid_.span(begin, begin + piece.size()));
  }
  void gap(std::string_view piece, std::string_view what) { gaps_.add(grid_.position(offset(piece)), what); }

  static std::string_view without_comment(std::string_view line) {
    for (std::size_t at = line.find('#'); at != std::string_view::npos; at = line.find('#', at + 1)) {
      if (at == 0 || is_space(line[at - 1])) return trimmed(line.substr(0, at));
    }
    return trimmed(line);
  }

  // The next word, quotes respected; `rest` moves past it.
  static std::string_view word(std::string_view& rest) {
    rest = trimmed(rest);
    std::size_t end = 0;
    char quote = '\0';
    while (end < rest.size() && (quote != '\0' || !is_space(rest[end]))) {
      const char c = rest[end++];
      if (quote != '\0') {
        if (c == quote) quote = '\0';
      } else if (c == '"' || c == '\'') {
        quote = c;
      }
    }
    const std::string_view out = rest.substr(0, end);
    rest.remove_prefix(end);
    return out;
  }

  static std::string_view unquoted(std::string_view text) {
    if (text.size() >= 2 && (text.front() == '"' || text.front() == '\'') && text.back() == text.front()) {
      return text.substr(1, text.size() - 2);
    }
    return text;
  }

  void line(std::string_view text) {
    if (text.empty()) return;
    if (text.starts_with('-')) {
      option(text);
    } else {
      requirement(text, false);
    }
  }

  void option(std::string_view text) {
    std::string_view rest = text;
    std::string_view name = word(rest);
    std::string_view value = unquoted(trimmed(rest));
    if (const std::size_t equals = name.find('='); equals != std::string_view::npos) {
      value = unquoted(name.substr(equals + 1));
      name = name.substr(0, equals);
    } else if (name.size() > 2 && name[1] != '-') {  // -rfile
      value = name.substr(2);
      name = name.substr(0, 2);
    }
    if (name == "-e" || name == "--editable") {
      requirement(value, true);
    } else if (name == "-i" || name == "--index-url" || name == "--pypi-url") {
      index(value, "index");
    } else if (name == "--extra-index-url") {
      index(value, "extra-index");
    } else if (name == "-f" || name == "--find-links") {
      index(value, "find-links");
    } else if (name == "--trusted-host") {
      index(value, "trusted-host");
    } else if (name == "-r" || name == "--requirement" || name == "-c" || name == "--constraint") {
      if (value.empty()) return gap(text, "an option without a file");
      rows_.add(
          evidence::DependencyRow{.at = place(value), .target = std::string(value), .requirement = std::string(name)});
    }
  }

  void index(std::string_view url, std::string_view kind) {
    if (url.empty()) return gap(url, "an option without a value");
    const bool host_only = url.find("://") == std::string_view::npos && kind == "trusted-host";
    evidence::ComponentOriginRow row{.at = place(url), .kind = std::string(kind), .url = std::string(url)};
    row.host = host_only ? std::string(url.substr(0, url.find(':'))) : host_of(url);
    row.immutable = Tri::no;
    rows_.add(std::move(row));
  }

  // "name[extras] == 1.0 ; marker --hash=…", "name @ url", a bare URL or a path.
  void requirement(std::string_view text, bool editable) {
    std::vector<std::string_view> digests;
    std::string_view body = text;
    if (const std::size_t options = text.find(" --"); options != std::string_view::npos) {
      body = trimmed(text.substr(0, options));
      std::string_view rest = text.substr(options);
      while (!trimmed(rest).empty()) {
        std::string_view one = word(rest);
        if (one == "--hash") one = word(rest);
        if (one.starts_with("--hash=")) one.remove_prefix(7);
        if (!one.starts_with('-') && one.find(':') != std::string_view::npos) digests.push_back(unquoted(one));
      }
    }
    std::size_t end = 0;
    while (end < body.size() && is_name(body[end])) ++end;
    std::string_view name = body.substr(0, end);
    std::string_view rest = trimmed(body.substr(end));
    if (rest.starts_with('[')) {
      const std::size_t close = rest.find(']');
      rest = close == std::string_view::npos ? std::string_view{} : trimmed(rest.substr(close + 1));
    }
    std::string_view url;
    if (!name.empty() && rest.starts_with('@')) {
      url = trimmed(rest.substr(1));
      if (const std::size_t marker = url.find(" ;"); marker != std::string_view::npos)
        url = trimmed(url.substr(0, marker));
      rest = {};
    } else if (name.empty() || is_place(body) ||
               (!rest.empty() && std::string_view("<>=!~;(,").find(rest[0]) == std::string_view::npos)) {
      if (!is_place(body) && !editable) return gap(body, "neither a requirement nor a place");
      url = body.substr(0, body.find(" ;"));
      name = name_of_place(url);
      rest = {};
    }
    keep({.name = name,
          .specifier = trimmed(rest.substr(0, rest.find(';'))),
          .url = url,
          .digests = std::move(digests),
          .editable = editable,
          .all = body});
  }

  static bool is_place(std::string_view text) {
    const std::string_view first = text.substr(0, text.find(' '));
    return first.find("://") != std::string_view::npos || first.starts_with("git+") || first.starts_with("file:") ||
           first.starts_with('.') || first.starts_with('/') || first.ends_with(".whl") || first.ends_with(".tar.gz") ||
           first.ends_with(".zip");
  }

  // From "#egg=name", or the file name of a wheel or source distribution.
  static std::string_view name_of_place(std::string_view url) {
    if (const std::size_t egg = url.find("egg="); egg != std::string_view::npos) {
      std::size_t end = egg + 4;
      while (end < url.size() && is_name(url[end])) ++end;
      return url.substr(egg + 4, end - egg - 4);
    }
    std::string_view path = url.substr(0, url.find_first_of("#?"));
    path = path.substr(path.rfind('/') + 1);
    if (!path.ends_with(".whl") && !path.ends_with(".tar.gz") && !path.ends_with(".zip")) return {};
    for (std::size_t at = path.find('-'); at != std::string_view::npos; at = path.find('-', at + 1)) {
      if (at + 1 < path.size() && path[at + 1] >= '0' && path[at + 1] <= '9') return path.substr(0, at);
    }
    return {};
  }

  struct Parts {
    std::string_view name;
    std::string_view specifier;
    std::string_view url;
    std::vector<std::string_view> digests;
    bool editable = false;
    std::string_view all;
  };

  // The version of "== 1.0" or "=== 1.0" alone; "" otherwise.
  static std::string_view exact(std::string_view specifier) {
    if (specifier.starts_with('(') && specifier.ends_with(')')) specifier = specifier.substr(1, specifier.size() - 2);
    if (!specifier.starts_with("==") || specifier.find(',') != std::string_view::npos) return {};
    while (specifier.starts_with('=')) specifier.remove_prefix(1);
    specifier = trimmed(specifier);
    specifier = specifier.substr(0, specifier.find('#'));
    return specifier.find('*') == std::string_view::npos ? specifier : std::string_view{};
  }

  void keep(const Parts& parts) {
    const std::string_view version = exact(parts.specifier);
    const evidence::ComponentOriginRow from = origin_of(parts.url, "pypi", {});
    evidence::ComponentRow row{
        .at = place(parts.name.empty() ? parts.all : parts.name),
        .sbom_document_id = document_,
        .version = std::string(version),
        .kind = "library",
        .scope = "required",
        .declared_in = "manifest",
        .direct = Tri::yes,
        .pinned = evidence::tri(!version.empty() || !parts.digests.empty() || from.immutable == Tri::yes),
        .requirement = std::string(parts.url.empty() ? parts.specifier : parts.url)};
    if (parts.name.empty()) {
      identify_plain(row, {}, parts.all);
    } else {
      identify(row, "pypi", parts.name, version);
    }
    const RowId id = rows_.add(std::move(row));
    ++listed_;
    for (const std::string_view digest : parts.digests) {
      const std::size_t colon = digest.find(':');
      const Digest read = digest_of(digest.substr(0, colon), digest.substr(colon + 1));
      rows_.add(evidence::ComponentHashRow{
          .at = place(digest), .component_id = id, .algorithm = read.algorithm, .value = read.value});
    }
    evidence::ComponentOriginRow origin = from;
    origin.at = place(parts.url.empty() ? parts.name.empty() ? parts.all : parts.name : parts.url);
    origin.component_id = id;
    if (parts.editable && origin.kind == "url" && origin.host.empty()) origin.kind = "file";
    if (!parts.digests.empty()) {
      origin.integrity = parts.digests.front();
      origin.immutable = Tri::yes;
    } else if (const std::size_t hash = parts.url.find("#sha256="); hash != std::string_view::npos) {
      origin.integrity = parts.url.substr(hash + 1);
      origin.immutable = Tri::yes;
    }
    rows_.add(std::move(origin));
  }

  std::string text_;
  formats::PositionGrid grid_;
  Rows& rows_;
  Gaps gaps_;
  RowId document_ = 0;
  std::int64_t listed_ = 0;
};

}  // namespace

ReadOutcome read_pip_requirements(const intake::Input& input, evidence::Rows& rows) {
  const std::string text = as_utf8(input.bytes);
  return Requirements(text, rows).read();
}

}  // namespace assay::sbom

#include "sbom-import/lock_text.h"

namespace assay::sbom {

using evidence::RowId;

LockText::LockText(std::string_view text, evidence::Rows& rows, std::string_view format, std::string_view purl_type,
                   std::string_view declared)
    : text_(text),
      rest_(text.starts_with("\xEF\xBB\xBF") ? text.substr(3) : text),
      grid_(text),
      rows_(rows),
      out_(rows, format, purl_type, declared) {}

bool LockText::next(std::string_view& line) {
  if (rest_.empty()) return false;
  const std::size_t end = rest_.find('\n');
  line = rest_.substr(0, end);
  rest_ = end == std::string_view::npos ? std::string_view{} : rest_.substr(end + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return true;
}

evidence::LocationId LockText::place(std::string_view piece) {
  const auto begin = static_cast<std::size_t>(piece.data() - text_.data());
  return rows_.locate(grid_.span(begin, begin + piece.size()));
}

void LockText::gap(std::string_view piece, std::string_view what) {
  gaps_.add(grid_.position(static_cast<std::size_t>(piece.data() - text_.data())), what);
}

RowId LockText::package(std::string_view where, std::string_view name, std::string_view version) {
  return name.empty() ? 0 : out_.package(place(where), name, version);
}

evidence::ComponentRow& LockText::last() {
  return out_.last();
}

void LockText::origin(RowId component, std::string_view where, std::string_view url, std::string_view integrity) {
  if (component != 0) out_.origin(component, place(where), url, integrity);
}

void LockText::hash(RowId component, std::string_view where, const Digest& digest) {
  if (component != 0) out_.hash(component, place(where), digest);
}

void LockText::document_version(std::string_view version) {
  out_.document().version = version;
}

ReadOutcome LockText::finish() {
  out_.finish();
  return gaps_.outcome(rows_.lost());
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) text.remove_suffix(1);
  return text;
}

std::string_view unquoted(std::string_view text) {
  text = trimmed(text);
  if (text.size() >= 2 && (text.front() == '"' || text.front() == '\'') && text.back() == text.front())
    return text.substr(1, text.size() - 2);
  return text;
}

}  // namespace assay::sbom

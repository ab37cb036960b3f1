#include "sbom-import/lock_text.h"

namespace assay::sbom {

using evidence::RowId;

LockText::LockText(std::string_view text, evidence::Rows& rows, std::string_view format, std::string_view purl_type)
    : text_(text), rest_(text), grid_(text), rows_(rows), type_(purl_type) {
  document_ = rows_.add(evidence::SbomDocumentRow{.at = rows_.whole(), .format = std::string(format)});
}

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
  if (name.empty()) return 0;
  evidence::ComponentRow row{.at = place(where),
                             .sbom_document_id = document_,
                             .version = std::string(version),
                             .kind = "library",
                             .scope = "required",
                             .declared_in = "lockfile",
                             .pinned = evidence::Tri::yes};
  identify(row, type_, name, version);
  row.name = row.name.empty() ? std::string(name) : row.name;
  ++listed_;
  return rows_.add(std::move(row));
}

evidence::ComponentRow& LockText::last() {
  return rows_.component.back();
}

void LockText::origin(RowId component, std::string_view where, std::string_view url, std::string_view integrity) {
  if (component == 0) return;
  evidence::ComponentOriginRow row = origin_of(url, type_, integrity);
  row.at = place(where);
  row.component_id = component;
  rows_.add(std::move(row));
}

void LockText::hash(RowId component, std::string_view where, const Digest& digest) {
  if (component == 0) return;
  rows_.add(evidence::ComponentHashRow{
      .at = place(where), .component_id = component, .algorithm = digest.algorithm, .value = digest.value});
}

void LockText::document_version(std::string_view version) {
  rows_.sbom_document.back().version = version;
}

ReadOutcome LockText::finish() {
  rows_.sbom_document.back().component_count = listed_;
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

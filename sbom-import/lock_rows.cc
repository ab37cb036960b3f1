#include "sbom-import/lock_rows.h"

namespace assay::sbom {

LockRows::LockRows(evidence::Rows& rows, std::string_view format, std::string_view purl_type, std::string_view declared)
    : rows_(rows), type_(purl_type), declared_(declared), first_component_(rows.component.size()) {
  document_ = rows_.add(evidence::SbomDocumentRow{.at = rows_.whole(), .format = std::string(format)});
  document_index_ = rows_.sbom_document.size() - 1;
}

LockRows::RowId LockRows::package(At at, std::string_view name, std::string_view version) {
  return package(at, type_, name, version);
}

LockRows::RowId LockRows::package(At at, std::string_view type, std::string_view name, std::string_view version) {
  if (name.empty()) return 0;
  evidence::ComponentRow row{.at = at,
                             .sbom_document_id = document_,
                             .version = std::string(version),
                             .kind = "library",
                             .scope = "required",
                             .declared_in = declared_,
                             .pinned = evidence::tri(!version.empty())};
  if (type.empty()) {
    identify_plain(row, {}, name);
  } else {
    identify(row, type, name, version);
  }
  if (row.name.empty()) row.name = name;
  ++listed_;
  return rows_.add(std::move(row));
}

void LockRows::origin(RowId component, At at, std::string_view url, std::string_view integrity) {
  origin(component, at, origin_of(url, type_, integrity));
}

void LockRows::origin(RowId component, At at, evidence::ComponentOriginRow row) {
  if (component == 0) return;
  row.at = at;
  row.component_id = component;
  rows_.add(std::move(row));
}

void LockRows::hash(RowId component, At at, const Digest& digest) {
  if (component == 0 || digest.value.empty()) return;
  rows_.add(evidence::ComponentHashRow{
      .at = at, .component_id = component, .algorithm = digest.algorithm, .value = digest.value});
}

void LockRows::runs(RowId component, At at, std::string_view hook) {
  if (component == 0) return;
  rows_.add(evidence::InstallTriggerRow{.at = at,
                                        .component_id = component,
                                        .ecosystem = type_ == "gem" ? "rubygems" : type_,
                                        .hook = std::string(hook)});
}

void LockRows::known_as(RowId component, std::string key) {
  if (component != 0 && !key.empty()) known_.emplace(std::move(key), Known{component, rows_.component.size() - 1});
}

void LockRows::require(RowId from, At at, std::string_view target, std::string_view requirement, std::string key,
                       std::string fallback) {
  if (from == 0 || target.empty()) return;
  wanted_.push_back({from, at, std::string(target), std::string(requirement), std::move(key), std::move(fallback)});
}

void LockRows::direct(std::string key, std::string_view requirement) {
  direct_.emplace_back(std::move(key), std::string(requirement));
}

const LockRows::Known* LockRows::find(const std::string& key, const std::string& fallback) const {
  auto found = known_.find(key);
  if (found == known_.end() && !fallback.empty()) found = known_.find(fallback);
  return found == known_.end() ? nullptr : &found->second;
}

void LockRows::finish() {
  for (Wanted& wanted : wanted_) {
    const Known* to = find(wanted.key, wanted.fallback);
    rows_.add(evidence::DependencyRow{.at = wanted.at,
                                      .component_id = wanted.from,
                                      .target_id = to == nullptr ? 0 : to->id,
                                      .target = std::move(wanted.target),
                                      .requirement = std::move(wanted.requirement)});
  }
  if (!direct_.empty()) {
    for (std::size_t i = first_component_; i < rows_.component.size(); ++i) {
      evidence::ComponentRow& row = rows_.component[i];
      if (row.direct == evidence::Tri::not_examined && row.scope != "subject" && row.scope != "workspace")
        row.direct = evidence::Tri::no;
    }
  }
  for (const auto& [key, requirement] : direct_) {
    const Known* to = find(key, {});
    if (to == nullptr) continue;
    evidence::ComponentRow& row = rows_.component[to->index];
    row.direct = evidence::Tri::yes;
    if (row.requirement.empty()) row.requirement = requirement;
  }
  document().component_count = listed_;
}

}  // namespace assay::sbom

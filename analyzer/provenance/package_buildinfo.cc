#include <algorithm>
#include <map>
#include <string>

#include "analyzer/provenance/buildinfo.h"
#include "analyzer/provenance/names.h"

namespace assay::provenance {
namespace {

constexpr std::size_t max_line_bytes = 4'000;
constexpr std::size_t max_outputs = 10'000;

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) text.remove_suffix(1);
  return text;
}

// Hands out "key = value" and "key=value" lines with the place of the value.
template <class Take>
void each_line(std::string_view text, Take take) {
  for (std::uint32_t number = 1; !text.empty(); ++number) {
    const std::size_t end = text.find('\n');
    const std::string_view whole = text.substr(0, std::min(end, max_line_bytes));
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    const std::size_t sign = whole.find('=');
    if (whole.empty() || whole[0] == '#' || sign == std::string_view::npos) continue;
    const std::string_view value = trimmed(whole.substr(sign + 1));
    const auto column = static_cast<std::uint32_t>(
        value.empty() ? sign + 2 : static_cast<std::size_t>(value.data() - whole.data()) + 1);
    take(trimmed(whole.substr(0, sign)), value,
         Span{{number, column}, {number, column + static_cast<std::uint32_t>(value.size())}});
  }
}

std::string_view number_of(std::string_view key, std::string_view lead) {
  if (!key.starts_with(lead)) return {};
  key.remove_prefix(lead.size());
  return key.substr(0, key.find('.'));
}

struct Output {
  std::string name;
  std::string digest;
  Span at;
};

}  // namespace

bool looks_like_package_buildinfo(std::string_view head) {
  const bool arch = head.starts_with("format = ") && head.find("\npkgname = ") != std::string_view::npos &&
                    head.find("\npkgver = ") != std::string_view::npos;
  const bool java =
      (head.starts_with("buildinfo.version=") || head.find("\nbuildinfo.version=") != std::string_view::npos) &&
      (head.find("\nname=") != std::string_view::npos || head.find("\ngroup-id=") != std::string_view::npos);
  return arch || java;
}

ReadOutcome read_package_buildinfo(const intake::Input& input, evidence::Rows& rows) {
  ReadOutcome outcome;
  const std::string_view text = input.bytes;
  const bool arch = text.starts_with("format = ");
  evidence::AttestationRow row{.at = rows.whole(), .format = "buildinfo", .envelope = "buildinfo"};
  const evidence::RowId id = rows.add(row);
  std::map<std::string, std::string, std::less<>> fields;
  std::map<std::string, Output, std::less<>> outputs;
  std::int64_t materials = 0;
  each_line(text, [&](std::string_view key, std::string_view value, const Span& at) {
    if (arch && key == "installed") {
      // "name-version-release-architecture"
      std::size_t cut = value.rfind('-');
      for (int part = 0; part < 2 && cut != std::string_view::npos && cut > 0; ++part) cut = value.rfind('-', cut - 1);
      if (cut == std::string_view::npos || cut == 0) return;
      const std::string_view version = value.substr(cut + 1, value.rfind('-') - cut - 1);
      ++materials;
      rows.add(evidence::AttestationMaterialRow{
          .at = rows.locate(at),
          .attestation_id = id,
          .uri = "pkg:alpm/arch/" + std::string(value.substr(0, cut)) + "@" + std::string(version),
          .reference = std::string(version),
          .source = evidence::Tri::no});
      return;
    }
    if (const std::string_view number = number_of(key, "outputs."); !number.empty() && !arch) {
      if (outputs.size() >= max_outputs && outputs.find(number) == outputs.end()) return;
      Output& one = outputs[std::string(number)];
      if (key.ends_with(".filename"))
        one.name = value, one.at = at;
      else if (key.ends_with(".checksums.sha512"))
        one.digest = lower(value);
      return;
    }
    if (fields.size() < 1'000) fields.emplace(key, value);
  });
  const auto field = [&](std::string_view key) {
    const auto found = fields.find(key);
    return found == fields.end() ? std::string() : found->second;
  };
  evidence::AttestationRow& kept = rows.attestation.back();
  kept.version = arch ? field("format") : field("buildinfo.version");
  kept.builder = arch ? field("packager") : field("java.vendor");
  kept.workflow = arch ? field("pkgbase") : field("name");
  kept.environment = arch ? field("builddir") : field("os.name");
  kept.build_type = arch ? field("buildtool") : field("build-tool");
  kept.materials = materials;
  std::string place = field("source.scm.uri");
  if (place.starts_with("scm:git:")) place.erase(0, 8);
  const RepositoryName source = repository_of(place);
  kept.repository = source.repository;
  kept.reference = field("source.scm.tag");
  if (arch && !field("pkgname").empty()) {
    kept.subjects = 1;
    rows.add(evidence::AttestationSubjectRow{.at = rows.whole(),
                                             .attestation_id = id,
                                             .name = field("pkgname"),
                                             .version = field("pkgver"),
                                             .purl_type = "alpm",
                                             .full_name = "arch/" + lower(field("pkgname"))});
    if (const std::string digest = field("pkgbuild_sha256sum"); !digest.empty()) {
      ++rows.attestation.back().materials;
      rows.add(evidence::AttestationMaterialRow{.at = rows.whole(),
                                                .attestation_id = id,
                                                .uri = "PKGBUILD",
                                                .algorithm = "sha256",
                                                .digest = lower(digest),
                                                .source = evidence::Tri::yes});
    }
  }
  for (const auto& [number, one] : outputs) {
    if (one.name.empty()) continue;
    ++rows.attestation.back().subjects;
    rows.add(evidence::AttestationSubjectRow{.at = rows.locate(one.at),
                                             .attestation_id = id,
                                             .name = one.name,
                                             .version = field("version"),
                                             .algorithm = "sha512",
                                             .digest = one.digest});
  }
  return outcome;
}

}  // namespace assay::provenance

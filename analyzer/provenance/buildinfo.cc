#include "analyzer/provenance/buildinfo.h"

#include <algorithm>
#include <string>

#include "analyzer/provenance/names.h"

namespace assay::provenance {
namespace {

constexpr std::size_t max_line_bytes = 4'000;

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) text.remove_suffix(1);
  return text;
}

std::string_view word(std::string_view& text) {
  text = trimmed(text);
  const std::string_view one = text.substr(0, text.find(' '));
  text.remove_prefix(one.size());
  return one;
}

bool field(std::string_view head, std::string_view name) {
  for (std::size_t at = head.find(name); at != std::string_view::npos; at = head.find(name, at + 1)) {
    if (at == 0 || head[at - 1] == '\n') return true;
  }
  return false;
}

class Buildinfo {
 public:
  explicit Buildinfo(evidence::Rows& rows) : rows_(rows) {}

  void read(std::string_view text) {
    id_ = rows_.add(evidence::AttestationRow{.at = rows_.whole(), .format = "buildinfo", .envelope = "buildinfo"});
    for (std::uint32_t number = 1; !text.empty() || number == 1; ++number) {
      const std::size_t end = text.find('\n');
      line(text.substr(0, std::min(end, max_line_bytes)), number);
      if (end == std::string_view::npos) break;
      text.remove_prefix(end + 1);
    }
    evidence::AttestationRow& row = rows_.attestation.back();
    row.subjects = subjects_;
    row.materials = materials_;
  }

 private:
  evidence::LocationId place(std::string_view whole, std::string_view part, std::uint32_t number) {
    const auto begin = static_cast<std::uint32_t>(part.data() - whole.data());
    return rows_.locate({{number, begin + 1}, {number, begin + 1 + static_cast<std::uint32_t>(part.size())}});
  }

  void line(std::string_view whole, std::uint32_t number) {
    if (trimmed(whole).starts_with("-----BEGIN PGP SIGNED MESSAGE-----")) {
      rows_.add(
          evidence::SignatureRow{.at = place(whole, trimmed(whole), number), .attestation_id = id_, .kind = "openpgp"});
      return;
    }
    if (whole.empty()) return;
    if (whole[0] != ' ' && whole[0] != '\t') {
      const std::size_t colon = whole.find(':');
      current_ = whole.substr(0, colon == std::string_view::npos ? 0 : colon);
      if (colon != std::string_view::npos) value(trimmed(whole.substr(colon + 1)));
      return;
    }
    if (current_ == "Checksums-Sha256" || (current_ == "Checksums-Sha1" && !strong_))
      checksum(whole, number);
    else if (current_ == "Installed-Build-Depends")
      dependency(whole, number);
  }

  void value(std::string_view text) {
    evidence::AttestationRow& row = rows_.attestation.back();
    if (current_ == "Format")
      row.version = text;
    else if (current_ == "Build-Origin")
      row.builder = text;
    else if (current_ == "Build-Date")
      row.finished = text;
    else if (current_ == "Source")
      row.workflow = word(text);
    else if (current_ == "Version")
      version_ = text;
    else if (current_ == "Build-Path")
      row.environment = text;
    else if (current_ == "Checksums-Sha256")
      strong_ = true;
  }

  // " DIGEST SIZE name_version_arch.deb"
  void checksum(std::string_view whole, std::uint32_t number) {
    std::string_view rest = whole;
    const std::string_view digest = word(rest);
    word(rest);
    const std::string_view file = trimmed(rest);
    if (digest.empty() || file.empty()) return;
    evidence::AttestationSubjectRow row{.at = place(whole, file, number),
                                        .attestation_id = id_,
                                        .name = std::string(file),
                                        .algorithm = digest.size() == 40 ? "sha1" : "sha256",
                                        .digest = lower(digest)};
    if (file.ends_with(".deb")) {
      row.purl_type = "deb";
      row.full_name = "debian/" + std::string(file.substr(0, file.find('_')));
      row.version = version_;
    }
    ++subjects_;
    rows_.add(std::move(row));
  }

  // " name (= version),"
  void dependency(std::string_view whole, std::uint32_t number) {
    std::string_view rest = trimmed(whole);
    if (rest.ends_with(',')) rest.remove_suffix(1);
    const std::string_view all = rest;
    const std::string_view name = word(rest);
    rest = trimmed(rest);
    if (name.empty() || !rest.starts_with("(=")) return;
    std::string_view version = trimmed(rest.substr(2));
    if (version.ends_with(')')) version.remove_suffix(1);
    ++materials_;
    rows_.add(
        evidence::AttestationMaterialRow{.at = place(whole, all, number),
                                         .attestation_id = id_,
                                         .uri = "pkg:deb/debian/" + std::string(name) + "@" + std::string(version),
                                         .reference = std::string(version),
                                         .source = evidence::Tri::no});
  }

  evidence::Rows& rows_;
  evidence::RowId id_ = 0;
  std::string_view current_;
  std::string version_;
  bool strong_ = false;
  std::int64_t subjects_ = 0;
  std::int64_t materials_ = 0;
};

}  // namespace

bool looks_like_buildinfo(std::string_view head) {
  const bool begun = field(head, "Format: 0.") || field(head, "Format: 1.");
  return begun && field(head, "Source: ") &&
         (field(head, "Build-Architecture:") || field(head, "Build-Origin:") ||
          field(head, "Installed-Build-Depends:") || head.find(".buildinfo") != std::string_view::npos) &&
         field(head, "Architecture: ") && !field(head, "Distribution: ");
}

ReadOutcome read_buildinfo(const intake::Input& input, evidence::Rows& rows) {
  if (input.bytes.size() >= (std::size_t{1} << 31U)) {
    ReadOutcome outcome;
    outcome.not_at_all("larger than 2 GiB");
    return outcome;
  }
  Buildinfo(rows).read(input.bytes);
  return {};
}

}  // namespace assay::provenance

#include "analyzer/pipeline/github/uses.h"

#include <algorithm>

namespace assay::pipeline::github {
namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

bool is_hex(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); });
}

std::string_view kind_of_reference(std::string_view reference) {
  if (reference.empty()) return "none";
  if (reference.find("${{") != std::string_view::npos) return "expression";
  if ((reference.size() == 40 || reference.size() == 64) && is_hex(reference)) return "commit";
  std::string_view rest = reference;
  if (rest[0] == 'v') rest.remove_prefix(1);
  const bool version = !rest.empty() && rest[0] >= '0' && rest[0] <= '9' && rest.find('.') != std::string_view::npos;
  return version ? "tag" : "branch-or-tag";
}

}  // namespace

evidence::UsesRow parse_image(std::string_view text) {
  evidence::UsesRow row;
  row.kind = "image";
  row.text = text;
  row.immutable = evidence::Tri::no;
  row.first_party = evidence::Tri::no;
  if (text.starts_with("docker://")) text.remove_prefix(9);
  if (text.find("${{") != std::string_view::npos && text.find("@sha256:") == std::string_view::npos) {
    row.name = text;
    row.reference_kind = "expression";
    row.immutable = evidence::Tri::not_examined;
    return row;
  }
  std::string_view digest;
  if (const std::size_t at = text.find('@'); at != std::string_view::npos) {
    digest = text.substr(at + 1);
    text = text.substr(0, at);
  }
  std::string_view tag;
  const std::size_t colon = text.rfind(':');
  if (colon != std::string_view::npos && text.find('/', colon) == std::string_view::npos) {
    tag = text.substr(colon + 1);
    text = text.substr(0, colon);
  }
  row.name = lower(text);
  if (const std::size_t slash = row.name.rfind('/'); slash != std::string::npos) row.owner = row.name.substr(0, slash);
  row.reference = digest.empty() ? std::string(tag) : lower(digest);
  row.reference_kind = !digest.empty() ? "digest" : tag.empty() ? "none" : "tag";
  row.immutable = evidence::tri(digest.starts_with("sha256:") || digest.starts_with("sha512:"));
  return row;
}

evidence::UsesRow parse_uses(std::string_view text, bool reusable_workflow) {
  if (text.starts_with("docker://")) return parse_image(text);
  evidence::UsesRow row;
  row.text = text;
  row.kind = reusable_workflow ? "reusable-workflow" : "action";
  row.first_party = evidence::Tri::no;
  if (text.starts_with("./") || text.starts_with("../") || text.starts_with("$/") || text.starts_with(".\\") ||
      text == ".") {
    row.kind = "local";
    row.path = text;
    row.reference_kind = "none";
    row.immutable = evidence::Tri::yes;  // the same commit as the definition
    return row;
  }
  const std::size_t at = text.rfind('@');
  std::string_view slug = text.substr(0, at);
  if (at != std::string_view::npos) row.reference = text.substr(at + 1);
  row.reference_kind = kind_of_reference(row.reference);
  if (row.reference_kind == "commit") row.reference = lower(row.reference);
  const std::size_t owner_end = slug.find('/');
  const std::size_t name_end = owner_end == std::string_view::npos ? owner_end : slug.find('/', owner_end + 1);
  row.owner = lower(slug.substr(0, owner_end));
  row.name = lower(slug.substr(0, name_end));
  if (name_end != std::string_view::npos) row.path = slug.substr(name_end + 1);
  row.immutable = evidence::tri(row.reference_kind == "commit");
  row.first_party = evidence::tri(row.owner == "actions" || row.owner == "github");
  return row;
}

}  // namespace assay::pipeline::github

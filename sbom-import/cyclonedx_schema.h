#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace assay::sbom {

// What CycloneDX allows where, as tables: one table an object, one line a field, with the versions (1.x) that know it.
// Made from the text of the specification (cyclonedx.org/docs, ECMA-424).

enum class Shape : std::uint8_t {
  anything,  // not looked into
  text,
  filled,  // text that is not empty
  boolean,
  integer,
  number,
  word,        // one of `words`
  object,      // by `object`
  objects,     // a list of them
  texts,       // a list of strings
  word_list,   // a list of `words`
  list,        // a list, not looked into
  time,        // RFC 3339
  digest,      // hexadecimal, of a length a digest has
  serial,      // urn:uuid:…
  license_id,  // SPDX identifier
  address,     // text without white space
};

enum class ObjectName : std::uint8_t {
  none,
  document,
  metadata,
  tool,
  tools,
  component,
  service,
  hash,
  license_choice,
  license,
  attachment,
  organization,
  contact,
  property,
  swid,
  pedigree,
  commit,
  person,
  patch,
  diff,
  issue,
  source,
  external_reference,
  dependency,
  service_data,
  composition,
  vulnerability,
  rating,
  analysis,
  affects,
  version_range,
  advisory,
  credits,
  annotation,
  lifecycle,
  evidence,
  release_notes,
  vulnerability_reference,
  note,
};

struct FieldRule {
  std::string_view key;
  Shape shape = Shape::anything;
  ObjectName object = ObjectName::none;
  std::span<const std::string_view> words{};
  int since = 2;
  int required_since = 99;
  int required_until = 99;
};

struct ObjectRule {
  std::span<const FieldRule> fields;
  bool closed = true;  // other fields are violations
};

const ObjectRule& rule_of(ObjectName name);

inline constexpr int newest_version = 7;  // 1.7

}  // namespace assay::sbom

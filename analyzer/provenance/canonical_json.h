#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/formats/json_tree.h"

namespace assay::provenance {

// What of an object does not belong to what was signed.
struct LeftOut {
  formats::JsonNode object;       // of this object …
  std::vector<std::string> keys;  // … these members
};
// An array of which only some items were signed.
struct OnlyItems {
  formats::JsonNode array;
  std::size_t first = 0;
  std::size_t count = 0;
};

// The bytes of a JSON value in the JSON Canonicalization Scheme (RFC 8785): no blanks, members by the UTF-16 code units
// of their keys, numbers as ECMAScript prints them. Nothing when they would be more than `most`, when a key is repeated
// or when a part is no JSON: such a value has no canonical form. Recursion is bounded by limits::max_json_depth.
std::optional<std::string> canonical_json(const formats::JsonNode& value, const std::vector<LeftOut>& left_out,
                                          const std::optional<OnlyItems>& only, std::size_t most);

// A number as ECMAScript prints it (ECMA-262, Number::toString); nothing when it is no finite double.
std::optional<std::string> canonical_number(std::string_view text);

}  // namespace assay::provenance

#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace assay::product {

// Days since 1970-01-01 (proleptic Gregorian) of a text that begins with "yyyy-mm-dd" and is either that long or goes
// on with 'T' or ' ' as RFC 3339 does; nothing when it is no date of the calendar.
std::optional<std::int64_t> day_of(std::string_view text);

}  // namespace assay::product

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace assay::buildlog {

// Milliseconds since 1970 of "2022-05-13T18:52:42.8183210Z"; -1 when it is no such stamp.
std::int64_t milliseconds(std::string_view stamp);

// "2022-05-13T18:52:42.818Z"; "" outside of the years 1970 to 9999.
std::string stamp_of(std::int64_t milliseconds);

// The decimal number at the front of `text`, removed from it; -1 when there is none or it has more than 15 digits.
std::int64_t take_number(std::string_view& text);

// Remembers the latest stamp and tells by how many milliseconds the next one lies before it, 0 when it does not.
// Comparing equal-length stamps costs no parsing.
class Clock {
 public:
  std::int64_t backwards(std::string_view stamp);

 private:
  std::string_view latest_;
};

}  // namespace assay::buildlog

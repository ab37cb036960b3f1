#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace assay::drift {

// Which of two versions is later by the rules of their ecosystem (a purl type): negative, 0 or positive; nothing when
// no order tells. Pure and thread-safe. Given by the caller, because this room knows no ecosystem.
using VersionOrder = std::function<std::optional<int>(std::string_view purl_type, std::string_view, std::string_view)>;

// How far apart two versions are by the first of their numbers that differs: "major", "minor", "patch" or "smaller";
// "" when they are equal or do not begin with numbers. An epoch ("1:") and a leading "v" do not count.
std::string_view step_between(std::string_view was, std::string_view now);

// The order of versions whose ecosystem is not known: numbers by value, words by their letters, and a version that ends
// in a word of a pre-release ("-rc.1") before the one without. Nothing when one has no digit.
std::optional<int> plain_order(std::string_view a, std::string_view b);

}  // namespace assay::drift

#pragma once

#include <string_view>

#include "analyzer/base/result.h"
#include "analyzer/engine/bundle.h"

namespace assay::app {

// What was compiled into the binary when it was built.
std::string_view bundled_rules();
std::string_view bundled_known();  // an SQLite image
// One file of rules/policies by name; "" when there is none.
std::string_view bundled_policy(std::string_view name);

// The rules that apply: the bundled ones, with those of `extra` (--rules DIR) added or overriding.
Result<engine::Bundle> load_rules(const std::string& extra);

}  // namespace assay::app

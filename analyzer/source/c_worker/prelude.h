#pragma once

#include <string_view>

namespace assay::source {

// Names that headers would have declared: without them the parser gives up the calls they stand in. Put before the
// text, in whole lines.
std::string_view c_prelude(bool cpp);

}  // namespace assay::source

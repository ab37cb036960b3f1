#pragma once

#include <string_view>

namespace assay::sbom {

// Whether this is a short identifier of the SPDX licence list, in its exact case.
bool is_spdx_license(std::string_view identifier);

}  // namespace assay::sbom

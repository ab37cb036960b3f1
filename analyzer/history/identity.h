#pragma once

#include <string_view>

namespace assay::history {

// Whether a name or e-mail claims to be a program rather than a person: "renovate[bot]", "ci-bot", "Claude", "Copilot".
// A claim only; whether it is true is a rule's question.
bool claims_to_be_a_bot(std::string_view name, std::string_view email);

}  // namespace assay::history

#include "analyzer/model/fleet.h"

namespace assay {

std::string_view word(Answer answer) {
  constexpr std::string_view words[] = {"AFFECTED", "POSSIBLE", "NOT EXAMINED", "EXCLUDED", "NOT SEEN"};
  return words[static_cast<std::size_t>(answer)];
}

std::string_view word(CredentialPower power) {
  constexpr std::string_view words[] = {"publishes", "pushes-code", "runs-elsewhere", "unknown",
                                        "machine",   "identity",    "job-token"};
  return words[static_cast<std::size_t>(power)];
}

}  // namespace assay

#include "analyzer/model/fleet.h"

namespace assay {

std::string_view word(Answer answer) {
  constexpr std::string_view words[] = {"AFFECTED", "POSSIBLE", "NOT EXAMINED", "NOT SEEN"};
  return words[static_cast<std::size_t>(answer)];
}

}  // namespace assay

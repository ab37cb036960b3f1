#include "analyzer/model/finding.h"

namespace assay {

std::string_view word(Standing standing) {
  switch (standing) {
    case Standing::unknown:
      return "unknown";
    case Standing::fresh:
      return "new";
    case Standing::known:
      return "unchanged";
    case Standing::gone:
      return "absent";
  }
  return "unknown";
}

}  // namespace assay

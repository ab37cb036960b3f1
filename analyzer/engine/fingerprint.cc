#include "analyzer/engine/fingerprint.h"

#include <map>

#include "analyzer/base/digest.h"

namespace assay::engine {

void add_fingerprints(std::vector<Finding>& findings, const Bundle& bundle) {
  std::map<std::string, int> seen;
  for (Finding& finding : findings) {
    const Rule* rule = bundle.find(finding.rule);
    std::string identity = finding.rule + '\n' + finding.at.path + '\n';
    if (rule != nullptr && !rule->fingerprint.empty()) {
      for (const std::string& column : rule->fingerprint) {
        const auto value = finding.values.find(column);
        identity += column + '=' + (value == finding.values.end() ? "" : value->second) + '\n';
      }
    } else {
      identity += finding.message;
    }
    const int ordinal = seen[identity]++;
    finding.fingerprint = digest::sha256(identity + '\n' + std::to_string(ordinal)).substr(0, 32);
  }
}

}  // namespace assay::engine

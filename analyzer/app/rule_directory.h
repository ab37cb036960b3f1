#pragma once

#include <string>
#include <vector>

#include "analyzer/base/result.h"
#include "analyzer/engine/bundle.h"
#include "analyzer/engine/rule_reader.h"
#include "analyzer/feeds/incident.h"
#include "analyzer/feeds/known_database.h"

namespace assay::app {

// Everything under a rules folder, read: rule files, incidents, lists. All errors, not only the first.
struct RuleDirectory {
  std::vector<engine::Rule> rules;
  std::vector<feeds::Incident> incidents;
  std::vector<feeds::ListFile> lists;
  std::vector<Error> errors;

  std::vector<engine::Bundle::IndicatorValue> indicator_values() const;
};

// `root` is a folder laid out like rules/; a folder that holds only rule files directly is fine too.
RuleDirectory read_rule_directory(const std::string& root);

// The same for one rule file; its id is its path below the folder named rules, or its name.
engine::RuleReading read_rule_file(const std::string& path);

// The files of a policies folder in one text: for each "NAME SIZE\n" and the bytes.
Result<std::string> read_policies(const std::string& folder);

Result<std::string> read_whole_file(const std::string& path, std::uint64_t most);

}  // namespace assay::app

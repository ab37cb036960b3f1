#pragma once

#include <string>
#include <vector>

#include "analyzer/formats/yaml_tree.h"

namespace assay::formats {

// What people write as one word or sentence in a file of Assay's own: the scalar's text without white space around it,
// which block scalars and quotes bring in. "" for what is no scalar.
std::string yaml_word(const YamlNode& node);
// The same of each item of a list, or of the one thing that stands where a list may.
std::vector<std::string> yaml_words(const YamlNode& node);
// "line:column" of the node; "1:1" when it is missing.
std::string yaml_place(const YamlNode& node);

}  // namespace assay::formats

#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "analyzer/evidence/rows.h"
#include "analyzer/formats/yaml_tree.h"

// What the readers of YAML definitions share, whatever the system. Total functions, no state.
namespace assay::pipeline {

// The key node of an entry; missing when there is none.
formats::YamlNode key_of(const formats::YamlNode& mapping, std::string_view name);

// Scalars of a list (or the one scalar), comma-separated.
std::string joined(const formats::YamlNode& node);

// The first key of a mapping: where a file as a whole is pointed at.
Span first_key(const formats::YamlNode& mapping);

// Notes in `outcome` what could not be read; false when there is nothing to read.
bool readable(const formats::YamlTree::Salvaged& file, const formats::YamlNode& root, ReadOutcome& outcome);

// One `setting` for every scalar below `node`, at its key (at the item in lists). `skip`: names of entries of `node`
// itself that are left out. Nested at most as deep as limits::max_yaml_depth lets a file be.
void add_settings(evidence::Rows& rows, evidence::RowId workflow, evidence::RowId job, const formats::YamlNode& node,
                  std::string_view prefix, std::initializer_list<std::string_view> skip = {});

// One setting.
void add_setting(evidence::Rows& rows, evidence::RowId workflow, evidence::RowId job, evidence::LocationId at,
                 std::string_view name, std::string_view value, std::int64_t item = -1);

// An owner/name repository of a git URL, lower case ("https://github.com/a/b.git" → "a/b"), with its host in front
// unless that is github.com; "" when it is no such URL.
std::string repository_of_url(std::string_view url);

// A full commit: 40 or 64 hexadecimal digits.
bool is_commit(std::string_view reference);

}  // namespace assay::pipeline

#pragma once

#include <map>
#include <string>
#include <string_view>

#include "analyzer/evidence/rows.h"
#include "analyzer/formats/yaml_tree.h"
#include "analyzer/pipeline/gitlab/job_view.h"

namespace assay::pipeline::gitlab {

// Whether an input of spec:inputs takes only listed or checked values.
struct InputLimits {
  std::map<std::string, bool, std::less<>> limited;
};

// Turns one job into rows. Used for one file by one thread.
class JobRows {
 public:
  JobRows(evidence::Rows& rows, const File& file, const InputLimits& inputs, evidence::RowId workflow)
      : rows_(rows), file_(file), inputs_(inputs), workflow_(workflow) {}

  void add(const formats::YamlNode& key, const JobView& job);
  // Variables of the file or of a job (mappings with value and description too).
  void variables(const std::vector<std::pair<formats::YamlNode, formats::YamlNode>>& entries, evidence::RowId job);
  // $[[ inputs ]] and variables in a scalar that is no script.
  void references(const formats::YamlNode& value, std::string_view sink, evidence::RowId job);
  bool complete() const { return complete_; }

 private:
  struct Place {
    evidence::RowId job = 0;
    evidence::RowId step = 0;
  };
  struct Control {
    std::string by;
    std::string via;
  };

  void image(const formats::YamlNode& node, evidence::RowId job);
  void rights(const JobView& job, evidence::RowId id);
  void shared(const JobView& job, evidence::RowId id);
  void settings(const JobView& job, evidence::RowId id);
  void add_key(const formats::YamlNode& key, const formats::YamlNode& value, evidence::RowId id);
  void add_list_item(std::string_view name, const formats::YamlNode& item, std::int64_t position, evidence::RowId id);
  void section(const JobView& job, evidence::RowId id, std::string_view name, std::int64_t position);
  void line(const formats::YamlNode& node, const Place& place, std::int64_t& pipelines);
  void expression(evidence::LocationId at, std::string_view text, std::string_view context, std::string_view sink,
                  const Control& control, const Place& place);
  Control control_of(std::string_view variable, int depth) const;
  void use_secret(std::string_view name, evidence::LocationId at, const Place& place, std::string_view sink);

  evidence::Rows& rows_;
  const File& file_;
  const InputLimits& inputs_;
  evidence::RowId workflow_;
  const JobView* current_ = nullptr;
  bool complete_ = true;
};

}  // namespace assay::pipeline::gitlab

#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/evidence/rows.h"
#include "analyzer/formats/shell_commands.h"
#include "analyzer/formats/yaml_tree.h"

namespace assay::pipeline::others {

// A place in a text that the system replaces before a shell sees it: $(NAME) of Azure, << NAME >> of CircleCI …
struct Macro {
  std::string name;  // between the signs, blanks removed
  std::size_t begin = 0;
  std::size_t end = 0;
};
// Macros between `open` and `close`; names hold no blank, quote or line break.
std::vector<Macro> macros_in(std::string_view text, std::string_view open, std::string_view close);

// A script with the way to say where its bytes stand.
struct Script {
  std::string_view text;
  std::function<Span(std::size_t, std::size_t)> span;
  formats::ShellDialect dialect = formats::ShellDialect::posix;
};
// The script a scalar holds. The node's tree must outlive it.
Script script_of(const formats::YamlNode& node, formats::ShellDialect dialect = formats::ShellDialect::posix);

// Writes the rows of one definition of a smaller system. Used by one thread.
class PipelineRows {
 public:
  PipelineRows(evidence::Rows& rows, std::string_view system, std::string_view kind, std::string_view path, Span at);

  evidence::Rows& rows() { return rows_; }
  evidence::RowId workflow() const { return workflow_; }

  void trigger(Span at, std::string_view event, evidence::Tri outsider, evidence::Tri privileged);
  evidence::RowId job(Span at, std::string_view name, std::string_view runs_on = {}, std::string_view environment = {});
  evidence::RowId step(Span at, evidence::RowId job, std::int64_t position, std::string_view name,
                       std::string_view kind, std::string_view script);
  void image(Span at, std::string_view text, evidence::RowId job);
  void uses(Span at, evidence::UsesRow row, evidence::RowId job, evidence::RowId step);
  void variable(const formats::YamlNode& key, std::string_view name, std::string_view value, evidence::RowId job,
                evidence::RowId step = 0);
  void input(const formats::YamlNode& key, std::string_view name, std::string_view value, evidence::RowId job,
             evidence::RowId step);
  void secret(Span at, std::string_view name, std::string_view sink, evidence::RowId job, evidence::RowId step);
  void expression(Span at, std::string_view context, std::string_view sink, std::string_view by, evidence::RowId job,
                  evidence::RowId step);
  void shared(Span at, std::string_view kind, std::string_view direction, std::string_view key, std::string_view path,
              evidence::RowId job, evidence::RowId step);
  void checkout(Span at, std::string_view reference, evidence::Tri outsider, evidence::Tri persists,
                evidence::RowId job, evidence::RowId step);

  // The commands of a script, what they publish, and the variables of the environment they use whose control
  // `who` knows ("" for none of its business).
  void commands(const Script& script, std::string_view origin, evidence::RowId job, evidence::RowId step,
                const std::function<std::string_view(std::string_view)>& who = {});

 private:
  evidence::Rows& rows_;
  evidence::RowId workflow_ = 0;
  std::int64_t pipelines_ = 0;
};

}  // namespace assay::pipeline::others

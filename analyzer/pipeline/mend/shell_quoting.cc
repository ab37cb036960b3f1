#include "analyzer/pipeline/mend/shell_quoting.h"

#include <vector>

namespace assay::pipeline::mend {
namespace {

bool begins_comment(std::string_view script, std::size_t at) {
  return script[at] == '#' && (at == 0 || script[at - 1] == ' ' || script[at - 1] == '\n' || script[at - 1] == '\t' ||
                               script[at - 1] == ';');
}

}  // namespace

Quoting quoting_at(std::string_view script, std::size_t at) {
  if (script.find("<<") != std::string_view::npos) return Quoting::unknown;
  std::vector<Quoting> open{Quoting::none};  // one for every $( the byte stands in
  for (std::size_t i = 0; i < at && i < script.size(); ++i) {
    const char c = script[i];
    Quoting& now = open.back();
    if (now == Quoting::single) {
      if (c == '\'') now = Quoting::none;
      continue;
    }
    if (script.compare(i, 3, "${{") == 0) {  // GitHub's, gone before the shell reads
      const std::size_t end = script.find("}}", i);
      if (end == std::string_view::npos || end >= at) return now;
      i = end + 1;
    } else if (c == '\\') {
      ++i;
    } else if (c == '`' || script.compare(i, 3, "$((") == 0 || script.compare(i, 2, "$'") == 0) {
      return Quoting::unknown;
    } else if (script.compare(i, 2, "$(") == 0) {
      open.push_back(Quoting::none);
      ++i;
    } else if (c == ')' && now == Quoting::none && open.size() > 1) {
      open.pop_back();
    } else if (c == '"') {
      now = now == Quoting::dual ? Quoting::none : Quoting::dual;
    } else if (c == '\'' && now == Quoting::none) {
      now = Quoting::single;
    } else if (now == Quoting::none && begins_comment(script, i)) {
      const std::size_t end = script.find('\n', i);
      if (end == std::string_view::npos || end >= at) return Quoting::unknown;
      i = end;
    }
  }
  return open.back();
}

}  // namespace assay::pipeline::mend

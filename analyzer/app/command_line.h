#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "analyzer/app/examine.h"
#include "reports/render.h"

namespace assay::app {

// What the verbs take from the command line, after parsing.
struct CommonOptions {
  ExamineOptions examine;
  std::string rules_directory;
  std::vector<std::string> key_files;
  std::vector<std::string> outputs;  // FORMAT or FORMAT=PATH; empty: terminal
  int jobs = 0;                      // 0: as many as processors
  bool show_secrets = false;
  bool everything = false;
  bool past_contents = false;  // scan --history: every distinct content ever committed
  std::string fix;             // scan --fix: diff | apply, "" for no
  std::string mirror;          // folder of clones, OWNER/NAME or OWNER/NAME.git, for --fix
};

// What only `sweep` takes.
struct SweepCommand {
  std::string store = "assay-fleet.sqlite";
  unsigned shard = 0;
  unsigned shards = 1;
  bool all = false;
};

struct HuntCommand {
  std::string store = "assay-fleet.sqlite";
  std::string format = "table";
  std::string from;  // of the window in which the bad version could be had; "": what the incident says
  std::string until;
  bool strict = false;
};

// One function a verb; each returns the process's exit code (architecture, section 6).
int run_scan(const std::vector<std::string>& paths, const CommonOptions& options);
int run_gate(const std::string& path, const std::string& base, const std::string& head, const CommonOptions& options);
int run_diff(const std::string& old_name, const std::string& new_name, const std::string& repository,
             const CommonOptions& options);
int run_review(const std::string& product_yaml, const CommonOptions& options);
int run_sweep(const std::string& fleet_file, const SweepCommand& command, const CommonOptions& options);
int run_hunt(const std::vector<std::string>& words, const HuntCommand& command);
int run_query(const std::string& sql, const std::vector<std::string>& paths, const std::string& format,
              const CommonOptions& options);
int run_report(const std::string& run, const CommonOptions& options);
int run_rules_list(const std::string& format, const CommonOptions& options);
int run_rules_show(const std::string& id, const CommonOptions& options);
int run_rules_test(const std::vector<std::string>& ids, const std::string& directory, bool list_only);
int run_rules_new(const std::string& id, const std::string& directory);
int run_explain(const std::string& what, const std::string& run, const CommonOptions& options);
int run_docs(const std::string& what, const std::string& rules_directory);

// Prints "assay: error: …" on standard error and returns the exit code its kind calls for.
int report_error(const Error& error);
// Writes text that is safe already to standard output.
void write_text(std::string_view text);
// Ends the process with this exit code, everything written being flushed and nothing freed.
[[noreturn]] void leave(int exit_code);
// Writes the report in every format asked for; 0, or 2 when one could not be written.
int write_outputs(const Report& report, const CommonOptions& options);

}  // namespace assay::app

#include <tbb/global_control.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <ctime>
#include <exception>
#include <fstream>
#include <optional>
#include <sstream>

#include "analyzer/app/command_line.h"
#include "analyzer/app/named_questions.h"
#include "analyzer/app/sbom_verb.h"
#include "analyzer/app/version.h"
#include "analyzer/app/worker_program.h"
#include "reports/answers.h"

namespace {

using assay::app::CommonOptions;

std::string today() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  char text[16];
  std::strftime(text, sizeof text, "%Y-%m-%d", &parts);
  return text;
}

struct Words {
  std::string audience = "regular";
  std::string min_confidence = "low";
};

void add_output(CLI::App& verb, CommonOptions& options) {
  verb.add_option("-o,--output", options.outputs,
                  "FORMAT or FORMAT=PATH, repeatable: terminal json sarif html markdown csv junit …");
  verb.add_flag("--show-secrets", options.show_secrets, "do not mask what looks like a credential");
  verb.add_flag("--everything", options.everything, "fold nothing in the terminal");
}

void add_common(CLI::App& verb, CommonOptions& options, Words& words) {
  add_output(verb, options);
  verb.add_option("--fail-on", options.examine.fail_on, "exit with 1 from this severity on, or on any attack path")
      ->check(CLI::IsMember({"none", "low", "medium", "high", "critical", "path"}))
      ->capture_default_str();
  verb.add_option("--audience", words.audience, "whose findings to show")
      ->check(CLI::IsMember({"regular", "pedantic", "auditor"}))
      ->capture_default_str();
  verb.add_option("--min-confidence", words.min_confidence, "leave out rules that are less often right")
      ->check(CLI::IsMember({"low", "medium", "high"}));
  verb.add_option("--rules", options.rules_directory, "folder of rules to add or to override with");
  verb.add_option("--baseline", options.examine.baseline, "earlier report in JSON; what it has is not counted");
  verb.add_option("--exceptions", options.examine.exceptions, "file of exceptions with reason and end");
  verb.add_option("--past", options.examine.past, "SQLite file of what was seen before");
  verb.add_option(
          "--key,--trust", options.key_files,
          "public key or certificate that attestations and SBOMs must be signed with, itself or through authorities")
      ->check(CLI::ExistingFile);
  verb.add_flag("--strict", options.examine.strict, "exit with 5 when not everything could be read");
  verb.add_option("-j,--jobs", options.jobs, "threads; 0: as many as processors")->check(CLI::Range(0, 1024));
  verb.add_flag("--stats", options.examine.stats, "say where the time went");
}

}  // namespace

int main(int argc, char** argv) {
  using namespace assay;
  CLI::App program{"Assay finds the weakest link in a software supply chain."};
  program.set_version_flag("--version", std::string(app::version));
  program.require_subcommand(1);
  program.footer(
      "Exit: 0 nothing at or above --fail-on · 1 findings · 2 usage · 3 nothing to examine · 4 invalid rule · 5 "
      "incomplete (--strict)");
  CommonOptions options;
  Words words;
  options.examine.today = today();
  options.examine.c_worker = app::c_worker_program();
  options.examine.progress = true;

  std::vector<std::string> paths;
  CLI::App* scan =
      program.add_subcommand("scan", "examine anything: directory, repository, SBOM, lockfile, log, archive, '-'");
  scan->add_option("PATH", paths, "what to examine")->required();
  scan->add_flag("--history", options.past_contents, "also every distinct file content its commits ever held");
  scan->add_option("--fix", options.fix,
                   "mend what needs no judgement: print a diff, or --fix=apply to change the files")
      ->expected(0, 1)
      ->default_str("diff")
      ->check(CLI::IsMember({"diff", "apply"}));
  scan->add_option("--mirror", options.mirror, "folder of clones OWNER/NAME[.git]: where --fix looks up commits to pin")
      ->check(CLI::ExistingDirectory);
  add_common(*scan, options, words);

  std::string repository = ".";
  std::string base;
  std::string head = "HEAD";
  CLI::App* gate = program.add_subcommand("gate", "a pull request: only what the change introduces");
  gate->add_option("REPOSITORY", repository, "a clone; neither checked out nor changed");
  gate->add_option("--base", base, "what the change is compared with")->required();
  gate->add_option("--head", head, "the change")->capture_default_str();
  add_common(*gate, options, words);

  std::string old_side;
  std::string new_side;
  std::string diff_repository = ".";
  CLI::App* diff = program.add_subcommand("diff", "what changed between two states of one thing, across formats");
  diff->add_option("OLD", old_side, "SBOM, lockfile, directory, archive, build log, or a revision")->required();
  diff->add_option("NEW", new_side, "the same, later")->required();
  diff->add_option("--repository", diff_repository, "where revisions are looked up")->capture_default_str();
  add_common(*diff, options, words);

  std::string product;
  CLI::App* review =
      program.add_subcommand("review", "score a product from all its evidence (docs/product.example.yaml)");
  review->add_option("PRODUCT", product, "product.yaml")->required();
  add_common(*review, options, words);

  std::string fleet_file;
  app::SweepCommand sweep_command;
  CLI::App* sweep = program.add_subcommand("sweep", "many repositories, only what changed, into one file");
  sweep->add_option("FLEET", fleet_file, "FLEET.yaml: which repositories, SBOM and log folders")->required();
  sweep->add_option("--store", sweep_command.store, "the file that remembers")->capture_default_str();
  sweep->add_option("--shard", sweep_command.shard, "which part of the fleet, from 0");
  sweep->add_option("--shards", sweep_command.shards, "how many parts")->check(CLI::PositiveNumber);
  sweep->add_flag("--all", sweep_command.all, "examine what has not changed as well");
  add_common(*sweep, options, words);

  std::vector<std::string> indicators;
  app::HuntCommand hunt_command;
  CLI::App* hunt = program.add_subcommand("hunt", "who in the stored evidence is affected");
  hunt->add_option("INDICATOR", indicators,
                   "package[@version], owner/action[@ref], commit, digest, host, address or incident")
      ->required();
  hunt->add_option("--store", hunt_command.store, "written by sweep")->capture_default_str();
  hunt->add_option("-o,--output", hunt_command.format, "table or json")->check(CLI::IsMember({"table", "json"}));
  hunt->add_option("--from", hunt_command.from, "when the bad version appeared, as 2026-03-31 or 2026-03-31T00:21Z");
  hunt->add_option("--until", hunt_command.until, "when it was taken down, this minute or day included");
  hunt->add_flag("--strict", hunt_command.strict, "exit with 5 when somebody could not be examined");

  std::string sql;
  std::string format = "table";
  std::vector<std::string> query_paths = {"."};
  CLI::App* query = program.add_subcommand("query", "ask the evidence in SQL (docs/evidence.md)");
  std::string named = "one SELECT, or the name of a question";
  for (const app::NamedQuestion& question : app::named_questions())
    named.append("; ").append(question.name).append(": ").append(question.tells);
  query->add_option("SQL", sql, named)->required();
  query->add_option("PATH", query_paths, "what to examine");
  query->add_option("-o,--output", format, "table, json or csv")->check(CLI::IsMember({"table", "json", "csv"}));

  CLI::App* rules = program.add_subcommand("rules", "list, show, test or begin a rule");
  rules->require_subcommand(1);
  rules->fallthrough();
  rules->add_option("--rules", options.rules_directory, "folder of rules to add or to override with");
  std::string list_format = "table";
  CLI::App* list = rules->add_subcommand("list", "all rules");
  list->add_option("-o,--output", list_format, "table or json")->check(CLI::IsMember({"table", "json"}));
  std::string id;
  CLI::App* show = rules->add_subcommand("show", "one rule's file");
  show->add_option("ID", id)->required();
  std::vector<std::string> ids;
  bool list_only = false;
  CLI::App* test = rules->add_subcommand("test", "run the tests inside rules");
  test->add_option("ID", ids, "rules; all when none is given");
  test->add_flag("--list", list_only, "only name the rules");
  std::string new_id;
  std::string new_directory = "rules";
  CLI::App* begin = rules->add_subcommand("new", "write a skeleton");
  begin->add_option("ID", new_id, "area/what-it-finds")->required();
  begin->add_option("--in", new_directory, "rules folder")->capture_default_str();

  std::string run;
  CLI::App* report = program.add_subcommand("report", "show a report again, in another format");
  report->add_option("RUN", run, "report in JSON")->required();
  add_output(*report, options);

  std::string what;
  std::string explain_run;
  CLI::App* explain = program.add_subcommand("explain", "a rule, or a finding of a report");
  explain->add_option("WHAT", what, "rule id or fingerprint")->required();
  explain->add_option("--run", explain_run, "report in JSON");

  std::vector<std::string> sbom_paths;
  std::string inventory = "cyclonedx";
  bool validate = false;
  CLI::App* sbom = program.add_subcommand("sbom", "the inventory as an SBOM, or the verdict on one");
  sbom->add_option("PATH", sbom_paths, "what to examine")->required();
  sbom->add_option("-o,--output", inventory, "cyclonedx or spdx, or FORMAT=PATH")->capture_default_str();
  sbom->add_flag("--validate", validate, "say whether a CycloneDX document is valid");
  sbom->add_flag("--strict", options.examine.strict, "exit with 5 when not everything could be read");

  std::string page;
  CLI::App* docs = program.add_subcommand("docs", "pages made from the code: evidence, schema, coverage");
  docs->add_option("PAGE", page)->required();

  try {
    program.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    // Its words come from the command line, where a shell may have put the name of a file.
    std::ostringstream out;
    std::ostringstream err;
    const int code = program.exit(error, out, err);
    app::write_text(out.str());
    std::fputs(reports::visible_lines(err.str()).c_str(), stderr);
    return code == 0 ? 0 : 2;
  }
  from_word(words.audience, options.examine.audience);
  from_word(words.min_confidence, options.examine.min_confidence);
  provenance::TrustedKeys keys;
  for (const std::string& file : options.key_files) {
    std::ifstream stream(file, std::ios::binary);
    std::ostringstream bytes;
    bytes << stream.rdbuf();
    if (const Result<void> added = keys.add(bytes.view(), file); !added) return app::report_error(added.error());
  }
  if (!keys.empty()) options.examine.keys = &keys;
  std::optional<tbb::global_control> jobs;
  if (options.jobs > 0)
    jobs.emplace(tbb::global_control::max_allowed_parallelism, static_cast<std::size_t>(options.jobs));

  try {
    if (scan->parsed()) return app::run_scan(paths, options);
    if (gate->parsed()) return app::run_gate(repository, base, head, options);
    if (diff->parsed()) return app::run_diff(old_side, new_side, diff_repository, options);
    if (review->parsed()) return app::run_review(product, options);
    if (sweep->parsed()) return app::run_sweep(fleet_file, sweep_command, options);
    if (hunt->parsed()) return app::run_hunt(indicators, hunt_command);
    if (query->parsed()) return app::run_query(sql, query_paths, format, options);
    if (list->parsed()) return app::run_rules_list(list_format, options);
    if (show->parsed()) return app::run_rules_show(id, options);
    if (test->parsed()) return app::run_rules_test(ids, options.rules_directory, list_only);
    if (begin->parsed()) return app::run_rules_new(new_id, new_directory);
    if (report->parsed()) return app::run_report(run, options);
    if (explain->parsed()) return app::run_explain(what, explain_run, options);
    if (sbom->parsed())
      return validate ? app::run_sbom_validate(sbom_paths.front()) : app::run_sbom(sbom_paths, inventory, options);
    if (docs->parsed()) return app::run_docs(page, options.rules_directory);
  } catch (const std::exception& error) {
    return app::report_error({ErrorCode::internal, error.what(), ""});
  }
  return 2;
}

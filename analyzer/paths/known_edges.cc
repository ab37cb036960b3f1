#include <set>

#include "analyzer/paths/evidence_edges.h"

namespace assay::paths {
namespace {

using evidence::Database;
using evidence::LocationId;
using evidence::RowId;
using evidence::Statement;

constexpr std::size_t most_beginnings = 64;

// Only what is confirmed may carry a path above medium.
Severity most_by(std::string_view certainty) {
  return certainty == "confirmed" ? Severity::critical : Severity::medium;
}

NodeId log_node(Graph& graph, RowId run, std::string_view job, std::string_view workflow) {
  std::string name(job.empty() ? workflow : job);
  return graph.node(fmt::format("log:{}", run), "job",
                    name.empty() ? "the logged run" : fmt::format("the logged run of {}", name));
}

class Known {
 public:
  Known(Database& database, Graph& graph, std::vector<Beginning>& beginnings)
      : database_(database), graph_(graph), beginnings_(beginnings) {}

  void add() {
    actions();
    packages_in_logs();
    packages_in_documents();
    what_logs_show();
  }

 private:
  // outsider → what was bad. The first step is known, not seen here: it happened at somebody else's.
  NodeId bad(std::string_view kind, const std::string& name, std::string_view incident, std::string_view certainty,
             LocationId at) {
    const std::string key = fmt::format("bad:{}:{}", name, incident);
    const std::size_t before = graph_.nodes().size();
    const NodeId component = graph_.node(key, std::string(kind), name);
    if (component == no_node || graph_.nodes().size() == before) return component;
    const NodeId attacker =
        graph_.node("attacker:" + std::string(incident), "outsider", fmt::format("the attacker of {}", incident));
    graph_.link({.from = attacker,
                 .to = component,
                 .because = fmt::format("{} is part of the incident {} ({})", name, incident, certainty),
                 .control = "take new versions only after a delay and a check",
                 .observed = false,
                 .cost = 0.5,
                 .repair = 100,
                 .most = most_by(certainty),
                 .at = at,
                 .incident = std::string(incident)});
    if (beginnings_.size() < most_beginnings && named_.insert(std::string(incident)).second)
      beginnings_.push_back({attacker, name, false});
    return component;
  }

  void actions() {
    // Resolved in a log: it ran.
    for_rows(database_, graph_,
             "SELECT i.incident, i.certainty, e.name, e.version, e.value, e.at, r.log_run_id, r.job, r.workflow FROM "
             "log_event e JOIN log_run r USING (log_run_id) "
             "JOIN known.indicator i ON i.kind = 'action-commit' AND i.value = e.value AND lower(i.subject) = "
             "lower(e.name) WHERE e.kind = 'action-resolved' "
             "ORDER BY i.incident, e.log_event_id",
             [&](const Statement& row) {
               const std::string name = fmt::format("{}@{}", row.text(2), short_reference(row.text(4)));
               const NodeId action = bad("component", name, row.text(0), row.text(1), row.integer(5));
               graph_.link({.from = action,
                            .to = log_node(graph_, row.integer(6), row.text(7), row.text(8)),
                            .because = fmt::format(
                                "the log says that `{}` was resolved to the bad commit {}",
                                row.text(3).empty() ? row.text(2) : fmt::format("{}@{}", row.text(2), row.text(3)),
                                short_reference(row.text(4))),
                            .control = "pin actions to a commit",
                            .observed = true,
                            .cost = 0.5,
                            .repair = 1,
                            .most = Severity::critical,
                            .at = row.integer(5),
                            .incident = {}});
             });
    // The same action in a definition, by the bad commit, or by a name that resolved to it.
    for_rows(database_, graph_,
             "SELECT i.incident, i.certainty, u.name, u.reference, i.value, u.at, j.job_id, j.name, u.reference = "
             "i.value FROM uses u JOIN job j USING (job_id) "
             "JOIN known.indicator i ON i.kind = 'action-commit' AND lower(i.subject) = u.name "
             "WHERE u.kind IN ('action', 'reusable-workflow') AND (u.reference = i.value OR EXISTS (SELECT 1 FROM "
             "log_event e WHERE e.kind = 'action-resolved' "
             "AND e.value = i.value AND lower(e.name) = u.name)) ORDER BY i.incident, u.uses_id, i.value",
             [&](const Statement& row) {
               const bool by_commit = row.integer(8) == 1;
               const NodeId action = bad("component", fmt::format("{}@{}", row.text(2), short_reference(row.text(4))),
                                         row.text(0), row.text(1), row.integer(5));
               graph_.link(
                   {.from = action,
                    .to = job_node(graph_, row.integer(6), row.text(7), true),
                    .because = by_commit ? fmt::format("job `{}` takes exactly this commit", row.text(7))
                                         : fmt::format("job `{}` takes `{}@{}`, and a log shows what that resolved to",
                                                       row.text(7), row.text(2), row.text(3)),
                    .control = "pin actions to a commit that was checked",
                    .observed = by_commit,
                    .cost = 0.8,
                    .repair = 1,
                    .most = Severity::critical,
                    .at = row.integer(5),
                    .incident = {}});
             });
  }

  void packages_in_logs() {
    for_rows(database_, graph_,
             "SELECT b.incident, b.certainty, e.name, e.version, e.at, r.log_run_id, r.job, r.workflow FROM log_event "
             "e JOIN log_run r USING (log_run_id) "
             "JOIN known.bad_package b ON b.full_name = e.name AND b.purl_type = CASE e.ecosystem WHEN 'oci' THEN "
             "'docker' ELSE "
             "e.ecosystem END AND (b.version = e.version OR b.version = 'v' || e.version OR (b.version = '' AND "
             "(coalesce(b.valid_from, '') = '' OR e.time = '' OR substr(e.time, 1, 10) BETWEEN b.valid_from AND "
             "coalesce(nullif(b.valid_until, ''), '9999')))) "
             "WHERE e.kind IN ('package-installed', 'package-downloaded', 'image-pulled', 'lifecycle-script') "
             "ORDER BY b.incident, e.log_event_id",
             [&](const Statement& row) {
               const std::string name =
                   row.text(3).empty() ? std::string(row.text(2)) : fmt::format("{}@{}", row.text(2), row.text(3));
               const NodeId package = bad("component", name, row.text(0), row.text(1), row.integer(4));
               graph_.link({.from = package,
                            .to = log_node(graph_, row.integer(5), row.text(6), row.text(7)),
                            .because = fmt::format("the log shows {} being installed", name),
                            .control = "install from a lockfile that is older than the incident, without scripts",
                            .observed = true,
                            .cost = 0.5,
                            .repair = 2,
                            .most = Severity::critical,
                            .at = row.integer(4),
                            .incident = {}});
             });
  }

  // A bad component of a lockfile or manifest runs in every job that installs from it.
  void packages_in_documents() {
    for_rows(database_, graph_,
             "SELECT DISTINCT b.incident, b.certainty, c.full_name, c.version, c.at, c.component_id, c.declared_in, "
             "c.purl_type, "
             "EXISTS (SELECT 1 FROM install_trigger t WHERE t.component_id = c.component_id) FROM component c "
             "JOIN known.bad_package b ON b.full_name = c.full_name AND b.purl_type = c.purl_type AND (b.version = '' "
             "OR b.version = c.version) "
             "ORDER BY b.incident, c.component_id",
             [&](const Statement& row) { document_component(row); });
  }

  void document_component(const Statement& row) {
    const std::string name =
        row.text(3).empty() ? std::string(row.text(2)) : fmt::format("{}@{}", row.text(2), row.text(3));
    const NodeId component = bad("component", name, row.text(0), row.text(1), row.integer(4));
    const bool sbom = row.text(6) == "sbom";
    if (sbom) {
      for_rows(database_, graph_, "SELECT product_id, name, at FROM product ORDER BY product_id",
               [&](const Statement& product) {
                 graph_.link({.from = component,
                              .to = graph_.node(fmt::format("product:{}", product.integer(0)), "product",
                                                std::string(product.text(1))),
                              .because = fmt::format("the parts list of {} contains {}", product.text(1), name),
                              .control = "refuse releases that contain it",
                              .observed = true,
                              .cost = 1,
                              .repair = 1,
                              .most = Severity::critical,
                              .at = row.integer(4),
                              .incident = {}});
               });
      return;
    }
    const std::string_view type = row.text(7);
    const std::string_view managers = type == "npm"        ? "'npm','yarn','pnpm','bun'"
                                      : type == "pypi"     ? "'pip','uv','poetry','pipenv','pdm'"
                                      : type == "gem"      ? "'gem','bundle','bundler'"
                                      : type == "cargo"    ? "'cargo'"
                                      : type == "golang"   ? "'go'"
                                      : type == "composer" ? "'composer'"
                                      : type == "maven"    ? "'maven','mvn','gradle'"
                                                           : "''";
    const bool trigger = row.integer(8) == 1;
    for_rows(database_, graph_,
             fmt::format("SELECT j.job_id, j.name, c.text, c.at FROM command c JOIN job j USING (job_id) WHERE "
                         "c.installs IN ({}) ORDER BY j.job_id, c.command_id",
                         managers),
             [&](const Statement& command) {
               graph_.link({.from = component,
                            .to = job_node(graph_, command.integer(0), command.text(1), true),
                            .because = fmt::format("job `{}` installs from this list (`{}`), and {} {}",
                                                   command.text(1), command.text(2).substr(0, 60), name,
                                                   trigger ? "runs a script when installed" : "runs when it is used"),
                            .control = trigger ? "install without scripts in jobs that hold secrets"
                                               : "install in jobs that hold no secrets",
                            .observed = false,
                            .cost = trigger ? 1.0 : 2.0,
                            .repair = 1,
                            .most = Severity::critical,
                            .at = command.integer(3),
                            .incident = {}});
             });
  }

  // What a run with something bad in it is seen to lose.
  void what_logs_show() {
    std::set<RowId> leaked;
    for_rows(database_, graph_,
             "SELECT b.log_run_id, r.job, r.workflow, b.at, b.encodings FROM log_blob b JOIN log_run r USING "
             "(log_run_id) WHERE b.content = 'secret-map' ORDER BY b.log_blob_id",
             [&](const Statement& row) {
               if (!leaked.insert(row.integer(0)).second) return;
               const NodeId end = graph_.node(fmt::format("leak:{}", row.integer(0)), "secret",
                                              "the run's secrets, printed in its log");
               graph_.make_end(end, Severity::critical);
               graph_.link({.from = log_node(graph_, row.integer(0), row.text(1), row.text(2)),
                            .to = end,
                            .because = fmt::format("the log holds an encoded map of secrets{}",
                                                   row.text(4).empty() ? "" : fmt::format(" ({})", row.text(4))),
                            .control = "revoke them now; give jobs no secret they do not need",
                            .observed = true,
                            .cost = 0.5,
                            .repair = 2,
                            .most = Severity::critical,
                            .at = row.integer(3),
                            .incident = {}});
             });
    std::set<RowId> called;
    for_rows(database_, graph_,
             "SELECT e.log_run_id, r.job, r.workflow, e.at, e.host, i.incident FROM log_event e JOIN log_run r USING "
             "(log_run_id) "
             "JOIN known.indicator i ON i.kind = 'domain' AND i.value = e.host WHERE e.host <> '' ORDER BY "
             "e.log_event_id, i.incident",
             [&](const Statement& row) {
               if (!called.insert(row.integer(0)).second) return;
               const NodeId end =
                   graph_.node(fmt::format("exfiltration:{}", row.integer(0)), "secret", "whatever the run could read");
               graph_.make_end(end, Severity::critical);
               graph_.link({.from = log_node(graph_, row.integer(0), row.text(1), row.text(2)),
                            .to = end,
                            .because = fmt::format("the run contacted {}, which the attacker of {} used", row.text(4),
                                                   row.text(5)),
                            .control = "let build machines reach only the hosts they need",
                            .observed = true,
                            .cost = 0.5,
                            .repair = 2,
                            .most = Severity::critical,
                            .at = row.integer(3),
                            .incident = {}});
             });
    // Nothing more was seen: what ran in the run could read what the run was given.
    for_rows(database_, graph_, "SELECT log_run_id, job, workflow, at FROM log_run ORDER BY log_run_id",
             [&](const Statement& row) {
               const NodeId end =
                   graph_.node(fmt::format("reach:{}", row.integer(0)), "secret", "whatever the run was given");
               graph_.make_end(end, Severity::high);
               graph_.link({.from = log_node(graph_, row.integer(0), row.text(1), row.text(2)),
                            .to = end,
                            .because = "code that runs in a job can read everything the job was given",
                            .control = "revoke what the run was given",
                            .observed = false,
                            .cost = 3,
                            .repair = 2,
                            .most = Severity::critical,
                            .at = row.integer(3),
                            .incident = {}});
             });
  }

  Database& database_;
  Graph& graph_;
  std::vector<Beginning>& beginnings_;
  std::set<std::string> named_;
};

}  // namespace

void add_known(Database& database, Graph& graph, std::vector<Beginning>& beginnings) {
  if (database.has_schema("known")) Known(database, graph, beginnings).add();
}

void add_products(Database& database, Graph& graph) {
  for_rows(
      database, graph, "SELECT product_id, name, at FROM product ORDER BY product_id", [&](const Statement& product) {
        const NodeId node =
            graph.node(fmt::format("product:{}", product.integer(0)), "product", std::string(product.text(1)));
        // The strongest privilege of each dimension; level 2 and above is worth an attack. Of equal levels the first of
        // this order counts.
        constexpr std::string_view order = "IDP DOM RCE HYP SEC CIC AGT NET BKP KRN UPD API DAT MTN SUP";
        for_rows(database, graph,
                 "SELECT dimension, max(level), at, reason FROM privilege WHERE level >= 2 GROUP BY dimension ORDER BY "
                 "max(level) DESC, dimension",
                 [&](const Statement& row) {
                   const NodeId end = graph.node(fmt::format("privilege:{}:{}", product.integer(0), row.text(0)),
                                                 "privilege", fmt::format("{} level {}", row.text(0), row.integer(1)));
                   graph.make_end(end, row.integer(1) >= 3 ? Severity::critical : Severity::high);
                   graph.link({.from = node,
                               .to = end,
                               .because = fmt::format("{} has it: {}", product.text(1),
                                                      row.text(3).empty() ? "declared" : row.text(3)),
                               .control = "take the privilege away, or hold updates back until they are checked",
                               .observed = true,
                               .cost = 1 + 0.1 * static_cast<double>(4 - row.integer(1)) +
                                       0.001 * static_cast<double>(std::min(order.find(row.text(0)), order.size())),
                               .repair = 3,
                               .most = Severity::critical,
                               .at = row.integer(2),
                               .incident = {}});
                 });
        graph.link({.from = graph.node("published", "package", "what this repository publishes"),
                    .to = node,
                    .because = fmt::format("{} is what this repository publishes", product.text(1)),
                    .control = "verify releases against provenance before installing",
                    .observed = false,
                    .cost = 1.5,
                    .repair = 2,
                    .most = Severity::critical,
                    .at = product.integer(2),
                    .incident = {}});
      });
}

}  // namespace assay::paths

#include <set>

#include "analyzer/paths/evidence_edges.h"

namespace assay::paths {
namespace {

using evidence::Database;
using evidence::LocationId;
using evidence::RowId;
using evidence::Statement;

// What several questions need, worked out once, in tables that only this connection sees:
//   live      workflows that somebody runs: those among tests and documentation are examples
//   event     outsiders' events of a workflow, and those of the workflows that call it, directly or through others
//             (GitHub passes the first caller's event on; a circle adds nothing, so the walk ends)
//   finished  workflow_id starts when the workflow `name` is finished
constexpr std::string_view preparation = R"(
  DROP TABLE IF EXISTS temp.live; DROP TABLE IF EXISTS temp.event; DROP TABLE IF EXISTS temp.finished;
  CREATE TEMP TABLE live(workflow_id INTEGER PRIMARY KEY);
  INSERT INTO live SELECT w.workflow_id FROM workflow w LEFT JOIN location l ON l.location_id = w.at
    LEFT JOIN artifact a ON a.artifact_id = l.artifact_id
    WHERE ',' || coalesce(a.role, '') || ',' NOT LIKE '%,test,%' AND ',' || coalesce(a.role, '') || ',' NOT LIKE '%,documentation,%';
  CREATE TEMP TABLE event(workflow_id INTEGER, trigger_id INTEGER, event TEXT, privileged INTEGER, at INTEGER);
  WITH RECURSIVE caller AS MATERIALIZED (SELECT DISTINCT workflow_id, substr(calls, 3) AS callee FROM job
                               WHERE calls LIKE './%' AND coalesce(outsider_guarded, 0) <> 1),
       called AS MATERIALIZED (SELECT c.workflow_id AS caller, w.workflow_id FROM caller c JOIN workflow w ON substr(w.path, -length(c.callee)) = c.callee),
       reached(workflow_id, trigger_id, event, privileged, at) AS (
         SELECT workflow_id, trigger_id, event, privileged, at FROM trigger WHERE outsider = 1
         UNION SELECT c.workflow_id, r.trigger_id, r.event, r.privileged, r.at FROM reached r JOIN called c ON c.caller = r.workflow_id)
  INSERT INTO event SELECT * FROM reached;
  CREATE INDEX temp.event_workflow ON event(workflow_id);
  CREATE TEMP TABLE finished(workflow_id INTEGER, name TEXT COLLATE NOCASE);
  WITH RECURSIVE split(workflow_id, name, rest) AS (
    SELECT workflow_id, '', replace(workflows, ', ', ',') || ',' FROM trigger WHERE event = 'workflow_run'
    UNION ALL SELECT workflow_id, substr(rest, 1, instr(rest, ',') - 1), substr(rest, instr(rest, ',') + 1) FROM split WHERE rest <> '')
  INSERT INTO finished SELECT DISTINCT workflow_id, name FROM split WHERE name <> '';
  CREATE INDEX temp.finished_name ON finished(name);
  ANALYZE temp;
)";

NodeId trigger_node(Graph& graph, const Statement& row, int id, int event, int path) {
  return graph.node(fmt::format("trigger:{}:{}", row.integer(id), row.text(path)), "trigger",
                    fmt::format("{} of {}", row.text(event), row.text(path)));
}

// outsider → trigger → job: where the outsider's code or text runs.
void add_entries(Database& database, Graph& graph, NodeId outsider) {
  const auto enter = [&](const Statement& row, std::string because, std::string control, double repair) {
    const bool privileged = row.integer(3) == 1;
    const NodeId trigger = trigger_node(graph, row, 0, 1, 2);
    graph.link({.from = outsider,
                .to = trigger,
                .because = fmt::format("anyone can cause `{}`", row.text(1)),
                .control = "start the workflow only by events that need write access, or let a person approve each run",
                .observed = false,
                .cost = 1,
                .repair = 2,
                .most = Severity::critical,
                .at = row.integer(4),
                .incident = {}});
    graph.link({.from = trigger,
                .to = job_node(graph, row.integer(5), row.text(6), privileged),
                .because = std::move(because),
                .control = std::move(control),
                .observed = false,
                .cost = 1,
                .repair = repair,
                .most = Severity::critical,
                .at = row.integer(7),
                .incident = {}});
  };
  const std::string head = "SELECT e.trigger_id, e.event, w.path, e.privileged, e.at, j.job_id, j.name, ";
  constexpr std::string_view from =
      " FROM event e JOIN workflow w USING (workflow_id) JOIN live USING (workflow_id) JOIN job j USING (workflow_id) ";
  // A checkout that names nothing takes the event's own code: on GitHub the outsider's only where the run has no
  // rights. Text first: nothing else has to happen.
  for_rows(database, graph,
           head + "x.at, x.context, x.sink" + std::string(from) +
               "JOIN expression x ON x.job_id = j.job_id WHERE x.controlled_by = 'outsider' AND x.sink IN ('shell', "
               "'script', 'code-input') "
               "AND NOT iif(e.privileged = 1, j.rights_guarded, j.outsider_guarded) IS 1 ORDER BY w.path, "
               "e.trigger_id, j.job_id, x.expression_id",
           [&](const Statement& row) {
             enter(row,
                   fmt::format("`{}` is expanded in a script of job `{}`, so its text runs as code", shown(row.text(8)),
                               row.text(6)),
                   "hand the text over in an environment variable and quote it", 1);
           });
  for_rows(database, graph,
           head + "k.at, c.text" + std::string(from) +
               "JOIN checkout k ON k.job_id = j.job_id JOIN step ks ON ks.step_id = k.step_id "
               "JOIN command c ON c.job_id = j.job_id AND (c.runs_workspace = 1 OR c.installs <> '') JOIN step cs ON "
               "cs.step_id = c.step_id "
               "WHERE k.outsider_code = 1 AND (w.system <> 'github' OR k.reference <> '' OR k.repository <> '' OR "
               "coalesce(e.privileged, 0) <> 1) AND cs.position >= ks.position AND NOT iif(e.privileged = 1, "
               "j.rights_guarded, j.outsider_guarded) IS 1 "
               "ORDER BY w.path, e.trigger_id, j.job_id, k.checkout_id, cs.position, c.command_id",
           [&](const Statement& row) {
             enter(row,
                   fmt::format("job `{}` checks out the outsider's code and then runs `{}`", row.text(6),
                               shown(row.text(8))),
                   "build outsiders' code only in a run without rights", 1);
           });
  for_rows(database, graph,
           head + "k.at, u.text" + std::string(from) +
               "JOIN checkout k ON k.job_id = j.job_id JOIN step ks ON ks.step_id = k.step_id "
               "JOIN uses u ON u.job_id = j.job_id AND u.kind = 'local' JOIN step us ON us.step_id = u.step_id "
               "WHERE k.outsider_code = 1 AND (w.system <> 'github' OR k.reference <> '' OR k.repository <> '' OR "
               "coalesce(e.privileged, 0) <> 1) AND us.position > ks.position AND NOT iif(e.privileged = 1, "
               "j.rights_guarded, j.outsider_guarded) IS 1 "
               "ORDER BY w.path, e.trigger_id, j.job_id, k.checkout_id, us.position",
           [&](const Statement& row) {
             enter(row,
                   fmt::format("job `{}` checks out the outsider's code and then runs its action `{}`", row.text(6),
                               shown(row.text(8))),
                   "build outsiders' code only in a run without rights", 1);
           });
}

std::string listed(const std::set<std::string>& names) {
  std::string out;
  std::size_t shown_names = 0;
  for (const std::string& name : names) {
    if (shown_names == 3) return out + fmt::format(" and {} more", names.size() - 3);
    if (shown_names++ > 0) out += ", ";
    out += name == "*" ? "all secrets" : name;
  }
  return out;
}

// job → what its run holds. Only a run with the repository's rights holds anything.
void add_ends(Database& database, Graph& graph) {
  struct Held {
    std::string job;
    std::set<std::string> names;
    LocationId at = 0;
  };
  std::map<RowId, Held> secrets;
  for_rows(database, graph,
           "SELECT j.job_id, j.name, s.name, s.at FROM job j JOIN live USING (workflow_id) JOIN secret_use "
           "s ON s.job_id = j.job_id OR "
           "(s.job_id IS NULL AND s.workflow_id = j.workflow_id) WHERE s.name <> 'GITHUB_TOKEN' AND s.name <> '' "
           "ORDER BY j.job_id, s.secret_use_id",
           [&](const Statement& row) {
             Held& held = secrets[row.integer(0)];
             held.job = std::string(row.text(1));
             held.names.insert(std::string(row.text(2)));
             if (held.at == 0) held.at = row.integer(3);
           });
  for (const auto& [job, held] : secrets) {
    const NodeId end = graph.node(fmt::format("secrets:{}", job), "secret", listed(held.names));
    graph.make_end(end, Severity::critical);
    graph.link({.from = job_node(graph, job, held.job, true),
                .to = end,
                .because = fmt::format("job `{}` is given {}, and code in a job can read whatever the job is given",
                                       held.job, listed(held.names)),
                .control = "give the secret to a job of its own that runs nobody else's code",
                .observed = false,
                .cost = 1,
                .repair = 2,
                .most = Severity::critical,
                .at = held.at,
                .incident = {}});
  }
  for_rows(database, graph,
           "SELECT j.job_id, j.name, p.scope, p.declared, p.at FROM permission p JOIN job j USING "
           "(job_id) JOIN live ON live.workflow_id = j.workflow_id "
           "WHERE p.level = 'write' AND p.scope IN ('id-token', 'contents', 'packages', 'all') ORDER BY "
           "j.job_id, p.scope, p.permission_id",
           [&](const Statement& row) {
             const bool identity = row.text(2) == "id-token";
             const bool assumed = row.text(3) == "default";
             const NodeId end =
                 graph.node(fmt::format("rights:{}:{}", row.integer(0), identity ? "id" : "token"), "identity",
                            identity ? fmt::format("the publishing identity of job `{}`", row.text(1))
                                     : "write access to the repository");
             graph.make_end(end, identity ? Severity::critical : Severity::high);
             graph.link(
                 {.from = job_node(graph, row.integer(0), row.text(1), true),
                  .to = end,
                  .because = identity ? fmt::format("job `{}` may mint identity tokens, which registries and clouds "
                                                    "accept instead of a password",
                                                    row.text(1))
                                      : fmt::format("the token of job `{}` may write ({}{})", row.text(1), row.text(2),
                                                    assumed ? ", the default where none is declared" : ""),
                  .control = identity ? "give `id-token: write` only to the job that publishes"
                                      : "declare `permissions: contents: read`",
                  .observed = false,
                  .cost = assumed ? 2.0 : 1.5,
                  .repair = 1,
                  .most = Severity::critical,
                  .at = row.integer(4),
                  .incident = {}});
           });
  for_rows(database, graph,
           "SELECT j.job_id, j.name, c.text, c.at FROM command c JOIN job j USING (job_id) JOIN "
           "live ON live.workflow_id = j.workflow_id "
           "WHERE c.publishes = 1 ORDER BY j.job_id, c.command_id",
           [&](const Statement& row) {
             const NodeId end = graph.node("published", "package", "what this repository publishes");
             graph.make_end(end, Severity::critical);
             graph.link({.from = job_node(graph, row.integer(0), row.text(1), true),
                         .to = end,
                         .because = fmt::format("job `{}` publishes (`{}`)", row.text(1), shown(row.text(2))),
                         .control = "publish from a job that only takes a checked artefact",
                         .observed = false,
                         .cost = 1.2,
                         .repair = 2,
                         .most = Severity::critical,
                         .at = row.integer(3),
                         .incident = {}});
           });
  for_rows(database, graph,
           "SELECT j.job_id, j.name, j.at, j.runs_on FROM job j JOIN live USING (workflow_id) "
           "WHERE j.self_hosted = 1 ORDER BY j.job_id",
           [&](const Statement& row) {
             const NodeId end = graph.node(machine_key(row.text(3)), "privilege",
                                           fmt::format("the owner's machine ({})", shown(row.text(3))));
             graph.make_end(end, Severity::high);
             for (const bool privileged : {true, false}) {
               graph.link({.from = job_node(graph, row.integer(0), row.text(1), privileged),
                           .to = end,
                           .because = fmt::format(
                               "job `{}` runs on a machine the owner keeps, which later jobs use too", row.text(1)),
                           .control = "run outsiders' events on machines made for one job",
                           .observed = false,
                           .cost = 2,
                           .repair = 1,
                           .most = privileged ? Severity::high : Severity::medium,
                           .at = row.integer(2),
                           .incident = {}});
             }
           });
}

}  // namespace

void miss(Graph& graph, const Error& error) {
  graph.miss(
      fmt::format("a question about attack paths was not answered in full: {}; paths may be missing", error.message));
}

void for_rows(Database& database, Graph& graph, std::string_view sql,
              const std::function<void(const Statement&)>& each) {
  Result<Statement> statement = database.prepare(sql);
  if (!statement) return miss(graph, statement.error());
  while (true) {
    const Result<bool> more = statement->step();
    if (!more) return miss(graph, more.error());
    if (!*more) return;
    each(*statement);
  }
}

NodeId job_node(Graph& graph, RowId job, std::string_view name, bool privileged) {
  return graph.node(fmt::format("job:{}:{}", job, privileged ? 1 : 0), "job", std::string(name));
}

std::string shown(std::string_view text, std::size_t most) {
  if (text.size() <= most) return std::string(text);
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0U) == 0x80U) --most;
  return std::string(text.substr(0, most)) + "…";
}

std::string short_reference(std::string_view reference) {
  const bool hex = reference.size() >= 32 && reference.find_first_not_of("0123456789abcdef") == std::string_view::npos;
  return std::string(hex ? reference.substr(0, 12) : reference);
}

void add_pipelines(Database& database, Graph& graph, std::vector<Beginning>& beginnings) {
  if (const Result<void> prepared = database.execute(std::string(preparation)); !prepared)
    miss(graph, prepared.error());
  const NodeId outsider = graph.node("outsider", "outsider", "anyone with an account");
  add_entries(database, graph, outsider);
  add_shared_state(database, graph);
  add_ends(database, graph);
  beginnings.push_back({outsider, "anyone", true});
}

}  // namespace assay::paths

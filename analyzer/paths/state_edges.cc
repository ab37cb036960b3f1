#include <fmt/format.h>

#include <string>

#include "analyzer/paths/evidence_edges.h"

namespace assay::paths {
namespace {

using evidence::Database;
using evidence::Statement;

// Whether a cache saved under one key can be restored under another: the constant parts agree, or nothing is constant
// and the keys are written the same.
constexpr std::string_view same_key =
    "(wr.key = rd.key OR (wr.key_prefix <> '' AND rd.key_prefix <> '' AND "
    "(substr(wr.key_prefix, 1, length(rd.key_prefix)) = rd.key_prefix OR substr(rd.key_prefix, 1, "
    "length(wr.key_prefix)) = wr.key_prefix)))";

// job → cache → job.
void add_caches(Database& database, Graph& graph) {
  for_rows(
      database, graph,
      fmt::format(
          "SELECT wj.job_id, wj.name, wr.key, wr.at, rj.job_id, rj.name, rd.at, ww.path, rw.path FROM "
          "shared_state wr JOIN job wj ON wj.job_id = wr.job_id "
          "JOIN workflow ww ON ww.workflow_id = wj.workflow_id JOIN shared_state rd ON rd.kind = 'cache' AND "
          "rd.direction IN ('read', 'both') AND {} "
          "JOIN job rj ON rj.job_id = rd.job_id AND rj.job_id <> wj.job_id JOIN workflow rw ON rw.workflow_id "
          "= rj.workflow_id "
          "JOIN live lw ON lw.workflow_id = wj.workflow_id JOIN live lr ON lr.workflow_id = rj.workflow_id "
          "WHERE wr.kind = 'cache' AND wr.direction IN ('write', 'both') AND EXISTS (SELECT 1 FROM trigger t WHERE "
          "t.workflow_id = wj.workflow_id AND t.outsider = 1 AND t.privileged = 1) ORDER BY wr.shared_state_id, "
          "rd.shared_state_id",
          same_key),
      [&](const Statement& row) {
        const NodeId cache = graph.node(fmt::format("cache:{}", row.text(2)), "cache", shown(row.text(2)));
        graph.link({.from = job_node(graph, row.integer(0), row.text(1), true),
                    .to = cache,
                    .because = fmt::format("job `{}` saves the cache `{}` in the scope of the default branch",
                                           row.text(1), shown(row.text(2))),
                    .control = "save no cache in runs that outsiders start",
                    .observed = false,
                    .cost = 1,
                    .repair = 1,
                    .most = Severity::critical,
                    .at = row.integer(3),
                    .incident = {}});
        graph.link({.from = cache,
                    .to = job_node(graph, row.integer(4), row.text(5), true),
                    .because = fmt::format("job `{}` of {} restores it and works with what is in it", row.text(5),
                                           row.text(8)),
                    .control = "restore no cache in jobs that publish or hold secrets",
                    .observed = false,
                    .cost = 1,
                    .repair = 1,
                    .most = Severity::critical,
                    .at = row.integer(6),
                    .incident = {}});
      });
}

// job → artifact → job of a run that the finished one starts: out of a run without rights into one with them.
void add_artifacts_across_runs(Database& database, Graph& graph) {
  for_rows(
      database, graph,
      fmt::format(
          "SELECT wj.job_id, wj.name, wr.key, wr.at, rj.job_id, rj.name, rd.at, rw.path, "
          "EXISTS (SELECT 1 FROM command c WHERE c.job_id = rj.job_id AND (c.runs_workspace = 1 OR c.installs <> '')) "
          "FROM shared_state wr "
          "JOIN job wj ON wj.job_id = wr.job_id JOIN workflow ww ON ww.workflow_id = wj.workflow_id "
          "JOIN finished f ON f.name = ww.name "
          "JOIN workflow rw ON rw.workflow_id = f.workflow_id JOIN job rj ON rj.workflow_id = rw.workflow_id "
          "JOIN shared_state rd ON rd.job_id = rj.job_id AND rd.kind = 'artifact' AND rd.direction IN ('read', 'both') "
          "AND (rd.key = '' OR {}) "
          "JOIN live lw ON lw.workflow_id = wj.workflow_id JOIN live lr ON lr.workflow_id = rj.workflow_id "
          "WHERE wr.kind = 'artifact' AND wr.direction IN ('write', 'both') AND rj.rights_guarded IS NOT 1 "
          "ORDER BY wr.shared_state_id, rd.shared_state_id",
          same_key),
      [&](const Statement& row) {
        const bool runs = row.integer(8) == 1;
        const NodeId artifact =
            graph.node(fmt::format("artifact:{}:{}", row.integer(0), row.text(2)), "artifact", shown(row.text(2)));
        for (const bool privileged : {false, true}) {
          graph.link(
              {.from = job_node(graph, row.integer(0), row.text(1), privileged),
               .to = artifact,
               .because = fmt::format("job `{}` leaves the artifact `{}`, whose content the outsider's code chooses",
                                      row.text(1), shown(row.text(2))),
               .control = "treat artifacts of outsiders' runs as data",
               .observed = false,
               .cost = 1,
               .repair = 2,
               .most = Severity::critical,
               .at = row.integer(3),
               .incident = {}});
        }
        graph.link(
            {.from = artifact,
             .to = job_node(graph, row.integer(4), row.text(5), true),
             .because = fmt::format("job `{}` of {} takes it when that run is finished, with the repository's rights{}",
                                    row.text(5), row.text(7), runs ? ", and runs code beside it" : ""),
             .control = "check the artifact and never execute it",
             .observed = false,
             .cost = runs ? 1.0 : 3.0,
             .repair = 1,
             .most = runs ? Severity::high : Severity::medium,
             .at = row.integer(6),
             .incident = {}});
      });
}

// job → artifact → job that waits for it, in one run: a job of its own for what is built is no wall when the next one
// runs what it gets.
void add_artifacts_within_a_run(Database& database, Graph& graph) {
  for_rows(
      database, graph,
      "SELECT wj.job_id, wj.name, wr.key, wr.at, rj.job_id, rj.name, rd.at, "
      "EXISTS (SELECT 1 FROM command c JOIN step cs ON cs.step_id = c.step_id WHERE c.job_id = rj.job_id "
      "AND c.runs_workspace = 1 AND cs.position > rs.position) "
      "FROM shared_state wr JOIN job wj ON wj.job_id = wr.job_id JOIN live ON live.workflow_id = wj.workflow_id "
      "JOIN job rj ON rj.workflow_id = wj.workflow_id AND rj.job_id <> wj.job_id "
      "AND ',' || rj.needs || ',' LIKE '%,' || wj.name || ',%' "
      "JOIN shared_state rd ON rd.job_id = rj.job_id AND rd.kind = 'artifact' AND rd.direction IN ('read', 'both') "
      "AND (rd.key = '' OR rd.key = wr.key) JOIN step rs ON rs.step_id = rd.step_id "
      "WHERE wr.kind = 'artifact' AND wr.direction IN ('write', 'both') AND NOT (rj.rights_guarded IS 1) "
      "ORDER BY wr.shared_state_id, rd.shared_state_id",
      [&](const Statement& row) {
        if (row.integer(7) != 1) return;
        for (const bool privileged : {false, true}) {
          const NodeId artifact = graph.node(fmt::format("handed:{}:{}:{}", row.integer(0), row.text(2), privileged),
                                             "artifact", shown(row.text(2)));
          graph.link({.from = job_node(graph, row.integer(0), row.text(1), privileged),
                      .to = artifact,
                      .because = fmt::format("job `{}` hands on the artifact `{}`", row.text(1), shown(row.text(2))),
                      .control = "hand on nothing from a job that runs outsiders' code",
                      .observed = false,
                      .cost = 1,
                      .repair = 2,
                      .most = Severity::critical,
                      .at = row.integer(3),
                      .incident = {}});
          graph.link({.from = artifact,
                      .to = job_node(graph, row.integer(4), row.text(5), privileged),
                      .because = fmt::format("job `{}` takes it and runs what lies in its workspace", row.text(5)),
                      .control = "check the artifact and never execute it",
                      .observed = false,
                      .cost = 1.5,
                      .repair = 1,
                      .most = Severity::high,
                      .at = row.integer(6),
                      .incident = {}});
        }
      });
}

// job → image → job that runs inside it.
void add_images(Database& database, Graph& graph) {
  for_rows(
      database, graph,
      "SELECT wj.job_id, wj.name, u.name, wr.at, rj.job_id, rj.name, u.at, rw.path "
      "FROM shared_state wr JOIN job wj ON wj.job_id = wr.job_id JOIN live lw ON lw.workflow_id = wj.workflow_id "
      "JOIN uses u ON u.kind = 'image' AND u.immutable = 0 AND instr(u.name, '/') > 0 AND instr(lower(wr.key), u.name) "
      "> 0 "
      "JOIN job rj ON rj.job_id = u.job_id AND rj.job_id <> wj.job_id JOIN live lr ON lr.workflow_id = rj.workflow_id "
      "JOIN workflow rw ON rw.workflow_id = rj.workflow_id "
      "WHERE wr.kind = 'image' AND wr.direction IN ('write', 'both') ORDER BY wr.shared_state_id, u.uses_id",
      [&](const Statement& row) {
        const NodeId image = graph.node(fmt::format("image:{}", row.text(2)), "image", shown(row.text(2)));
        graph.link({.from = job_node(graph, row.integer(0), row.text(1), true),
                    .to = image,
                    .because = fmt::format("job `{}` pushes the image `{}`", row.text(1), shown(row.text(2))),
                    .control = "push images from a job that runs nobody else's code",
                    .observed = false,
                    .cost = 1,
                    .repair = 2,
                    .most = Severity::critical,
                    .at = row.integer(3),
                    .incident = {}});
        graph.link({.from = image,
                    .to = job_node(graph, row.integer(4), row.text(5), true),
                    .because = fmt::format("job `{}` of {} runs inside it, by a name that can be moved", row.text(5),
                                           row.text(7)),
                    .control = "name the image by its digest",
                    .observed = false,
                    .cost = 1,
                    .repair = 1,
                    .most = Severity::critical,
                    .at = row.integer(6),
                    .incident = {}});
      });
}

// machine → job: what one job leaves on a machine that is kept meets the next job with the same labels.
void add_machines(Database& database, Graph& graph) {
  for_rows(
      database, graph,
      "SELECT j.job_id, j.name, j.runs_on, coalesce(j.runs_on_at, j.at), w.path FROM job j JOIN workflow w USING "
      "(workflow_id) JOIN live USING (workflow_id) WHERE j.self_hosted = 1 AND EXISTS (SELECT 1 FROM trigger t WHERE "
      "t.workflow_id = j.workflow_id AND t.privileged = 1) ORDER BY j.job_id",
      [&](const Statement& row) {
        graph.link({.from = graph.node(machine_key(row.text(2)), "privilege",
                                       fmt::format("the owner's machine ({})", shown(row.text(2)))),
                    .to = job_node(graph, row.integer(0), row.text(1), true),
                    .because = fmt::format("job `{}` of {} runs on the same machines and meets what was left there",
                                           row.text(1), row.text(4)),
                    .control = "keep machines for outsiders' events apart, or make them for one job",
                    .observed = false,
                    .cost = 2,
                    .repair = 1,
                    .most = Severity::high,
                    .at = row.integer(3),
                    .incident = {}});
      });
}

}  // namespace

std::string machine_key(std::string_view labels) {
  return fmt::format("machine:{}", labels);
}

void add_shared_state(Database& database, Graph& graph) {
  add_caches(database, graph);
  add_artifacts_across_runs(database, graph);
  add_artifacts_within_a_run(database, graph);
  add_images(database, graph);
  add_machines(database, graph);
}

}  // namespace assay::paths

#include "analyzer/paths/find_paths.h"

#include <cmath>
#include <set>

#include "analyzer/base/digest.h"
#include "analyzer/paths/evidence_edges.h"

namespace assay::paths {
namespace {

using evidence::Database;
using evidence::Statement;

constexpr std::size_t most_paths = 25;
constexpr std::size_t most_hidden = 5;  // a worm leaves many files; the rest are findings
constexpr std::string_view hidden = "hidden code|";
constexpr double impossible_repair = 50;

struct Candidate {
  std::vector<Edge> edges;
  std::vector<PathStep> steps;
  std::string title;
  std::string sameness;  // candidates of one beginning and kind of end: only the worst stays
  Severity severity = Severity::high;
  double cost = 0;
  std::size_t observed = 0;
};

class Search {
 public:
  Search(Database& database, const std::vector<Finding>& findings) : database_(database) {
    for (const Finding& finding : findings) {
      if (finding.fingerprint.empty()) continue;
      const Finding*& there = at_place_[{finding.at.path, finding.at.span.begin.line}];
      if (there == nullptr || finding.severity > there->severity) there = &finding;
    }
  }

  FoundPaths run(const std::vector<Finding>& findings) {
    std::vector<Beginning> beginnings;
    add_pipelines(database_, graph_, beginnings);
    add_known(database_, graph_, beginnings);
    add_products(database_, graph_);
    for (const Beginning& one : beginnings) from(one);
    movable_actions();
    for (const Finding& finding : findings) hidden_code(finding);
    FoundPaths found;
    found.paths = ranked();
    found.missing.assign(graph_.missing().begin(), graph_.missing().end());
    return found;
  }

 private:
  Location place(evidence::LocationId at) {
    if (at == 0) return {};
    const Result<Database::Place> found = database_.place(at);
    return found ? Location{found->path, found->span} : Location{};
  }

  std::string finding_at(const Location& at) const {
    const auto found = at_place_.find({at.path, at.span.begin.line});
    return found == at_place_.end() || at.path.empty() ? std::string() : found->second->fingerprint;
  }

  PathStep step_of(const Edge& edge) {
    const Node& from = graph_.nodes()[edge.from];
    const Node& to = graph_.nodes()[edge.to];
    PathStep step{.from_kind = from.kind,
                  .from = from.name,
                  .to_kind = to.kind,
                  .to = to.name,
                  .because = edge.because,
                  .control = edge.control,
                  .observed = edge.observed,
                  .cost = edge.cost,
                  .at = place(edge.at),
                  .finding = {}};
    step.finding = finding_at(step.at);
    return step;
  }

  void from(const Beginning& beginning) {
    if (beginning.node == no_node) return;
    const Graph::Ways ways = graph_.ways_from(beginning.node);
    for (NodeId node = 0; node < graph_.nodes().size(); ++node) {
      if (!graph_.nodes()[node].end || !std::isfinite(ways.cost[node])) continue;
      consider(beginning, graph_.way_to(ways, node), ways.cost[node]);
    }
    // What is published is an end of its own although the way may go on to a product.
  }

  void consider(const Beginning& beginning, const std::vector<std::uint32_t>& way, double cost) {
    Candidate candidate;
    for (const std::uint32_t index : way) {
      const Edge& edge = graph_.edges()[index];
      candidate.edges.push_back(edge);
      candidate.observed += edge.observed ? 1U : 0U;
    }
    if (candidate.edges.empty() || (candidate.edges.size() < 3 && candidate.observed == 0)) return;
    const Node& end = graph_.nodes()[candidate.edges.back().to];
    candidate.severity = end.power;
    for (const Edge& edge : candidate.edges) candidate.severity = std::min(candidate.severity, edge.most);
    candidate.cost = cost;
    const Node& entry = graph_.nodes()[candidate.edges.front().to];
    candidate.sameness =
        fmt::format("{}|{}|{}", beginning.by_event ? entry.name : beginning.name, entry.kind, end.kind);
    candidate.title = beginning.by_event ? fmt::format("Anyone reaches {} through {}", end.name, entry.name)
                                         : fmt::format("{} reaches {}", beginning.name, end.name);
    keep(std::move(candidate));
  }

  void keep(Candidate candidate) {
    for (const Edge& edge : candidate.edges) ++uses_[{edge.from, edge.to}];
    const auto found = best_.find(candidate.sameness);
    if (found == best_.end()) {
      best_.emplace(candidate.sameness, std::move(candidate));
    } else if (worse(candidate, found->second)) {
      found->second = std::move(candidate);
    }
  }

  static bool worse(const Candidate& a, const Candidate& b) {
    if (a.severity != b.severity) return a.severity > b.severity;
    if (a.observed != b.observed) return a.observed > b.observed;
    if (a.cost != b.cost) return a.cost < b.cost;
    return a.title < b.title;
  }

  // Third-party actions whose reference can be moved, in jobs that hold something: possible everywhere, so one path
  // tells of all.
  void movable_actions() {
    std::set<std::string> actions;
    std::set<std::string> secrets;
    struct Example {
      std::string action, job, secret, path;
      evidence::LocationId at = 0, job_at = 0, secret_at = 0;
    };
    std::optional<Example> example;
    for_rows(database_, graph_,
             "SELECT u.name, u.text, j.name, s.name, u.at, s.at, w.path FROM uses u JOIN job j USING (job_id) JOIN "
             "workflow w ON w.workflow_id = j.workflow_id "
             "JOIN secret_use s ON s.job_id = j.job_id OR (s.job_id IS NULL AND s.workflow_id = j.workflow_id) "
             "LEFT JOIN location l ON l.location_id = w.at LEFT JOIN artifact a ON a.artifact_id = l.artifact_id "
             "WHERE u.kind IN ('action', 'reusable-workflow') AND u.immutable = 0 AND u.first_party = 0 AND u.name <> "
             "'' AND s.name NOT IN ('', 'GITHUB_TOKEN') "
             "AND ',' || coalesce(a.role, '') || ',' NOT LIKE '%,test,%' AND ',' || coalesce(a.role, '') || ',' NOT "
             "LIKE '%,documentation,%' "
             "ORDER BY w.path, u.uses_id, s.secret_use_id",
             [&](const Statement& row) {
               actions.insert(std::string(row.text(0)));
               secrets.insert(std::string(row.text(3)));
               if (!example) {
                 example = Example{std::string(row.text(1)),
                                   std::string(row.text(2)),
                                   std::string(row.text(3)),
                                   std::string(row.text(6)),
                                   row.integer(4),
                                   row.integer(4),
                                   row.integer(5)};
               }
             });
    if (!example) return;
    Candidate candidate;
    candidate.severity = Severity::medium;
    candidate.sameness = "movable actions";
    candidate.cost = 5;
    candidate.title = fmt::format(
        "A moved tag of {} reaches {}",
        actions.size() == 1 ? "one third-party action" : fmt::format("any of {} third-party actions", actions.size()),
        secrets.size() == 1 ? "one secret" : fmt::format("{} secrets", secrets.size()));
    const auto step = [&](std::string from_kind, std::string from, std::string to_kind, std::string to,
                          std::string because, std::string control, double repair, evidence::LocationId at) {
      PathStep one{.from_kind = std::move(from_kind),
                   .from = std::move(from),
                   .to_kind = std::move(to_kind),
                   .to = std::move(to),
                   .because = std::move(because),
                   .control = std::move(control),
                   .observed = false,
                   .cost = 2,
                   .at = place(at),
                   .finding = {}};
      one.finding = finding_at(one.at);
      candidate.steps.push_back(std::move(one));
      Edge edge;
      edge.repair = repair;
      candidate.edges.push_back(edge);
    };
    step("outsider", "whoever takes over an action's repository", "component", example->action,
         "tags and branches can be moved to other code at any time", "nothing on this side", 100, example->at);
    step("component", example->action, "job", example->job,
         fmt::format("job `{}` takes `{}`, a reference that can be moved", example->job, example->action),
         "pin every third-party action to a full commit", 1, example->at);
    step("job", example->job, "secret", example->secret == "*" ? "all secrets" : example->secret,
         fmt::format("job `{}` is given the secret", example->job), "give the secret to a job of its own", 2,
         example->secret_at);
    best_.emplace(candidate.sameness, std::move(candidate));
  }

  // What makes the code at a place run although nobody calls it.
  struct Automatic {
    std::string kind, phase;
    evidence::LocationId at = 0;
  };

  std::optional<Automatic> first_row(std::string_view sql, std::string_view path) {
    Result<Statement> statement = database_.prepare(sql);
    if (!statement) return miss(graph_, statement.error()), std::nullopt;
    statement->bind(1, path);
    const Result<bool> found = statement->step();
    if (!found) return miss(graph_, found.error()), std::nullopt;
    if (!*found) return std::nullopt;
    return Automatic{std::string(statement->text(0)), std::string(statement->text(1)), statement->integer(2)};
  }

  std::optional<Automatic> what_runs(std::string_view path) {
    // A declaration that names the file, a symbol the loader calls, or the place of the file itself.
    for (const std::string_view sql :
         {"SELECT kind, phase, at FROM execution_trigger WHERE (path = ?1 OR (target <> '' AND (target = ?1 OR ?1 LIKE "
          "'%/' || target))) "
          "AND phase IN ('install', 'build', 'import', 'editor', 'agent') ORDER BY execution_trigger_id LIMIT 1",
          "SELECT s.kind, 'import', s.at FROM symbol s JOIN location l ON l.location_id = s.at JOIN artifact a ON "
          "a.artifact_id = l.artifact_id "
          "WHERE a.path = ?1 AND s.kind IN ('constructor', 'ifunc-resolver', 'init-array', 'static-initialiser') ORDER "
          "BY s.symbol_id LIMIT 1",
          "SELECT CASE WHEN ',' || role || ',' LIKE '%,install-script,%' THEN 'install script' WHEN ',' || role || ',' "
          "LIKE '%,build,%' THEN 'build script' "
          "ELSE 'start-up file' END, CASE WHEN ',' || role || ',' LIKE '%,import-time,%' THEN 'import' ELSE 'install' "
          "END, 0 FROM artifact "
          "WHERE path = ?1 AND (',' || role || ',' LIKE '%,install-script,%' OR ',' || role || ',' LIKE '%,build,%' OR "
          "',' || role || ',' LIKE '%,import-time,%') "
          "AND ',' || role || ',' NOT LIKE '%,test,%' AND ',' || role || ',' NOT LIKE '%,documentation,%' LIMIT 1"}) {
      if (std::optional<Automatic> found = first_row(sql, path)) return found;
    }
    return std::nullopt;
  }

  // A serious finding in a file that something runs while a package is built, installed or loaded.
  void hidden_code(const Finding& finding) {
    if (finding.severity < Severity::high || finding.confidence < Confidence::medium ||
        !finding.rule.starts_with("source/") || !finding.suppressions.empty()) {
      return;
    }
    const std::optional<Automatic> runs = what_runs(finding.at.path);
    if (!runs) return;
    const std::string& phase = runs->phase;
    const std::string& kind = runs->kind;
    const evidence::LocationId trigger_at = runs->at;
    Candidate candidate;
    candidate.severity = finding.severity;
    candidate.sameness = fmt::format("{}{}|{}", hidden, kind, finding.at.path);
    candidate.cost = 3;
    candidate.observed = 2;
    candidate.title = fmt::format("Code in {} runs by itself ({}) on whoever takes this", finding.at.path, kind);
    const std::string who = phase == "editor" || phase == "agent" ? "the machine of whoever opens it"
                            : phase == "import"                   ? "every process that uses it"
                                                                  : "the machine that builds or installs it";
    candidate.steps = {{.from_kind = "outsider",
                        .from = "whoever wrote it",
                        .to_kind = "artifact",
                        .to = finding.at.path,
                        .because = finding.message,
                        .control = "review what such files contain before it is released",
                        .observed = true,
                        .cost = 1,
                        .at = finding.at,
                        .finding = finding.fingerprint},
                       {.from_kind = "artifact",
                        .from = finding.at.path,
                        .to_kind = "trigger",
                        .to = kind,
                        .because = fmt::format("{} makes it run without anyone calling it", kind),
                        .control = phase == "install" ? "install without scripts" : "allow no automatic execution",
                        .observed = true,
                        .cost = 1,
                        .at = place(trigger_at),
                        .finding = {}},
                       {.from_kind = "trigger",
                        .from = kind,
                        .to_kind = "secret",
                        .to = "what " + who + " can read",
                        .because = fmt::format("it runs with all rights of {}", who),
                        .control = "build and install where no secret is",
                        .observed = false,
                        .cost = 1,
                        .at = finding.at,
                        .finding = {}}};
    candidate.edges.resize(3);
    candidate.edges[0].repair = 2;
    candidate.edges[1].repair = 1;
    candidate.edges[2].repair = 3;
    for (const std::string& incident : finding.incidents) {
      candidate.edges[0].incident = incident;
      break;
    }
    keep_apart(std::move(candidate));
  }

  void keep_apart(Candidate candidate) {
    const auto found = best_.find(candidate.sameness);
    if (found == best_.end()) {
      best_.emplace(candidate.sameness, std::move(candidate));
    } else if (worse(candidate, found->second)) {
      found->second = std::move(candidate);
    }
  }

  std::size_t weakest_of(const Candidate& candidate) const {
    std::size_t best = 0;
    double most = -1;
    for (std::size_t i = 0; i < candidate.edges.size(); ++i) {
      const Edge& edge = candidate.edges[i];
      if (edge.repair > impossible_repair) continue;
      const auto used = edge.from == edge.to ? uses_.end() : uses_.find({edge.from, edge.to});
      const double worth = static_cast<double>(used == uses_.end() ? 1 : used->second) / edge.repair;
      if (worth > most) {
        most = worth;
        best = i;
      }
    }
    return best;
  }

  std::vector<AttackPath> ranked() {
    std::vector<Candidate> candidates;
    for (auto& [sameness, candidate] : best_) candidates.push_back(std::move(candidate));
    std::sort(candidates.begin(), candidates.end(), worse);
    std::size_t hidden_seen = 0;
    std::erase_if(candidates, [&](const Candidate& one) {
      return one.sameness.starts_with(hidden) && ++hidden_seen > most_hidden;
    });
    if (candidates.size() > most_paths) candidates.resize(most_paths);
    std::vector<AttackPath> paths;
    for (Candidate& candidate : candidates) {
      AttackPath path;
      path.title = candidate.title;
      path.severity = candidate.severity;
      path.weakest = weakest_of(candidate);
      if (candidate.steps.empty()) {
        for (const Edge& edge : candidate.edges) candidate.steps.push_back(step_of(edge));
      }
      std::set<std::string> incidents;
      for (const Edge& edge : candidate.edges) {
        if (!edge.incident.empty()) incidents.insert(edge.incident);
      }
      path.incidents.assign(incidents.begin(), incidents.end());
      path.steps = std::move(candidate.steps);
      // What the path is, not where its lines stand: it survives edits around it.
      std::string identity = candidate.sameness;
      for (const PathStep& step : path.steps)
        identity += fmt::format("\x1f{}\x1f{}\x1f{}\x1f{}", step.from_kind, step.from, step.to_kind, step.to);
      path.fingerprint = digest::sha256(identity).substr(0, 32);
      paths.push_back(std::move(path));
    }
    return paths;
  }

  Database& database_;
  Graph graph_;
  std::map<std::pair<std::string, std::uint32_t>, const Finding*> at_place_;
  std::map<std::string, Candidate> best_;
  std::map<std::pair<NodeId, NodeId>, std::size_t> uses_;
};

}  // namespace

FoundPaths find_paths(Database& database, const std::vector<Finding>& findings) {
  return Search(database, findings).run(findings);
}

}  // namespace assay::paths

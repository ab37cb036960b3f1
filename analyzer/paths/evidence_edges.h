#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/evidence/database.h"
#include "analyzer/paths/graph.h"

// How rows of evidence become nodes and edges. Between the parts of this room; nobody else includes it.
namespace assay::paths {

// Where ways begin: the node, and what the title calls it.
struct Beginning {
  NodeId node = no_node;
  std::string name;       // "anyone", "tj-actions/changed-files@0e58ed8"
  bool by_event = false;  // outsiders' events: each trigger is a beginning of its own for the report
};

// Calls each(row) for every row. When the query fails or runs out of steps there are fewer edges, never wrong ones, and
// the graph says so.
void for_rows(evidence::Database& database, Graph& graph, std::string_view sql,
              const std::function<void(const evidence::Statement&)>& each);
// Records in the graph that something asked of the database was not answered.
void miss(Graph& graph, const Error& error);

// A job as one run of it: with the repository's rights or without. Its ends are linked once, by add_pipelines().
NodeId job_node(Graph& graph, evidence::RowId job, std::string_view name, bool privileged);

// Triggers, checkouts, expressions, secrets, permissions, caches, artifacts and publications.
void add_pipelines(evidence::Database& database, Graph& graph, std::vector<Beginning>& beginnings);
// What one run leaves and another takes: caches, artifacts, images, machines. Needs the tables add_pipelines()
// prepares.
void add_shared_state(evidence::Database& database, Graph& graph);
// Known-bad actions, components and packages in logs, pipelines, lockfiles and SBOMs. Needs the schema `known`.
void add_known(evidence::Database& database, Graph& graph, std::vector<Beginning>& beginnings);
// Products under review and their privileges; what a pipeline publishes, the product brings.
void add_products(evidence::Database& database, Graph& graph);

// The node of the machines that answer to these labels.
std::string machine_key(std::string_view labels);

// The text, cut with "…" behind `most` bytes, never inside a character.
std::string shown(std::string_view text, std::size_t most = 60);
// Short form of a commit or digest for people.
std::string short_reference(std::string_view reference);

}  // namespace assay::paths

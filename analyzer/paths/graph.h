#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "analyzer/evidence/rows.h"
#include "analyzer/model/path.h"

namespace assay::paths {

using NodeId = std::uint32_t;
inline constexpr NodeId no_node = ~NodeId{0};

struct Node {
  std::string kind, name;           // as PathStep shows them
  bool end = false;                 // something powerful
  Severity power = Severity::high;  // of an end: harm when reached
};

struct Edge {
  NodeId from = 0, to = 0;
  std::string because, control;
  bool observed = false;
  double cost = 1;                     // attacker's effort
  double repair = 1;                   // defender's effort to break it; above 50: not the defender's to break
  Severity most = Severity::critical;  // what a path through this edge can be at most
  evidence::LocationId at = 0;
  std::string incident;
};

// Directed, with parallel edges. Nodes are identified by a key of the builder's choice; the first description stands.
// Growth stops at limits::max_path_nodes: node() then gives no_node and link() ignores it. What was left out, here or
// by those who build the graph, is in missing().
class Graph {
 public:
  NodeId node(const std::string& key, std::string kind, std::string name);
  void make_end(NodeId node, Severity power);
  void link(Edge edge);

  // The cheapest way from `from` to every node it reaches, as edge indexes; ties go to the edge added first.
  struct Ways {
    std::vector<double> cost;              // infinite when not reached
    std::vector<std::uint32_t> last_edge;  // no_node at the start and where not reached
  };
  Ways ways_from(NodeId from) const;
  std::vector<std::uint32_t> way_to(const Ways& ways, NodeId to) const;

  void miss(std::string why) { missing_.insert(std::move(why)); }
  const std::set<std::string>& missing() const { return missing_; }

  const std::vector<Node>& nodes() const { return nodes_; }
  const std::vector<Edge>& edges() const { return edges_; }

 private:
  std::vector<Node> nodes_;
  std::vector<Edge> edges_;
  std::vector<std::vector<std::uint32_t>> out_;
  std::map<std::string, NodeId, std::less<>> by_key_;
  std::set<std::string> missing_;
};

}  // namespace assay::paths

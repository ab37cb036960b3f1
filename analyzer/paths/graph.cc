#include "analyzer/paths/graph.h"

#include <fmt/format.h>

#include <limits>
#include <queue>

#include "analyzer/base/limits.h"

namespace assay::paths {

NodeId Graph::node(const std::string& key, std::string kind, std::string name) {
  if (const auto found = by_key_.find(key); found != by_key_.end()) return found->second;
  if (nodes_.size() >= limits::max_path_nodes) {
    miss(fmt::format("the attack graph has more than {} nodes (max_path_nodes); paths may be missing",
                     limits::max_path_nodes));
    return no_node;
  }
  const auto id = static_cast<NodeId>(nodes_.size());
  nodes_.push_back({.kind = std::move(kind), .name = std::move(name)});
  out_.emplace_back();
  by_key_.emplace(key, id);
  return id;
}

void Graph::make_end(NodeId node, Severity power) {
  if (node == no_node) return;
  nodes_[node].end = true;
  nodes_[node].power = power;
}

void Graph::link(Edge edge) {
  if (edge.from == no_node || edge.to == no_node || edge.from == edge.to) return;
  if (edges_.size() >= 4 * limits::max_path_nodes) {
    miss(fmt::format("the attack graph has more than {} edges (max_path_nodes); paths may be missing",
                     4 * limits::max_path_nodes));
    return;
  }
  out_[edge.from].push_back(static_cast<std::uint32_t>(edges_.size()));
  edges_.push_back(std::move(edge));
}

Graph::Ways Graph::ways_from(NodeId from) const {
  Ways ways{std::vector<double>(nodes_.size(), std::numeric_limits<double>::infinity()),
            std::vector<std::uint32_t>(nodes_.size(), no_node)};
  using Entry = std::pair<double, NodeId>;
  std::priority_queue<Entry, std::vector<Entry>, std::greater<>> open;
  ways.cost[from] = 0;
  open.emplace(0.0, from);
  while (!open.empty()) {
    const auto [cost, node] = open.top();
    open.pop();
    if (cost > ways.cost[node]) continue;
    for (const std::uint32_t index : out_[node]) {
      const Edge& edge = edges_[index];
      const double there = cost + edge.cost;
      if (!(there < ways.cost[edge.to])) continue;
      ways.cost[edge.to] = there;
      ways.last_edge[edge.to] = index;
      open.emplace(there, edge.to);
    }
  }
  return ways;
}

std::vector<std::uint32_t> Graph::way_to(const Ways& ways, NodeId to) const {
  std::vector<std::uint32_t> way;
  for (std::uint32_t edge = ways.last_edge[to]; edge != no_node; edge = ways.last_edge[edges_[edge].from])
    way.push_back(edge);
  std::reverse(way.begin(), way.end());
  return way;
}

}  // namespace assay::paths

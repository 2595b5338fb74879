#include <algorithm>
#include <set>

#include "core/base/error.h"
#include "core/lineage/verify.h"

namespace waybill::lineage {
namespace {

using Nodes = std::map<Digest, Node>;

// Depth first, links before what links to them.
void collect(const Nodes& nodes, const Digest& link, std::set<Digest>& seen, std::vector<const Node*>& ordered) {
  if (!seen.insert(link).second) return;
  const Node& node = nodes.at(link);
  for (const Link& below : node.links) collect(nodes, below.statement, seen, ordered);
  ordered.push_back(&node);
}

// What stands above already is named in one line, not drawn again.
void draw(const Nodes& nodes, const Digest& link, const std::string& indent, std::set<Digest>& seen,
          std::string& tree) {
  const Node& node = nodes.at(link);
  tree += fmt::format("{:<34} {:<22} {}  {}\n", indent + node.stamp.key, node.stamp.stage,
                      to_rfc3339(node.verified.time()), link.hex().substr(0, 16));
  std::string above;
  for (const Link& below : node.links) {
    if (seen.insert(below.statement).second)
      draw(nodes, below.statement, indent + "  ", seen, tree);
    else
      above += (above.empty() ? "" : ", ") + below.key;
  }
  if (!above.empty()) tree += fmt::format("{}  + {}\n", indent, above);
}

}  // namespace

Upstream Upstream::nothing() {
  return {};
}

bool Upstream::has(std::string_view key, std::string_view chart) const {
  return required_.contains({std::string(chart), std::string(key)});
}

const Node& Upstream::at(std::string_view key, std::string_view chart) const {
  const auto found = required_.find({std::string(chart), std::string(key)});
  if (found == required_.end()) throw Error(Fault::kInternal, "`{}` of {} was not required", key, chart);
  return nodes_.at(found->second);
}

Link Upstream::link(std::string_view key, std::string_view chart) const {
  const Node& node = at(key, chart);
  return {std::string(key), node.verified.link(), node.subject};
}

std::vector<const Node*> Upstream::lineage(std::string_view chart) const {
  std::set<Digest> seen;
  std::vector<const Node*> ordered;
  for (const auto& [requirement, link] : required_)
    if (requirement.first == chart) collect(nodes_, link, seen, ordered);
  return ordered;
}

std::string Upstream::tree(std::string_view key, std::string_view chart) const {
  std::set<Digest> seen;
  std::string text;
  draw(nodes_, at(key, chart).verified.link(), "", seen, text);
  return text;
}

std::string lineage_lines(const std::vector<const Node*>& nodes) {
  std::string lines;
  for (const Node* node : nodes) lines += node->bundle.json() + "\n";
  return lines;
}

}  // namespace waybill::lineage

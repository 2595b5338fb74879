// The search for a target through the delegations, and the target itself.

#include <algorithm>
#include <set>

#include "core/base/error.h"
#include "core/tuf/name.h"
#include "core/tuf/rules.h"
#include "core/tuf/updater.h"

namespace waybill::tuf {
namespace {

struct Visit {
  std::shared_ptr<const Targets> delegator;
  const Delegation* delegation;
};

// 5.6.7.2: the delegations that cover the name, in their order; a terminating one is the last that is ever looked at.
void plan_visits(std::vector<Visit>& plan, const std::shared_ptr<const Targets>& delegator, std::string_view name) {
  std::vector<Visit> children;
  for (const Delegation& delegation : delegator->delegations) {
    if (!delegation.covers(name)) continue;
    children.push_back({delegator, &delegation});
    if (!delegation.terminating) continue;
    plan.clear();
    break;
  }
  plan.insert(plan.end(), children.rbegin(), children.rend());
}

std::string prefix_hash(const TargetInfo& target) {
  for (const char* algorithm : {"sha256", "sha512"})
    if (const auto found = target.hashes.find(algorithm); found != target.hashes.end()) return found->second;
  throw Error(Fault::kUntrusted,
              "the target `{}` is described by no hash of an algorithm that is read, sha256 or sha512", target.name);
}

}  // namespace

std::optional<TargetInfo> Updater::target(std::string_view name) {
  if (!targets_) throw Error(Fault::kInternal, "the target `{}` is asked for before any metadata was loaded", name);
  std::vector<Visit> plan;  // the next one last
  std::set<std::string> visited;
  std::shared_ptr<const Targets> current = targets_;
  while (true) {
    if (const auto found = current->targets.find(std::string(name)); found != current->targets.end())
      return found->second;
    plan_visits(plan, current, name);
    // 5.6.7.1: "If this role has been visited before, then skip this role".
    while (!plan.empty() && visited.contains(plan.back().delegation->name)) plan.pop_back();
    if (plan.empty()) return std::nullopt;
    if (visited.size() >= limits_.delegated_roles)
      throw Error(Fault::kUntrusted, "the target `{}` is not found in the first {} delegated roles, more are not read",
                  name, limits_.delegated_roles);
    const Visit next = plan.back();
    plan.pop_back();
    visited.insert(next.delegation->name);
    current = std::make_shared<const Targets>(
        load_targets(next.delegation->name, next.delegator->keys, next.delegation->role));
  }
}

std::string Updater::fetch(const TargetInfo& target, const std::string& base_url, const std::filesystem::path& folder,
                           std::size_t limit) {
  if (std::cmp_greater(target.length, limit))
    throw Error(Fault::kUntrusted, "the target `{}` has {} bytes, at most {} are read", target.name, target.length,
                limit);
  const std::string hash = prefix_hash(target);
  const std::size_t length = static_cast<std::size_t>(target.length);
  const Cache cache(folder);
  const std::string name = quoted_name(target.name);
  if (std::optional<std::string> kept = cache.read(name, length);
      kept && !content_failure(target.length, target.hashes, *kept))
    return *std::move(kept);
  if (offline_)
    throw Error(Fault::kInput, "`{}` holds no right {}, and offline none is downloaded", folder.string(), name);
  const std::string url = target_url(base_url, target.name, root_.consistent_snapshot ? hash : "");
  std::optional<std::string> bytes = get(url, length);
  if (!bytes) throw Error(Fault::kRemote, "GET {} answered 403 or 404, the repository lacks its own target", url);
  if (const auto failure = content_failure(target.length, target.hashes, *bytes))
    throw Error(Fault::kUntrusted, "the target `{}` {}", target.name, *failure);
  cache.write(name, *bytes);
  return *std::move(bytes);
}

}  // namespace waybill::tuf

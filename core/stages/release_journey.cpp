#include "core/stages/release_journey.h"

#include <algorithm>
#include <functional>
#include <map>

#include "core/base/error.h"
#include "core/chart/plan_version.h"
#include "core/lineage/keys.h"
#include "core/stages/journey.h"

namespace waybill::stages {

std::vector<git::Tag> released_tags(const Job& job, const Oid& tip, const std::optional<Oid>& excluded) {
  const auto& git = job.ports.git();
  std::vector<Oid> hidden{policy_start(job)};
  if (excluded) hidden.push_back(*excluded);
  std::map<Oid, std::size_t> places;  // how many commits came after
  for (const git::Commit& commit : git.history(tip, hidden)) places.emplace(commit.id, places.size());
  std::vector<git::Tag> tags;
  for (git::Tag& tag : git.tags())
    if (lineage::read_tag_message(tag) && places.contains(tag.target)) tags.push_back(std::move(tag));
  std::ranges::stable_sort(tags, std::greater(), [&places](const git::Tag& tag) { return places.at(tag.target); });
  return tags;
}

Consignment tagged_chart(const Job& job, const git::Tag& tag) {
  const auto message = lineage::read_tag_message(tag);
  if (!message) throw Error(Fault::kInternal, "tag `{}` has no message of waybill's form", tag.name);
  if (!job.ports.git().is_ancestor(tag.target, job.facts.anchor))
    throw Error(Fault::kUntrusted, "tag `{}` is at {}, which is not on `{}`", tag.name, tag.target.hex(),
                job.facts.policy.anchor.branch);
  Consignment consignment = consign(job, tag.target, message->path);
  const std::string wanted = chart::release_tag_name(consignment.metadata.name, consignment.metadata.version);
  if (tag.name != wanted)
    throw Error(Fault::kUntrusted, "tag `{}` stands on {} {}; `{}` is wanted", tag.name, consignment.metadata.name,
                consignment.metadata.version, wanted);
  consignment.package = chart::package(consignment.subtree, consignment.path);
  const Consignment again = consign(job, tag.target, message->path);
  if (chart::package(again.subtree, again.path).bytes != consignment.package->bytes)
    throw Error(Fault::kInternal, "{}: two builds of {} differ", consignment.path, consignment.package->file_name);
  consignment.tag = tag.name;
  consignment.waybill[consignment.path] = message->entries;
  return consignment;
}

std::optional<SetAside> outdated_tag(const Job& job, const git::Tag& tag) {
  const auto message = lineage::read_tag_message(tag);
  if (!message || !job.ports.git().subtree(tag.target, message->path)) return std::nullopt;
  const Consignment consignment = consign(job, tag.target, message->path);
  const std::string_view key = lineage::keys::kTag;
  if (has_statement(job, key, consignment) || !had_statement(job, key, consignment)) return std::nullopt;
  return SetAside{fmt::format("{} was tagged under an earlier policy and is not published; {} goes out with its next "
                              "version",
                              tag.name, consignment.path),
                  ""};
}

}  // namespace waybill::stages

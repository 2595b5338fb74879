// tag-charts: give every chart that reached main its immutable, annotated tag, and send it on towards release.

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "core/base/error.h"
#include "core/chart/release_edit.h"
#include "core/lineage/keys.h"
#include "core/stages/bring_back.h"
#include "core/stages/evidence.h"
#include "core/stages/journey.h"
#include "core/stages/release_journey.h"
#include "core/stages/released.h"
#include "core/stages/reviews.h"
#include "core/stages/table.h"
#include "core/stages/under_way.h"

namespace waybill::stages {
namespace {

namespace keys = lineage::keys;

constexpr std::string_view kName = "tag-charts";
constexpr std::size_t kPolicyBytes = 1024 * 1024;
constexpr Output kTags{"tags", Type::kList, "Tags that now exist, one per released chart"};

std::string version_at(const Job& job, const Oid& commit, const std::string& path) {
  const auto metadata = metadata_at(job, commit, path);
  return metadata ? metadata->version : "";
}

// Whether there is a tag of the version, whoever made it; of the newest version that counts which is verified, only one
// that counts.
bool is_tagged(const Job& job, const Oid& commit, const std::string& path, const std::vector<git::Tag>& tags) {
  const auto metadata = metadata_at(job, commit, path);
  const auto tree = job.ports.git().subtree(commit, path);
  if (!metadata || !tree) return false;
  const auto found = version_tag(job, chart::release_tags(tags, metadata->name), metadata->version, *tree, path);
  if (!found || found->counts) return found.has_value();
  const bool newest = version_at(job, job.facts.anchor, path) == metadata->version;
  if (newest && had_statement(job, keys::kOverall, consign(job, commit, path))) refuse_tag(job, *found, commit);
  return true;
}

// In a direct pipeline contributions may hold any version: what was released is told by its evidence.
Survey survey_direct(const Job& job) {
  Survey survey = untagged_releases(job);
  const std::vector<git::Tag> tags = job.ports.git().tags();
  for (Consignment& consignment : survey.due) {
    const chart::Metadata& metadata = consignment.metadata;
    if (const auto found = version_tag(job, chart::release_tags(tags, metadata.name), metadata.version,
                                       consignment.tree, consignment.path))
      refuse_tag(job, *found, consignment.commit);
    if (const auto pull = source_pull(job, consignment.commit)) consignment.waybill = waybill_of(*pull);
  }
  return survey;
}

// Versions that came to main and have no tag, oldest first, one of each chart: the next one is for the run after it.
Survey survey(const Job& job) {
  if (job.facts.policy.is_direct()) return survey_direct(job);
  const auto& git = job.ports.git();
  const std::vector<git::Tag> tags = git.tags();
  Survey survey;
  std::map<std::string, bool> seen;  // whether the version before is due now
  for (const git::Commit& commit : watched_commits(job)) {
    const Oid& before = commit.parents.front();
    for (const auto& changed : chart::changed_charts(git, before, commit.id, job.facts.policy.charts).charts) {
      if (changed.kind == chart::ChangeKind::kDeleted) continue;
      if (version_at(job, commit.id, changed.path) == version_at(job, before, changed.path)) continue;
      if (is_tagged(job, commit.id, changed.path, tags)) continue;
      Consignment consignment = consign(job, commit.id, changed.path);
      if (const auto before_it = seen.find(changed.path); before_it != seen.end()) {
        survey.set_aside.push_back(
            {fmt::format("{} {} is tagged after the version before it", changed.path, consignment.metadata.version),
             before_it->second ? std::string(kName) : ""});
        continue;
      }
      if (const auto pull = source_pull(job, commit.id)) consignment.waybill = waybill_of(*pull);
      auto old = outdated(job, kName, keys::kOverall, consignment);
      seen.emplace(changed.path, !old);
      if (old)
        survey.set_aside.push_back(*std::move(old));
      else
        survey.due.push_back(std::move(consignment));
    }
  }
  return survey;
}

std::string changelog(const Consignment& consignment) {
  const auto file = consignment.subtree.find("CHANGELOG.md");
  return file == consignment.subtree.end() ? "" : chart::section_of(file->second.content, consignment.metadata.version);
}

struct Tagged {
  std::string name;
  Oid commit;
  std::string path;
  std::optional<Oid> source;  // on integration, of one that is tagged now
};

// Says who approved what is tagged; an alarm when that are too few, and false.
bool is_reviewed(Plan& plan, const Job& job, const Consignment& consignment,
                 const std::optional<forge::PullRequest>& pull) {
  const int wanted = job.facts.policy.reviews;
  const std::string what = consignment.path + " " + consignment.metadata.version;
  if (!pull) {
    plan.alarm(Error(Fault::kUntrusted, "{} came to `{}` at {} by no pull request, {} reviews are wanted", what,
                     job.facts.policy.anchor.branch, consignment.commit.hex(), wanted)
                   .hint("look who pushed it; a policy with `reviews: 0` lets it go"));
    return false;
  }
  const Review review = review_of(job, consignment, *pull);
  const std::string merged_by = job.ports.forge().pull_request(pull->number).value_or(*pull).merged_by;
  if (!review.against.empty() || std::cmp_less(review.approvals.size(), wanted)) {
    std::string passed_over;
    for (const std::string& one : review.passed_over) passed_over += "; not counted: " + one;
    plan.alarm(Error(Fault::kUntrusted, "{}: pull request #{} has {} approvals of {}, {} wanted{}{}", what,
                     pull->number, review.approvals.size(), pull->head.hex(), wanted,
                     review.against.empty()
                         ? ""
                         : fmt::format("; changes are asked for by {}", fmt::join(review.against, ", ")),
                     passed_over)
                   .hint(fmt::format("review {} as it was merged, then start tag-charts again", pull->url)));
    return false;
  }
  plan.add(produced(job, kName, keys::kReviewed, consignment,
                    {{"pull-request", fmt::format("#{}", pull->number)},
                     {"head", pull->head.hex()},
                     {"merged-by", merged_by},
                     {"approved-by", fmt::format("{}", fmt::join(review.approvals, ", "))}},
                    {std::string(keys::kOverall)}));
  return true;
}

// Nothing where too few people approved it.
std::optional<Tagged> tag(Plan& plan, const Job& job, Consignment consignment) {
  const chart::Metadata& metadata = consignment.metadata;
  const lineage::Shipment& shipment = job.upstream.at(keys::kOverall, consignment.path).stamp.shipment;
  consignment.shipment = shipment;
  require_after_shipped(job, consignment, shipment);
  const auto pull = source_pull(job, consignment.commit);
  if (pull && job.ports.git().subtree(pull->head, consignment.path) != consignment.tree)
    throw Error(Fault::kUntrusted, "{}: commit {} on `{}` is not what pull request #{} brought", consignment.path,
                consignment.commit.hex(), job.facts.policy.anchor.branch, pull->number);
  const std::string name = chart::release_tag_name(metadata.name, metadata.version);
  lineage::TagMessage message{.chart = metadata.name,
                              .path = consignment.path,
                              .version = metadata.version,
                              .entries = carried(job, consignment)[consignment.path],
                              .changelog = changelog(consignment),
                              .source_pull_request = pull ? fmt::format("#{}", pull->number) : "none",
                              .commit = consignment.commit.hex(),
                              .source = shipment.source->hex()};
  std::vector<std::string> evidence{std::string(keys::kOverall)};
  if (job.facts.policy.reviews > 0) {
    if (!is_reviewed(plan, job, consignment, pull)) return std::nullopt;
    evidence.emplace_back(keys::kReviewed);
  }
  plan.add(produced(job, kName, keys::kTag, consignment, {{"tag", name}, {"commit", consignment.commit.hex()}},
                    std::move(evidence)));
  plan.add(EnsureTag{name, consignment.commit, std::move(message)});
  return Tagged{name, consignment.commit, consignment.path, shipment.source};
}

// Of the tags on main that release does not contain the oldest gets its train, unless one stands open. Whether there
// are such tags.
bool send_train(Plan& plan, const Job& job, const std::vector<Tagged>& fresh) {
  const auto& git = job.ports.git();
  const auto& branches = job.facts.policy.branches;
  const std::vector<git::Tag> earlier = released_tags(job, job.facts.anchor, branch_tip(job, branches.release));
  if (earlier.empty() && fresh.empty()) return false;
  for (const auto& pull : job.ports.forge().pull_requests("", branches.release, "open"))
    if (is_own(job, pull)) {
      plan.note(
          fmt::format("{} tags wait behind release pull request #{}", earlier.size() + fresh.size(), pull.number));
      return true;
    }
  std::vector<Tagged> waiting = fresh;
  for (const git::Tag& tag : earlier) {
    const auto old = outdated_tag(job, tag);
    if (old) {
      plan.note(old->why);
      continue;
    }
    waiting.insert(waiting.begin(), {tag.name, tag.target, lineage::read_tag_message(tag)->path, std::nullopt});
    break;
  }
  if (waiting.empty()) return false;
  const Tagged& first = *std::ranges::min_element(waiting, [&git](const Tagged& a, const Tagged& b) {
    return a.commit != b.commit && git.is_ancestor(a.commit, b.commit);
  });
  const std::string branch = lineage::Branches::filled(branches.train, "", first.commit.shortened());
  lineage::Waybill index;
  const lineage::Waybill all = carried(job);
  if (const auto chart = all.find(first.path); chart != all.end()) index.insert(*chart);
  plan.add(EnsureBranch{branch, first.commit});
  plan.add(EnsurePullRequest{branch, branches.release, "release: " + first.name,
                             fmt::format("Releases `{}` at commit {}.\n", first.name, first.commit.hex()),
                             std::move(index)});
  return true;
}

// Not before every version has its tag: one without would look like a contribution there.
void sync(Plan& plan, const Job& job, const Sources& fresh) {
  const auto& branches = job.facts.policy.branches;
  const Oid integration = branch_tip(job, branches.integration);
  if (job.ports.git().is_ancestor(job.facts.anchor, integration)) return;
  const std::string branch = lineage::Branches::filled(branches.sync, "", job.facts.anchor.shortened());
  const auto there = find_branch_tip(job, branch);
  if (there && only_brings_back(job, *there))
    plan.add(EnsureBranch{branch, *there});
  else if (auto commit = composed_return(job, integration, fresh))
    plan.add(*std::move(commit));
  else
    plan.add(EnsureBranch{branch, job.facts.anchor});
  plan.add(EnsurePullRequest{branch,
                             branches.integration,
                             fmt::format("Bring {} back to {}", job.facts.policy.anchor.branch, branches.integration),
                             "Released versions and changelogs, and whatever else came to the default branch.\n",
                             {}});
}

// Charts that waited behind what was tagged now can go on.
bool another_waits_direct(const Job& job) {
  const bool behind_its_own = std::ranges::any_of(job.consignments, [&job](const Consignment& tagged) {
    const auto now = readable_chart(job, job.facts.anchor, tagged.path);
    return now && !chart::same_but_release_owned(tagged.subtree, now->subtree, tagged.path);
  });
  return behind_its_own || std::ranges::any_of(unreleased_charts(job).due, [&job](const Consignment& chart) {
           const auto pull = release_pull_request(job, chart);
           return !pull || pull->merged;
         });
}

bool another_waits(const Job& job) {
  const auto& git = job.ports.git();
  const Oid integration = branch_tip(job, job.facts.policy.branches.integration);
  const ReleaseBranches branches(job, integration);
  for (const std::string& path : chart::chart_paths(git, integration, job.facts.policy.charts)) {
    const std::string name = name_of(job, integration, path);
    const auto tip = find_branch_tip(job, lineage::Branches::filled(job.facts.policy.branches.chart, name, ""));
    const auto waiting = tip ? git.subtree(*tip, path) : std::nullopt;
    if (!waiting || branches.are_settled(path, name, *waiting)) continue;
    const auto main = git.subtree(job.facts.anchor, path);
    if (!main || !chart::same_but_release_owned(chart::read_subtree(git, *main, path),
                                                chart::read_subtree(git, *waiting, path), path))
      return true;
  }
  return false;
}

// The run that made a tag of what came since the policy is what it is has looked at everything on its way.
bool is_policy_known(const Job& job) {
  const auto& git = job.ports.git();
  const auto policy = git.file(job.facts.anchor, lineage::kPolicyFile, kPolicyBytes);
  Oid since = job.facts.anchor;
  git.walk_first_parents(since, [&](const git::Commit& commit) {
    const bool same = git.file(commit.id, lineage::kPolicyFile, kPolicyBytes) == policy;
    if (same) since = commit.id;
    return same;
  });
  return std::ranges::any_of(released_tags(job, job.facts.anchor, std::nullopt),
                             [&](const git::Tag& tag) { return git.is_ancestor(since, tag.target); });
}

// Something on its way was validated under an earlier policy: it starts again.
bool is_void_on_the_way(const Job& job) {
  return !is_policy_known(job) && std::ranges::any_of(under_way(job), [&job](const Consignment& content) {
    return !is_validated(job, content) && had_statement(job, keys::kValidate, content);
  });
}

Plan plan(const Job& job) {
  Plan plan;
  std::vector<Tagged> fresh;
  Json names = Json::array();
  for (const Consignment& consignment : job.consignments) {
    auto tagged = tag(plan, job, consignment);
    if (!tagged) continue;
    names.push_back(tagged->name);
    fresh.push_back(*std::move(tagged));
  }
  const std::string& branch = job.facts.policy.anchor.branch;
  const bool all_tagged = fresh.size() == job.consignments.size() && job.set_aside.empty();
  if (fresh.empty() && all_tagged) plan.note("every version on `" + branch + "` has its tag");
  const bool direct = job.facts.policy.is_direct();
  const bool under_way = send_train(plan, job, fresh);
  Sources sources;
  for (const Tagged& tagged : fresh) sources.insert_or_assign(tagged.path, *tagged.source);
  if (!direct && all_tagged) sync(plan, job, sources);
  if (direct ? under_way && another_waits_direct(job) : another_waits(job))
    plan.add(EnsureDispatch{"format-chart-pr", branch, "a chart waited for what was tagged"});
  report_set_aside(
      plan, job,
      !direct && is_void_on_the_way(job) ? std::set<std::string>{"validate-contribution"} : std::set<std::string>{});
  plan.output(kTags.name, names);
  return plan;
}

}  // namespace

constexpr Stage kTagCharts{
    .name = kName,
    .title = "Tag the charts that reached main",
    .description =
        "Gives every verified version on main its annotated tag, opens the release train and brings main back to "
        "integration",
    .icon = "tag",
    .colour = "blue",
    .inputs = {},
    .outputs = {kTags},
    .job_permissions = {{"contents", "read"}, {"id-token", "write"}, {"attestations", "write"}},
    .app_permissions = {{"contents", "write"}, {"pull_requests", "write"}, {"actions", "write"}},
    .triggers = {.full = pushed_to(PolicyBranch::kAnchor), .direct = pushed_to(PolicyBranch::kAnchor)},
    .attests = true,
    .survey = survey,
    .plan = plan,
};

}  // namespace waybill::stages

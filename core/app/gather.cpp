#include <algorithm>

#include "core/app/known_root.h"
#include "core/app/session.h"
#include "core/app/trust_material.h"
#include "core/app/version.h"
#include "core/base/error.h"
#include "core/base/number.h"
#include "core/crypto/hash.h"
#include "core/lineage/git_shelf.h"
#include "core/stages/merge_group.h"

namespace waybill::app {
namespace {

constexpr std::size_t kPolicyBytes = 256 * 1024;
constexpr std::size_t kTrustBytes = 4 * 1024 * 1024;

// What a dispatch was given; empty when it was not.
std::string dispatched_with(const Json& event, const char* name) {
  const Json inputs = event.is_object() ? event.value("inputs", Json::object()) : Json::object();
  if (!inputs.is_object() || !inputs.contains(name)) return {};
  return string_member(inputs, name, "dispatch's inputs");
}

// The pull request that a dispatch tells to look at; 0 = none.
std::int64_t dispatched_for(const Json& event) {
  const std::string text = dispatched_with(event, stages::kPullRequestInput);
  if (text.empty()) return 0;
  const auto number = whole_number(text);
  if (!number || *number <= 0)
    throw Error(Fault::kInput, "the dispatch's `{}` is `{}`, the number of a pull request is wanted",
                stages::kPullRequestInput, text);
  return *number;
}

std::int64_t pull_request_number(const Session& session) {
  if (!session.invocation.stage->reads_pull) return 0;
  if (session.invocation.pull_request != 0) return session.invocation.pull_request;
  const Json& event = session.context->event;
  if (!event.is_object()) return 0;
  if (event.contains("pull_request"))
    return member(member(event, "pull_request", "event"), "number", "event's pull request").get<std::int64_t>();
  return dispatched_for(event);
}

// The branch of a merge queue that a dispatch tells to look at in the place of a pull request; empty = none.
std::string group_branch(const Session& session) {
  return session.invocation.stage->answers_groups ? dispatched_with(session.context->event, stages::kMergeGroupInput)
                                                  : std::string();
}

void open_forge(Session& session) {
  forge::Address address{session.context->api_url, session.context->repository};
  const std::string& token = session.input("token");
  session.forge_http.emplace(session.http, address.api_url);
  session.job_forge.emplace(*session.forge_http, address, token);
  if (session.input("app-id").empty()) {
    session.app_forge.emplace(*session.forge_http, address, token);
    return;
  }
  std::map<std::string, std::string> permissions;
  for (const auto& permission : session.invocation.stage->app_permissions)
    permissions.emplace(permission.name, session.applies() ? permission.level : "read");
  session.app_token.emplace(forge::AppToken::mint(*session.forge_http, address, session.input("app-id"),
                                                  session.input("app-private-key"), permissions, session.clock.now()));
  session.commands.mask(session.app_token->value());
  address.app = session.app_token->login();
  session.app_forge.emplace(*session.forge_http, address, session.app_token->value());
}

void open_git(Session& session, std::int64_t pull_request) {
  session.git.emplace(git::Repository::open(session.context->workspace));
  std::vector<std::string> references{"+refs/heads/*:refs/remotes/origin/*", "+refs/tags/*:refs/tags/*"};
  if (pull_request != 0) references.push_back(fmt::format("+refs/pull/{0}/head:refs/waybill/pull/{0}", pull_request));
  const std::string url = session.context->server_url + "/" + session.context->repository;
  session.git->fetch(url, references, session.input("token"));
}

// The policy of the anchor, and that it is this repository's (trust.md T1, T8).
lineage::Policy read_policy(const Session& session, const Oid& anchor, const forge::RepositoryInfo& repository) {
  const auto text = session.git->file(anchor, lineage::kPolicyFile, kPolicyBytes);
  if (!text)
    throw Error(Fault::kInput, "`{}` has no `{}` at {}", repository.default_branch, lineage::kPolicyFile,
                anchor.shortened())
        .hint("copy examples/chart-pipeline/.waybill.yml to the root of the default branch");
  lineage::Policy policy = lineage::Policy::parse(*text, lineage::kPolicyFile);
  std::vector<std::string> findings;
  const auto expect = [&findings](std::string_view what, const std::string& seen, const std::string& wanted) {
    if (seen != wanted) findings.push_back(fmt::format("{}: the policy says `{}`, the forge `{}`", what, seen, wanted));
  };
  expect("anchor.repository", policy.anchor.repository, repository.full_name);
  expect("anchor.repository-id", policy.anchor.repository_id, std::to_string(repository.id));
  expect("anchor.owner-id", policy.anchor.owner_id, std::to_string(repository.owner_id));
  expect("anchor.branch", policy.anchor.branch, repository.default_branch);
  expect("anchor.server", policy.anchor.server, session.context->server_url);
  if (!findings.empty()) throw Error(Fault::kUntrusted, "{}", fmt::join(findings, "\n"));
  return policy;
}

// The Sigstore that this repository signs with and trusts.
void open_trust(Session& session, const lineage::Policy& policy, const Oid& anchor,
                const forge::RepositoryInfo& repository) {
  const TrustMaterial trust = trust_material(
      policy, repository.visibility,
      [&](const lineage::PinnedFile& file, std::string_view key) {
        return as_pinned(file, key, session.git->file(anchor, file.path, kTrustBytes), "commit " + anchor.shortened());
      },
      [&](std::string_view organisation) {
        return known_root(organisation, false, session.invocation.environment, session.http, session.clock.now());
      });
  session.log.line("trusted root: " + trust.described);
  session.verifier.emplace(sigstore::TrustedRoot::parse(trust.trusted_root));
  if (session.applies() && session.invocation.stage->attests)
    session.signing = sigstore::SigningConfig::parse(trust.signing_config, session.clock.now());
}

// A stage runs its anchor's definition on the anchor, or not at all (trust.md T1, T11).
void require_anchor(const Session& session, const lineage::Policy& policy, const Oid& anchor) {
  const stages::Stage& stage = *session.invocation.stage;
  stages::require_in_pipeline(stage, policy);
  if (!session.invocation.action || !stage.triggers.any()) return;
  const runner::Context& context = *session.context;
  const auto signer = std::ranges::find(policy.signers, stage.name, &lineage::Signer::stage);
  const std::string wanted = policy.anchor.repository + "/" + signer->workflow + "@" + policy.anchor.ref();
  if (context.workflow_ref != wanted)
    throw Error(Fault::kUntrusted, "this run's workflow is `{}`; `{}` is wanted", context.workflow_ref, wanted)
        .hint(
            "a stage runs from the default branch: on pull_request_target, on push to it, or by workflow_dispatch on "
            "it");
  if (context.ref != policy.anchor.ref())
    throw Error(Fault::kUntrusted, "this run is on `{}`; `{}` is wanted", context.ref, policy.anchor.ref());
  if (std::ranges::find(signer->events, context.event_name) == signer->events.end())
    throw Error(Fault::kUntrusted, "this run was started by `{}`; the policy accepts {}", context.event_name,
                fmt::join(signer->events, ", "));
  const auto now = session.git->file(anchor, signer->workflow, kPolicyBytes);
  const auto then = session.git->file(Oid::parse(context.workflow_sha), signer->workflow, kPolicyBytes);
  if (now != then)
    throw Error(Fault::kStale, "`{}` changed since commit {}, which this run took it from", signer->workflow,
                context.workflow_sha)
        .hint("stale definition, dispatch anew: gh workflow run " + std::string(stage.name) + ".yml");
}

// Where the policy keeps bundles. The repository itself is written to as the one that writes all else there.
void open_store(Session& session) {
  const lineage::Policy& policy = session.facts->policy;
  session.store.emplace();
  session.keep = [&session](const sigstore::Bundle& bundle, const std::vector<Digest>&) {
    return session.job_forge->create_attestation(Json::parse(bundle.json()));
  };
  for (const lineage::Keeping place : policy.keeping) {
    if (place == lineage::Keeping::kForge) {
      session.store->add(std::make_unique<lineage::ForgeShelf>(*session.job_forge));
      continue;
    }
    auto shelf =
        std::make_unique<lineage::GitShelf>(policy.anchor.server + "/" + policy.anchor.repository,
                                            session.app_token ? session.app_token->value() : session.input("token"));
    if (policy.keeping.front() == place)
      session.keep = [&session, &shelf = *shelf](const sigstore::Bundle& bundle, const std::vector<Digest>& subjects) {
        shelf.keep(bundle.json(), subjects, session.clock.now());
        return std::int64_t{0};
      };
    session.store->add(std::move(shelf));
  }
}

// The pull request as it is now, with what git says of its base.
std::optional<forge::PullRequest> read_pull(Session& session, std::int64_t number) {
  if (number == 0) return std::nullopt;
  auto pull = session.app_forge->pull_request(number);
  if (!pull) throw Error(Fault::kInput, "there is no pull request #{} in {}", number, session.context->repository);
  if (pull->state == "open")
    if (const auto tip = session.git->find_commit("refs/remotes/origin/" + pull->base_ref)) pull->base = *tip;
  if (const auto head = session.git->find_commit(fmt::format("refs/waybill/pull/{}", number));
      head && *head != pull->head)
    throw Error(Fault::kStale, "pull request #{}: its head moved from {} to {}", number, pull->head.shortened(),
                head->shortened())
        .hint("the run that the newer head started will see to it");
  return pull;
}

// The group of a merge queue that a dispatch tells to look at, as it is now; nothing when the queue has dropped it.
std::optional<stages::MergeGroup> read_group(const Session& session, const std::string& branch,
                                             const lineage::Policy& policy) {
  if (branch.empty()) return std::nullopt;
  const std::string base_ref = stages::base_of_group(policy, branch);
  const auto head = session.git->find_commit("refs/remotes/origin/" + branch);
  const auto base = session.git->find_commit("refs/remotes/origin/" + base_ref);
  if (!head || !base) return std::nullopt;
  return stages::MergeGroup{branch, base_ref, *base, *head};
}

// Whether the event asks for anything: a pull request closed unmerged, or an opening that people overtook, does not.
bool has_work(Session& session, const std::string& group) {
  if (!group.empty() && !session.facts->group) {
    session.log.line(fmt::format("the merge queue has no `{}` any more: nothing to do", group));
    return false;
  }
  const auto& pull = session.facts->pull;
  if (!pull || !session.invocation.action) return true;
  const std::string action = session.context->event.value("action", "");
  if (action == "closed" && !pull->merged) {
    session.log.line(fmt::format("pull request #{} was closed without merging: nothing to do", pull->number));
    return false;
  }
  if (action != "closed" && pull->state == "closed") {
    session.log.line(fmt::format("pull request #{} is closed by now: nothing to do", pull->number));
    return false;
  }
  return true;
}

}  // namespace

bool gather(Session& session) {
  const runner::Context& context = *session.context;
  const std::int64_t number = pull_request_number(session);
  const std::string group = number == 0 ? group_branch(session) : std::string();
  open_forge(session);
  open_git(session, number);
  const forge::RepositoryInfo repository = session.app_forge->repository();
  const auto anchor = session.git->find_commit("refs/remotes/origin/" + repository.default_branch);
  if (!anchor) throw Error(Fault::kRemote, "the default branch `{}` could not be fetched", repository.default_branch);
  lineage::Policy policy = read_policy(session, *anchor, repository);
  require_anchor(session, policy, *anchor);
  open_trust(session, policy, *anchor, repository);
  auto tried = read_group(session, group, policy);
  session.facts.emplace(stages::Facts{.policy = std::move(policy),
                                      .anchor = *anchor,
                                      .event = context.event_name,
                                      .pull = read_pull(session, number),
                                      .group = std::move(tried),
                                      .occasion = context.occasion(),
                                      .builder = {context.server_url + "/" + context.workflow_ref, context.run_url()},
                                      .repository_id = std::to_string(repository.id),
                                      .tool = "waybill " + std::string(version()),
                                      .now = session.clock.now()});
  open_store(session);
  lineage::Expectations expected{session.facts->policy, *session.verifier, *session.store,
                                 [&git = *session.git, tip = *anchor](const std::string& commit) {
                                   const auto found = git.find_commit(commit);
                                   return found && git.is_ancestor(*found, tip);
                                 }};
  session.examiner.emplace(expected);
  expected.policy_digest_known = false;
  session.history.emplace(expected);
  expected.on_anchor = nullptr;
  session.lost.emplace(expected);
  return has_work(session, group);
}

}  // namespace waybill::app

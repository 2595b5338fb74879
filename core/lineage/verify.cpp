#include "core/lineage/verify.h"

#include <algorithm>
#include <ranges>
#include <set>

#include "core/base/error.h"
#include "core/lineage/keys.h"

namespace waybill::lineage {
namespace {

constexpr std::size_t kDepth = 32;
constexpr std::size_t kReasonsShown = 8;  // of bundles that somebody put into the store

// What a verification summary must have summed up: inputs at all and, where the policy is at hand, every key that it
// demands of the stage that summed up (trust.md T22).
void check_inputs(const std::string& key, const Signer& signer, const std::vector<Link>& links,
                  const Expectations& expected, std::vector<std::string>& failures) {
  if (links.empty()) failures.push_back(fmt::format("`{}` is a verification summary, but it sums up nothing", key));
  if (links.empty() || !expected.policy_digest_known) return;
  std::vector<std::string> missing = expected.policy.demanded_by(signer.stage);
  std::erase_if(missing, [&links](const std::string& demanded) {
    return std::ranges::find(links, demanded, &Link::key) != links.end();
  });
  if (!missing.empty())
    failures.push_back(
        fmt::format("`{}` is a verification summary, but it does not sum up `{}`", key, fmt::join(missing, "`, `")));
}

// A verification summary that passed says exactly what waybill's do, under the policy of its stamp (trust.md T22).
void check_summary(const intoto::Statement& statement, const Stamp& stamp, std::vector<std::string>& failures) {
  const auto levels = levels_of(statement);
  if (levels != std::vector<std::string>{std::string(kVerifiedLevel)})
    failures.push_back(fmt::format("`{}` states the levels `{}`, `{}` is wanted", stamp.key, fmt::join(levels, "`, `"),
                                   kVerifiedLevel));
  if (const Digest policy = policy_of(statement); policy != stamp.policy)
    failures.push_back(fmt::format("`{}` was summed up by policy {}, it was made under {}", stamp.key, policy.text(),
                                   stamp.policy.text()));
}

// Requirements that nothing links still belong together: one repository, one policy (trust.md T8, T22).
void check_common_origin(const Node& node, const Node& first, std::vector<std::string>& failures) {
  const sigstore::Identity& one = node.verified.identity();
  const sigstore::Identity& other = first.verified.identity();
  if (one.repository_id != other.repository_id || one.owner_id != other.owner_id)
    failures.push_back(fmt::format("it was signed in another repository than `{}`", first.stamp.key));
  if (node.stamp.policy != first.stamp.policy)
    failures.push_back(fmt::format("it was made under another policy than `{}`", first.stamp.key));
}

// The newest trusted time wins, a failed result included (trust.md T22); of one second, the failed one.
bool supersedes(const Node& node, const Node& other) {
  if (node.verified.time() != other.verified.time()) return node.verified.time() > other.verified.time();
  return !passed(node.verified.statement());
}

}  // namespace

// One bundle that verified as somebody's statement, or why it did not.
struct Judged {
  std::optional<Node> node;
  std::optional<Node>
      outdated;  // in place of `node`: nothing is wrong with it but that its policy is no longer current
  std::vector<std::string> failures;
};

struct Examiner::Known {
  // Under earlier policies there was the other pipeline, and other Kubernetes versions: their keys had the same signer.
  explicit Known(Expectations given) : expected(std::move(given)), earlier(expected.policy.across_pipelines()) {
    earlier.kubernetes.clear();
  }

  Judged judge(const sigstore::Bundle& bundle) const;
  std::vector<std::string> misfits(const Node& node, const Requirement& requirement) const;
  // The newest statement that is about the requirement; `failures` says why there is none.
  const Node* newest(const Requirement& requirement, std::vector<std::string>& failures);
  const Node* linked(const Link& link, const Node& from, const std::string& resource,
                     std::vector<std::string>& failures);
  // Every statement behind a node, into `nodes`.
  void walk(const Node& node, const std::string& resource, std::map<Digest, Node>& nodes,
            std::vector<std::string>& failures, std::size_t depth);
  const Judged& judged(const sigstore::Bundle& bundle);
  const Node* withdrawal(const Requirement& requirement);

  Expectations expected;
  Policy earlier;                     // whose signers count where the policy is not the one in force
  std::map<Digest, Judged> verdicts;  // by link digest
  std::map<std::string, Digest> by_bundle;
};

Judged Examiner::Known::judge(const sigstore::Bundle& bundle) const {
  sigstore::Verdict verdict = expected.verifier.verify(bundle);
  if (!verdict.statement) return {std::nullopt, std::nullopt, std::move(verdict.failures)};
  const sigstore::VerifiedStatement& verified = *verdict.statement;
  try {
    Stamp stamp = stamp_of(verified.statement());
    const bool current = !expected.policy_digest_known || stamp.policy == expected.policy.digest;
    const Policy& policy = stamp.policy == expected.policy.digest ? expected.policy : earlier;
    std::vector<std::string> failures = identity_failures(verified.identity(), stamp.key, policy);
    const Signer& signer = policy.signer_of(stamp.key);
    if (stamp.stage != signer.stage)
      failures.push_back(fmt::format("its stage is `{}`, `{}` is wanted", stamp.stage, signer.stage));
    if (stamp.repository_id != verified.identity().repository_id)
      failures.push_back(fmt::format("it says repository id `{}`, its certificate `{}`", stamp.repository_id,
                                     verified.identity().repository_id));
    if (builder_of(verified.statement()) != verified.identity().signer_uri)
      failures.push_back(fmt::format("it says builder `{}`, its certificate `{}`", builder_of(verified.statement()),
                                     verified.identity().signer_uri));
    if (const std::string run = invocation_of(verified.statement());
        !run.empty() && run != verified.identity().invocation)
      failures.push_back(fmt::format("it says it was made by the run `{}`, its certificate `{}`", run,
                                     verified.identity().invocation));
    if (expected.on_anchor && !expected.on_anchor(verified.identity().config_digest))
      failures.push_back(fmt::format("its workflow (.19) is of commit {}, which is not on `{}`",
                                     verified.identity().config_digest, expected.policy.anchor.branch));
    std::vector<Link> links = links_of(verified.statement());
    if (verified.statement().predicate_type == intoto::kSummary && passed(verified.statement())) {
      if (current) check_inputs(stamp.key, signer, links, expected, failures);
      check_summary(verified.statement(), stamp, failures);
    }
    const bool sound = failures.empty();
    if (!current)
      failures.push_back(fmt::format("it was made under policy {}, {} is in force", stamp.policy.text(),
                                     expected.policy.digest.text()));
    if (!sound) return {std::nullopt, std::nullopt, std::move(failures)};
    Node node{verified,         std::move(stamp),
              std::move(links), verified.statement().subjects.front().digest,
              bundle,           resource_of(verified.statement())};
    if (!current) return {std::nullopt, std::move(node), std::move(failures)};
    return {std::move(node), std::nullopt, {}};
  } catch (const Error& error) {
    return {std::nullopt, std::nullopt, {error.what()}};
  }
}

const Judged& Examiner::Known::judged(const sigstore::Bundle& bundle) {
  const std::string text = bundle.json();
  const auto known = by_bundle.find(text);
  if (known != by_bundle.end()) return verdicts.at(known->second);
  const Digest link = bundle.link();
  by_bundle.emplace(text, link);
  const auto before = verdicts.find(link);
  // The same signed text in another bundle: the one that verifies counts.
  if (before != verdicts.end() && (before->second.node || before->second.outdated)) return before->second;
  return verdicts.insert_or_assign(link, judge(bundle)).first->second;
}

std::vector<std::string> Examiner::Known::misfits(const Node& node, const Requirement& requirement) const {
  std::vector<std::string> failures;
  const intoto::Statement& statement = node.verified.statement();
  if (node.stamp.key != requirement.key) failures.push_back(fmt::format("it is a statement of `{}`", node.stamp.key));
  if (!requirement.chart.empty() && node.stamp.shipment.chart != requirement.chart)
    failures.push_back(fmt::format("it is about the chart `{}`", node.stamp.shipment.chart));
  if (!statement.is_about(requirement.subject))
    failures.push_back(fmt::format("it is not about {}", requirement.subject.text()));
  if (!requirement.resource.empty() && statement.predicate_type == intoto::kSummary &&
      node.resource != requirement.resource)
    failures.push_back(fmt::format("it is about `{}`, `{}` is wanted", node.resource, requirement.resource));
  return failures;
}

const Node* Examiner::Known::withdrawal(const Requirement& requirement) {
  if (requirement.key != keys::kReleaseOverall) return nullptr;
  const Node* newest = nullptr;
  for (const sigstore::Bundle& bundle : expected.store.find(requirement.subject)) {
    const Judged& verdict = judged(bundle);
    const auto& node = verdict.node ? verdict.node : verdict.outdated;
    if (!node || !is_withdrawal(*node) || !misfits(*node, requirement).empty()) continue;
    if (newest == nullptr || supersedes(*node, *newest)) newest = &*node;
  }
  return newest;
}

const Node* Examiner::Known::newest(const Requirement& requirement, std::vector<std::string>& failures) {
  const Node* best = nullptr;
  bool hinted = !requirement.hint;
  std::size_t foreign = 0;
  std::set<std::string> rejected;
  for (const sigstore::Bundle& bundle : expected.store.find(requirement.subject)) {
    const Judged& verdict = judged(bundle);
    if (!verdict.node) {
      ++foreign;
      rejected.insert(verdict.failures.begin(), verdict.failures.end());
      // An index may still name what a policy of before made: that is void, not forged.
      if (verdict.outdated && requirement.hint && verdict.outdated->verified.link() == requirement.hint->statement &&
          misfits(*verdict.outdated, requirement).empty())
        hinted = true;
      continue;
    }
    if (const auto wrong = misfits(*verdict.node, requirement); !wrong.empty()) {
      if (verdict.node->stamp.key != requirement.key) continue;
      ++foreign;
      rejected.insert(wrong.begin(), wrong.end());
      continue;
    }
    if (requirement.hint && verdict.node->verified.link() == requirement.hint->statement) hinted = true;
    if (best == nullptr || supersedes(*verdict.node, *best)) best = &*verdict.node;
  }
  if (best == nullptr) {
    std::string text = fmt::format("no statement about {} verifies", requirement.subject.text());
    if (foreign > 0) {
      const auto shown = rejected | std::views::take(kReasonsShown);
      text += fmt::format("; {} bundles were rejected: {}", foreign, fmt::join(shown.begin(), shown.end(), "; "));
      if (rejected.size() > kReasonsShown)
        text += fmt::format("; and {} other reasons", rejected.size() - kReasonsShown);
    }
    failures.push_back(std::move(text));
    if (const Node* withdrawn = withdrawal(requirement)) failures.push_back(described_withdrawal(*withdrawn));
    return nullptr;
  }
  if (requirement.hint && requirement.hint->subject != requirement.subject)
    failures.push_back(fmt::format("the waybill has it under {}, but the content is {}",
                                   requirement.hint->subject.text(), requirement.subject.text()));
  else if (!hinted)
    failures.push_back(fmt::format("the waybill names the statement {}, which is not a `{}` of this chart and content",
                                   requirement.hint->statement.text(), requirement.key));
  if (const Node* withdrawn = withdrawal(requirement))
    failures.push_back(described_withdrawal(*withdrawn));
  else if (!passed(best->verified.statement()))
    failures.emplace_back("its newest result is FAILED");
  return best;
}

const Node* Examiner::Known::linked(const Link& link, const Node& from, const std::string& resource,
                                    std::vector<std::string>& failures) {
  std::optional<std::vector<std::string>> rejected;
  for (const sigstore::Bundle& bundle : expected.store.find(link.subject)) {
    if (bundle.link() != link.statement) continue;
    const Judged& verdict = judged(bundle);
    if (!verdict.node) {  // the same words under somebody else's signature may lie beside the true ones (trust.md T28)
      if (!rejected) rejected = verdict.failures;
      continue;
    }
    const auto wrong =
        misfits(*verdict.node, {link.key, from.stamp.shipment.chart, link.subject, std::nullopt, resource});
    if (wrong.empty()) return &*verdict.node;
    failures.push_back(
        fmt::format("`{}`, on which `{}` is built: {}", link.key, from.stamp.key, fmt::join(wrong, "; ")));
    return nullptr;
  }
  failures.push_back(rejected ? fmt::format("`{}`, on which `{}` is built, does not verify: {}", link.key,
                                            from.stamp.key, fmt::join(*rejected, "; "))
                              : fmt::format("`{}` {}, on which `{}` is built, is nowhere to be found", link.key,
                                            link.statement.text(), from.stamp.key));
  return nullptr;
}

void Examiner::Known::walk(const Node& node, const std::string& resource, std::map<Digest, Node>& nodes,
                           std::vector<std::string>& failures, std::size_t depth) {
  if (depth > kDepth) {
    failures.push_back(fmt::format("its lineage is deeper than {} statements", kDepth));
    return;
  }
  if (!nodes.emplace(node.verified.link(), node).second) return;
  for (const Link& link : node.links) {
    const Node* below = linked(link, node, resource, failures);
    if (below == nullptr) continue;
    if (!passed(below->verified.statement()))
      failures.push_back(fmt::format("`{}`, on which it is built, is FAILED", link.key));
    if (below->verified.time() > node.verified.time())
      failures.push_back(fmt::format("`{}` is younger than `{}`, which is built on it", link.key, node.stamp.key));
    if (below->verified.identity().repository_id != node.verified.identity().repository_id ||
        below->verified.identity().owner_id != node.verified.identity().owner_id)
      failures.push_back(fmt::format("`{}` was signed in another repository than `{}`", link.key, node.stamp.key));
    if (below->stamp.policy != node.stamp.policy)
      failures.push_back(fmt::format("`{}` was made under another policy than `{}`", link.key, node.stamp.key));
    const auto& source = below->stamp.shipment.source;
    if (source && node.stamp.shipment.source && *source != *node.stamp.shipment.source)
      failures.push_back(fmt::format("`{}` belongs to the shipment of {}, `{}` to that of {}", link.key, source->hex(),
                                     node.stamp.key, node.stamp.shipment.source->hex()));
    walk(*below, resource.empty() ? below->resource : resource, nodes, failures, depth + 1);
    if (const auto known = nodes.find(below->verified.link()); known != nodes.end())
      known->second.subject = link.subject;
  }
}

Examiner::Examiner(Expectations expectations) : known_(std::make_unique<Known>(std::move(expectations))) {}

Examiner::~Examiner() = default;

Examined Examiner::examine(const std::vector<Requirement>& requirements) const {
  Examined examined;
  Upstream upstream;
  const Node* first = nullptr;
  std::vector<Digest> subjects;
  for (const Requirement& requirement : requirements) subjects.push_back(requirement.subject);
  known_->expected.store.expect(subjects);
  for (const Requirement& requirement : requirements) {
    std::vector<std::string> failures;
    if (const Node* node = known_->newest(requirement, failures)) {
      if (first == nullptr) first = node;
      check_common_origin(*node, *first, failures);
      known_->walk(*node, requirement.resource.empty() ? node->resource : requirement.resource, upstream.nodes_,
                   failures, 0);
      upstream.nodes_.at(node->verified.link()).subject = requirement.subject;
      upstream.required_.insert_or_assign({requirement.chart, requirement.key}, node->verified.link());
    }
    for (std::string& text : failures)
      examined.failures.push_back({requirement.chart, requirement.key, std::move(text)});
  }
  if (examined.failures.empty()) examined.upstream = std::move(upstream);
  return examined;
}

Upstream Examiner::verify(const std::vector<Requirement>& requirements) const {
  Examined examined = examine(requirements);
  if (examined.upstream) return std::move(*examined.upstream);
  std::string text;
  for (const Failure& failure : examined.failures)
    text += fmt::format("{}`{}`{}: {}", text.empty() ? "" : "\n", failure.key,
                        failure.chart.empty() ? "" : " of " + failure.chart, failure.text);
  throw Error(Fault::kUntrusted, "{}", text);
}

std::optional<Node> Examiner::withdrawal(const Requirement& requirement) const {
  const Node* found = known_->withdrawal(requirement);
  return found != nullptr ? std::optional(*found) : std::nullopt;
}

std::string Examiner::passed_over() const {
  const auto outdated =
      std::ranges::count_if(known_->verdicts, [](const auto& verdict) { return verdict.second.outdated.has_value(); });
  const auto foreign =
      std::ranges::count_if(known_->verdicts, [](const auto& verdict) { return !verdict.second.node; }) - outdated;
  const std::size_t unreadable = known_->expected.store.unreadable();
  std::string text;
  const auto count = [&text](auto number, std::string_view what) {
    if (number > 0) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", number, what);
  };
  count(foreign, "statements by others were passed over");
  count(unreadable, "bundles that nobody can read were passed over");
  count(outdated, "statements under an earlier policy count no longer");
  return text;
}

Upstream verify(const std::vector<Requirement>& requirements, const Expectations& expectations) {
  return Examiner(expectations).verify(requirements);
}

bool is_withdrawal(const Node& node) {
  return node.stamp.key == keys::kReleaseOverall && !passed(node.verified.statement());
}

std::string described_withdrawal(const Node& node) {
  const std::string reason = reason_of(node.verified.statement());
  return fmt::format("withdrawn on {}{}{}", to_rfc3339(node.verified.time()), reason.empty() ? "" : ": ", reason);
}

}  // namespace waybill::lineage

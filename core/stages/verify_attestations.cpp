#include "core/stages/verify_attestations.h"

#include <algorithm>
#include <set>

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/base/number.h"
#include "core/base/text.h"
#include "core/sigstore/identity.h"
#include "core/sigstore/requirements.h"
#include "core/stages/text_list.h"
#include "core/stages/trust.h"

namespace waybill::stages {
namespace {

constexpr std::size_t kMostBundles = 1000;

sigstore::Requirements requirements(const Job& job) {
  const std::string server(job.input("server"));
  const auto at_server = [&](std::string_view input) {
    const std::string_view value = job.input(input);
    return value.empty() ? std::string() : fmt::format("{}/{}", server, value);
  };
  return {.identity = std::string(job.input(kIdentity.name)),
          .issuer = std::string(job.input("issuer")),
          .repository = at_server("repo"),
          .owner = at_server(kOwner.name),
          .signer_workflow = at_server(kSignerWorkflow.name),
          .signer_ref = std::string(job.input(kSignerRef.name)),
          .signer_digest = std::string(job.input(kSignerDigest.name)),
          .source_ref = std::string(job.input(kSourceRef.name)),
          .source_digest = std::string(job.input(kSourceDigest.name)),
          .event = std::string(job.input(kEvent.name)),
          .runner = std::string(job.input(kRunner.name)),
          .predicate_type = std::string(job.input(kPredicateType.name))};
}

bool names_the_signer(const sigstore::Requirements& required) {
  return !required.repository.empty() || !required.owner.empty() || !required.identity.empty() ||
         !required.signer_workflow.empty();
}

struct Candidate {
  std::string origin;  // the file, and the line when it has several
  std::optional<sigstore::Bundle> bundle;
  std::vector<std::string> failures;
};

Candidate read_candidate(std::string origin, std::string_view text) {
  try {
    return {std::move(origin), sigstore::Bundle::parse(text), {}};
  } catch (const Error& error) {
    return {std::move(origin), std::nullopt, {error.what()}};
  }
}

// One bundle in any layout, or one a line.
void read_candidates(const std::string& path, std::string_view text, std::vector<Candidate>& candidates) {
  const std::string_view first = text.substr(0, text.find('\n'));
  const bool one_a_line = first.starts_with('{') && first.ends_with('}');
  if (!one_a_line) {
    candidates.push_back(read_candidate(path, text));
    return;
  }
  std::size_t number = 0;
  while (!text.empty()) {
    const std::string_view line = take_until('\n', text);
    ++number;
    if (!line.empty()) candidates.push_back(read_candidate(fmt::format("{}:{}", path, number), line));
    if (candidates.size() > kMostBundles)
      throw Error(Fault::kInput, "{}: more than {} bundles in all", path, kMostBundles);
  }
}

std::vector<sigstore::Bundle> readable(const std::vector<Candidate>& candidates) {
  std::vector<sigstore::Bundle> bundles;
  for (const Candidate& candidate : candidates)
    if (candidate.bundle) bundles.push_back(*candidate.bundle);
  return bundles;
}

sigstore::Artifact artifact(const Job& job, const std::set<std::string>& algorithms) {
  const std::string subject(job.input("subject-path"));
  if (subject.starts_with("sha256:") || subject.starts_with("sha384:") || subject.starts_with("sha512:"))
    return sigstore::Artifact::of_digest(Digest::parse(subject));
  return job.ports.artifact(subject, algorithms);
}

void look_for_candidates(const Job& job, const Digest& subject, std::vector<Candidate>& candidates) {
  for (const std::string& place : text_list(job.input(kBundlesFrom.name)))
    for (const std::string& text : job.ports.bundles(place, subject)) candidates.push_back(read_candidate(place, text));
}

std::set<std::string> digest_algorithms(const std::vector<sigstore::Bundle>& bundles) {
  std::set<std::string> algorithms;
  for (const sigstore::Bundle& bundle : bundles) algorithms.merge(bundle.digest_algorithms());
  return algorithms.empty() ? std::set<std::string>{"sha256"} : algorithms;
}

Json identity_json(const sigstore::Identity& identity) {
  Json json = {{"subject", identity.subject}};
  for (const auto& [number, name, member] : sigstore::kIdentityExtensions)
    if (!(identity.*member).empty()) json[name] = identity.*member;
  return json;
}

struct Accepted {
  const Candidate* candidate;
  sigstore::VerifiedArtifact artifact;
};

std::string text_of(const Accepted& accepted) {
  const sigstore::Identity& identity = *accepted.artifact.identity();
  std::string text = fmt::format("{}\n  signed by {}\n  at {}", accepted.candidate->origin, identity.subject,
                                 to_rfc3339(accepted.artifact.time()));
  if (!identity.repository_uri.empty())
    text += fmt::format("\n  of {} at {} ({}), {} on {}", identity.repository_uri, identity.source_ref,
                        identity.source_digest, identity.trigger, identity.runner);
  if (accepted.artifact.statement()) text += "\n  " + accepted.artifact.statement()->predicate_type;
  return text;
}

Json json_of(const Accepted& accepted) {
  Json json = {{"bundle", accepted.candidate->origin},
               {"identity", identity_json(*accepted.artifact.identity())},
               {"time", to_rfc3339(accepted.artifact.time())}};
  if (accepted.artifact.statement()) json["predicateType"] = accepted.artifact.statement()->predicate_type;
  return json;
}

std::string rejections(const std::vector<Candidate>& candidates) {
  std::string text;
  for (const Candidate& candidate : candidates)
    for (const std::string& failure : candidate.failures) text += fmt::format("\n  {}: {}", candidate.origin, failure);
  return text;
}

std::size_t wanted(const Job& job) {
  const std::string_view text = job.input(kMinimum.name);
  const auto minimum = whole_number(text);
  if (!minimum || *minimum < 1 || *minimum > static_cast<std::int64_t>(kMostBundles))
    throw Error(Fault::kInput, "`minimum` is `{}`, a number from 1 to {} is wanted", text.substr(0, 40), kMostBundles)
        .hint("minimum: 1");
  return static_cast<std::size_t>(*minimum);
}

}  // namespace

bool goes_by_bundles(const Job& job) {
  return !job.input(kBundles.name).empty() || !job.input(kBundlesFrom.name).empty();
}

Plan verify_attestations(const Job& job) {
  const sigstore::Requirements required = requirements(job);
  const std::size_t minimum = wanted(job);
  std::vector<Candidate> candidates;
  for (const std::string& path : text_list(job.input(kBundles.name)))
    read_candidates(path, job.ports.file(path), candidates);
  std::set<std::string> algorithms = digest_algorithms(readable(candidates));
  if (!job.input(kBundlesFrom.name).empty()) algorithms.insert("sha256");
  sigstore::Artifact about = artifact(job, algorithms);
  look_for_candidates(job, about.digests().begin()->second, candidates);
  const std::vector<sigstore::Bundle> bundles = readable(candidates);
  if (const auto wanted = digest_algorithms(bundles); !std::ranges::includes(algorithms, wanted))
    about = artifact(job, wanted);
  const TrustChoice trust = chosen_trust(job, bundles);
  const sigstore::Verifier verifier(trust.root);

  std::vector<Accepted> accepted;
  std::string signers;
  std::set<std::string> signatures;  // each counts once, however often and in whatever form it is given
  for (Candidate& candidate : candidates) {
    if (!candidate.bundle) continue;
    sigstore::ArtifactVerdict verdict = verifier.verify(*candidate.bundle, about);
    candidate.failures = std::move(verdict.failures);
    if (!verdict.artifact) continue;
    signers += "\n  " + verdict.artifact->identity()->subject;
    candidate.failures = unmet(required, *verdict.artifact->identity(), verdict.artifact->statement());
    if (candidate.failures.empty() && signatures.insert(verdict.artifact->signature()).second)
      accepted.push_back({&candidate, std::move(*verdict.artifact)});
  }
  const std::string name(job.input("subject-path"));
  if (!names_the_signer(required))
    throw Error(Fault::kUnbound, "{} is signed, but nothing says who should have signed it; signed by:{}", name,
                signers.empty() ? " nobody" : signers)
        .hint(fmt::format("waybill verify {} --bundle FILE --repo OWNER/NAME", name));
  if (accepted.size() < minimum)
    throw Error(Fault::kUntrusted, "{} ({}): {} of {} bundles are as required, {} wanted{}", name, about.name(),
                accepted.size(), candidates.size(), minimum, rejections(candidates));

  Plan plan;
  if (job.input(kFormat.name) == "json") {
    Json verdict = {{"verdict", "verified"},
                    {"subject", {{"name", name}, {"digest", about.name()}}},
                    {"trustedRoot", trust.described},
                    {"rejected", candidates.size() - accepted.size()}};
    for (const Accepted& bundle : accepted) verdict["accepted"].push_back(json_of(bundle));
    plan.note(verdict.dump(2));
  } else {
    for (const Accepted& bundle : accepted) plan.note(text_of(bundle));
    if (const std::string left = rejections(candidates); !left.empty()) plan.note("not counted:" + left);
    plan.note(fmt::format("{} is verified: {}\n  {} of {} bundles are as required, {} wanted; trusted root {}", name,
                          about.name(), accepted.size(), candidates.size(), minimum, trust.described));
  }
  plan.output("verdict", "verified");
  return plan;
}

}  // namespace waybill::stages

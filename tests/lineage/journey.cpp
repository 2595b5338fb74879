#include "lineage/journey.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "core/base/error.h"
#include "core/crypto/hash.h"
#include "testing/virtual_run.h"

namespace waybill::lineage {

const char* const kPolicyText = R"(version: 1
anchor:
  server: https://forge.example
  issuer: https://token.virtual.example
  repository: octo/charts
  repository-id: 2002
  owner-id: 1001
app: waybill[bot]
charts: ["charts/*"]
kubernetes: ["1.32.11", "1.33.7"]
signers:
  publish-charts: {environment: waybill-publish-charts}
)";

namespace {

bool is_bill(std::string_view key) {
  return key == keys::kBillOfMaterials || key == keys::kBillOfMaterialsSpdx;
}

std::vector<std::string> inputs_of(std::string_view key, std::string_view stage, const Policy& policy) {
  std::vector<std::string> inputs = policy.demanded_by(stage);
  if (key == keys::kOverall) inputs.insert(inputs.end(), {std::string(keys::kVerify), std::string(keys::kSemver)});
  if (is_bill(key)) inputs = {std::string(keys::kPackage)};
  if (key == keys::kReleaseOverall) inputs.emplace_back(keys::kPublish);
  return inputs;
}

}  // namespace

std::vector<sigstore::Bundle> MemoryStore::find(const Digest& subject) const {
  const auto found = kept_.find(subject);
  return found == kept_.end() ? std::vector<sigstore::Bundle>{} : found->second;
}

void MemoryStore::lose(const Digest& statement) {
  for (auto& [subject, bundles] : kept_)
    std::erase_if(bundles, [&](const sigstore::Bundle& bundle) { return bundle.link() == statement; });
}

Journey::Journey(std::string path, const std::string& text)
    : policy(Policy::parse(text, ".waybill.yml")),
      chart(std::move(path)),
      on_anchor([](const std::string& commit) { return commit == kAnchorCommit; }) {}

std::vector<std::string> Journey::all_keys() {
  return {"lint-test-v1.32.11",         "lint-test-v1.33.7",
          std::string(keys::kValidate), std::string(keys::kFilter),
          std::string(keys::kAtomic),   std::string(keys::kFormat),
          std::string(keys::kVerify),   std::string(keys::kSemver),
          std::string(keys::kOverall),  std::string(keys::kTag),
          std::string(keys::kPackage),  std::string(keys::kBillOfMaterials),
          std::string(keys::kPublish),  std::string(keys::kReleaseOverall)};
}

void Journey::travel(std::string_view last) {
  for (const std::string& key : all_keys()) {
    if (is_bill(key))
      for (const BillFormat format : policy.bills) sign(keys::bill_of_materials(format));
    else
      sign(key);
    if (key == last) return;
  }
}

bool Journey::is_about_package(std::string_view key) {
  if (is_bill(key)) return true;
  const auto all = all_keys();
  const auto found = std::ranges::find(all, key);
  return found != all.end() && found >= std::ranges::find(all, keys::kPackage);
}

Digest Journey::subject(std::string_view key) const {
  const auto all = all_keys();
  if (std::ranges::find(all, key) < std::ranges::find(all, keys::kVerify))
    return crypto::sha256("contribution " + chart);
  return crypto::sha256((is_about_package(key) ? "package " : "released ") + chart);
}

Draft Journey::draft(std::string_view key) const {
  const Signer& signer = policy.signer_of(key);
  Draft draft{.stamp = {.key = std::string(key),
                        .stage = signer.stage,
                        .repository_id = policy.anchor.repository_id,
                        .pull_request = 12,
                        .base_ref = "integration",
                        .base = std::string(40, 'd'),
                        .head = std::string(40, 'e'),
                        .policy_commit = kAnchorCommit,
                        .policy = policy.digest,
                        .shipment = {chart, {}, {}, {}},
                        .version = "1.2.3",
                        .tool = "waybill 0.1.0"},
              .subjects = {},
              .links = {},
              .identity = testing::virtual_run(signer.workflow, signer.events.front()),
              .passed = true,
              .builder = ""};
  draft.identity.environment = signer.environment;
  draft.identity.issuer = policy.anchor.issuer;
  if (signer.stage != "validate-contribution") draft.stamp.shipment.source = Oid::parse(kSource);
  const Digest about = subject(key);
  if (is_about_package(key))
    draft.subjects = {{"web-1.2.3.tgz", about}};
  else
    draft.subjects = {subtree_subject(chart, about), content_subject(chart, crypto::sha256("shipped " + about.hex()))};
  for (const std::string& input : inputs_of(key, signer.stage, policy))
    if (const auto known = links_.find({chart, input}); known != links_.end()) draft.links.push_back(known->second);
  return draft;
}

intoto::Statement Journey::statement(const Draft& draft) const {
  const Builder builder{draft.builder.empty() ? draft.identity.signer_uri : draft.builder, draft.identity.invocation};
  const std::string& key = draft.stamp.key;
  if (key == keys::kOverall || key == keys::kReleaseOverall) {
    const auto levels = draft.passed ? draft.levels : std::vector<std::string>{std::string(kFailedLevel)};
    intoto::Statement summary = verification_summary(
        draft.stamp, draft.subjects, {draft.resource, draft.passed, levels, sigstore.now(), draft.reason}, draft.links,
        builder, "https://forge.example/octo/charts/blob/main/.waybill.yml");
    if (draft.summed_up_by) summary.predicate["policy"]["digest"]["sha256"] = draft.summed_up_by->hex();
    return summary;
  }
  if (key == keys::kBillOfMaterials)
    return stamped(draft.stamp, draft.subjects, intoto::kCycloneDx, {{"bomFormat", "CycloneDX"}}, draft.links, builder);
  if (key == keys::kBillOfMaterialsSpdx) {
    const Json creation{{"created", "2026-11-21T12:00:00Z"}, {"creators", Json::array({"Tool: waybill-0.1.0"})}};
    return stamped(draft.stamp, draft.subjects, intoto::kSpdx, {{"creationInfo", creation}}, draft.links, builder);
  }
  if (key == keys::kValidate || key == keys::kAtomic || key == keys::kVerify || key.starts_with("lint-test"))
    return test_result(draft.stamp, draft.subjects, {{"structure", true, ""}, {"lint", draft.passed, ""}}, draft.links,
                       builder);
  return provenance(draft.stamp, draft.subjects, draft.links, builder, draft.results);
}

Link Journey::sign(const Draft& draft) {
  wait();
  const sigstore::Bundle bundle = signature(draft);
  for (const auto& subject : draft.subjects) store.put(subject.digest, bundle);
  const Link link{draft.stamp.key, bundle.link(), draft.subjects.front().digest};
  links_.insert_or_assign({chart, draft.stamp.key}, link);
  return link;
}

Requirement Journey::requirement(std::string_view key) const {
  return {std::string(key), chart, subject(key), std::nullopt};
}

Expectations Journey::expectations(const sigstore::Verifier& verifier) const {
  return {policy, verifier, store, on_anchor, policy_digest_known};
}

Examined Journey::examine(const std::vector<Requirement>& requirements) const {
  return Judge(*this).examine(requirements);
}

sigstore::Bundle Journey::bundle(std::string_view key) const {
  for (const sigstore::Bundle& bundle : store.find(link(key).subject))
    if (bundle.link() == link(key).statement) return bundle;
  throw Error(Fault::kInternal, "the store has no statement of `{}`", key);
}

void Journey::without(std::string_view key, const std::function<void()>& act) {
  const MemoryStore whole = store;
  store.lose(link(key).statement);
  act();
  store = whole;
}

Judge::Judge(const Journey& journey)
    : journey_(journey), verifier_(journey.sigstore.trusted_root()), examiner_(journey.expectations(verifier_)) {}

std::string listed(const Examined& examined) {
  std::string text;
  for (const Failure& failure : examined.failures)
    text += "`" + failure.key + "` of " + failure.chart + ": " + failure.text + "\n";
  return text;
}

void check_verified(const Examined& examined) {
  BOOST_TEST(examined.upstream.has_value(), "it did not verify: " << listed(examined));
  BOOST_TEST(examined.failures.empty());
}

void check_refused(const Examined& examined, std::string_view text) {
  BOOST_TEST(!examined.upstream.has_value());
  BOOST_TEST(listed(examined).find(text) != std::string::npos, "no failure says `" << text << "`, but:\n"
                                                                                   << listed(examined));
}

}  // namespace waybill::lineage

#include "core/lineage/policy_json.h"

#include "core/lineage/version_rule_names.h"

namespace waybill::lineage {
namespace {

OrderedJson anchor(const Anchor& anchor) {
  return {{"server", anchor.server},         {"issuer", anchor.issuer},
          {"repository", anchor.repository}, {"repository-id", anchor.repository_id},
          {"owner-id", anchor.owner_id},     {"branch", anchor.branch}};
}

OrderedJson branches(const Branches& branches) {
  OrderedJson json;
  for (const auto& [key, pattern] :
       {std::pair{"integration", &branches.integration}, std::pair{"chart", &branches.chart},
        std::pair{"split", &branches.split}, std::pair{"bump", &branches.bump}, std::pair{"train", &branches.train},
        std::pair{"sync", &branches.sync}, std::pair{"carry", &branches.carry}, std::pair{"release", &branches.release},
        std::pair{"index", &branches.index}})
    if (!pattern->empty()) json[key] = *pattern;
  return json;
}

OrderedJson merging(const Policy& policy) {
  const auto by = [](bool waybill) { return waybill ? "auto" : "people"; };
  OrderedJson json;
  if (!policy.is_direct()) json = {{"integrate", by(policy.merging.integrate)}, {"sync", by(policy.merging.sync)}};
  json["main"] = by(policy.merging.main);
  json["release"] = by(policy.merging.release);
  return json;
}

OrderedJson signer(const Signer& signer, const Policy& policy) {
  OrderedJson json = {{"identity", policy.anchor.identity(signer.workflow)}, {"events", signer.events}};
  if (!signer.environment.empty()) json["environment"] = signer.environment;
  json["signs"] = signer.keys;
  if (has_stage(policy.pipeline, signer.stage)) json["demands"] = policy.demanded_by(signer.stage);
  return json;
}

OrderedJson signers(const Policy& policy, bool of_pipeline) {
  OrderedJson json = OrderedJson::object();
  for (const Signer& one : policy.signers)
    if (has_stage(policy.pipeline, one.stage) == of_pipeline) json[one.stage] = signer(one, policy);
  return json;
}

OrderedJson pinned(const PinnedFile& file) {
  return {{"file", file.path}, {"digest", file.digest.text()}};
}

OrderedJson sigstore(const Policy& policy) {
  if (policy.trusted_root && policy.signing_config)
    return {{"trusted-root", pinned(*policy.trusted_root)}, {"signing-config", pinned(*policy.signing_config)}};
  return {{"instance", policy.instance.empty() ? "by visibility" : policy.instance}};
}

OrderedJson versions(const VersionRules& rules) {
  OrderedJson json = {{"types", OrderedJson::object()},
                      {"scopes", rules.scopes_narrow ? "narrow" : "ignore"},
                      {"initial", rules.small_features ? "patch" : "minor"},
                      {"app-version", name_of(rules.app_version, kCarriedNames)},
                      {"dependencies", name_of(rules.dependencies, kCarriedNames)},
                      {"dependents", rules.dependents ? "patch" : "none"},
                      {"values-break", name_of(rules.values_break, kValuesBreakNames)},
                      {"reverts", rules.reverts_cancel ? "cancel" : "keep"},
                      {"bump", rules.written ? "written" : "plan"},
                      {"commits", name_of(rules.commits, kCommitsNames)},
                      {"squashed", rules.squashed ? "raise" : "ignore"}};
  for (const auto& [type, level] : rules.types) json["types"][type] = level;
  if (!rules.pre_release.empty()) json["pre-release"] = rules.pre_release;
  return json;
}

OrderedJson formats(const std::vector<BillFormat>& bills) {
  OrderedJson json = OrderedJson::array();
  for (const BillFormat format : bills) json.push_back(name_of(format, kBillFormatNames));
  return json;
}

OrderedJson stores(const std::vector<Keeping>& keeping) {
  OrderedJson json = OrderedJson::array();
  for (const Keeping place : keeping) json.push_back(place == Keeping::kGit ? "git" : "github");
  return json;
}

}  // namespace

OrderedJson policy_json(const Policy& policy) {
  OrderedJson json = {{"digest", policy.digest.text()},
                      {"pipeline", name_of(policy.pipeline)},
                      {"anchor", anchor(policy.anchor)},
                      {"app", policy.app},
                      {"charts", policy.charts},
                      {"other-files", policy.carries_other_files ? "carry" : "refuse"},
                      {"protected-paths", policy.protected_paths},
                      {"kubernetes", policy.kubernetes},
                      {"branches", branches(policy.branches)},
                      {"stages", signers(policy, true)}};
  json["signers"] = signers(policy, false);
  json["sigstore"] = sigstore(policy);
  json["attestation-store"] = stores(policy.keeping);
  json["bill-of-materials"] = formats(policy.bills);
  json["destinations"] = OrderedJson::object();
  for (const auto& [repository, required] : policy.destinations)
    json["destinations"][repository] = required ? "required" : "optional";
  json["merge"] = merging(policy);
  json["reviews"] = policy.reviews;
  json["versions"] = versions(policy.versions);
  json["version-wishes"] = policy.any_wish ? "any" : "near";
  json["adopted"] = OrderedJson::object();
  for (const auto& [tag, commit] : policy.adopted) json["adopted"][tag] = commit.hex();
  return json;
}

}  // namespace waybill::lineage

#include <algorithm>

#include "core/app/applier.h"
#include "core/base/error.h"
#include "core/crypto/hash.h"

namespace waybill::app {
namespace {

constexpr std::size_t kAssetBytes = 256 * 1024 * 1024;

}  // namespace

forge::Release Applier::release(const std::string& tag) const {
  const auto release = app_.release(tag);
  if (!release) throw Error(Fault::kConflict, "release `{}` is gone", tag);
  return *release;
}

bool Applier::ensure(const stages::EnsureDraft& step) {
  if (app_.release(step.tag)) return true;
  app_.create_draft(step.tag, step.name, step.body, step.prerelease);
  return false;
}

bool Applier::ensure(const stages::EnsureAsset& step) {
  const auto* given = std::get_if<std::string>(&step.content);
  const std::string content =
      given != nullptr ? *given : lineage_of(std::get<stages::EnsureAsset::LineageOf>(step.content));
  const Digest digest = crypto::sha256(content);
  const forge::Release there = release(step.tag);
  for (const auto& asset : there.assets) {
    if (asset.name != step.name) continue;
    const bool whole = asset.state == "uploaded";
    const std::string seen = !whole                  ? "an upload that broke off"
                             : !asset.digest.empty() ? asset.digest
                                                     : crypto::sha256(app_.asset(asset, kAssetBytes)).text();
    if (seen == digest.text()) return true;
    // A lineage is signed anew by every run; as long as nobody can see the draft, the newest one counts.
    const bool replaceable = there.draft && (!whole || given == nullptr);
    if (!replaceable)
      throw Error(Fault::kConflict, "asset `{}` of release `{}` is {}, {} is wanted", step.name, step.tag, seen,
                  digest.text());
    app_.delete_asset(asset);
  }
  const forge::Asset made = app_.upload(there, step.name, step.media_type, content);
  if (!made.digest.empty() && made.digest != digest.text())
    throw Error(Fault::kUntrusted, "asset `{}` arrived as {}, {} was sent", step.name, made.digest, digest.text());
  return false;
}

bool Applier::ensure(const stages::EnsurePublished& step) {
  const forge::Release there = release(step.tag);
  if (!there.draft) return true;
  app_.publish(there);
  return false;
}

bool Applier::ensure(const stages::EnsureWithdrawn& step) {
  const auto there = app_.release(step.tag);
  if (!there || there->body.starts_with(step.notice)) return true;
  app_.describe(*there, there->name, step.notice + "\n\n" + there->body);
  return false;
}

bool Applier::ensure(const stages::EnsureManifest& step) {
  const oci::Registry& registry = registry_(step.repository);
  if (registry.manifest(step.manifest.digest.text())) return true;
  for (const std::string& blob : step.blobs) {
    const Digest digest = crypto::sha256(blob);
    if (!registry.has_blob(digest)) registry.push_blob(blob, digest);
  }
  registry.push_manifest(step.manifest);
  return false;
}

stages::EnsureReferrer::Kept Applier::attested(const stages::EnsureReferrer& step) const {
  const Ledger::Receipt* receipt = ledger_.find(step.chart, step.key);
  if (receipt == nullptr)
    throw Error(Fault::kInternal, "`{}` of {} was not attested before it is attached", step.key, step.chart);
  return {receipt->bundle.json(), receipt->entry.predicate_type};
}

bool Applier::ensure(const stages::EnsureReferrer& step) {
  const auto [bundle, predicate_type] = step.kept ? *step.kept : attested(step);
  const oci::Registry& registry = registry_(step.repository);
  const Digest digest = crypto::sha256(bundle);
  const oci::Descriptor layer{std::string(oci::kBundleType), digest, bundle.size(), {}, ""};
  const oci::Manifest manifest = oci::bundle_referrer(layer, step.subject, predicate_type, step.created);
  const auto there = registry.referrers(step.subject.digest);
  if (std::ranges::find(there, manifest.digest, &oci::Descriptor::digest) != there.end()) return true;
  registry.push_blob(bundle, digest);
  registry.push_blob(oci::kEmptyConfig, crypto::sha256(oci::kEmptyConfig));
  registry.push_referrer(
      manifest, {manifest.media_type, manifest.digest, manifest.bytes.size(), {}, std::string(oci::kBundleType)},
      step.subject.digest);
  return false;
}

bool Applier::ensure(const stages::EnsureRegistryTag& step) {
  const oci::Registry& registry = registry_(step.repository);
  const auto there = registry.manifest(step.tag);
  if (there && there->digest == step.manifest.digest) return true;
  registry.tag(step.tag, step.manifest);
  return false;
}

bool Applier::ensure(const stages::EnsureDeployment& step) {
  const auto there = app_.deployments(step.commit, step.environment);
  const auto same = std::ranges::find(there, step.payload, &forge::Deployment::payload);
  if (same != there.end() && app_.deployment_state(*same) == "success") return true;
  app_.create_deployment_status(
      same != there.end() ? *same : app_.create_deployment(step.commit, step.environment, step.payload), "success");
  return false;
}

}  // namespace waybill::app

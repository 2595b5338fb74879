#include "core/app/policy_check.h"

#include "core/app/trust_material.h"
#include "core/base/file.h"
#include "core/chart/chart.h"
#include "core/sigstore/signing_config.h"
#include "core/sigstore/trusted_root.h"
#include "core/stages/adopted.h"

namespace waybill::app {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kFileBytes = 4 * 1024 * 1024;

// As git would take it up: no link, nothing outside.
std::optional<std::string> work_tree_file(const fs::path& folder, const std::string& path) {
  const fs::path inside = fs::path(path).lexically_normal();
  if (inside.empty() || inside.is_absolute() || inside != path || *inside.begin() == "..") return std::nullopt;
  fs::path below = folder;
  std::error_code unreadable;
  for (const fs::path& name : inside)
    if (fs::is_symlink(fs::symlink_status(below /= name, unreadable))) return std::nullopt;
  if (!fs::is_regular_file(below, unreadable)) return std::nullopt;
  return read_file(below, kFileBytes);
}

class Search {
 public:
  Search(const lineage::Policy& policy, const PolicyPlace& place, Time now)
      : policy_(policy), place_(place), now_(now) {}

  std::vector<Error> all() && {
    pinned_files();
    for (const std::string& pattern : policy_.charts) attempt([&] { charts(pattern); });
    attempt([&] { static_cast<void>(chart::is_named(".", policy_.protected_paths)); });
    for (const lineage::Signer& signer : policy_.signers) attempt([&] { workflow(signer); });
    for (const auto& [tag, commit] : policy_.adopted)
      attempt([&, &tag = tag, &commit = commit] { stages::require_adopted_here(place_.git, tag, commit); });
    return std::move(findings_);
  }

 private:
  template <class Part>
  void attempt(Part part) {
    try {
      part();
    } catch (const Error& error) {
      findings_.push_back(error);
    }
  }

  std::string pinned(const lineage::PinnedFile& file, std::string_view key) const {
    return as_pinned(file, key, place_.file(file.path), place_.described);
  }

  void pinned_files() {
    if (const auto& root = policy_.trusted_root)
      attempt([&] { static_cast<void>(sigstore::TrustedRoot::parse(pinned(*root, "trusted-root"))); });
    if (const auto& config = policy_.signing_config)
      attempt([&] { static_cast<void>(sigstore::SigningConfig::parse(pinned(*config, "signing-config"), now_)); });
  }

  void charts(const std::string& pattern) const {
    if (!chart::chart_paths(place_.git, place_.commit, {pattern}).empty()) return;
    throw Error(Fault::kInput, "charts: `{}` finds no folder with a Chart.yaml in commit {}", pattern,
                place_.commit.shortened())
        .hint(fmt::format("commit a chart there, or take `{}` out of `charts`", pattern));
  }

  void workflow(const lineage::Signer& signer) const {
    if (place_.file(signer.workflow)) return;
    const bool own = !lineage::has_stage(policy_.pipeline, signer.stage);
    throw Error(Fault::kInput, "signers.{}: `{}` is not in {}", signer.stage, signer.workflow, place_.described)
        .hint(own ? fmt::format("write that workflow, or take `{}` out of `signers`", signer.stage)
                  : "waybill init --write");
  }

  const lineage::Policy& policy_;
  const PolicyPlace& place_;
  Time now_;
  std::vector<Error> findings_;
};

}  // namespace

PolicyPlace PolicyPlace::at_commit(const git::Repository& git, const Oid& commit) {
  return {git, commit, "commit " + commit.shortened(),
          [&git, commit](const std::string& path) { return git.file(commit, path, kFileBytes); }};
}

PolicyPlace PolicyPlace::in_work_tree(const git::Repository& git, const Oid& commit, const fs::path& folder) {
  return {git, commit, "the work tree", [folder](const std::string& path) { return work_tree_file(folder, path); }};
}

std::vector<Error> policy_findings(const lineage::Policy& policy, const PolicyPlace& place, Time now) {
  return Search(policy, place, now).all();
}

}  // namespace waybill::app

#include <algorithm>
#include <map>
#include <set>

#include "core/chart/chart.h"
#include "core/chart/plan_version.h"
#include "core/stages/doctor.h"
#include "core/stages/journey.h"
#include "core/stages/released.h"
#include "core/stages/run_audit.h"
#include "core/stages/watched_releases.h"

namespace waybill::stages {
namespace {

// What one attempt of a run signed.
struct Signed {
  sigstore::Identity identity;
  Time time;
  std::string what;  // key and chart
};

class Audit {
 public:
  Audit(const Job& job, std::size_t versions, Findings& findings)
      : job_(job),
        versions_(versions),
        findings_(findings),
        tags_(job.ports.git().tags()),
        pages_(visible_releases(job)) {}

  void collect(const std::string& path) {
    const auto metadata = readable_metadata(job_, job_.facts.anchor, path);
    if (!metadata) return;  // for stage 1 to say why
    for (const auto& release : newest_versions(job_, chart::release_tags(tags_, metadata->name), versions_)) {
      ++releases_;
      const auto tagged = tag_evidence(job_, release, path);
      const auto packaged = evidence_of_package(release, path, metadata->name);
      if (tagged) add(*tagged, path);
      if (packaged) add(*packaged, path);
      if (!tagged && !packaged)
        findings_.wrong(fmt::format("no statement behind the release `{}` verifies", release.tag.name),
                        "gh workflow run reconcile.yml, which says what is missing", Fault::kUntrusted);
    }
  }

  void judge() {
    std::size_t sound = 0;
    for (const auto& [name, statements] : runs_) {
      const std::vector<std::string> found = failures(name, statements);
      if (found.empty())
        ++sound;
      else
        alarm(name, statements, found);
    }
    findings_.right(fmt::format("{} statements behind {} releases: {} of {} runs that signed them are as they say",
                                seen_.size(), releases_, sound, runs_.size()));
  }

 private:
  std::optional<lineage::Upstream> evidence_of_package(const chart::ReleaseTag& release, const std::string& path,
                                                       const std::string& name) const {
    const auto page = pages_.find(release.tag.name);
    if (page == pages_.end()) return std::nullopt;
    const std::string version = release.version.text();
    const auto& assets = page->second.assets;
    const auto asset = std::ranges::find(assets, name + "-" + version + ".tgz", &forge::Asset::name);
    if (asset == assets.end() || asset->digest.empty()) return std::nullopt;
    return package_evidence(job_, path, name, version, Digest::parse(asset->digest));
  }

  void add(const lineage::Upstream& evidence, const std::string& path) {
    for (const lineage::Node* node : evidence.lineage(path)) {
      if (!seen_.insert(node->verified.link()).second) continue;
      const Signed one{node->verified.identity(), node->verified.time(),
                       fmt::format("`{}` of {}", node->stamp.key, path)};
      if (const auto name = run_named(one.identity.invocation))
        runs_[*name].push_back(one);
      else
        findings_.wrong(fmt::format("{} was signed by `{}`, which is no run", one.what, one.identity.invocation), "",
                        Fault::kUntrusted);
    }
  }

  std::vector<std::string> failures(const RunName& name, const std::vector<Signed>& statements) {
    const auto run = job_.ports.forge_settings().run_attempt(name.run, name.attempt);
    if (!run) return {"the forge knows no such run"};
    std::vector<std::string> found;
    for (const Signed& one : statements)
      for (std::string& text : run_differences(one.identity, one.time, *run, job_.facts.policy.anchor, job_.facts.now))
        if (std::ranges::find(found, text) == found.end()) found.push_back(std::move(text));
    if (run->status == "completed" && run->conclusion != "success" && !is_made_up_for(*run))
      found.push_back(
          fmt::format("it ended with `{}`, and none of its workflow succeeded since ({})", run->conclusion, run->url));
    return found;
  }

  // A stage can stop after it has signed, for want of a server; then it is run again, and finds it done.
  bool is_made_up_for(const forge::RunAttempt& run) {
    const auto [known, missing] = successes_.try_emplace(run.path);
    if (missing) known->second = job_.ports.forge_settings().last_success(run.path.substr(run.path.rfind('/') + 1));
    return known->second && known->second->started >= run.started;
  }

  void alarm(const RunName& name, const std::vector<Signed>& statements, const std::vector<std::string>& found) {
    std::vector<std::string> keys;
    for (const Signed& one : statements) keys.push_back(one.what);
    const std::string workflow = workflow_in(statements.front().identity, job_.facts.policy.anchor);
    findings_.wrong(
        fmt::format("run {}, attempt {}, which signed {}: {}", name.run, name.attempt, fmt::join(keys, ", "),
                    fmt::join(found, "; ")),
        fmt::format("gh run list --repo {} --workflow {}: look who ran, or who deleted it; a forge keeps runs for some "
                    "time only, so old ones are passed over with fewer `versions`",
                    job_.facts.policy.anchor.repository, workflow.substr(workflow.rfind('/') + 1)),
        Fault::kUntrusted);
  }

  const Job& job_;
  std::size_t versions_;
  Findings& findings_;
  std::vector<git::Tag> tags_;
  std::map<std::string, forge::Release> pages_;
  std::set<Digest> seen_;  // statements
  std::map<RunName, std::vector<Signed>> runs_;
  std::map<std::string, std::optional<forge::RunAttempt>> successes_;  // by workflow
  std::size_t releases_ = 0;
};

}  // namespace

void audit_releases(const Job& job, std::size_t versions, Findings& findings) {
  findings.look("which runs signed what was released", [&] {
    Audit audit(job, versions, findings);
    for (const std::string& path : chart::chart_paths(job.ports.git(), job.facts.anchor, job.facts.policy.charts))
      audit.collect(path);
    audit.judge();
  });
}

}  // namespace waybill::stages

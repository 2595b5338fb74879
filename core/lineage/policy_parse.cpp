#include <algorithm>
#include <array>
#include <set>

#include "core/base/error.h"
#include "core/base/repository_name.h"
#include "core/base/text.h"
#include "core/crypto/hash.h"
#include "core/git/repository.h"
#include "core/lineage/branches.h"
#include "core/lineage/keys.h"
#include "core/lineage/placeholder.h"
#include "core/lineage/policy.h"
#include "core/lineage/policy_keys.h"
#include "core/lineage/policy_values.h"
#include "core/sigstore/instance.h"
#include "core/yaml/document.h"

namespace waybill::lineage {
namespace {

// The events whose workflow definition comes from the default branch (trust.md T1).
constexpr std::array<std::string_view, 3> kEvents{"pull_request_target", "push", "workflow_dispatch"};

constexpr std::int64_t kMostReviews = 10;  // what a ruleset takes

constexpr std::string_view kVersionMark = "<kubernetes>";

std::vector<std::string> expanded(const std::vector<std::string>& keys, const std::vector<std::string>& kubernetes) {
  std::vector<std::string> all;
  for (const std::string& key : keys) {
    const std::size_t mark = key.find(kVersionMark);
    if (mark == std::string::npos) {
      all.push_back(key);
      continue;
    }
    for (const std::string& version : kubernetes)
      all.push_back(std::string(key).replace(mark, kVersionMark.size(), version));
  }
  return all;
}

bool is_kubernetes_version(std::string_view text) {
  const auto dots = std::ranges::count(text, '.');
  return text.find_first_not_of("0123456789.") == std::string_view::npos && (dots == 1 || dots == 2) &&
         text.find("..") == std::string_view::npos && !text.starts_with('.') && !text.ends_with('.');
}

// Reads one policy and collects everything that is wrong with it.
class Reader {
 public:
  Reader(const yaml::Node& root, Policy& policy) : root_(root), policy_(policy) {}

  void read() {
    attempt([this] {
      root_.require_only(names_below(""));
      if (root_.at("version").as_integer() != 1)
        throw Error(Fault::kInput, "{}: version {} is not known, 1 is wanted", root_.at("version").where(),
                    root_.at("version").text());
    });
    attempt([this] {
      if (const auto node = root_.find("pipeline")) policy_.pipeline = parse_pipeline(node->text());
    });
    attempt([this] { anchor(root_.at("anchor")); });
    attempt([this] {
      policy_.app = filled_in(root_.at("app")).text();
      policy_.merging.integrate = policy_.merging.sync = policy_.has_own_app();
    });
    attempt([this] { charts(root_.at("charts")); });
    attempt([this] {
      if (const auto node = root_.find("protected-paths")) policy_.protected_paths = node->texts();
    });
    attempt([this] {
      if (const auto node = root_.find("other-files"))
        policy_.carries_other_files = is_first_of(*node, "carry", "refuse");
    });
    attempt([this] { kubernetes(root_.at("kubernetes")); });
    attempt([this] { branches(); });
    signers();
    attempt([this] {
      if (const auto node = root_.find("bill-of-materials")) policy_.bills = bill_formats(*node);
    });
    attempt([this] { demanded(); });
    attempt([this] {
      if (const auto node = root_.find("sigstore")) sigstore(*node);
    });
    attempt([this] { destinations(); });
    attempt([this] {
      if (const auto node = root_.find("merge")) merging(*node);
    });
    attempt([this] { adopted(); });
    attempt([this] {
      if (const auto node = root_.find("versions")) policy_.versions = VersionRules::parse(*node);
    });
    attempt([this] {
      if (const auto node = root_.find("version-wishes")) policy_.any_wish = is_first_of(*node, "any", "near");
    });
    attempt([this] {
      if (const auto node = root_.find("reviews")) reviews(*node);
    });
    for (std::string& finding : branch_findings(policy_.branches, policy_.anchor.branch, policy_.pipeline))
      findings_.push_back(std::move(finding));
    if (!findings_.empty())
      throw Error(Fault::kInput, "{}", fmt::join(findings_, "\n")).hint(fmt::format("{}", fmt::join(hints_, "\n")));
  }

 private:
  template <class Part>
  void attempt(Part part) {
    try {
      part();
    } catch (const Error& error) {
      if (error.fault() != Fault::kInput) throw;
      findings_.emplace_back(error.what());
      if (!error.hint().empty()) hints_.push_back(error.hint());
    }
  }

  // The node, unless it holds what `waybill init` left to fill in.
  const yaml::Node& filled_in(const yaml::Node& node) const {
    if (std::string line = placeholder::line_for(node.text(), policy_.anchor.repository); !line.empty())
      throw Error(Fault::kInput, "{}, line {}: `{}` is to be filled in", node.where(), node.line(), node.text())
          .hint(std::move(line));
    return node;
  }

  void anchor(const yaml::Node& node) {
    node.require_only(names_below("anchor"));
    Anchor& anchor = policy_.anchor;
    if (const auto server = node.find("server")) anchor.server = server->text();
    if (const auto issuer = node.find("issuer")) anchor.issuer = issuer->text();
    if (const auto branch = node.find("branch")) anchor.branch = branch->text();
    anchor.repository = node.at("repository").text();
    if (!is_repository_name(anchor.repository))
      throw Error(Fault::kInput, "{}: `{}` is no repository, OWNER/NAME is wanted", node.at("repository").where(),
                  printable_line(anchor.repository));
    for (const auto& [key, id] :
         {std::pair{"repository-id", &anchor.repository_id}, std::pair{"owner-id", &anchor.owner_id}})
      attempt([&, &key = key, &id = id] { *id = std::to_string(filled_in(node.at(key)).as_integer()); });
  }

  void charts(const yaml::Node& node) {
    policy_.charts = node.texts();
    if (std::ranges::find(policy_.charts, ".") != policy_.charts.end())
      throw Error(Fault::kInput, "{}: a chart at the root is all of the repository, which no stage can take apart",
                  node.where())
          .hint("git mv the chart into a folder, `charts/NAME`, and write:\ncharts: [\"charts/*\"]");
  }

  void kubernetes(const yaml::Node& node) {
    policy_.kubernetes = node.texts();
    if (policy_.kubernetes.empty())
      throw Error(Fault::kInput, "{}: without a version no chart is rendered, at least one is wanted", node.where())
          .hint("kubernetes: [\"1.33.7\"]");
    for (const std::string& version : policy_.kubernetes)
      if (!is_kubernetes_version(version))
        throw Error(Fault::kInput, "{}: `{}` is no version of Kubernetes, as 1.33.7 is", node.where(),
                    printable_line(version));
  }

  void branches() {
    Branches& branches = policy_.branches;
    if (policy_.is_direct()) {
      branches.integration = policy_.anchor.branch;
      branches.chart = branches.split = branches.sync = branches.carry = "";
    }
    const auto found = root_.find("branches");
    if (!found) return;
    const yaml::Node& node = *found;
    node.require_only(names_below("branches"));
    for (const std::string_view key : {"integration", "chart", "split", "sync", "carry"}) {
      const auto value = node.find(key);
      if (!value || !policy_.is_direct() || (key == "integration" && value->text() == branches.integration)) continue;
      throw Error(Fault::kInput, "{}: `pipeline: direct` has no such branch, contributions go to `{}`", value->where(),
                  branches.integration);
    }
    for (const auto& [key, pattern] :
         {std::pair{"integration", &branches.integration}, std::pair{"chart", &branches.chart},
          std::pair{"split", &branches.split}, std::pair{"bump", &branches.bump}, std::pair{"train", &branches.train},
          std::pair{"sync", &branches.sync}, std::pair{"carry", &branches.carry},
          std::pair{"release", &branches.release}, std::pair{"index", &branches.index}})
      if (const auto value = node.find(key)) *pattern = value->text();
  }

  void signers() {
    for (const std::string_view stage : stages_of(policy_.pipeline))
      policy_.signers.push_back(Signer::standard(std::string(stage), policy_.kubernetes, policy_.pipeline));
    attempt([this] {
      const auto node = root_.find("signers");
      if (!node) return;
      for (const auto& [name, value] : node->members())
        attempt([this, &name = name, &value = value] { signer(name, value); });
    });
    std::set<std::string> workflows;
    std::set<std::string> keys;
    for (const Signer& signer : policy_.signers) {
      if (!workflows.insert(signer.workflow).second)
        findings_.push_back(fmt::format("signers: two of them share `{}`", signer.workflow));
      for (const std::string& key : signer.keys)
        if (!keys.insert(key).second) findings_.push_back(fmt::format("signers: two of them share the key `{}`", key));
    }
  }

  void require_no_other_pipelines_stage(const std::string& name, const yaml::Node& node) const {
    if (has_stage(Pipeline::kFull, name) && !has_stage(policy_.pipeline, name))
      throw Error(Fault::kInput, "{}: `pipeline: {}` has no stage `{}`", node.where(), name_of(policy_.pipeline), name);
  }

  void signer(const std::string& name, const yaml::Node& node) {
    node.require_only(names_below("signers.<name>"));
    require_no_other_pipelines_stage(name, node);
    const auto known = std::ranges::find(policy_.signers, name, &Signer::stage);
    Signer signer = known != policy_.signers.end() ? *known : Signer{name, "", {}, "", {}};
    if (const auto workflow = node.find("workflow")) signer.workflow = workflow->text();
    if (const auto events = node.find("events")) signer.events = events->texts();
    if (const auto environment = node.find("environment")) signer.environment = environment->text();
    if (known != policy_.signers.end() && node.find("keys"))
      throw Error(Fault::kInput, "{}: the keys of a stage are fixed, only a signer of your own names `keys`",
                  node.where());
    if (known == policy_.signers.end()) signer.keys = expanded(node.at("keys").texts(), policy_.kubernetes);
    if (known == policy_.signers.end() && std::ranges::any_of(signer.keys, keys::is_reserved))
      throw Error(Fault::kInput, "{}: a key of a stage cannot have another signer", node.where());
    if (signer.workflow.empty() || signer.events.empty())
      throw Error(Fault::kInput, "{}: `workflow` and `events` are wanted", node.where());
    for (const std::string& event : signer.events)
      if (std::ranges::find(kEvents, event) == kEvents.end())
        throw Error(Fault::kInput,
                    "{}: event `{}` takes its workflow from elsewhere than the default branch; {} are accepted",
                    node.where(), event, fmt::join(kEvents, ", "));
    if (known != policy_.signers.end())
      *known = signer;
    else
      policy_.signers.push_back(signer);
  }

  void demanded() {
    const auto node = root_.find("demanded");
    if (!node) return;
    for (const auto& [stage, keys] : node->members())
      attempt([this, &stage = stage, &keys = keys] { demanded(stage, keys); });
  }

  void demanded(const std::string& stage, const yaml::Node& keys) {
    require_no_other_pipelines_stage(stage, keys);
    if (!has_stage(policy_.pipeline, stage))
      throw Error(Fault::kInput, "{}: there is no stage `{}`", keys.where(), stage);
    policy_.demanded[stage] = expanded(keys.texts(), policy_.kubernetes);
    for (const std::string& key : policy_.demanded[stage])
      attempt([this, &key, &keys] {
        static_cast<void>(policy_.signer_of(key));
        if (!policy_.makes(key))
          throw Error(Fault::kInput, "{}: `{}` is demanded, and `bill-of-materials` leaves it out", keys.where(), key)
              .hint("bill-of-materials: [cyclonedx, spdx]");
      });
  }

  PinnedFile pinned(const yaml::Node& node) const {
    node.require_only(names_below("sigstore.trusted-root"));
    return {node.at("file").text(), Digest::sha256(filled_in(node.at("sha256")).text())};
  }

  void sigstore(const yaml::Node& node) {
    node.require_only(names_below("sigstore"));
    attempt([&] {
      if (const auto stores = node.find("attestation-store")) policy_.keeping = keepings(*stores);
    });
    for (const auto& [key, file] :
         {std::pair{"trusted-root", &policy_.trusted_root}, std::pair{"signing-config", &policy_.signing_config}})
      attempt([&, &key = key, &file = file] {
        if (const auto found = node.find(key)) *file = pinned(*found);
      });
    attempt([&] {
      if (const auto named = node.find("instance")) instance(*named);
    });
    if (node.find("trusted-root").has_value() != node.find("signing-config").has_value())
      findings_.push_back(fmt::format("{}: `trusted-root` and `signing-config` go together", node.where()));
  }

  void instance(const yaml::Node& node) {
    if (sigstore::instance_named(node.text()) == nullptr)
      throw Error(Fault::kInput, "{}: `{}` is neither `public-good` nor `github`", node.where(), node.text());
    if (policy_.trusted_root || policy_.signing_config)
      throw Error(Fault::kInput, "{}: an instance, or files of another one; not both", node.where());
    policy_.instance = node.text();
  }

  void destinations() {
    const auto node = root_.find("destinations");
    if (!node) return;
    for (const yaml::Node& item : node->items())
      attempt([this, &item] {
        item.require_only(names_below("destinations[]"));
        const auto need = item.find("need");
        policy_.destinations.push_back(
            {item.at("registry").text(), !need || is_first_of(*need, "required", "optional")});
      });
  }

  void merging(const yaml::Node& node) {
    node.require_only(names_below("merge"));
    Merging& merging = policy_.merging;
    for (const auto& [key, value] : {std::pair{"integrate", &merging.integrate}, std::pair{"sync", &merging.sync},
                                     std::pair{"main", &merging.main}, std::pair{"release", &merging.release}})
      attempt([&, &key = key, &value = value] {
        const auto found = node.find(key);
        if (found) *value = is_first_of(*found, "auto", "people");
        if (found && *value && !policy_.has_own_app())
          throw Error(Fault::kInput, "{}: `auto` wants an App of your own, `app` is `{}`", found->where(), policy_.app)
              .hint(fmt::format("merge: {{{}: people}}", key));
      });
  }

  void reviews(const yaml::Node& node) {
    const std::int64_t wanted = node.as_integer();
    if (wanted < 0 || wanted > kMostReviews)
      throw Error(Fault::kInput, "{}: {} is not a number from 0 to {}", node.where(), node.text(), kMostReviews);
    policy_.reviews = static_cast<int>(wanted);
    if (policy_.reviews > 0 && policy_.merging.main)
      throw Error(Fault::kInput, "{}: `merge.main: auto` does not wait for people to review", node.where())
          .hint("merge: {main: people}");
  }

  void adopted() {
    const auto node = root_.find("adopted");
    if (!node) return;
    for (const auto& [tag, commit] : node->members())
      attempt([this, &tag = tag, &commit = commit] {
        if (!git::is_reference_name("refs/tags/" + tag))
          throw Error(Fault::kInput, "{}: `{}` is no tag name", commit.where(), tag);
        try {
          policy_.adopted.emplace(tag, Oid::parse(commit.text()));
        } catch (const Error& error) {
          throw Error(Fault::kInput, "{}: {}", commit.where(), error.what());
        }
      });
  }

  const yaml::Node& root_;
  Policy& policy_;
  std::vector<std::string> findings_;
  std::vector<std::string> hints_;
};

}  // namespace

Policy Policy::parse(std::string_view text, std::string_view name) {
  const yaml::Node root = yaml::parse(text, name);
  Policy policy{.digest = crypto::sha256(text)};
  Reader(root, policy).read();
  return policy;
}

}  // namespace waybill::lineage

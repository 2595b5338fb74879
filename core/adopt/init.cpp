#include "core/adopt/init.h"

#include <algorithm>

#include "core/adopt/forge_facts.h"
#include "core/adopt/guide.h"
#include "core/adopt/policy_text.h"
#include "core/adopt/report.h"
#include "core/adopt/survey.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/repository_name.h"
#include "core/crypto/hash.h"
#include "core/oci/registry.h"

namespace waybill::adopt {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kPolicyBytes = 256 * 1024;
constexpr std::size_t kTrustBytes = 4 * 1024 * 1024;

git::Repository open_work_tree(const fs::path& folder) {
  if (!fs::exists(folder / ".git") && fs::exists(folder / "HEAD"))
    throw Error(Fault::kInput, "`{}` is a bare repository: files are written into a work tree", folder.string())
        .hint("git clone " + folder.string());
  return git::Repository::open(folder);
}

std::string repository_name(const Wish& wish, const git::Repository& git) {
  std::string name = wish.repository;
  if (name.empty())
    if (const auto origin = git.remote_url("origin")) name = repository_in(*origin, wish.server).value_or("");
  if (name.empty())
    throw Error(Fault::kInput, "no remote `origin` on {} says which repository this is", wish.server)
        .hint("waybill init --repository OWNER/NAME");
  if (!is_repository_name(name)) throw Error(Fault::kInput, "`{}` is not OWNER/NAME", name);
  return name;
}

std::string usual_api(const std::string& server) {
  return server == lineage::Anchor{}.server ? "https://api.github.com" : server + "/api/v3";
}

std::string usual_issuer(const std::string& server) {
  return server == lineage::Anchor{}.server ? lineage::Anchor{}.issuer : server + "/_services/token";
}

// ghcr.io belongs to github.com; elsewhere a registry has to be named.
std::string registry(const Wish& wish, const std::string& repository) {
  if (!wish.registry.empty()) {
    const auto named = oci::Repository::parse(wish.registry);
    return named.host + "/" + named.name;
  }
  if (wish.server != lineage::Anchor{}.server) return {};
  std::string owner = repository.substr(0, repository.find('/'));
  std::ranges::transform(owner, owner.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return "ghcr.io/" + owner + "/charts";
}

void pin(std::string& digest, const fs::path& file) {
  if (fs::is_regular_file(file)) digest = crypto::sha256(read_file(file, kTrustBytes)).hex();
}

// github.com's identities have their Sigstore instances, unless files of another one lie in the repository.
void choose_sigstore(Choices& choices, const fs::path& folder) {
  pin(choices.trusted_root, folder / kTrustedRootFile);
  pin(choices.signing_config, folder / kSigningConfigFile);
  if (choices.server == lineage::Anchor{}.server && choices.trusted_root == lineage::placeholder::kTrustedRoot &&
      choices.signing_config == lineage::placeholder::kSigningConfig)
    choices.trusted_root = choices.signing_config = "";
}

Choices choices(const Wish& wish, const Findings& findings, const git::Repository& git) {
  Choices choices{.schema = wish.release.policy_schema(), .repository = findings.repository};
  if (const auto& known = findings.forge.repository) {
    choices.repository_id = std::to_string(known->id);
    choices.owner_id = std::to_string(known->owner_id);
  }
  choices.server = wish.server;
  choices.issuer = wish.issuer.empty() ? usual_issuer(wish.server) : wish.issuer;
  choices.branch = findings.survey.branch;
  if (!wish.app.empty()) choices.app = wish.app;
  choices.pipeline =
      wish.pipeline.value_or(findings.survey.is_newcomer() ? lineage::Pipeline::kDirect : lineage::Pipeline::kFull);
  choices.charts = findings.survey.patterns;
  if (choices.charts.empty()) choices.charts = {"charts/*"};
  choices.registry = registry(wish, findings.repository);
  choose_sigstore(choices, wish.folder);
  choices.adopted = adoptable(git, findings.survey);
  return choices;
}

// The lines that a policy still lacks, as its reader asks for them.
std::string to_fill_in(const std::string& policy) {
  try {
    static_cast<void>(lineage::Policy::parse(policy, lineage::kPolicyFile));
    return {};
  } catch (const Error& error) {
    std::string lines = error.hint();
    for (std::size_t at = lines.find('\n'); at != std::string::npos; at = lines.find('\n', at + 3))
      lines.replace(at, 1, "\n  ");
    return lines;
  }
}

// The policy of the repository: the new one, or what people made of it.
void settle_policy(const Wish& wish, const Choices& choices, Findings& findings) {
  const std::string text = policy_text(choices);
  ProposedFile file = proposed(wish.folder, std::string(lineage::kPolicyFile), text);
  if (file.state == FileState::kDiffers) {
    file.state = FileState::kKept;
    file.content = read_file(wish.folder / file.path, kPolicyBytes);
    findings.policy = lineage::Policy::parse(file.content, lineage::kPolicyFile);
    if (wish.pipeline && *wish.pipeline != findings.policy.pipeline)
      throw Error(Fault::kConflict, "`{}` says `pipeline: {}`, `{}` is asked for", file.path,
                  lineage::name_of(findings.policy.pipeline), lineage::name_of(*wish.pipeline))
          .hint("change the line in " + file.path);
  } else {
    findings.policy = lineage::Policy::parse(policy_text(choices.completed()), lineage::kPolicyFile);
    findings.to_fill_in = to_fill_in(text);
  }
  findings.files.push_back(std::move(file));
}

}  // namespace

Proposal propose(const Wish& wish, http::Client& http, const forge::Pause& pause) {
  const git::Repository git = open_work_tree(wish.folder);
  Findings findings{.folder = wish.folder,
                    .repository = repository_name(wish, git),
                    .token_kind = kind_of_token(wish.token),
                    .forge = {},
                    .survey = {},
                    .policy = lineage::Policy::standard("", "", ""),
                    .to_fill_in = {},
                    .files = {}};
  const forge::Address address{wish.api.empty() ? usual_api(wish.server) : wish.api, findings.repository};
  findings.forge = ask_forge(wish.token.empty() ? forge::Client::anonymous(http, address, pause)
                                                : forge::Client(http, address, wish.token, pause));
  const auto& known = findings.forge.repository;
  if (known) findings.repository = known->full_name;
  findings.survey = survey(git, known ? known->default_branch : "");
  settle_policy(wish, choices(wish, findings, git), findings);

  const auto add = [&](std::string path, std::string content) {
    findings.files.push_back(proposed(wish.folder, std::move(path), std::move(content)));
  };
  add(".github/waybill/README.md", trust_notes());
  for (const stages::Stage* stage : stages::workflow_stages(findings.policy.pipeline))
    add(findings.policy.workflow_of(stage->name),
        workflow(*stage, findings.policy, {.release = wish.release, .only_plans = findings.survey.is_newcomer()}));
  return {report(findings) + setup_guide(findings.policy), std::move(findings.files)};
}

}  // namespace waybill::adopt

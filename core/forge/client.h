#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/forge/settings.h"
#include "core/forge/types.h"
#include "core/http/client.h"

namespace waybill::forge {

// What a stage may ask the forge. Reading only; every list is paged to its end (Link headers), at most 1,000 items.
class Reader {
 public:
  virtual ~Reader() = default;
  virtual RepositoryInfo repository() const = 0;
  virtual std::optional<PullRequest> pull_request(std::int64_t number) const = 0;
  // state: open, closed, all. `head` is a branch of this repository; empty = any.
  virtual std::vector<PullRequest> pull_requests(const std::string& head, const std::string& base,
                                                 const std::string& state) const = 0;
  // Those that a commit belongs to. The forge lists a merge some moments late: where one is `expected`, nothing is
  // asked for again, for 7 s at most.
  virtual std::vector<PullRequest> pull_requests_of(const Oid& commit, bool expected) const = 0;
  virtual std::vector<Review> reviews(std::int64_t pull_request) const = 0;  // oldest first
  // Whether an account may write to the repository now.
  virtual bool may_write(const std::string& login) const = 0;
  // The login of who wrote a commit; empty when the forge knows no account of theirs.
  virtual std::string author_of(const Oid& commit) const = 0;
  virtual std::optional<Oid> branch(const std::string& name) const = 0;
  virtual std::vector<CheckRun> check_runs(const Oid& commit) const = 0;
  virtual std::optional<Release> release(const std::string& tag) const = 0;  // drafts too, found by listing
  virtual std::vector<Release> releases() const = 0;                         // newest first; drafts as the token may
  // The repository's own, whole; those of its organisation are not.
  virtual std::vector<Ruleset> rulesets() const = 0;
  // Those of a workflow file's newest hundred runs that have not ended. Fault::kInput when there is no such workflow.
  virtual std::vector<WorkflowRun> runs_under_way(const std::string& workflow) const = 0;
  virtual std::string asset(const Asset& asset, std::size_t limit) const = 0;
  virtual std::vector<Deployment> deployments(const Oid& commit, const std::string& environment) const = 0;
  // Sigstore bundles stored under a subject digest; bundle_url followed without a token (snappy or plain JSON). One
  // that is neither stands as null, for the verifier to count.
  virtual std::vector<Json> attestations(const Digest& subject) const = 0;
  // The same for several, each of which is in the answer.
  virtual std::map<Digest, std::vector<Json>> attestations(const std::vector<Digest>& subjects) const = 0;
};

struct Address {
  std::string api_url;     // https://api.github.com, or GITHUB_API_URL
  std::string repository;  // OWNER/NAME
  std::string app = {};    // login of the App whose token is used; empty = the job's own
};

// How a client waits; a test gives one that does not.
using Pause = std::function<void(std::chrono::milliseconds)>;
void sleep_for(std::chrono::milliseconds duration);

class Exchange;

// The forge with one token. Errors: 401 and 403 kPermission naming the permission from `x-accepted-github-permissions`
// or the operation's table; 404 of something that must exist kPermission or kInput; 409 and 422 kConflict with GitHub's
// own text; 429 and secondary limits are waited for (Retry-After, at most 60 s), then kRemote; 5xx kRemote after
// retries. A POST is never repeated blindly: the callers below read before they write.
class Client final : public Reader, public SettingsReader {
 public:
  // No token is Fault::kPermission.
  Client(http::Client& http, Address address, std::string token, Pause pause = sleep_for);
  // The forge as anybody sees it, without a token.
  static Client anonymous(http::Client& http, Address address, Pause pause = sleep_for);

  RepositoryInfo repository() const override;
  std::optional<PullRequest> pull_request(std::int64_t number) const override;
  std::vector<PullRequest> pull_requests(const std::string& head, const std::string& base,
                                         const std::string& state) const override;
  std::vector<PullRequest> pull_requests_of(const Oid& commit, bool expected) const override;
  std::vector<Review> reviews(std::int64_t pull_request) const override;
  bool may_write(const std::string& login) const override;
  std::string author_of(const Oid& commit) const override;
  std::optional<Oid> branch(const std::string& name) const override;
  std::vector<CheckRun> check_runs(const Oid& commit) const override;
  std::optional<Release> release(const std::string& tag) const override;
  std::vector<Release> releases() const override;
  std::vector<Ruleset> rulesets() const override;
  std::vector<WorkflowRun> runs_under_way(const std::string& workflow) const override;
  std::string asset(const Asset& asset, std::size_t limit) const override;
  std::vector<Deployment> deployments(const Oid& commit, const std::string& environment) const override;
  std::vector<Json> attestations(const Digest& subject) const override;
  // Three and more by the owner's bulk list, of which this repository's count. Those that it does not have, and all
  // where the forge has no such list for this token, are asked for one by one.
  std::map<Digest, std::vector<Json>> attestations(const std::vector<Digest>& subjects) const override;

  MergeSettings merging() const override;
  ActionsSettings actions() const override;
  std::string usual_job_permissions() const override;
  bool has_immutable_releases() const override;
  std::vector<Workflow> workflows() const override;
  std::vector<Environment> environments() const override;
  std::vector<BranchPolicy> branch_policies(const std::string& environment) const override;
  std::set<std::string> secrets(SecretsOf whose) const override;
  std::set<std::string> environment_secrets(const std::string& environment) const override;
  std::optional<App> app(const std::string& slug) const override;
  std::optional<RunAttempt> run_attempt(std::int64_t run, std::int64_t attempt) const override;
  std::optional<RunAttempt> last_success(const std::string& workflow) const override;

  // Objects. A commit is made without author and committer, so that the forge signs it for an App.
  Oid create_tree(const std::optional<Oid>& base_tree, const std::vector<TreeEntry>& entries) const;
  Oid create_commit(const std::string& message, const Oid& tree, const std::vector<Oid>& parents) const;
  Oid create_blob(std::string_view content) const;
  struct CommitInfo {
    Oid id;
    Oid tree;
    std::vector<Oid> parents;
    std::string author;  // login when the forge knows it
    std::string message;
  };
  std::optional<CommitInfo> commit(const Oid& id) const;  // GET /commits/{sha}: knows logins

  // References by full name ("refs/heads/x"). create: kConflict when it exists. update: fast-forward only. delete:
  // success when it is gone already. create_tag makes the annotated tag's object only; a reference to it makes it
  // visible.
  std::optional<Oid> reference(const std::string& name) const;
  void create_reference(const std::string& name, const Oid& target) const;
  void update_reference(const std::string& name, const Oid& target) const;
  void delete_reference(const std::string& name) const;
  Oid create_tag(const std::string& name, const std::string& message, const Oid& commit) const;
  struct TagObject {
    Oid id;
    Oid target;
    std::string message;
  };
  std::optional<TagObject> tag(const std::string& name) const;  // lightweight: id == target, empty message

  PullRequest create_pull_request(const std::string& title, const std::string& head, const std::string& base,
                                  const std::string& body) const;
  // Bodies over 65,536 code points or 262,144 bytes are refused before sending (kInput); read back afterwards.
  void update_body(std::int64_t number, const std::string& body) const;
  void close_pull_request(std::int64_t number) const;
  // The merge commit. kStale on 409 (head moved); 405 "Base branch was modified" is tried again; other 405 kConflict.
  Oid merge(std::int64_t number, const Oid& head, const std::string& method, const std::string& title,
            const std::string& message) const;

  // What is longer than the forge takes of a summary and of a release's notes is cut.
  CheckRun create_check(const std::string& name, const Oid& head, const std::string& conclusion,
                        const std::string& title, const std::string& summary, const std::string& external_id) const;
  // The forge's id; 0 when its answer was lost but the bundle is found stored.
  std::int64_t create_attestation(const Json& bundle) const;

  Release create_draft(const std::string& tag, const std::string& name, const std::string& body,
                       bool prerelease = false) const;
  // An asset of that name with these bytes is success, a half-uploaded one is replaced, another one is kConflict.
  // The forge may rewrite the name.
  Asset upload(const Release& release, const std::string& name, const std::string& media_type,
               std::string_view content) const;
  void delete_asset(const Asset& asset) const;
  void publish(const Release& release) const;
  // Gives the release this title and these notes, cut to what the forge takes.
  void describe(const Release& release, const std::string& name, const std::string& body) const;

  std::optional<std::string> deployment_state(const Deployment& deployment) const;  // of its newest status
  Deployment create_deployment(const Oid& commit, const std::string& environment, const Json& payload) const;
  void create_deployment_status(const Deployment& deployment, const std::string& state) const;
  // One of this name is changed, else one is made.
  void keep_ruleset(const std::string& name, const Json& body) const;
  void dispatch(const std::string& workflow, const std::string& ref, const Json& inputs) const;

 private:
  Client(http::Client& http, Address address, Pause pause);
  Exchange api() const;
  std::vector<Asset> assets(const Release& release) const;

  http::Client& http_;
  Address address_;
  std::string token_;
  Pause pause_;
};

}  // namespace waybill::forge

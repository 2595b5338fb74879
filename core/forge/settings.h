#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/base/clock.h"

// What people set for a repository, and what became of its runs: GitHub's REST objects, cut to what waybill reads.
namespace waybill::forge {

struct MergeSettings {
  bool archived = false;
  std::string owner_type;  // User, Organization
  // Shown to those alone who may merge.
  std::optional<bool> squash;
  std::optional<bool> merge_commit;
};

struct ActionsSettings {
  bool enabled = false;
  std::string allowed;  // all, local_only, selected; empty while they are off
};

struct Workflow {
  std::string path;   // .github/workflows/x.yml
  std::string state;  // active, disabled_manually, disabled_inactivity, disabled_fork, deleted
};

struct Environment {
  // Which branches and tags may use it: all, those with classic protection, or those of a list.
  enum class For { kAll, kProtected, kListed };
  std::string name;
  For limit = For::kAll;
};

struct BranchPolicy {
  std::string name;  // a pattern
  std::string type;  // branch, tag
};

// Whose secrets jobs see without an environment: the repository's, its organisation's, Dependabot's jobs alone.
enum class SecretsOf { kRepository, kOrganisation, kDependabot };

struct App {
  std::int64_t id = 0;
  std::string slug;
  std::map<std::string, std::string> permissions;  // contents → read|write|admin
};

// One attempt of a run.
struct RunAttempt {
  std::string path;  // of its workflow
  std::string event;
  std::string head_sha;
  std::int64_t repository_id = 0;
  std::string status;      // completed, or not yet
  std::string conclusion;  // empty until then
  Time started;
  Time updated;
  std::string url;  // html_url
};

// What those see who administer a repository. What a token may not see is Fault::kPermission, a 404 that only hides
// included.
class SettingsReader {
 public:
  virtual ~SettingsReader() = default;
  virtual MergeSettings merging() const = 0;
  virtual ActionsSettings actions() const = 0;
  virtual std::string usual_job_permissions() const = 0;  // read, write
  virtual bool has_immutable_releases() const = 0;
  virtual std::vector<Workflow> workflows() const = 0;
  virtual std::vector<Environment> environments() const = 0;
  virtual std::vector<BranchPolicy> branch_policies(const std::string& environment) const = 0;
  // Names of secrets.
  virtual std::set<std::string> secrets(SecretsOf whose) const = 0;
  virtual std::set<std::string> environment_secrets(const std::string& environment) const = 0;
  // The App as its page says it, not as it was installed; nothing when there is none for this token to see.
  virtual std::optional<App> app(const std::string& slug) const = 0;
  // Nothing when the forge knows no such run any more.
  virtual std::optional<RunAttempt> run_attempt(std::int64_t run, std::int64_t attempt) const = 0;
  // The last run of a workflow file that succeeded.
  virtual std::optional<RunAttempt> last_success(const std::string& workflow) const = 0;
};

}  // namespace waybill::forge

#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "core/sandbox/bare_repository.h"
#include "core/sandbox/clock.h"
#include "core/sandbox/event.h"
#include "core/sandbox/http_server.h"
#include "core/sandbox/run_record.h"
#include "core/sandbox/state.h"
#include "core/sandbox/tokens.h"

namespace waybill::sandbox {

struct Account {
  long id = 0;
  std::string login;
  std::string type;  // User, Organization, Bot
};

struct HostedRepository {
  long id = 0;
  std::string full_name;
  Account owner;
  std::string default_branch;
  std::string visibility;  // public, private
  std::string parent;      // of a fork: the full name of what it was forked from
  std::string created_at;
};

// The code host: accounts, repositories, secrets, and the events that their changes give rise to. Its REST operations
// stand in files by subject (api.h); whoever reads and then writes holds state().lock().
class Forge {
 public:
  Forge(std::filesystem::path folder, Tokens& tokens, SandboxClock& clock);

  // The REST API, git over HTTP, and the operator's API for accounts, repositories, secrets and the clock.
  void install(HttpServer& server);
  // Who hears of events; called outside of any lock, in order.
  void listen(Emit emit);
  // Who knows what became of the jobs that events started; nobody = there are none.
  void ask_about_jobs(std::function<std::vector<RunRecord>()> jobs) { jobs_ = std::move(jobs); }
  std::vector<RunRecord> jobs() const { return jobs_ ? jobs_() : std::vector<RunRecord>(); }

  State& state() { return state_; }

  const State& state() const { return state_; }

  Tokens& tokens() { return tokens_; }

  SandboxClock& clock() { return clock_; }

  std::string now() const { return to_rfc3339(clock_.now()); }

  // Accounts. An unknown login becomes one, so that an id stays with a login.
  Account account(const std::string& login, const std::string& type = "User");
  std::optional<Account> known_account(const std::string& login) const;
  // The account that a commit's e-mail address belongs to.
  std::optional<Account> account_of_email(const std::string& email) const;
  std::string email(const Account& account) const;

  // Repositories.
  std::optional<HostedRepository> repository(const std::string& full_name) const;
  std::vector<HostedRepository> repositories() const;
  HostedRepository add_repository(HostedRepository repository, const std::string& from);
  BareRepository git(const std::string& full_name) const;  // its objects are read under the state's lock
  static std::string document(const std::string& repository, const std::string& rest);

  // Secrets and variables that a job in an environment sees ("" = none), by name: the organisation's, over them the
  // repository's and over those the environment's.
  std::map<std::string, std::string> secrets(const std::string& repository, const std::string& environment) const;
  std::map<std::string, std::string> variables(const std::string& repository, const std::string& environment) const;
  void keep_setting(const std::string& kind, const std::string& repository, const std::string& environment,
                    const std::string& name,
                    const std::string& value);  // kind: secrets, variables, organization-secrets, dependabot-secrets
  void drop_setting(const std::string& kind, const std::string& repository, const std::string& environment,
                    const std::string& name);
  // Those of this environment ("" = the repository's) alone.
  std::vector<std::string> setting_names(const std::string& kind, const std::string& repository,
                                         const std::string& environment) const;

  // Commits that the forge made and signed.
  void mark_signed(const Oid& commit);
  bool is_signed(const Oid& commit) const;

  // Everything that follows from references having moved: pull requests follow their heads, close, or turn out merged,
  // and events are emitted.
  void references_moved(const std::string& repository, const std::vector<RefChange>& changes, const Token& by,
                        const std::string& base_url);

  // Queued until deliver(), which the request's end calls.
  void emit(Event event);
  void deliver();

  // What no client should ever send; tests look at this file.
  void unknown(const std::string& what);

 private:
  std::map<std::string, std::string> kept_settings(const std::string& kind, const std::string& repository,
                                                   const std::string& environment) const;

  std::filesystem::path folder_;
  State state_;
  Tokens& tokens_;
  SandboxClock& clock_;
  Emit emit_;
  std::function<std::vector<RunRecord>()> jobs_;
  mutable std::map<std::string, BareRepository> opened_;
  std::vector<Event> pending_;
  std::mutex delivery_;
};

}  // namespace waybill::sandbox

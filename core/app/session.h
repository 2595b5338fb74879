#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/forge/app_token.h"
#include "core/forge/client.h"
#include "core/forge/courtesy.h"
#include "core/git/repository.h"
#include "core/http/client.h"
#include "core/lineage/shelf.h"
#include "core/lineage/verify.h"
#include "core/runner/runner.h"
#include "core/sigstore/sign.h"
#include "core/stages/table.h"

namespace waybill::app {

// How the process was asked to run a stage: by the runner, or on a command line.
struct Invocation {
  const stages::Stage* stage = nullptr;
  stages::Values inputs;             // every declared input, the common ones included
  std::vector<std::string> unknown;  // names that the caller gave and the action does not declare
  runner::Environment environment;
  bool action = false;
  std::int64_t pull_request = 0;  // of a command line; 0 = the event's
};

// Everything one run of a stage holds open, gathered in the order of the sequence. Members below need those above.
struct Session {
  const Invocation& invocation;
  Log& log;
  runner::Commands& commands;
  http::Client& http;
  const Clock& clock;

  std::optional<runner::Context> context;
  std::optional<forge::Courtesy> forge_http;  // all that is said to the forge
  std::optional<forge::AppToken> app_token;
  std::optional<forge::Client> job_forge;  // with the job's own token
  std::optional<forge::Client> app_forge;  // with the App's, or the job's where there is no App
  std::optional<git::Repository> git;
  std::optional<stages::Facts> facts;
  std::optional<sigstore::Verifier> verifier;
  std::optional<sigstore::SigningConfig> signing;
  std::optional<lineage::Shelves> store;
  // Puts a new bundle where the policy keeps them; the forge's id, or 0 where it has none.
  std::function<std::int64_t(const sigstore::Bundle& bundle, const std::vector<Digest>& subjects)> keep;
  std::optional<lineage::Examiner> examiner;
  std::optional<lineage::Examiner> history;  // the same for statements under earlier policies
  std::optional<lineage::Examiner> lost;     // and for those of runs on what the default branch lost
  std::optional<runner::IdentityTokens> identity;

  bool applies() const { return invocation.inputs.at("mode") == "apply"; }

  const std::string& input(const std::string& name) const { return invocation.inputs.at(name); }
};

// Inputs, event, token and definition; every finding at once, before anything else is read or written.
void preflight(Session& session);
// Facts from git, event and forge, the trust material, the store. Nothing when the event needs no work, said in the
// log.
bool gather(Session& session);

}  // namespace waybill::app

#pragma once

#include <map>
#include <sstream>
#include <string>
#include <string_view>

#include "core/base/log.h"
#include "core/sandbox/authorities.h"
#include "core/sandbox/run_setup.h"
#include "core/sandbox/run_trigger.h"
#include "core/sandbox/tokens.h"

namespace waybill::sandbox {

// What one job holds while it runs (trust.md T6): a token with exactly its permissions, an identity if it may have one,
// secrets and variables. Both tokens are worth nothing after it.
class JobGrant {
 public:
  JobGrant(const RunnerSetup& setup, Tokens& tokens, Authorities& authorities, const PlannedJob& planned);
  ~JobGrant();
  JobGrant(const JobGrant&) = delete;
  JobGrant& operator=(const JobGrant&) = delete;

  const std::string& token() const { return token_; }

  // ACTIONS_ID_TOKEN_REQUEST_TOKEN; empty without `id-token: write`.
  const std::string& identity_token() const { return identity_token_; }

  // An environment's secrets go to runs on the branches that it is for (trust.md T15); on GitHub another job would
  // fail, here it finds them empty. A fork's run has none.
  const std::map<std::string, std::string>& secrets() const { return secrets_; }

  const std::map<std::string, std::string>& variables() const { return variables_; }

  // From now on `text`, and each line of it, is `***` in what was redacted. The tokens and secrets are from the start.
  void hide(std::string_view text);
  std::string redacted(std::string_view text) const { return redactor_.redacted(text); }

 private:
  Tokens& tokens_;
  Authorities& authorities_;
  std::string token_;
  std::string identity_token_;
  std::map<std::string, std::string> secrets_;
  std::map<std::string, std::string> variables_;
  std::ostringstream unread_;
  Log redactor_{unread_};
};

}  // namespace waybill::sandbox

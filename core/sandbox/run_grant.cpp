#include "core/sandbox/run_grant.h"

#include <algorithm>

namespace waybill::sandbox {
namespace {

constexpr std::string_view kBot = "github-actions[bot]";
constexpr std::size_t kShortestHidden = 4;

// As tokens name their permissions.
std::map<std::string, std::string> of_token(const std::map<std::string, std::string>& permissions) {
  std::map<std::string, std::string> named;
  for (const auto& [scope, level] : permissions) {
    std::string name = scope;
    std::ranges::replace(name, '-', '_');
    named[name] = level;
  }
  return named;
}

std::map<std::string, std::string> secrets_of(const RunnerSetup& setup, const PlannedJob& planned) {
  if (planned.withheld) return {};
  const Run& run = planned.run;
  const bool allowed = !setup.admits || setup.admits(run.repository, run.environment, run.ref);
  return setup.secrets(run.repository, allowed ? run.environment : "");
}

bool may_have_an_identity(const Run& run) {
  const auto identity = run.permissions.find("id-token");
  return identity != run.permissions.end() && identity->second == "write";
}

}  // namespace

JobGrant::JobGrant(const RunnerSetup& setup, Tokens& tokens, Authorities& authorities, const PlannedJob& planned)
    : tokens_(tokens),
      authorities_(authorities),
      token_(tokens.issue(
          {TokenKind::kJob, std::string(kBot), planned.run.repository, of_token(planned.run.permissions)})),
      identity_token_(may_have_an_identity(planned.run) ? authorities.request_token(planned.run) : std::string()),
      secrets_(secrets_of(setup, planned)),
      variables_(setup.variables(planned.run.repository, planned.run.environment)) {
  hide(token_);
  hide(identity_token_);
  for (const auto& [name, value] : secrets_) hide(value);
}

JobGrant::~JobGrant() {
  tokens_.revoke(token_);
  authorities_.forget(identity_token_);
}

void JobGrant::hide(std::string_view text) {
  if (text.size() >= kShortestHidden) redactor_.hide(text);
  for (std::size_t begin = 0, end = 0; text.find('\n') != std::string_view::npos && begin < text.size();
       begin = end + 1) {
    end = std::min(text.find('\n', begin), text.size());
    if (end - begin >= kShortestHidden) redactor_.hide(text.substr(begin, end - begin));
  }
}

}  // namespace waybill::sandbox

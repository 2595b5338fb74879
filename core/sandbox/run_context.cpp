#include "core/sandbox/run_context.h"

#include <string_view>

namespace waybill::sandbox {
namespace {

std::string member_text(const Json& payload, const char* pointer) {
  const Json::json_pointer path(pointer);
  if (!payload.contains(path)) return {};
  const Json& value = payload.at(path);
  return value.is_string() ? value.get<std::string>() : value.is_null() ? std::string() : value.dump();
}

std::string short_name(const std::string& ref) {
  for (const std::string_view prefix : {"refs/heads/", "refs/tags/", "refs/pull/"})
    if (ref.starts_with(prefix)) return ref.substr(prefix.size());
  return ref;
}

}  // namespace

std::map<std::string, std::string> run_context(const Run& run, const std::string& base_url) {
  const Json& payload = run.event.payload;
  return {
      {"CI", "true"},
      {"GITHUB_ACTIONS", "true"},
      {"GITHUB_ACTOR", run.event.actor},
      {"GITHUB_ACTOR_ID", member_text(payload, "/sender/id")},
      {"GITHUB_API_URL", base_url + "/api/v3"},
      {"GITHUB_BASE_REF", member_text(payload, "/pull_request/base/ref")},
      {"GITHUB_EVENT_NAME", run.event.name},
      {"GITHUB_GRAPHQL_URL", base_url + "/api/graphql"},
      {"GITHUB_HEAD_REF", member_text(payload, "/pull_request/head/ref")},
      {"GITHUB_REF", run.ref},
      {"GITHUB_REF_NAME", short_name(run.ref)},
      {"GITHUB_REF_PROTECTED", "false"},
      {"GITHUB_REF_TYPE", run.ref.starts_with("refs/tags/") ? "tag" : "branch"},
      {"GITHUB_REPOSITORY", run.repository},
      {"GITHUB_REPOSITORY_ID", member_text(payload, "/repository/id")},
      {"GITHUB_REPOSITORY_OWNER", run.repository.substr(0, run.repository.find('/'))},
      {"GITHUB_REPOSITORY_OWNER_ID", member_text(payload, "/repository/owner/id")},
      {"GITHUB_RETENTION_DAYS", "90"},
      {"GITHUB_RUN_ATTEMPT", std::to_string(run.attempt)},
      {"GITHUB_RUN_ID", std::to_string(run.id)},
      {"GITHUB_RUN_NUMBER", std::to_string(run.id)},
      {"GITHUB_SERVER_URL", base_url},
      {"GITHUB_SHA", run.sha},
      {"GITHUB_TRIGGERING_ACTOR", run.event.actor},
      {"GITHUB_WORKFLOW", run.workflow_name},
      {"GITHUB_WORKFLOW_REF", run.workflow_ref},
      {"GITHUB_WORKFLOW_SHA", run.workflow_sha},
      {"RUNNER_ARCH", "X64"},
      {"RUNNER_ENVIRONMENT", "github-hosted"},
      {"RUNNER_NAME", "waybill-sandbox"},
      {"RUNNER_OS", "Linux"},
  };
}

}  // namespace waybill::sandbox

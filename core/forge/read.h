#pragma once

#include "core/base/json.h"
#include "core/forge/client.h"
#include "core/forge/types.h"

// From the forge's JSON. Members that waybill has no use for may be missing or new; the others are Fault::kInput.
namespace waybill::forge {

RepositoryInfo read_repository(const Json& json);
PullRequest read_pull_request(const Json& json);
Review read_review(const Json& json);
CheckRun read_check_run(const Json& json);
Asset read_asset(const Json& json);
Release read_release(const Json& json);
Deployment read_deployment(const Json& json);
WorkflowRun read_workflow_run(const Json& json);
Client::CommitInfo read_commit(const Json& json);

Oid read_oid(const Json& json, std::string_view key, std::string_view what);
std::int64_t read_number(const Json& json, std::string_view key, std::string_view what);
// The text of a member, empty when it is missing or null.
std::string text_or_empty(const Json& json, std::string_view key);

}  // namespace waybill::forge

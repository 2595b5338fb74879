#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "core/sandbox/authorities.h"
#include "core/sandbox/run_outcome.h"
#include "core/sandbox/run_setup.h"
#include "core/sandbox/run_trigger.h"
#include "core/sandbox/tokens.h"

namespace waybill::sandbox {

// What a job left behind, every secret out of it.
struct ExecutedJob {
  JobOutcome outcome;
  std::string log;
  std::string summary;
};

// Has `setup.executor` run the jobs of one start of a workflow: the sandbox decides what starts and what it may do, the
// program reads steps, `needs`, `strategy` and `if`, and runs them. It is called with one argument, a JSON file in
// `folder`:
//   repository, git (the bare repository), event, payload (file), workflow, workflow_sha (whose file counts), ref, sha,
//   actor, run_id, run_attempt, server_url, api_url, graphql_url, identity_url,
//   context: GITHUB_… and RUNNER_… by variable, as GitHub's runner says them,
//   jobs: by id {environment, permissions, token, identity_token ("" without `id-token: write`), secrets, variables},
//   answer: the file to write: {jobs: {<id>: {conclusion: success|failure|skipped, reason, outputs, log, summary}}}.
// A job that is not in the answer failed; so did all when the answer is missing or malformed or the program failed:
// what it exits with never makes a success.
std::map<std::string, ExecutedJob> execute(const RunnerSetup& setup, Tokens& tokens, Authorities& authorities,
                                           const std::vector<PlannedJob>& jobs, const std::filesystem::path& folder);

}  // namespace waybill::sandbox

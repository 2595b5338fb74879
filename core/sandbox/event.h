#pragma once

#include <functional>
#include <map>
#include <string>

#include "core/base/json.h"
#include "core/base/oid.h"

namespace waybill::sandbox {

// Something happened on the forge that may start workflows. `payload` is the webhook's body as GitHub sends it.
struct Event {
  std::string
      name;  // pull_request, pull_request_target, merge_group, push, workflow_dispatch, schedule, repository_dispatch
  std::string action;         // opened, synchronize, reopened, closed, edited; empty where GitHub has none
  std::string repository;     // OWNER/NAME
  std::string branch;         // what a `branches:` filter is compared with: the base, or the pushed branch
  std::string ref;            // pushed ref, or the given ref of a dispatch
  std::string workflow;       // of a workflow_dispatch: the file's name
  std::string sha;            // pushed commit, or the pull request's test merge commit
  std::string actor;          // login
  bool by_job_token = false;  // GITHUB_TOKEN: see run_trigger.h for what it starts
  Json payload;
};
using Emit = std::function<void(const Event&)>;

// One job of one started workflow, with the identity GitHub would give it (trust.md T6).
struct Run {
  long id = 0;
  int attempt = 1;
  Event event;
  std::string repository;
  std::string workflow;      // path, .github/workflows/x.yml
  std::string workflow_ref;  // OWNER/NAME/<path>@<ref>
  std::string workflow_sha;  // commit that the definition came from
  std::string ref;           // github.ref
  std::string sha;           // github.sha
  std::string job;
  std::string environment;
  std::map<std::string, std::string> permissions;
  std::string workflow_name;  // what its `name:` says, or the path
};

}  // namespace waybill::sandbox

#include <algorithm>
#include <cmath>

#include "core/sandbox/api.h"
#include "core/sandbox/render.h"
#include "core/sandbox/workflows.h"

// Workflow runs over REST: each with its attempts.
namespace waybill::sandbox {
namespace {

// GitHub's status and conclusion of a run, from those of its jobs.
struct State {
  std::string status;
  Json conclusion;
};

State state_of(const std::vector<RunRecord>& jobs) {
  const auto any = [&jobs](std::string_view conclusion) {
    return std::ranges::any_of(jobs, [&](const RunRecord& job) { return job.conclusion == conclusion; });
  };
  if (any("running")) return {"in_progress", nullptr};
  if (any("queued"))
    return {std::ranges::all_of(jobs, [](const RunRecord& job) { return job.conclusion == "queued"; }) ? "queued"
                                                                                                       : "in_progress",
            nullptr};
  for (const char* worse : {"action_required", "failure", "cancelled", "success"})
    if (any(worse)) return {"completed", worse};
  return {"completed", "skipped"};
}

Json head_commit(const Forge& forge, const std::string& repository, const std::string& sha) {
  const git::Commit commit = forge.git(repository).read().commit(Oid::parse(sha));
  const auto person = [](const git::Signature& signature) -> Json {
    return {{"name", signature.name}, {"email", signature.email}};
  };
  return {{"id", sha},
          {"tree_id", commit.tree.hex()},
          {"message", commit.message},
          {"timestamp", to_rfc3339(commit.committer.time)},
          {"author", person(commit.author)},
          {"committer", person(commit.committer)}};
}

std::string document(const std::string& repository, long id) {
  return Forge::document(repository, "deleted-runs/" + std::to_string(id));
}

// The jobs of a repository's runs by run and attempt, newest first; what was deleted is not there.
using Runs = std::map<std::pair<long, int>, std::vector<RunRecord>, std::greater<>>;

Runs runs_of(const Forge& forge, const std::string& repository) {
  Runs runs;
  for (RunRecord& job : forge.jobs())
    if (job.run.repository == repository && !forge.state().find(document(repository, job.run.id)))
      runs[{job.run.id, job.run.attempt}].push_back(std::move(job));
  return runs;
}

std::string started(const Forge& forge, const std::vector<RunRecord>& jobs) {
  return jobs.front().started.empty() ? forge.now() : jobs.front().started;
}

// When it ended; of one that has not, now.
std::string updated(const Forge& forge, const std::vector<RunRecord>& jobs) {
  if (state_of(jobs).status != "completed" || jobs.back().started.empty()) return forge.now();
  const auto taken = std::chrono::seconds(static_cast<long>(std::ceil(jobs.back().seconds)));
  return to_rfc3339(parse_rfc3339(jobs.back().started) + taken);
}

Json rendered(Forge& forge, const Call& call, const Runs& runs, const std::vector<RunRecord>& jobs) {
  const RunRecord& first = jobs.front();
  const Run& run = first.run;
  const State state = state_of(jobs);
  const std::string id = std::to_string(run.id);
  const std::string api = render::repository_url(call.base, call.repository) + "/actions";
  const std::string url = api + "/runs/" + id;
  const std::string html = render::web_url(call.base, call.repository) + "/actions/runs/" + id;
  const Json repository = render::minimal_repository(*forge.repository(call.repository), call.base);
  const auto created = runs.find({run.id, 1});
  const long workflow = workflow_id(call.repository, run.workflow);
  const Json head = run.event.payload.value("pull_request", Json::object()).value("head", Json::object());
  const std::string branch =
      head.is_object() && head.contains("ref") ? head["ref"].get<std::string>() : run.event.branch;
  return {{"id", run.id},
          {"node_id", render::node_id("WFR", id)},
          {"name", run.workflow_name},
          {"display_title", run.workflow_name},
          {"path", run.workflow},
          {"workflow_id", workflow},
          {"workflow_url", fmt::format("{}/workflows/{}", api, workflow)},
          {"run_number", run.id},
          {"run_attempt", run.attempt},
          {"event", run.event.name},
          {"status", state.status},
          {"conclusion", state.conclusion},
          {"head_branch", branch},
          {"head_sha", run.sha},
          {"head_commit", head_commit(forge, call.repository, run.sha)},
          {"head_repository", repository},
          {"repository", repository},
          {"pull_requests", Json::array()},
          {"created_at", started(forge, created == runs.end() ? jobs : created->second)},
          {"updated_at", updated(forge, jobs)},
          {"run_started_at", started(forge, jobs)},
          {"url", url},
          {"html_url", html},
          {"jobs_url", url + "/jobs"},
          {"logs_url", url + "/logs"},
          {"artifacts_url", url + "/artifacts"},
          {"cancel_url", url + "/cancel"},
          {"rerun_url", url + "/rerun"},
          {"check_suite_url", render::repository_url(call.base, call.repository) + "/check-suites/" + id}};
}

// Each run as its last attempt is; those of one workflow, or all where none is named.
HttpResponse listed(Forge& forge, const Call& call, const Runs& runs, const std::string& workflow) {
  std::vector<Json> found;
  long last = 0;
  for (const auto& [id, jobs] : runs) {
    if ((!workflow.empty() && jobs.front().run.workflow != workflow) || id.first == last) continue;
    last = id.first;
    Json run = rendered(forge, call, runs, jobs);
    const auto wanted = [&](const char* name, const char* member) {
      const std::string value = call.request.parameter(name);
      return value.empty() || run[member] == value;
    };
    if ((wanted("status", "status") || wanted("status", "conclusion")) && wanted("event", "event") &&
        wanted("branch", "head_branch") && wanted("head_sha", "head_sha"))
      found.push_back(std::move(run));
  }
  return paged(call, found, "workflow_runs");
}

HttpResponse list(Forge& forge, const Call& call) {
  return listed(forge, call, runs_of(forge, call.repository), "");
}

HttpResponse list_of_workflow(Forge& forge, const Call& call) {
  const Runs runs = runs_of(forge, call.repository);
  const std::string named = ".github/workflows/" + call.path.at("workflow");
  const bool ran = std::ranges::any_of(runs, [&](const auto& run) { return run.second.front().run.workflow == named; });
  return listed(forge, call, runs, ran ? named : workflow_path(forge, call.repository, call.path.at("workflow")));
}

// The last attempt, or the one that the path names.
HttpResponse get(Forge& forge, const Call& call) {
  const Runs runs = runs_of(forge, call.repository);
  const bool any = !call.path.contains("attempt");
  for (const auto& [id, jobs] : runs)
    if (id.first == call.number("run") && (any || id.second == call.number("attempt")))
      return json_response(200, rendered(forge, call, runs, jobs));
  throw not_found();
}

HttpResponse remove(Forge& forge, const Call& call) {
  const long id = call.number("run");
  const Runs runs = runs_of(forge, call.repository);
  if (std::ranges::none_of(runs, [id](const auto& run) { return run.first.first == id; })) throw not_found();
  forge.state().put(document(call.repository, id), true);
  return {204, {}, {}};
}

}  // namespace

std::vector<Route> workflow_run_routes() {
  const std::string actions = "/repos/{owner}/{repo}/actions";
  return {{"GET", actions + "/runs", {"actions:read"}, {}, list},
          {"GET", actions + "/workflows/{workflow}/runs", {"actions:read"}, {}, list_of_workflow},
          {"GET", actions + "/runs/{run}", {"actions:read"}, {}, get},
          {"GET", actions + "/runs/{run}/attempts/{attempt}", {"actions:read"}, {}, get},
          {"DELETE", actions + "/runs/{run}", {"actions:write"}, {}, remove}};
}

}  // namespace waybill::sandbox

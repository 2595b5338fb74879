#include "core/sandbox/run_trigger.h"

#include <algorithm>
#include <array>
#include <optional>

#include "core/base/error.h"
#include "core/git/repository.h"
#include "core/sandbox/run_expression.h"

namespace waybill::sandbox {
namespace {

constexpr std::string_view kWorkflows = ".github/workflows";
constexpr std::size_t kFileLimit = 512 * 1024;

// The one commit that definition, ref and sha come from.
struct Source {
  std::string ref;
  Oid sha;
};

bool is_dispatch(const Event& event) {
  return event.name == "workflow_dispatch" || event.name == "repository_dispatch";
}

std::string text_at(const Json& payload, std::string_view pointer) {
  const Json::json_pointer path{std::string(pointer)};
  if (!payload.contains(path)) return {};
  const Json& value = payload.at(path);
  return value.is_string() ? value.get<std::string>() : value.is_null() ? std::string() : value.dump();
}

std::optional<Source> given_ref(const git::Repository& repository, const std::string& ref) {
  for (const std::string& name : {ref, "refs/heads/" + ref, "refs/tags/" + ref})
    if (name.starts_with("refs/"))
      if (const auto commit = repository.find_commit(name)) return Source{name, *commit};
  return std::nullopt;
}

std::optional<Source> source_of(const Event& event, const git::Repository& repository,
                                const std::string& default_branch) {
  if (event.name == "workflow_dispatch") return given_ref(repository, event.ref);
  if (event.name != "push" && event.name != "pull_request" && event.name != "merge_group")
    return given_ref(repository, "refs/heads/" + default_branch);
  if (event.sha.empty() || event.sha.find_first_not_of('0') == std::string::npos) return std::nullopt;
  const auto commit = repository.find_commit(event.sha);
  if (!commit) return std::nullopt;
  if (event.name != "pull_request") return Source{event.ref, *commit};
  return Source{"refs/pull/" + text_at(event.payload, "/pull_request/number") + "/merge", *commit};
}

// "[skip ci], [ci skip], [no ci], [skip actions], [actions skip]", or the trailer `skip-checks: true`.
bool says_skip(const std::string& message) {
  constexpr std::array<std::string_view, 5> kMarks = {"[skip ci]", "[ci skip]", "[no ci]", "[skip actions]",
                                                      "[actions skip]"};
  if (std::ranges::any_of(kMarks, [&](std::string_view mark) { return message.find(mark) != std::string::npos; }))
    return true;
  std::string_view end = message;
  end = end.substr(0, end.find_last_not_of(" \r\n") + 1);
  return end.ends_with("\nskip-checks: true") || end.ends_with("\nskip-checks:true");
}

bool is_skipped(const Event& event, const git::Repository& repository) {
  if (event.name != "push" && event.name != "pull_request") return false;
  const std::string head = event.name == "push" ? event.sha : text_at(event.payload, "/pull_request/head/sha");
  if (head.size() != 40) return false;
  const auto commit = repository.find_commit(head);
  return commit && says_skip(repository.commit(*commit).message);
}

bool is_withheld(const Event& event) {
  const bool proposed = event.name == "pull_request" || event.name == "pull_request_target";
  if (proposed && text_at(event.payload, "/pull_request/user/login") == "dependabot[bot]") return true;
  return event.name == "pull_request" &&
         text_at(event.payload, "/pull_request/head/repo/full_name") != event.repository;
}

std::map<std::string, std::string> granted(const Workflow& workflow, const WorkflowJob& job, const Permissions& usual,
                                           bool withheld) {
  Permissions permissions = job.permissions ? *job.permissions : workflow.permissions.value_or(usual);
  if (!withheld) return permissions;
  permissions.erase("id-token");
  for (auto& [scope, level] : permissions) level = "read";
  return permissions;
}

std::map<std::string, std::string> given_inputs(const Event& event, const Trigger& trigger) {
  std::map<std::string, std::string> inputs = trigger.inputs;
  const auto given = event.payload.find("inputs");
  if (event.name == "workflow_dispatch" && given != event.payload.end() && given->is_object())
    for (const auto& [name, value] : given->items()) inputs[name] = text_at(*given, "/" + name);
  return inputs;
}

class FilePlanner {
 public:
  FilePlanner(const RunnerSetup& setup, const Event& event, const Source& source, std::string path)
      : setup_(setup), event_(event), path_(std::move(path)) {
    run_.event = event;
    if (!run_.event.payload.contains("repository"))
      run_.event.payload["repository"] = setup.repository_json(event.repository);
    run_.repository = event.repository;
    run_.workflow = run_.workflow_name = path_;
    run_.workflow_ref = event.repository + "/" + path_ + "@" + source.ref;
    run_.workflow_sha = run_.sha = source.sha.hex();
    run_.ref = source.ref;
  }

  // What the file's text starts, or its refusal. `filtered`: only if the event passes the trigger.
  std::vector<PlannedJob> plan(const std::string& text, bool filtered) const {
    try {
      const yaml::Node file = yaml::parse(text, path_);
      const auto trigger = read_trigger(file, event_.name);
      if (!trigger || (filtered && !passes(*trigger, event_))) return {};
      return jobs(read_workflow(file, steps_by()), given_inputs(event_, *trigger));
    } catch (const Error& error) {
      PlannedJob refused;
      refused.run = run_;
      refused.refusal = error.what();
      return {refused};
    }
  }

 private:
  std::vector<PlannedJob> jobs(const Workflow& workflow, const std::map<std::string, std::string>& inputs) const {
    const Permissions usual = setup_.usual_permissions ? setup_.usual_permissions(event_.repository) : Permissions();
    std::vector<PlannedJob> planned;
    for (const WorkflowJob& job : workflow.jobs) {
      PlannedJob one;
      one.run = run_;
      if (!workflow.name.empty()) one.run.workflow_name = workflow.name;
      one.run.job = job.id;
      one.run.environment = job.environment;
      one.withheld = is_withheld(event_);
      one.run.permissions = granted(workflow, job, usual, one.withheld);
      one.job = job;
      one.inputs = inputs;
      one.first_of_start = planned.empty();
      if (workflow.concurrency) {
        one.concurrency = *workflow.concurrency;
        one.concurrency.group = group(one);
      }
      planned.push_back(std::move(one));
    }
    return planned;
  }

  StepsBy steps_by() const { return setup_.executor.empty() ? StepsBy::kSandbox : StepsBy::kExecutor; }

  std::string group(const PlannedJob& job) const {
    return evaluate(job.concurrency.group, [&](std::string_view name) -> std::string {
      if (name == "github.ref") return job.run.ref;
      if (name == "github.workflow") return job.run.workflow_name;
      if (name == "github.event.pull_request.number") return text_at(event_.payload, "/pull_request/number");
      const std::string key(name.substr(name.find('.') + 1));
      const auto known = name.starts_with("vars.")     ? setup_.variables(event_.repository, "")
                         : name.starts_with("inputs.") ? job.inputs
                                                       : RunnerSetup::Settings();
      const auto found = known.find(key);
      return found == known.end() ? std::string() : found->second;
    });
  }

  const RunnerSetup& setup_;
  const Event& event_;
  std::string path_;
  Run run_;
};

bool is_workflow_file(const git::Entry& entry) {
  return (entry.mode == git::Mode::kFile || entry.mode == git::Mode::kExecutable) &&
         (entry.path.ends_with(".yml") || entry.path.ends_with(".yaml"));
}

bool names(const Event& event, const std::string& file) {
  return event.workflow == file || event.workflow == std::string(kWorkflows) + "/" + file;
}

}  // namespace

bool awaits_approval(const Event& event) {
  return event.by_job_token && event.name == "pull_request" &&
         (event.action == "opened" || event.action == "reopened" || event.action == "synchronize");
}

std::vector<PlannedJob> planned_jobs(const RunnerSetup& setup, const Event& event) {
  if (event.by_job_token && !is_dispatch(event) && !awaits_approval(event)) return {};
  const git::Repository repository = git::Repository::open(setup.git_folder(event.repository));
  const auto source = source_of(event, repository, setup.default_branch(event.repository));
  if (!source || is_skipped(event, repository)) return {};
  const auto folder = repository.subtree(source->sha, kWorkflows);
  if (!folder) return {};
  std::vector<PlannedJob> planned;
  for (const git::Entry& entry : repository.children(*folder)) {
    if (!is_workflow_file(entry) || (event.name == "workflow_dispatch" && !names(event, entry.path))) continue;
    const std::string path = std::string(kWorkflows) + "/" + entry.path;
    if (setup.is_active && !setup.is_active(event.repository, path)) continue;
    const FilePlanner planner(setup, event, *source, path);
    std::ranges::move(planner.plan(repository.blob(entry.id, kFileLimit), true), std::back_inserter(planned));
  }
  return planned;
}

PlannedJob planned_again(const RunnerSetup& setup, const Run& original) {
  const git::Repository repository = git::Repository::open(setup.git_folder(original.repository));
  const Oid commit = Oid::parse(original.workflow_sha);
  const auto text = repository.file(commit, original.workflow, kFileLimit);
  if (!text) throw Error(Fault::kInput, "{} is not in commit {}", original.workflow, commit.hex());
  const FilePlanner planner(setup, original.event, {original.ref, commit}, original.workflow);
  for (PlannedJob& job : planner.plan(*text, false)) {
    if (job.run.job != original.job) continue;
    job.run.id = original.id;
    job.run.attempt = original.attempt + 1;
    return job;
  }
  throw Error(Fault::kInput, "{} has no job `{}`", original.workflow, original.job);
}

}  // namespace waybill::sandbox

#include "core/sandbox/run_executor.h"

#include <chrono>
#include <cstdlib>
#include <list>
#include <numeric>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/process.h"
#include "core/sandbox/run_context.h"
#include "core/sandbox/run_grant.h"

namespace waybill::sandbox {
namespace {

constexpr std::size_t kAnswerLimit = 256UL * 1024 * 1024;
constexpr std::size_t kLastWords = 2000;

class Execution {
 public:
  Execution(const RunnerSetup& setup, Tokens& tokens, Authorities& authorities, const std::vector<PlannedJob>& jobs,
            const std::filesystem::path& folder)
      : setup_(setup), authorities_(authorities), jobs_(jobs), run_(jobs.front().run), folder_(folder) {
    for (const PlannedJob& job : jobs) grants_.emplace_back(setup, tokens, authorities, job);
  }

  std::map<std::string, ExecutedJob> run() {
    std::filesystem::create_directories(folder_);
    const auto answer = folder_ / "answer.json";
    write_file(folder_ / "payload.json", canonical(run_.event.payload));
    write_file(folder_ / "job.json", canonical(description(answer)));
    std::map<std::string, ExecutedJob> executed;
    try {
      const Exit done = waybill::run(command());
      if (done.code != 0)
        throw Error(Fault::kRemote, "the executor ended with {}: {}", done.code, last_words(done.errors));
      const Json given = parse_json(read_file(answer, kAnswerLimit), "the executor's answer", {kAnswerLimit, 16});
      for (const PlannedJob& job : jobs_) executed[job.run.job] = one(member(given, "jobs", "answer"), job.run.job);
    } catch (const std::exception& error) {
      for (const PlannedJob& job : jobs_) executed[job.run.job] = failed(error.what());
    }
    std::filesystem::remove_all(folder_);
    return executed;
  }

 private:
  Json description(const std::filesystem::path& answer) const {
    const auto context = run_context(run_, setup_.base_url);
    Json jobs = Json::object();
    auto grant = grants_.begin();
    for (const PlannedJob& job : jobs_) {
      jobs[job.run.job] = {{"environment", job.run.environment},
                           {"permissions", job.run.permissions},
                           {"token", grant->token()},
                           {"identity_token", grant->identity_token()},
                           {"secrets", grant->secrets()},
                           {"variables", grant->variables()}};
      ++grant;
    }
    return {{"repository", run_.repository},
            {"git", setup_.git_folder(run_.repository).string()},
            {"event", run_.event.name},
            {"payload", (folder_ / "payload.json").string()},
            {"workflow", run_.workflow},
            {"workflow_sha", run_.workflow_sha},
            {"ref", run_.ref},
            {"sha", run_.sha},
            {"actor", run_.event.actor},
            {"run_id", run_.id},
            {"run_attempt", run_.attempt},
            {"server_url", context.at("GITHUB_SERVER_URL")},
            {"api_url", context.at("GITHUB_API_URL")},
            {"graphql_url", context.at("GITHUB_GRAPHQL_URL")},
            {"identity_url", authorities_.request_url(run_.id)},
            {"context", context},
            {"jobs", jobs},
            {"answer", answer.string()}};
  }

  Command command() const {
    Command command;
    command.arguments = {setup_.executor.string(), (folder_ / "job.json").string()};
    for (const char* name : {"PATH", "HOME", "WAYBILL_TOOLS", "XDG_CACHE_HOME"})
      if (const char* value = std::getenv(name)) command.environment[name] = value;
    command.folder = folder_;
    command.timeout = std::accumulate(
        jobs_.begin(), jobs_.end(), std::chrono::seconds(0),
        [](std::chrono::seconds all, const PlannedJob& job) { return all + std::chrono::seconds(job.job.timeout); });
    return command;
  }

  ExecutedJob one(const Json& answered, const std::string& id) const {
    if (!answered.contains(id)) return failed(fmt::format("the executor says nothing of the job `{}`", id));
    const Json& said = answered.at(id);
    const std::string conclusion = string_member(said, "conclusion", "answer");
    if (conclusion != "success" && conclusion != "failure" && conclusion != "skipped")
      return failed(fmt::format("the executor says that the job `{}` is `{}`", id, conclusion));
    ExecutedJob job;
    job.outcome.skipped = conclusion == "skipped";
    if (conclusion == "failure") job = failed(said.value("reason", "the job failed"));
    const Json outputs = said.value("outputs", Json::object());
    for (const auto& [name, value] : outputs.items()) job.outcome.outputs[name] = redacted(value.get<std::string>());
    job.log = redacted(said.value("log", ""));
    job.summary = redacted(said.value("summary", ""));
    return job;
  }

  ExecutedJob failed(const std::string& reason) const {
    ExecutedJob job;
    job.outcome.exit_code = 1;
    job.outcome.reason = redacted(reason);
    return job;
  }

  std::string last_words(const std::string& errors) const {
    return errors.size() <= kLastWords ? errors : "…" + errors.substr(errors.size() - kLastWords);
  }

  std::string redacted(std::string text) const {
    for (const JobGrant& grant : grants_) text = grant.redacted(text);
    return text;
  }

  const RunnerSetup& setup_;
  Authorities& authorities_;
  const std::vector<PlannedJob>& jobs_;
  const Run& run_;
  std::filesystem::path folder_;
  std::list<JobGrant> grants_;
};

}  // namespace

std::map<std::string, ExecutedJob> execute(const RunnerSetup& setup, Tokens& tokens, Authorities& authorities,
                                           const std::vector<PlannedJob>& jobs, const std::filesystem::path& folder) {
  return Execution(setup, tokens, authorities, jobs, folder).run();
}

}  // namespace waybill::sandbox

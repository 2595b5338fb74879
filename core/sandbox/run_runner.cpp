#include "core/sandbox/run_runner.h"

#include <algorithm>
#include <charconv>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/sandbox/api.h"
#include "core/sandbox/run_executor.h"
#include "core/sandbox/run_job.h"
#include "core/sandbox/traffic.h"

namespace waybill::sandbox {
namespace {

constexpr std::size_t kLogLimit = 256UL * 1024 * 1024;
constexpr std::string_view kRuns = "/_sandbox/runs";
constexpr std::string_view kIdle = "/_sandbox/idle";
constexpr long kLongestWait = 3600;

long number(const std::string& text, long otherwise) {
  long value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() && value >= 0 ? value : otherwise;
}

std::string key_of(const Run& run) {
  return run.attempt == 1 ? std::to_string(run.id) : fmt::format("{}.{}", run.id, run.attempt);
}

}  // namespace

Runner::Runner(RunnerSetup setup, Tokens& tokens, Authorities& authorities, const Clock& clock)
    : setup_(std::move(setup)),
      tokens_(tokens),
      authorities_(authorities),
      clock_(clock),
      records_(setup_.state / "runs"),
      worker_([this] { work(); }) {}

Runner::~Runner() {
  stop();
}

void Runner::install(HttpServer& server) {
  server.route(std::string(kRuns), [this](const HttpRequest& request) { return answer(request); });
  server.route(std::string(kIdle), [this](const HttpRequest& request) {
    const bool idle = wait_idle(std::chrono::seconds(std::min(number(request.parameter("timeout"), 60), kLongestWait)));
    return json_response(200, {{"idle", idle}});
  });
}

std::vector<long> Runner::submit(const Event& event) {
  std::vector<PlannedJob> planned = planned_jobs(setup_, event);
  std::vector<long> ids;
  const std::lock_guard lock(mutex_);
  if (stopping_) return ids;
  std::vector<std::vector<PlannedJob>> runs;
  long start = 0;
  for (PlannedJob& job : planned) {
    const bool first = job.first_of_start;
    const bool joins = !first && !setup_.executor.empty();
    job.run.id = joins ? runs.back().front().run.id : records_.next_id();
    ids.push_back(job.run.id);
    if (joins)
      runs.back().push_back(std::move(job));
    else
      runs.push_back({std::move(job)});
  }
  for (auto& jobs : runs) {
    if (jobs.front().first_of_start) start = jobs.front().run.id;
    Queued next = queued(std::move(jobs), start);
    if (awaits_approval(event))
      keep_waiting(next);
    else
      enqueue(std::move(next));
  }
  changed_.notify_all();
  return ids;
}

void Runner::keep_waiting(const Queued& queued) {
  for (std::size_t i = 0; i < queued.jobs.size(); ++i)
    records_.put({queued.keys[i], queued.jobs[i].run, "action_required", {}, 0, 0, to_rfc3339(clock_.now()), {}});
}

std::optional<long> Runner::approve(long id) {
  std::vector<PlannedJob> jobs;
  for (const RunRecord& record : records_.list()) {
    if (record.run.id != id || record.conclusion != "action_required") continue;
    jobs.push_back(planned_again(setup_, record.run));
    jobs.back().run.attempt = record.run.attempt;
  }
  if (jobs.empty()) return std::nullopt;
  const std::lock_guard lock(mutex_);
  enqueue(queued(std::move(jobs), id));
  changed_.notify_all();
  return id;
}

std::optional<long> Runner::again(long id) {
  std::vector<Run> last;
  for (const RunRecord& record : records_.list()) {
    if (record.run.id != id) continue;
    if (!last.empty() && last.back().attempt != record.run.attempt) last.clear();
    last.push_back(record.run);
  }
  if (last.empty()) return std::nullopt;
  std::vector<PlannedJob> jobs;
  for (const Run& run : last) jobs.push_back(planned_again(setup_, run));
  const std::lock_guard lock(mutex_);
  enqueue(queued(std::move(jobs), id));
  changed_.notify_all();
  return id;
}

Runner::Queued Runner::queued(std::vector<PlannedJob> jobs, long start) const {
  std::vector<std::string> keys;
  for (const PlannedJob& job : jobs)
    keys.push_back(keys.empty() ? key_of(job.run) : key_of(job.run) + "-" + job.run.job);
  return {std::move(jobs), std::move(keys), start};
}

void Runner::enqueue(Queued queued) {
  const std::string& refusal = queued.jobs.front().refusal;
  for (std::size_t i = 0; i < queued.jobs.size(); ++i) {
    RunRecord record{queued.keys[i], queued.jobs[i].run, "queued", {}, 0, 0, to_rfc3339(clock_.now()), {}};
    if (!refusal.empty()) {
      record.conclusion = "failure";
      record.reason = refusal;
      record.exit_code = 1;
    }
    records_.put(record);
  }
  if (!refusal.empty()) return write_file(records_.folder(queued.keys.front()) / "log", refusal + "\n");
  make_way(queued);
  queue_.push_back(std::move(queued));
}

// Of one concurrency group one start runs and one waits: a third takes the place of the one that waits, and with
// cancel-in-progress of both. A job that really runs already is left to end.
void Runner::make_way(const Queued& queued) {
  const Concurrency& wanted = queued.jobs.front().concurrency;
  if (wanted.group.empty() || wanted.queue_all) return;
  const auto same_group = [&](const Queued& other) {
    const PlannedJob& job = other.jobs.front();
    return job.concurrency.group == wanted.group && job.run.repository == queued.jobs.front().run.repository &&
           other.start != queued.start;
  };
  std::optional<long> in_progress;
  if (running_ && same_group(*running_)) in_progress = running_->start;
  const auto is_replaced = [&](const Queued& other) {
    if (!same_group(other)) return false;
    if (!in_progress) in_progress = other.start;
    return wanted.cancel_in_progress || other.start != *in_progress;
  };
  std::erase_if(queue_, [&](const Queued& other) {
    if (!is_replaced(other)) return false;
    for (const std::string& key : other.keys) {
      RunRecord record = *records_.find(key);
      record.conclusion = "cancelled";
      record.reason = fmt::format("a later run of concurrency group `{}` took its place", wanted.group);
      records_.put(record);
    }
    return true;
  });
}

bool Runner::wait_idle(std::chrono::seconds timeout) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, timeout, [this] { return queue_.empty() && !running_; });
}

void Runner::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    changed_.notify_all();
  }
  if (worker_.joinable()) worker_.join();
}

void Runner::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
    if (stopping_) return;
    running_ = std::move(queue_.front());
    queue_.pop_front();
    const Queued current = *running_;
    lock.unlock();
    carry_out(current);
    lock.lock();
    running_.reset();
    changed_.notify_all();
  }
}

void Runner::carry_out(const Queued& queued) {
  for (const std::string& key : queued.keys) {
    RunRecord record = *records_.find(key);
    record.conclusion = "running";
    record.started = to_rfc3339(clock_.now());
    records_.put(record);
  }
  if (setup_.traffic != nullptr) setup_.traffic->begin(queued.keys.front(), queued.jobs.front().run.workflow);
  const auto begin = std::chrono::steady_clock::now();
  std::vector<JobOutcome> outcomes;
  try {
    outcomes = outcomes_of(queued);
  } catch (const std::exception& error) {
    outcomes.assign(queued.keys.size(), {std::string("the runner failed: ") + error.what(), 1, {}});
  }
  if (setup_.traffic != nullptr) setup_.traffic->end();
  for (std::size_t i = 0; i < queued.keys.size(); ++i) {
    RunRecord record = *records_.find(queued.keys[i]);
    JobOutcome& outcome = outcomes[i];
    record.conclusion = outcome.skipped ? "skipped" : outcome.reason.empty() ? "success" : "failure";
    record.reason = std::move(outcome.reason);
    record.exit_code = outcome.exit_code;
    record.outputs = std::move(outcome.outputs);
    record.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    records_.put(record);
  }
}

std::vector<JobOutcome> Runner::outcomes_of(const Queued& queued) {
  const PlannedJob& first = queued.jobs.front();
  const std::filesystem::path folder = records_.folder(queued.keys.front());
  if (setup_.executor.empty()) return {JobExecution(setup_, tokens_, authorities_, first, folder).run()};
  auto executed = execute(setup_, tokens_, authorities_, queued.jobs, folder / "execution");
  std::vector<JobOutcome> outcomes;
  for (std::size_t i = 0; i < queued.jobs.size(); ++i) {
    ExecutedJob& job = executed.at(queued.jobs[i].run.job);
    write_file(records_.folder(queued.keys[i]) / "log", job.log);
    write_file(records_.folder(queued.keys[i]) / "summary", job.summary);
    outcomes.push_back(std::move(job.outcome));
  }
  return outcomes;
}

HttpResponse Runner::answer(const HttpRequest& request) {
  if (request.method == "GET") return described(request);
  const std::string rest = request.path.substr(kRuns.size());
  const std::string verb = rest.substr(rest.rfind('/') + 1);
  if (request.method != "POST" || (verb != "rerun" && verb != "approve"))
    return json_response(404, {{"message", "Not Found"}});
  try {
    const long named = number(rest.substr(1, rest.size() - verb.size() - 2), 0);
    const auto id = verb == "approve" ? approve(named) : again(named);
    return id ? json_response(201, {{"id", *id}}) : json_response(404, {{"message", "no such run"}});
  } catch (const Error& error) {
    return json_response(422, {{"message", error.what()}});
  }
}

HttpResponse Runner::described(const HttpRequest& request) const {
  const std::string base = base_url(request);
  std::string rest = request.path.substr(kRuns.size());
  if (rest.empty() || rest == "/") {
    Json list = Json::array();
    for (const RunRecord& record : records_.list()) list.push_back(sandbox::described(record, base));
    return json_response(200, list);
  }
  rest.erase(0, 1);
  const std::string key = rest.substr(0, rest.find('/'));
  const auto record = records_.find(key);
  if (!record) return json_response(404, {{"message", "no such run"}});
  if (rest == key) return json_response(200, sandbox::described(*record, base));
  const std::string part = rest.substr(key.size() + 1);
  if (part != "log" && part != "summary") return json_response(404, {{"message", "a run has a log and a summary"}});
  const auto file = records_.folder(key) / part;
  return {200,
          {{"Content-Type", "text/plain; charset=utf-8"}},
          std::filesystem::exists(file) ? read_file(file, kLogLimit) : std::string()};
}

}  // namespace waybill::sandbox

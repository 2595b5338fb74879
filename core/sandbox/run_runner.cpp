#include "core/sandbox/run_runner.h"

#include <algorithm>
#include <charconv>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/sandbox/api.h"
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
  long start = 0;
  for (PlannedJob& job : planned) {
    job.run.id = records_.next_id();
    ids.push_back(job.run.id);
    if (job.first_of_start) start = job.run.id;
    enqueue({std::move(job), std::to_string(ids.back()), start});
  }
  changed_.notify_all();
  return ids;
}

std::optional<long> Runner::again(long id) {
  std::optional<Run> last;
  for (const RunRecord& record : records_.list())
    if (record.run.id == id) last = record.run;
  if (!last) return std::nullopt;
  PlannedJob job = planned_again(setup_, *last);
  const std::string key = key_of(job.run);
  const std::lock_guard lock(mutex_);
  enqueue({std::move(job), key, id});
  changed_.notify_all();
  return id;
}

void Runner::enqueue(Queued queued) {
  RunRecord record{queued.key, queued.planned.run, "queued", {}, 0, 0, to_rfc3339(clock_.now()), {}};
  if (!queued.planned.refusal.empty()) {
    record.conclusion = "failure";
    record.reason = queued.planned.refusal;
    record.exit_code = 1;
    records_.put(record);
    write_file(records_.folder(record.key) / "log", record.reason + "\n");
    return;
  }
  records_.put(record);
  make_way(queued);
  queue_.push_back(std::move(queued));
}

// Of one concurrency group one start runs and one waits: a third takes the place of the one that waits, and with
// cancel-in-progress of both. A job that really runs already is left to end.
void Runner::make_way(const Queued& queued) {
  const Concurrency& wanted = queued.planned.concurrency;
  if (wanted.group.empty() || wanted.queue_all) return;
  const auto same_group = [&](const Queued& other) {
    return other.planned.concurrency.group == wanted.group &&
           other.planned.run.repository == queued.planned.run.repository && other.start != queued.start;
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
    RunRecord record = *records_.find(other.key);
    record.conclusion = "cancelled";
    record.reason = fmt::format("a later run of concurrency group `{}` took its place", wanted.group);
    records_.put(record);
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
  RunRecord record = *records_.find(queued.key);
  record.conclusion = "running";
  record.started = to_rfc3339(clock_.now());
  records_.put(record);
  if (setup_.traffic != nullptr) setup_.traffic->begin(record.key, record.run.workflow);
  const auto begin = std::chrono::steady_clock::now();
  try {
    JobOutcome outcome = JobExecution(setup_, tokens_, authorities_, queued.planned, records_.folder(queued.key)).run();
    record.reason = std::move(outcome.reason);
    record.exit_code = outcome.exit_code;
    record.outputs = std::move(outcome.outputs);
  } catch (const std::exception& error) {
    record.reason = std::string("the runner failed: ") + error.what();
    record.exit_code = 1;
  }
  record.conclusion = record.reason.empty() ? "success" : "failure";
  record.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  if (setup_.traffic != nullptr) setup_.traffic->end();
  records_.put(record);
}

HttpResponse Runner::answer(const HttpRequest& request) {
  if (request.method == "GET") return described(request);
  const std::string rest = request.path.substr(kRuns.size());
  if (request.method != "POST" || !rest.ends_with("/rerun")) return json_response(404, {{"message", "Not Found"}});
  try {
    const auto id = again(number(rest.substr(1, rest.size() - 7), 0));
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

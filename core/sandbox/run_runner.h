#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "core/base/clock.h"
#include "core/base/json.h"
#include "core/sandbox/authorities.h"
#include "core/sandbox/event.h"
#include "core/sandbox/http_server.h"
#include "core/sandbox/run_outcome.h"
#include "core/sandbox/run_record.h"
#include "core/sandbox/run_setup.h"
#include "core/sandbox/run_trigger.h"
#include "core/sandbox/tokens.h"

namespace waybill::sandbox {

// The small runner: from an event to the jobs that GitHub would start (run_trigger.h), one after the other, in the
// order of their events. With an executor (run_executor.h) the jobs of one start are one run, as on GitHub. What became
// of each job is kept in DIR/runs.
class Runner {
 public:
  Runner(RunnerSetup setup, Tokens& tokens, Authorities& authorities, const Clock& clock);
  ~Runner();

  // Serves /_sandbox/runs… and /_sandbox/idle.
  void install(HttpServer& server);

  // Queues what the event starts and returns the ids of the jobs; an executor's jobs of one start share one.
  std::vector<long> submit(const Event& event);
  // Lets a run go that waits for approval; nothing when there is none such.
  std::optional<long> approve(long id);
  // Runs a finished run again with its original definition, ref and sha; nothing when there is no such run.
  std::optional<long> again(long id);
  // True once nothing is queued or running.
  bool wait_idle(std::chrono::seconds timeout);
  // Lets the running job end, starts no other.
  void stop();

  std::vector<RunRecord> runs() const { return records_.list(); }

 private:
  struct Queued {
    std::vector<PlannedJob> jobs;   // one; an executor's all of one start
    std::vector<std::string> keys;  // of their records
    long start = 0;                 // the id of the first job of the same start of a workflow
  };
  Queued queued(std::vector<PlannedJob> jobs, long start) const;
  void enqueue(Queued queued);
  void keep_waiting(const Queued& queued);
  void make_way(const Queued& queued);
  void work();
  void carry_out(const Queued& queued);
  std::vector<JobOutcome> outcomes_of(const Queued& queued);
  HttpResponse answer(const HttpRequest& request);
  HttpResponse described(const HttpRequest& request) const;

  RunnerSetup setup_;
  Tokens& tokens_;
  Authorities& authorities_;
  const Clock& clock_;
  RunRecords records_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Queued> queue_;
  std::optional<Queued> running_;
  bool stopping_ = false;
  std::thread worker_;
};

}  // namespace waybill::sandbox

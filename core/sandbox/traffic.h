#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/sandbox/http_server.h"
#include "core/sandbox/transcript.h"

namespace waybill::sandbox {

// What passes the one port: a record of what every run asked for, and the faults that it is to meet on the way.
//
// GET /_sandbox/requests lists {run, workflow, method, path, status} in the order of the answers; status 0 = none was
// given. What is asked for while no run is under way is not written down.
//
// POST /_sandbox/faults {method, path, workflow?, effect?, status?, body?, headers?, done?, delay?, after?, times?}:
// requests of that method and whole path (`*` stands for anything in both), of runs of .github/workflows/<workflow>.yml
// where one is named. `after` (0) of them pass, the next `times` (1) meet the fault. It waits `delay` milliseconds,
// with `done` has the request carried out, and then
//   answer  answers `status` with `body` and `headers` (the effect where none is named)
//   drop    closes the connection without an answer
//   kill    ends the run's stage with SIGKILL, without an answer
//   pass    answers as if nothing had been
// GET lists them, each with the requests that it `met`. DELETE forgets them all. They end with the sandbox.
class Traffic {
 public:
  void install(HttpServer& server);
  // From now on exchanges that meet no fault go there too; it outlives this.
  void copy_to(Transcript& transcript) { transcript_ = &transcript; }

  // From now on requests are those of this run, until another begins or it ends.
  void begin(std::string run, std::string workflow);
  void end();
  // How the stage of the run is killed; nothing when none is started.
  void on_kill(std::function<void()> kill);

  HttpResponse pass(const HttpRequest& request, const Handler& handler);

 private:
  struct Wanted {
    Json wish;
    Json met = Json::array();
  };
  std::optional<Json> struck(const HttpRequest& request);
  Json described(const HttpRequest& request);
  HttpResponse faults(const HttpRequest& request);

  std::mutex mutex_;
  std::string run_;
  std::string workflow_;
  std::function<void()> kill_;
  Transcript* transcript_ = nullptr;
  std::vector<Wanted> faults_;
  std::vector<Json> requests_;
};

}  // namespace waybill::sandbox

#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "core/base/file.h"
#include "core/base/process.h"
#include "core/http/client.h"
#include "core/sandbox/authorities.h"
#include "core/sandbox/forge.h"
#include "core/sandbox/registry_server.h"
#include "core/sandbox/run_runner.h"
#include "core/sandbox/traffic.h"

namespace waybill::testing {

// Everything of the sandbox in one process: repository acme/charts with one file, and a "waybill" that is a shell
// script with one action, `probe`, which writes its environment down and tells what it sees.
class RunHost {
 public:
  // `executor`: a program's text; it runs the jobs then.
  explicit RunHost(const std::string& executor = {});
  ~RunHost();

  // Writes these files on a branch (cut from main when new) in one commit and pushes it as alice; the commit's id.
  std::string push(const std::string& branch, const std::map<std::string, std::string>& files,
                   const std::string& message = "a change");
  std::string git(const std::vector<std::string>& arguments);  // in alice's clone
  long open_pull_request(const std::string& head, const std::string& base);
  Json get(const std::string& path);
  http::Response send(const http::Request& request) { return http_->send(request); }
  std::string text(const std::string& path);
  Json by_operator(const std::string& operation, const Json& body);
  void dispatch(const std::string& workflow, const std::string& ref, const Json& inputs = Json::object());

  // The events since the last call; the runner has seen them already.
  std::vector<sandbox::Event> events();
  sandbox::Event event(const std::string& name);  // the last one of that name since the last call of events()
  // What ran since the last call, once all is done.
  std::vector<sandbox::RunRecord> finished();
  // The environment that a run's probe saw.
  std::map<std::string, std::string> environment(const sandbox::RunRecord& record);
  std::string log(const sandbox::RunRecord& record) { return text("/_sandbox/runs/" + record.key + "/log"); }
  sandbox::RunnerSetup setup();

  waybill::TemporaryFolder folder;
  sandbox::Tokens tokens;
  sandbox::SandboxClock clock{parse_rfc3339("2026-11-21T12:00:00Z")};
  std::string base;
  std::string token;  // alice's
  sandbox::Traffic traffic;
  std::unique_ptr<sandbox::Forge> forge;
  std::unique_ptr<sandbox::Authorities> authorities;
  std::unique_ptr<sandbox::RegistryServer> registry;
  std::unique_ptr<sandbox::Runner> runner;

 private:
  std::unique_ptr<http::Client> http_;
  sandbox::HttpServer server_;
  std::mutex mutex_;
  std::vector<sandbox::Event> events_;
  std::size_t seen_ = 0;
};

// Every issuer of this process goes on with one key, as a sandbox that is started again: to make one takes longer than
// most cases do.
void lend_issuer_key(const std::filesystem::path& state);

// A workflow of one job with one probe; `on` and `job` are lines of YAML.
std::string probe_workflow(const std::string& on, const std::string& job = "", const std::string& with = "");

// A program of somebody else, looked for in PATH and where `go install` puts it; absent: nothing, after saying so.
std::optional<std::filesystem::path> foreign_program(const std::string& name);
Exit run_foreign(const std::filesystem::path& program, const std::vector<std::string>& arguments,
                 const std::filesystem::path& folder, const std::string& input = {});

}  // namespace waybill::testing

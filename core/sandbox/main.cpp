#include <signal.h>
#include <unistd.h>

#include <filesystem>
#include <iostream>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/base/number.h"
#include "core/sandbox/authorities.h"
#include "core/sandbox/environments.h"
#include "core/sandbox/forge.h"
#include "core/sandbox/registry_server.h"
#include "core/sandbox/render.h"
#include "core/sandbox/run_runner.h"
#include "core/sandbox/settings.h"
#include "core/sandbox/traffic.h"
#include "core/sandbox/workflows.h"

namespace waybill::sandbox {
namespace {

constexpr std::string_view kUsage =
    "waybill-sandbox --state DIR --port N [--clock 2026-11-21T12:00:00Z] --waybill PATH --actions DIR [--path PATH]\n"
    "                [--executor PROGRAM] [--transcript FILE]\n"
    "\n"
    "GitHub, Sigstore and a registry on 127.0.0.1, for trying and testing waybill.\n"
    "  --state      folder that everything is kept in; started again with it, the sandbox goes on\n"
    "  --port       port to listen on, 0 for any free one\n"
    "  --clock      time to start at (the wall clock's if absent)\n"
    "  --waybill    the binary that the stages run\n"
    "  --actions    folder with the actions' action.yml\n"
    "  --path       PATH that the stages see (this process's if absent)\n"
    "  --executor   program that runs the jobs (core/sandbox/run_executor.h); the sandbox itself if absent\n"
    "  --transcript file that every exchange over the REST API is added to (core/sandbox/transcript.h)\n";

std::map<std::string, std::string> options(const std::vector<std::string>& arguments) {
  std::map<std::string, std::string> given;
  for (std::size_t i = 0; i < arguments.size(); i += 2) {
    const std::string& name = arguments[i];
    const bool known = name == "--state" || name == "--port" || name == "--clock" || name == "--waybill" ||
                       name == "--actions" || name == "--path" || name == "--executor" || name == "--transcript";
    if (!known) throw Error(Fault::kInput, "`{}` is no option", name).hint(std::string(kUsage));
    if (i + 1 == arguments.size()) throw Error(Fault::kInput, "`{}` needs a value", name);
    given[name] = arguments[i + 1];
  }
  for (const char* name : {"--state", "--port", "--waybill", "--actions"})
    if (!given.contains(name)) throw Error(Fault::kInput, "`{}` is missing", name).hint(std::string(kUsage));
  return given;
}

int port(const std::string& text) {
  const auto value = whole_number(text);
  if (!value || *value < 0 || *value > 65'535)
    throw Error(Fault::kInput, "`{}` is no port, 0 to 65535 is wanted", text);
  return static_cast<int>(*value);
}

RunnerSetup runner_setup(Forge& forge, const std::map<std::string, std::string>& given, const std::string& base_url) {
  RunnerSetup setup;
  setup.state = std::filesystem::absolute(given.at("--state"));
  setup.waybill = std::filesystem::absolute(given.at("--waybill"));
  setup.actions = std::filesystem::absolute(given.at("--actions"));
  setup.base_url = base_url;
  setup.git_folder = [&forge](const std::string& repository) { return forge.git(repository).path(); };
  setup.default_branch = [&forge](const std::string& repository) {
    const auto hosted = forge.repository(repository);
    return hosted ? hosted->default_branch : std::string();
  };
  setup.repository_json = [&forge, base_url](const std::string& repository) {
    const auto hosted = forge.repository(repository);
    return hosted ? render::repository(*hosted, base_url, forge) : Json();
  };
  setup.secrets = [&forge](const std::string& repository, const std::string& environment) {
    return forge.secrets(repository, environment);
  };
  setup.variables = [&forge](const std::string& repository, const std::string& environment) {
    return forge.variables(repository, environment);
  };
  setup.is_active = [&forge](const std::string& repository, const std::string& workflow) {
    return is_active(forge, repository, workflow);
  };
  setup.usual_permissions = [&forge](const std::string& repository) { return usual_permissions(forge, repository); };
  setup.admits = [&forge](const std::string& repository, const std::string& environment, const std::string& ref) {
    return admits(forge, repository, environment, ref);
  };
  if (given.contains("--path")) setup.path = given.at("--path");
  if (given.contains("--executor")) setup.executor = std::filesystem::absolute(given.at("--executor"));
  return setup;
}

int serve(const std::map<std::string, std::string>& given) {
  // Taken before any thread exists, so that only sigwait below ever sees them.
  sigset_t ending;
  ::sigemptyset(&ending);
  ::sigaddset(&ending, SIGINT);
  ::sigaddset(&ending, SIGTERM);
  ::pthread_sigmask(SIG_BLOCK, &ending, nullptr);

  const std::filesystem::path state = std::filesystem::absolute(given.at("--state"));
  SandboxClock clock = given.contains("--clock") ? SandboxClock(parse_rfc3339(given.at("--clock"))) : SandboxClock();
  Tokens tokens;
  Forge forge(state, tokens, clock);
  std::optional<Transcript> transcript;
  Traffic traffic;
  if (given.contains("--transcript")) traffic.copy_to(transcript.emplace(given.at("--transcript")));
  HttpServer server;
  traffic.install(server);
  const std::string base_url = "http://127.0.0.1:" + std::to_string(server.listen(port(given.at("--port"))));
  Authorities authorities(state, clock, base_url);
  RegistryServer registry(state, tokens);
  RunnerSetup setup = runner_setup(forge, given, base_url);
  setup.traffic = &traffic;
  Runner runner(std::move(setup), tokens, authorities, clock);
  forge.listen([&runner](const Event& event) { runner.submit(event); });
  forge.ask_about_jobs([&runner] { return runner.runs(); });
  authorities.install(server);
  registry.install(server);
  runner.install(server);
  forge.install(server);
  server.route("/_sandbox/stop", [](const HttpRequest&) {
    ::kill(::getpid(), SIGTERM);
    return HttpResponse{202, {{"Content-Type", "application/json"}}, "{}"};
  });
  std::cout << "waybill-sandbox: " << base_url << std::endl;

  int signal = 0;
  ::sigwait(&ending, &signal);
  runner.stop();
  server.stop();
  return 0;
}

}  // namespace
}  // namespace waybill::sandbox

int main(int count, char** values) {
  const std::vector<std::string> arguments(values + 1, values + count);
  if (arguments.empty() || arguments.front() == "--help") {
    std::cout << waybill::sandbox::kUsage;
    return arguments.empty() ? static_cast<int>(waybill::Fault::kInput) : 0;
  }
  try {
    return waybill::sandbox::serve(waybill::sandbox::options(arguments));
  } catch (const waybill::Error& error) {
    std::cerr << "waybill-sandbox: " << error.what() << '\n' << error.hint();
    return static_cast<int>(error.fault());
  } catch (const std::exception& error) {
    std::cerr << "waybill-sandbox: " << error.what() << '\n';
    return static_cast<int>(waybill::Fault::kInternal);
  }
}

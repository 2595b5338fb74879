#include "sandbox/run_host.h"

#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <sstream>

#include "core/base/encoding.h"
#include "core/crypto/key.h"
#include "core/sandbox/environments.h"
#include "core/sandbox/render.h"
#include "core/sandbox/settings.h"
#include "core/sandbox/workflows.h"

namespace waybill::testing {
namespace {

// /proc/<pid>/environ is what the process was started with; a shell's own variables are not in it.
constexpr std::string_view kProbe = R"PROBE(#!/bin/sh
tr '\0' '\n' < /proc/$$/environ > "$RUNNER_WORKSPACE/environment"
while [ -e "$RUNNER_WORKSPACE/../../hold" ]; do sleep 0.05; done
if [ -n "$INPUT_SAY" ]; then printf '%s\n' "$INPUT_SAY"; fi
if [ -n "$INPUT_SECRET" ]; then echo "::add-mask::whispered"; echo "secret=$INPUT_SECRET whispered"; fi
if [ -d .git ]; then
  {
    echo "head=$(git rev-parse HEAD)"
    echo "commits=$(git rev-list --count HEAD)"
    echo "remote=$(git for-each-ref --format='%(refname)' | sort | tr '\n' ' ')"
    echo "branch=$(git symbolic-ref -q HEAD || echo detached)"
    echo "credentials=$(git config --local --get-regexp 'http.*|credential.*' || echo none)"
  } >> "$GITHUB_OUTPUT"
fi
if [ -n "$ACTIONS_ID_TOKEN_REQUEST_URL" ]; then
  claims=$(curl -sf -H "Authorization: Bearer $ACTIONS_ID_TOKEN_REQUEST_TOKEN" "$ACTIONS_ID_TOKEN_REQUEST_URL&audience=sigstore" |
    sed 's/.*"value":"[^.]*\.\([^.]*\)\..*/\1/')
  echo "claims=$claims" >> "$GITHUB_OUTPUT"
fi
echo "### probed" >> "$GITHUB_STEP_SUMMARY"
if [ -n "$INPUT_FAIL" ]; then echo "::error title=probe::$INPUT_FAIL"; exit 4; fi
)PROBE";

constexpr std::string_view kAction = R"ACTION(name: probe
description: tells what it sees
inputs:
  say: {description: printed, required: false}
  secret: {description: printed too, required: false}
  fail: {description: fails with this text, required: false}
  log-level: {description: has a default, default: info}
  github-token: {description: the job's, default: "${{ github.token }}"}
runs:
  using: docker
  image: docker://example.org/waybill:edge
  entrypoint: /bin/waybill-probe
)ACTION";

void indent(std::string& text, const std::string& lines, const std::string& with) {
  std::istringstream in(lines);
  for (std::string line; std::getline(in, line);) text += with + line + "\n";
}

void write_program(const std::filesystem::path& file, std::string_view text) {
  write_file(file, text);
  std::filesystem::permissions(file, std::filesystem::perms::owner_all);
}

}  // namespace

void lend_issuer_key(const std::filesystem::path& state) {
  static const std::string kPem = crypto::PrivateKey::generate_rsa2048().pem();
  std::filesystem::create_directories(state / "authorities");
  write_file(state / "authorities" / "issuer.key.pem", kPem);
}

RunHost::RunHost(const std::string& executor) : http_(http::open()) {
  using namespace sandbox;
  lend_issuer_key(folder.path() / "state");
  forge = std::make_unique<Forge>(folder.path() / "state", tokens, clock);
  base = "http://127.0.0.1:" + std::to_string(server_.listen(0));
  authorities = std::make_unique<Authorities>(folder.path() / "state", clock, base);
  registry = std::make_unique<RegistryServer>(folder.path() / "state", tokens);
  write_program(folder.path() / "waybill", kProbe);
  if (!executor.empty()) write_program(folder.path() / "executor", executor);
  std::filesystem::create_directories(folder.path() / "actions" / "probe");
  write_file(folder.path() / "actions" / "probe" / "action.yml", kAction);
  runner = std::make_unique<Runner>(setup(), tokens, *authorities, clock);
  forge->listen([this](const Event& event) {
    {
      const std::lock_guard lock(mutex_);
      events_.push_back(event);
    }
    runner->submit(event);
  });
  traffic.install(server_);
  authorities->install(server_);
  registry->install(server_);
  runner->install(server_);
  forge->install(server_);
  token = by_operator("users", {{"login", "alice"}}).at("token");
  by_operator("repositories",
              {{"full_name", "acme/charts"}, {"default_branch", "main"}, {"id", 2002}, {"owner_id", 1001}});
  git({"init", "--quiet", "--template=", "--initial-branch=main", "."});
  git({"remote", "add", "origin", base + "/acme/charts.git"});
  push("main", {{"README.md", "charts\n"}});
}

RunHost::~RunHost() {
  runner->stop();
  http_.reset();  // an open connection would hold the server up
  server_.stop();
}

sandbox::RunnerSetup RunHost::setup() {
  sandbox::RunnerSetup setup;
  setup.traffic = &traffic;
  setup.state = folder.path() / "state";
  setup.waybill = folder.path() / "waybill";
  setup.actions = folder.path() / "actions";
  setup.base_url = base;
  if (std::filesystem::exists(folder.path() / "executor")) setup.executor = folder.path() / "executor";
  setup.git_folder = [this](const std::string& repository) { return forge->git(repository).path(); };
  setup.default_branch = [this](const std::string& repository) {
    return forge->repository(repository)->default_branch;
  };
  setup.repository_json = [this](const std::string& repository) {
    return sandbox::render::repository(*forge->repository(repository), base, *forge);
  };
  setup.secrets = [this](const std::string& repository, const std::string& environment) {
    return forge->secrets(repository, environment);
  };
  setup.variables = [this](const std::string& repository, const std::string& environment) {
    return forge->variables(repository, environment);
  };
  setup.is_active = [this](const std::string& repository, const std::string& workflow) {
    return sandbox::is_active(*forge, repository, workflow);
  };
  setup.usual_permissions = [this](const std::string& repository) {
    return sandbox::usual_permissions(*forge, repository);
  };
  setup.admits = [this](const std::string& repository, const std::string& environment, const std::string& ref) {
    return sandbox::admits(*forge, repository, environment, ref);
  };
  return setup;
}

std::string RunHost::git(const std::vector<std::string>& arguments) {
  Command command;
  command.arguments = {"git", "-c", "user.name=alice", "-c", "user.email=alice@example.org"};
  command.arguments.insert(command.arguments.end(), arguments.begin(), arguments.end());
  command.environment = {{"PATH", "/usr/local/bin:/usr/bin:/bin"},
                         {"HOME", folder.path().string()},
                         {"GIT_TERMINAL_PROMPT", "0"},
                         {"LC_ALL", "C"},
                         {"GIT_CONFIG_COUNT", "1"},
                         {"GIT_CONFIG_KEY_0", "http.extraHeader"},
                         {"GIT_CONFIG_VALUE_0", "Authorization: Basic " + to_base64("alice:" + token)}};
  command.folder = folder.path() / "clone";
  std::filesystem::create_directories(command.folder);
  const Exit done = run(command);
  BOOST_TEST_REQUIRE(done.code == 0, "git " << arguments.front() << ": " << done.errors);
  return done.output.substr(0, done.output.find_last_not_of('\n') + 1);
}

std::string RunHost::push(const std::string& branch, const std::map<std::string, std::string>& files,
                          const std::string& message) {
  if (std::filesystem::exists(folder.path() / "clone" / ".git" / "refs" / "remotes" / "origin" / branch))
    git({"checkout", "--quiet", "-B", branch, "origin/" + branch});
  else if (branch != "main")
    git({"checkout", "--quiet", "-B", branch, "origin/main"});
  for (const auto& [path, content] : files) {
    const auto file = folder.path() / "clone" / path;
    std::filesystem::create_directories(file.parent_path());
    write_file(file, content);
  }
  git({"add", "--all"});
  git({"commit", "--quiet", "--allow-empty", "--message", message});
  git({"push", "--quiet", "origin", branch});
  return git({"rev-parse", "HEAD"});
}

long RunHost::open_pull_request(const std::string& head, const std::string& to) {
  const Json body = {{"title", "a change"}, {"head", head}, {"base", to}, {"body", "why"}};
  const auto response = send({.method = "POST",
                              .url = base + "/api/v3/repos/acme/charts/pulls",
                              .headers = {{"authorization", "Bearer " + token}},
                              .body = body.dump()});
  BOOST_TEST_REQUIRE(response.status == 201, response.body);
  return parse_json(response.body, "pull request").at("number").get<long>();
}

std::string RunHost::text(const std::string& path) {
  return send({.url = base + path, .headers = {}, .body = ""}).body;
}

Json RunHost::get(const std::string& path) {
  return parse_json(text(path), path);
}

Json RunHost::by_operator(const std::string& operation, const Json& body) {
  const auto response =
      send({.method = "POST", .url = base + "/_sandbox/" + operation, .headers = {}, .body = body.dump()});
  BOOST_TEST_REQUIRE(response.status / 100 == 2, operation << ": " << response.body);
  return parse_json(response.body.empty() ? "{}" : response.body, operation);
}

void RunHost::dispatch(const std::string& workflow, const std::string& ref, const Json& inputs) {
  const Json body = {{"ref", ref}, {"inputs", inputs}};
  const auto response = send({.method = "POST",
                              .url = base + "/api/v3/repos/acme/charts/actions/workflows/" + workflow + "/dispatches",
                              .headers = {{"authorization", "Bearer " + token}},
                              .body = body.dump()});
  BOOST_TEST_REQUIRE(response.status == 204, response.body);
}

std::vector<sandbox::Event> RunHost::events() {
  const std::lock_guard lock(mutex_);
  return std::exchange(events_, {});
}

sandbox::Event RunHost::event(const std::string& name) {
  const std::lock_guard lock(mutex_);
  for (auto at = events_.rbegin(); at != events_.rend(); ++at)
    if (at->name == name) return *at;
  BOOST_FAIL("no event " << name);
  return {};
}

std::vector<sandbox::RunRecord> RunHost::finished() {
  BOOST_TEST_REQUIRE(runner->wait_idle(std::chrono::seconds(120)));
  const auto all = runner->runs();
  std::vector<sandbox::RunRecord> fresh(all.begin() + static_cast<std::ptrdiff_t>(seen_), all.end());
  seen_ = all.size();
  return fresh;
}

std::map<std::string, std::string> RunHost::environment(const sandbox::RunRecord& record) {
  std::istringstream in(read_file(folder.path() / "state" / "runs" / record.key / "environment", 1024 * 1024));
  std::map<std::string, std::string> variables;
  for (std::string line; std::getline(in, line);)
    variables[line.substr(0, line.find('='))] = line.substr(line.find('=') + 1);
  return variables;
}

std::string probe_workflow(const std::string& on, const std::string& job, const std::string& with) {
  std::string text = "name: Probe\non:\n";
  indent(text, on, "  ");
  text += "jobs:\n  probe:\n    runs-on: ubuntu-latest\n";
  indent(text, job, "    ");
  text += "    steps:\n      - uses: acme/waybill/actions/probe@v1\n";
  if (!with.empty()) text += "        with:\n";
  indent(text, with, "          ");
  return text;
}

std::optional<std::filesystem::path> foreign_program(const std::string& name) {
  const char* path = std::getenv("PATH");
  const char* home = std::getenv("HOME");
  std::istringstream folders(std::string(path == nullptr ? "/usr/bin" : path) + ":" +
                             (home == nullptr ? "/root" : home) + "/go/bin");
  for (std::string part; std::getline(folders, part, ':');)
    if (const auto file = std::filesystem::path(part) / name; std::filesystem::exists(file)) return file;
  BOOST_TEST_MESSAGE("no program: " << name << " is not installed, this case is left out");
  return std::nullopt;
}

Exit run_foreign(const std::filesystem::path& program, const std::vector<std::string>& arguments,
                 const std::filesystem::path& folder, const std::string& input) {
  Command command;
  command.arguments = {program.string()};
  command.arguments.insert(command.arguments.end(), arguments.begin(), arguments.end());
  command.environment = {{"PATH", "/usr/local/bin:/usr/bin:/bin"}, {"HOME", folder.string()}};
  command.folder = folder;
  command.input = input;
  return run(command);
}

}  // namespace waybill::testing

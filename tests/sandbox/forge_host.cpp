#include "sandbox/forge_host.h"

#include <boost/test/unit_test.hpp>

#include "core/base/encoding.h"
#include "core/base/error.h"
#include "core/base/process.h"
#include "core/crypto/key.h"

namespace waybill::testing {

std::string Answer::error() const {
  if (!body.is_object() || !body.contains("errors") || body["errors"].empty()) return {};
  return body["errors"][0].value("message", body["errors"][0].value("code", ""));
}

ForgeHost::ForgeHost() : schema_(GitHubSchema::open()), http_(http::open()) {
  forge = std::make_unique<sandbox::Forge>(folder.path(), tokens, clock);
  forge->listen([this](const sandbox::Event& event) {
    const std::lock_guard lock(mutex_);
    emitted.push_back(event);
  });
  forge->install(server_);
  base = "http://127.0.0.1:" + std::to_string(server_.listen(0));
  token = by_operator("users", {{"login", "alice"}}).body["token"];
  by_operator("repositories", {{"full_name", "acme/charts"}, {"default_branch", "main"}});
  commit("main", "README.md", "charts\n", "");
  events();
}

ForgeHost::~ForgeHost() {
  http_.reset();  // an open connection would hold the server up
  server_.stop();
}

Answer ForgeHost::raw(const std::string& method, const std::string& url, const std::string& content,
                      const std::map<std::string, std::string>& headers) {
  const http::Response response = http_->send({.method = method, .url = url, .headers = headers, .body = content});
  Answer answer{response.status, nullptr, response.body, response.headers};
  const bool json = method != "HEAD" && response.header("content-type").starts_with("application/json");
  if (json) answer.body = parse_json(response.body, url);
  return answer;
}

Answer ForgeHost::send(const std::string& method, const std::string& path, const Json& body, const std::string& given,
                       const std::map<std::string, std::string>& more) {
  std::map<std::string, std::string> headers = more;
  const std::string credential = given == "-" ? token : given;
  if (!credential.empty()) headers["authorization"] = "Bearer " + credential;
  Answer answer = raw(method, base + "/api/v3" + path, body.is_null() ? "" : body.dump(), headers);
  if (!schema_ || answer.status == 304 || answer.body.is_null()) return answer;
  const std::string plain = path.substr(0, path.find('?'));
  for (const std::string& complaint : schema_->complaints(method, plain, answer.status, answer.text))
    BOOST_ERROR(complaint);
  return answer;
}

Answer ForgeHost::by_operator(const std::string& operation, const Json& body) {
  return raw("POST", base + "/_sandbox/" + operation, body.dump(), {});
}

std::string ForgeHost::commit(const std::string& branch, const std::string& path, const std::string& content,
                              const std::string& from) {
  Answer tip = from.empty() ? Answer{} : send("GET", kRepository + "/git/ref/heads/" + branch);
  const bool exists = tip.status == 200;
  if (!exists && !from.empty()) tip = send("GET", kRepository + "/git/ref/heads/" + from);
  Json tree = {{"tree", {{{"path", path}, {"mode", "100644"}, {"type", "blob"}, {"content", content}}}}};
  Json parents = Json::array();
  if (!from.empty()) {
    parents.push_back(tip.body["object"]["sha"]);
    tree["base_tree"] = parents[0];
  }
  const Answer made = post(kRepository + "/git/trees", tree);
  BOOST_TEST_REQUIRE(made.status == 201, made.text);
  const Answer commit = post(kRepository + "/git/commits",
                             {{"message", "set " + path}, {"tree", made.body["sha"]}, {"parents", parents}});
  BOOST_TEST_REQUIRE(commit.status == 201, commit.text);
  const std::string id = commit.body["sha"];
  const Answer moved = exists ? send("PATCH", kRepository + "/git/refs/heads/" + branch, {{"sha", id}})
                              : post(kRepository + "/git/refs", {{"ref", "refs/heads/" + branch}, {"sha", id}});
  BOOST_TEST_REQUIRE(moved.status == (exists ? 200 : 201), moved.text);
  return id;
}

long ForgeHost::open(const std::string& head, const std::string& to, const std::string& title) {
  const Answer opened = post(kRepository + "/pulls", {{"title", title}, {"head", head}, {"base", to}, {"body", "why"}});
  BOOST_TEST_REQUIRE(opened.status == 201, opened.text);
  return opened.body["number"];
}

std::string ForgeHost::app_jwt(long seconds_ahead) {
  if (app_id == 0) make_app();
  const long now = clock.now().time_since_epoch().count() + seconds_ahead;
  const std::string text =
      to_base64url(R"({"alg":"RS256","typ":"JWT"})") + "." +
      to_base64url(Json{{"iat", now - 60}, {"exp", now + 540}, {"iss", std::to_string(app_id)}}.dump());
  return text + "." + to_base64url(crypto::PrivateKey::from_pem(app_key_).sign(text));
}

void ForgeHost::make_app() {
  const Json app =
      by_operator("apps",
                  {{"slug", "waybill-release"},
                   {"permissions",
                    {{"contents", "write"}, {"pull_requests", "write"}, {"checks", "write"}, {"metadata", "read"}}}})
          .body;
  app_id = app["app_id"];
  app_key_ = app["private_key"];
}

std::string ForgeHost::app_token(const Json& request) {
  const Answer installation = send("GET", kRepository + "/installation", nullptr, app_jwt());
  BOOST_TEST_REQUIRE(installation.status == 200, installation.text);
  const Answer made =
      send("POST", "/app/installations/" + installation.body["id"].dump() + "/access_tokens", request, app_jwt());
  BOOST_TEST_REQUIRE(made.status == 201, made.text);
  return made.body["token"];
}

std::string ForgeHost::job_token(const std::map<std::string, std::string>& permissions) {
  return tokens.issue({sandbox::TokenKind::kJob, "github-actions[bot]", "acme/charts", permissions});
}

std::string ForgeHost::unknown() const {
  const std::filesystem::path path = folder.path() / "unknown.log";
  return std::filesystem::exists(path) ? read_file(path, 1024 * 1024) : std::string();
}

std::vector<std::string> ForgeHost::events() {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> told;
  for (const sandbox::Event& event : emitted)
    told.push_back(event.action.empty() ? event.name : event.name + " " + event.action);
  emitted.clear();
  return told;
}

std::string ForgeHost::git(const std::vector<std::string>& arguments, int expected) {
  Command command;
  command.arguments = {"git", "-c", "user.name=alice", "-c", "user.email=alice@example.org"};
  command.arguments.insert(command.arguments.end(), arguments.begin(), arguments.end());
  command.environment = {
      {"PATH", "/usr/bin:/bin"}, {"HOME", folder.path().string()}, {"GIT_TERMINAL_PROMPT", "0"}, {"LC_ALL", "C"}};
  command.folder = folder.path() / "work";
  std::filesystem::create_directories(command.folder);
  const Exit exit = run(command);
  BOOST_TEST(exit.code == expected, "git " << arguments.front() << ": " << exit.errors);
  return exit.output + exit.errors;
}

}  // namespace waybill::testing

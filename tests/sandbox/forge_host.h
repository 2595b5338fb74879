#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "core/base/file.h"
#include "core/base/json.h"
#include "core/http/client.h"
#include "core/sandbox/forge.h"
#include "sandbox/github_schema.h"

namespace waybill::testing {

struct Answer {
  int status = 0;
  Json body;
  std::string text;
  std::map<std::string, std::string> headers;

  std::string message() const { return body.is_object() ? body.value("message", "") : std::string(); }
  std::string error() const;  // the first of a 422's
};

// A forge on the loopback with one repository acme/charts, one person (alice) and one App; every REST answer is held
// against GitHub's own description where that is at hand.
class ForgeHost {
 public:
  ForgeHost();
  ~ForgeHost();

  Answer send(const std::string& method, const std::string& path, const Json& body = nullptr,
              const std::string& token = "-", const std::map<std::string, std::string>& headers = {});
  Answer get(const std::string& path) { return send("GET", path); }
  Answer post(const std::string& path, const Json& body) { return send("POST", path, body); }
  Answer raw(const std::string& method, const std::string& url, const std::string& content,
             const std::map<std::string, std::string>& headers);
  Answer by_operator(const std::string& operation, const Json& body);

  // A commit on a new or existing branch, made over REST: one file set to one content. Its id.
  std::string commit(const std::string& branch, const std::string& path, const std::string& content,
                     const std::string& from = "main");
  long open(const std::string& head, const std::string& base, const std::string& title = "a change");
  std::string app_jwt(long seconds_ahead = 0);
  std::string app_token(const Json& request = Json::object());
  std::string job_token(const std::map<std::string, std::string>& permissions);
  std::string unknown() const;  // what no client should have sent
  // The names and actions of the events so far ("push", "pull_request opened"), forgotten once told.
  std::vector<std::string> events();

  std::string git(const std::vector<std::string>& arguments, int expected = 0);  // in a scratch folder

  waybill::TemporaryFolder folder;
  sandbox::Tokens tokens;
  sandbox::SandboxClock clock{parse_rfc3339("2026-11-21T12:00:00Z")};
  std::unique_ptr<sandbox::Forge> forge;
  std::vector<sandbox::Event> emitted;
  std::string base;
  std::string token;  // of alice, what `-` stands for
  long app_id = 0;    // of the App, which is made when its token is first asked for

 private:
  void make_app();

  std::mutex mutex_;
  std::optional<GitHubSchema> schema_;
  std::unique_ptr<http::Client> http_;
  std::string app_key_;
  sandbox::HttpServer server_;
};

inline const std::string kRepository = "/repos/acme/charts";

}  // namespace waybill::testing

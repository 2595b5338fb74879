#include "core/sandbox/traffic.h"

#include <fnmatch.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <thread>

#include "core/base/error.h"
#include "core/sandbox/api.h"

namespace waybill::sandbox {
namespace {

constexpr std::string_view kOperator = "/_sandbox/";
constexpr std::array<std::string_view, 4> kEffects = {"answer", "drop", "kill", "pass"};

bool fits(const Json& pattern, const std::string& text) {
  return ::fnmatch(pattern.get_ref<const std::string&>().c_str(), text.c_str(), 0) == 0;
}

Json checked_wish(const Json& body) {
  Json wish = {{"workflow", "*"},
               {"effect", "answer"},
               {"status", 500},
               {"body", {{"message", "Server Error"}}},
               {"headers", Json::object()},
               {"done", false},
               {"delay", 0},
               {"after", 0},
               {"times", 1}};
  if (!body.is_object()) throw Error(Fault::kInput, "a JSON object is wanted");
  for (const auto& [name, value] : body.items()) {
    if (name != "method" && name != "path" && !wish.contains(name))
      throw Error(Fault::kInput, "`{}` is not a member of a fault", name);
    if (wish.contains(name) && name != "body" && std::string_view(wish[name].type_name()) != value.type_name())
      throw Error(Fault::kInput, "`{}` is a {}, a {} is wanted", name, value.type_name(), wish[name].type_name());
    wish[name] = value;
  }
  for (const char* name : {"method", "path"}) static_cast<void>(string_member(wish, name, "fault"));
  if (std::ranges::find(kEffects, wish["effect"].get<std::string>()) == kEffects.end())
    throw Error(Fault::kInput, "`{}` is no effect of a fault", wish["effect"].get<std::string>());
  return wish;
}

}  // namespace

void Traffic::install(HttpServer& server) {
  server.around([this](const HttpRequest& request, const Handler& handler) { return pass(request, handler); });
  server.route("/_sandbox/faults", [this](const HttpRequest& request) { return faults(request); });
  server.route("/_sandbox/requests", [this](const HttpRequest&) {
    const std::lock_guard lock(mutex_);
    return json_response(200, requests_);
  });
}

void Traffic::begin(std::string run, std::string workflow) {
  const std::lock_guard lock(mutex_);
  run_ = std::move(run);
  workflow_ = std::move(workflow);
}

void Traffic::end() {
  begin("", "");
  on_kill(nullptr);
}

void Traffic::on_kill(std::function<void()> kill) {
  const std::lock_guard lock(mutex_);
  kill_ = std::move(kill);
}

std::optional<Json> Traffic::struck(const HttpRequest& request) {
  const std::lock_guard lock(mutex_);
  const auto meets = [&](const Json& wish) {
    return wish["times"] > 0 && fits(wish["method"], request.method) && fits(wish["path"], request.path) &&
           (wish["workflow"] == "*" ||
            workflow_ == ".github/workflows/" + wish["workflow"].get<std::string>() + ".yml");
  };
  for (auto& [wish, met] : faults_) {
    if (!meets(wish)) continue;
    const char* counter = wish["after"] > 0 ? "after" : "times";
    wish[counter] = wish[counter].get<int>() - 1;
    if (counter == std::string_view("after")) return std::nullopt;
    met.push_back({{"run", run_}, {"method", request.method}, {"path", request.path}});
    return wish;
  }
  return std::nullopt;
}

Json Traffic::described(const HttpRequest& request) {
  const std::lock_guard lock(mutex_);
  return {{"run", run_}, {"workflow", workflow_}, {"method", request.method}, {"path", request.path}};
}

HttpResponse Traffic::pass(const HttpRequest& request, const Handler& handler) {
  if (request.path.starts_with(kOperator)) return handler(request);
  Json asked = described(request);  // before the answer, whose event may start a run
  const auto wish = struck(request);
  HttpResponse response;
  if (wish) std::this_thread::sleep_for(std::chrono::milliseconds((*wish)["delay"].get<int>()));
  if (!wish || (*wish)["done"] == true || (*wish)["effect"] == "pass") response = handler(request);
  if (!wish && transcript_ != nullptr) transcript_->write(asked["workflow"], request, response);
  if (wish && (*wish)["effect"] == "answer") {
    response = json_response((*wish)["status"], (*wish)["body"]);
    for (const auto& [name, value] : (*wish)["headers"].items()) response.headers[name] = value;
  }
  if (wish && (*wish)["effect"] == "kill") {
    const std::lock_guard lock(mutex_);
    if (kill_) kill_();
  }
  response.dropped = wish && ((*wish)["effect"] == "drop" || (*wish)["effect"] == "kill");
  if (asked["run"] == "") return response;
  asked["status"] = response.dropped ? 0 : response.status;
  const std::lock_guard lock(mutex_);
  requests_.push_back(std::move(asked));
  return response;
}

HttpResponse Traffic::faults(const HttpRequest& request) {
  const std::lock_guard lock(mutex_);
  try {
    if (request.method == "DELETE") faults_.clear();
    if (request.method == "POST") faults_.push_back({checked_wish(parse_json(request.body, "request"))});
  } catch (const Error& error) {
    return json_response(422, {{"message", error.what()}});
  }
  Json list = Json::array();
  for (const auto& [wish, met] : faults_) {
    list.push_back(wish);
    list.back()["met"] = met;
  }
  return json_response(request.method == "POST" ? 201 : 200, list);
}

}  // namespace waybill::sandbox

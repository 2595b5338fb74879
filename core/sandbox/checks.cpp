#include <algorithm>

#include "core/base/list.h"
#include "core/sandbox/api.h"
#include "core/sandbox/identity.h"
#include "core/sandbox/merge_queue.h"
#include "core/sandbox/render.h"

// Check runs and commit statuses over REST.
namespace waybill::sandbox {
namespace {

constexpr std::size_t kOutputLimit = 65'535;
constexpr std::size_t kAnnotationsLimit = 50;
constexpr std::size_t kStatusLimit = 1'000;
constexpr long kActionsApp = 15368;

std::string document(const Call& call, long id) {
  return Forge::document(call.repository, "checks/" + numbered(id));
}

// The App behind a token; people make no check runs.
long app_of(const Forge& forge, const Token& token) {
  if (token.kind == TokenKind::kJob) return kActionsApp;
  for (const auto& [name, app] : forge.state().below("apps/"))
    if (app["slug"].get<std::string>() + "[bot]" == token.login) return app["id"];
  throw Refusal(403, "You must authenticate via a GitHub App.");
}

Json rendered(Forge& forge, const Call& call, const Json& stored) {
  const std::string id = std::to_string(stored["id"].get<long>());
  const std::string url = render::repository_url(call.base, call.repository) + "/check-runs/" + id;
  Json body = stored;
  body.erase("app_id");
  body["node_id"] = render::node_id("CR", id);
  body["url"] = url;
  body["html_url"] = render::web_url(call.base, call.repository) + "/runs/" + id;
  body["check_suite"] = {{"id", stored["app_id"].get<long>() + stored["id"].get<long>()}};
  body["app"] = render::app(forge, stored["app_id"], call.base);
  body["pull_requests"] = Json::array();
  body["output"]["annotations_url"] = url + "/annotations";
  return body;
}

void take_output(const Call& call, Json& stored) {
  if (!call.body.contains("output")) return;
  const Json& output = call.body["output"];
  if (!output.is_object() || !output.contains("summary") || !output["summary"].is_string())
    throw Refusal(422, "Invalid request.\n\nNo subschema in \"anyOf\" matched: \"summary\" of output wasn't supplied.");
  for (const char* name : {"summary", "text"})
    if (output.contains(name) && output[name].get<std::string>().size() > kOutputLimit)
      throw Refusal(422, fmt::format("Invalid request.\n\nOnly {} characters are allowed; {} were supplied.",
                                     kOutputLimit, output[name].get<std::string>().size()));
  const Json annotations = output.value("annotations", Json::array());
  if (annotations.size() > kAnnotationsLimit)
    throw Refusal(422, fmt::format("Invalid request.\n\nNo more than {} items are allowed; {} were supplied.",
                                   kAnnotationsLimit, annotations.size()));
  const long before = stored["output"]["annotations_count"];
  stored["output"] = {{"title", output.value("title", Json())},
                      {"summary", output["summary"]},
                      {"text", output.value("text", Json())},
                      {"annotations_count", before + static_cast<long>(annotations.size())}};
}

void take_state(const Forge& forge, const Call& call, Json& stored) {
  static constexpr List<std::string_view> kConclusions{"action_required", "cancelled", "failure", "neutral",
                                                       "success",         "skipped",   "stale",   "timed_out"};
  if (const auto status = call.optional_text("status")) stored["status"] = *status;
  if (const auto conclusion = call.optional_text("conclusion")) {
    if (std::ranges::find(kConclusions, *conclusion) == kConclusions.end())
      throw Refusal(
          422, fmt::format("Invalid request.\n\nFor 'properties/conclusion', {} is not a conclusion.", *conclusion));
    stored["conclusion"] = *conclusion;
    stored["status"] = "completed";
    stored["completed_at"] = call.optional_text("completed_at").value_or(forge.now());
  } else if (stored["status"] == "completed" && stored["conclusion"].is_null()) {
    throw Refusal(422, "Invalid request.\n\n\"conclusion\" wasn't supplied.");
  }
  for (const char* name : {"details_url", "external_id", "started_at", "name"})
    if (const auto value = call.optional_text(name)) stored[name] = *value;
}

HttpResponse create(Forge& forge, const Call& call) {
  const std::string sha = call.text("head_sha");
  if (forge.git(call.repository).commit(sha) != Oid::parse(sha))
    throw Refusal(422, fmt::format("No commit found for SHA: {}", sha));
  const long id = 5'000'000 + forge.state().next("checks");
  Json stored = {{"id", id},
                 {"name", call.text("name")},
                 {"head_sha", sha},
                 {"app_id", app_of(forge, *call.token)},
                 {"status", "queued"},
                 {"conclusion", Json()},
                 {"details_url", call.base},
                 {"external_id", ""},
                 {"started_at", forge.now()},
                 {"completed_at", Json()},
                 {"output", {{"title", Json()}, {"summary", Json()}, {"text", Json()}, {"annotations_count", 0}}}};
  take_output(call, stored);
  take_state(forge, call, stored);
  forge.state().put(document(call, id), stored);
  settle_queue(forge, call.repository, call.base);
  return json_response(201, rendered(forge, call, stored));
}

Json existing(const Forge& forge, const Call& call) {
  const auto found = forge.state().find(document(call, call.number("check")));
  if (!found) throw not_found();
  return *found;
}

HttpResponse get(Forge& forge, const Call& call) {
  return json_response(200, rendered(forge, call, existing(forge, call)));
}

HttpResponse update(Forge& forge, const Call& call) {
  Json stored = existing(forge, call);
  if (app_of(forge, *call.token) != stored["app_id"])
    throw Refusal(403, "Invalid app_id `" + stored["app_id"].dump() +
                           "` - check run can only be modified by the GitHub App that created it.");
  take_output(call, stored);
  take_state(forge, call, stored);
  forge.state().put(document(call, stored["id"]), stored);
  settle_queue(forge, call.repository, call.base);
  return json_response(200, rendered(forge, call, stored));
}

HttpResponse list(Forge& forge, const Call& call) {
  const auto commit = forge.git(call.repository).commit(call.path.at("ref"));
  if (!commit) throw Refusal(422, fmt::format("No commit found for SHA: {}", call.path.at("ref")));
  const std::string name = call.request.parameter("check_name");
  const std::string status = call.request.parameter("status");
  const std::string app = call.request.parameter("app_id");
  std::map<std::string, Json> latest;
  std::vector<Json> all;
  for (const auto& [key, stored] : forge.state().below(Forge::document(call.repository, "checks/"))) {
    const bool wanted = stored["head_sha"] == commit->hex() && (name.empty() || stored["name"] == name) &&
                        (status.empty() || stored["status"] == status) &&
                        (app.empty() || stored["app_id"].dump() == app);
    if (!wanted) continue;
    all.push_back(stored);
    latest[stored["name"].get<std::string>() + "/" + stored["app_id"].dump()] = stored;
  }
  if (call.request.parameter("filter") != "all") {
    all.clear();
    for (const auto& [key, stored] : latest) all.push_back(stored);
    std::ranges::sort(all, {}, [](const Json& stored) { return stored["id"].get<long>(); });
  }
  std::ranges::reverse(all);
  for (Json& stored : all) stored = rendered(forge, call, stored);
  return paged(call, all, "check_runs");
}

HttpResponse create_status(Forge& forge, const Call& call) {
  const std::string& sha = call.path.at("sha");
  if (!forge.git(call.repository).commit(sha)) throw Refusal(422, fmt::format("No commit found for SHA: {}", sha));
  const std::string state = call.text("state");
  if (state != "error" && state != "failure" && state != "pending" && state != "success")
    throw invalid("Status", "state", "custom", "state is not included in the list");
  const std::string prefix = Forge::document(call.repository, "statuses/" + sha + "/");
  const std::string context = call.optional_text("context").value_or("default");
  const auto before = forge.state().below(prefix);
  if (std::ranges::count_if(before, [&](const auto& entry) { return entry.second["context"] == context; }) >=
      static_cast<std::ptrdiff_t>(kStatusLimit))
    throw invalid("Status", "base", "custom", "This SHA and context has reached the maximum number of statuses.");
  const long id = 7'000'000 + forge.state().next("statuses");
  const Json stored = {{"id", id},
                       {"node_id", render::node_id("SC", std::to_string(id))},
                       {"url", render::repository_url(call.base, call.repository) + "/statuses/" + sha},
                       {"avatar_url", Json()},
                       {"state", state},
                       {"description", call.body.value("description", Json())},
                       {"target_url", call.body.value("target_url", Json())},
                       {"context", context},
                       {"created_at", forge.now()},
                       {"updated_at", forge.now()},
                       {"creator", render::account(holder(forge, *call.token), call.base)}};
  forge.state().put(prefix + numbered(id), stored);
  return json_response(201, stored);
}

HttpResponse list_statuses(Forge& forge, const Call& call) {
  const auto commit = forge.git(call.repository).commit(call.path.at("ref"));
  if (!commit) throw not_found();
  std::vector<Json> found;
  for (const auto& [key, stored] :
       forge.state().below(Forge::document(call.repository, "statuses/" + commit->hex() + "/")))
    found.push_back(stored);
  std::ranges::reverse(found);
  return paged(call, found);
}

// What the newest status of each context says together.
std::string combined_state(const std::map<std::string, Json>& latest) {
  const auto any = [&latest](std::string_view state) {
    return std::ranges::any_of(latest, [&](const auto& entry) { return entry.second["state"] == state; });
  };
  if (any("error") || any("failure")) return "failure";
  return latest.empty() || any("pending") ? "pending" : "success";
}

HttpResponse combined_status(Forge& forge, const Call& call) {
  const auto commit = forge.git(call.repository).commit(call.path.at("ref"));
  if (!commit) throw not_found();
  const std::string sha = commit->hex();
  std::map<std::string, Json> latest;
  for (const auto& [key, stored] : forge.state().below(Forge::document(call.repository, "statuses/" + sha + "/")))
    latest[stored["context"]] = stored;
  std::vector<Json> listed;
  for (const auto& [context, stored] : latest) {
    listed.push_back(stored);
    listed.back().erase("creator");
  }
  const std::string url = render::repository_url(call.base, call.repository) + "/commits/" + sha;
  HttpResponse response = paged(call, listed, "statuses");
  Json body = parse_json(response.body, "combined status");
  body.update({{"state", combined_state(latest)},
               {"sha", sha},
               {"repository", render::minimal_repository(*forge.repository(call.repository), call.base)},
               {"commit_url", url},
               {"url", url + "/status"}});
  response.body = body.dump();
  return response;
}

}  // namespace

std::vector<Route> check_routes() {
  const std::string repository = "/repos/{owner}/{repo}";
  const std::vector<std::string> members = {"name",   "head_sha",   "details_url",  "external_id", "status",
                                            "output", "started_at", "completed_at", "conclusion",  "actions"};
  return {
      {"POST", repository + "/check-runs", {"checks:write"}, members, create},
      {"GET", repository + "/check-runs/{check}", {"checks:read"}, {}, get},
      {"PATCH", repository + "/check-runs/{check}", {"checks:write"}, members, update},
      {"GET", repository + "/commits/{ref*}/check-runs", {"checks:read"}, {}, list},
      {"POST",
       repository + "/statuses/{sha}",
       {"statuses:write"},
       {"state", "target_url", "description", "context"},
       create_status},
      {"GET", repository + "/commits/{ref*}/statuses", {"statuses:read"}, {}, list_statuses},
      {"GET", repository + "/statuses/{ref*}", {"statuses:read"}, {}, list_statuses},  // the legacy route to the same
      {"GET", repository + "/commits/{ref*}/status", {"statuses:read"}, {}, combined_status},
  };
}

}  // namespace waybill::sandbox

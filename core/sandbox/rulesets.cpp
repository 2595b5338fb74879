#include "core/sandbox/rulesets.h"

#include <fnmatch.h>

#include <algorithm>

#include "core/base/list.h"
#include "core/sandbox/render.h"
#include "core/sandbox/reviews.h"

// Rulesets over REST, and what they hold back.
namespace waybill::sandbox {
namespace {

constexpr std::string_view kViolation = "Repository rule violations found\n\n";
constexpr List<std::string_view> kTargets{"branch", "tag"};
constexpr List<std::string_view> kEnforcements{"active", "disabled", "evaluate"};
constexpr List<std::string_view> kRules{"creation",
                                        "update",
                                        "deletion",
                                        "merge_queue",
                                        "non_fast_forward",
                                        "pull_request",
                                        "required_linear_history",
                                        "required_signatures",
                                        "required_status_checks"};

std::string document(const std::string& repository, long id) {
  return Forge::document(repository, "rulesets/" + numbered(id));
}

void require_one_of(const std::string& value, const List<std::string_view>& allowed, const char* name) {
  if (std::ranges::find(allowed, value) == allowed.end())
    throw Refusal(422,
                  fmt::format("Invalid request.\n\nInvalid property /{}: `{}` is not a possible value.", name, value));
}

Json checked(const Call& call) {
  Json stored = {{"name", call.text("name")},
                 {"target", call.optional_text("target").value_or("branch")},
                 {"enforcement", call.text("enforcement")},
                 {"bypass_actors", call.body.value("bypass_actors", Json::array())},
                 {"conditions", call.body.value("conditions", Json::object())},
                 {"rules", call.body.value("rules", Json::array())}};
  require_one_of(stored["target"], kTargets, "target");
  require_one_of(stored["enforcement"], kEnforcements, "enforcement");
  for (const Json& rule : stored["rules"]) require_one_of(rule.at("type"), kRules, "rules");
  for (const Json& actor : stored["bypass_actors"])
    require_one_of(actor.at("actor_type"), {"Integration", "RepositoryRole"}, "bypass_actors");
  return stored;
}

bool administers(const Token& token) {
  return token.may("administration", "write");
}

Json rendered(const Call& call, const Json& stored, bool whole) {
  Json body = stored;
  const std::string id = stored["id"].dump();
  body["source_type"] = "Repository";
  body["source"] = call.repository;
  body["node_id"] = render::node_id("RRS", id);
  body["_links"] = {{"self", {{"href", render::repository_url(call.base, call.repository) + "/rulesets/" + id}}},
                    {"html", {{"href", render::web_url(call.base, call.repository) + "/rules/" + id}}}};
  body["current_user_can_bypass"] = "never";
  if (!whole)
    for (const char* name : {"rules", "conditions", "bypass_actors"}) body.erase(name);
  else if (!call.token || !administers(*call.token))
    body.erase("bypass_actors");
  return body;
}

std::vector<Json> rulesets_of(const Forge& forge, const std::string& repository) {
  std::vector<Json> all;
  for (const auto& [name, stored] : forge.state().below(Forge::document(repository, "rulesets/")))
    all.push_back(stored);
  return all;
}

Json existing(const Forge& forge, const Call& call) {
  const auto found = forge.state().find(document(call.repository, call.number("ruleset")));
  if (!found) throw not_found();
  return *found;
}

HttpResponse list(Forge& forge, const Call& call) {
  std::vector<Json> all;
  for (const Json& stored : rulesets_of(forge, call.repository)) all.push_back(rendered(call, stored, false));
  return paged(call, all);
}

HttpResponse get(Forge& forge, const Call& call) {
  return json_response(200, rendered(call, existing(forge, call), true));
}

HttpResponse create(Forge& forge, const Call& call) {
  Json stored = checked(call);
  for (const Json& other : rulesets_of(forge, call.repository))
    if (other["name"] == stored["name"]) throw invalid("Ruleset", "name", "custom", "Name must be unique");
  const long id = 9'000'000 + forge.state().next("rulesets");
  stored["id"] = id;
  stored["created_at"] = stored["updated_at"] = forge.now();
  forge.state().put(document(call.repository, id), stored);
  return json_response(201, rendered(call, stored, true));
}

HttpResponse update(Forge& forge, const Call& call) {
  const Json before = existing(forge, call);
  Json stored = checked(call);
  stored["id"] = before["id"];
  stored["created_at"] = before["created_at"];
  stored["updated_at"] = forge.now();
  forge.state().put(document(call.repository, stored["id"]), stored);
  return json_response(200, rendered(call, stored, true));
}

HttpResponse remove(Forge& forge, const Call& call) {
  forge.state().remove(document(call.repository, existing(forge, call)["id"]));
  return {204, {}, {}};
}

// `**/` is any number of folders, none too; `*` ends at a slash.
bool matches(std::string pattern, const std::string& name) {
  const std::size_t folders = pattern.find("**/");
  if (folders == std::string::npos) return ::fnmatch(pattern.c_str(), name.c_str(), FNM_PATHNAME) == 0;
  for (std::string deeper; deeper.size() < name.size(); deeper += "*/") {
    std::string one = pattern;
    if (matches(one.replace(folders, 3, deeper), name)) return true;
  }
  return false;
}

bool is_about(const Json& ruleset, const std::string& reference) {
  const std::string beginning = ruleset["target"] == "tag" ? "refs/tags/" : "refs/heads/";
  if (ruleset["enforcement"] != "active" || !reference.starts_with(beginning)) return false;
  const Json names = ruleset["conditions"].value("ref_name", Json::object());
  const auto any = [&](const char* list) {
    return std::ranges::any_of(names.value(list, Json::array()),
                               [&](const Json& pattern) { return matches(pattern, reference); });
  };
  return any("include") && !any("exclude");
}

bool bypasses(const Forge& forge, const Json& ruleset, const Token& by, bool merging) {
  return std::ranges::any_of(ruleset["bypass_actors"], [&](const Json& actor) {
    if (actor["bypass_mode"] == "pull_request" && !merging) return false;
    if (actor["actor_type"] == "RepositoryRole") return by.kind == TokenKind::kUser && administers(by);
    const auto app = forge.state().find("apps/" + actor["actor_id"].dump());
    return app && by.kind == TokenKind::kInstallation && (*app)["slug"].get<std::string>() + "[bot]" == by.login;
  });
}

std::optional<std::string> against(const Json& rule, const RefChange& change, const git::Repository& objects) {
  const std::string type = rule["type"];
  const std::string what = change.name.starts_with("refs/tags/") ? "tag" : "ref";
  if (type == "creation" && !change.before) return "Cannot create ref due to creations being restricted.";
  if (type == "deletion" && !change.after) return "Cannot delete this protected " + what;
  if (!change.before || !change.after) return std::nullopt;
  if (type == "update") return "Cannot update this protected " + what + ".";
  if (type == "pull_request") return "Changes must be made through a pull request.";
  const bool known = objects.find_commit(change.before->hex()) && objects.find_commit(change.after->hex());
  if (type == "non_fast_forward" && known && !objects.is_ancestor(*change.before, *change.after))
    return "Cannot force-push to this " + what;
  return std::nullopt;
}

// What the newest run of a required check says: it passed, it did not, or it has not come to an end.
std::optional<bool> outcome(const Forge& forge, const std::string& repository, const std::string& head,
                            const Json& wanted) {
  Json newest;
  for (const auto& [name, check] : forge.state().below(Forge::document(repository, "checks/")))
    if (check["head_sha"] == head && check["name"] == wanted["context"] &&
        (!wanted.contains("integration_id") || check["app_id"] == wanted["integration_id"]))
      newest = check;
  if (!newest.is_object() || newest["conclusion"].is_null()) return std::nullopt;
  return newest["conclusion"] == "success";
}

std::optional<std::string> against_merging(const Forge& forge, const Json& rule, const PullRequest& it,
                                           const std::string& method) {
  const Json parameters = rule.value("parameters", Json::object());
  if (rule["type"] == "update") return "Cannot update this protected ref.";
  if (rule["type"] == "merge_queue") return "Changes must be made through the merge queue";
  if (rule["type"] == "required_linear_history" && method == "merge")
    return "This branch must not contain merge commits.";
  if (rule["type"] == "pull_request") {
    const Json methods = parameters.value("allowed_merge_methods", Json::array({"merge", "squash", "rebase"}));
    if (std::ranges::none_of(methods, [&method](const Json& one) { return one == method; }))
      return method + " merges are not allowed on this repository.";
    const long wanted = parameters.value("required_approving_review_count", 0);
    const bool of_head = parameters.value("dismiss_stale_reviews_on_push", false);
    if (approvals(forge, it, of_head) < wanted)
      return fmt::format("At least {} approving {} required by reviewers with write access.", wanted,
                         wanted == 1 ? "review is" : "reviews are");
  }
  if (rule["type"] != "required_status_checks") return std::nullopt;
  for (const Json& wanted : parameters.value("required_status_checks", Json::array()))
    if (!outcome(forge, it.repository, it.head_sha, wanted).value_or(false))
      return fmt::format("Required status check \"{}\" is expected.", wanted["context"].get<std::string>());
  return std::nullopt;
}

// The active rules of a kind on a branch, without those who may go around them.
std::vector<Json> rules_of(const Forge& forge, const std::string& repository, const std::string& branch,
                           const std::string& type) {
  std::vector<Json> found;
  for (const Json& ruleset : rulesets_of(forge, repository)) {
    if (!is_about(ruleset, "refs/heads/" + branch)) continue;
    for (const Json& rule : ruleset["rules"])
      if (rule["type"] == type) found.push_back(rule.value("parameters", Json::object()));
  }
  return found;
}

}  // namespace

std::optional<std::string> against_change(const Forge& forge, const std::string& repository, const RefChange& change,
                                          const Token& by) {
  const BareRepository bare = forge.git(repository);
  for (const Json& ruleset : rulesets_of(forge, repository)) {
    if (!is_about(ruleset, change.name) || bypasses(forge, ruleset, by, false)) continue;
    for (const Json& rule : ruleset["rules"])
      if (const auto violation = against(rule, change, bare.read())) return std::string(kViolation) + *violation;
  }
  return std::nullopt;
}

std::optional<std::string> against_merge(const Forge& forge, const PullRequest& pull_request, const std::string& method,
                                         const Token& by) {
  for (const Json& ruleset : rulesets_of(forge, pull_request.repository)) {
    if (!is_about(ruleset, "refs/heads/" + pull_request.base_ref) || bypasses(forge, ruleset, by, true)) continue;
    for (const Json& rule : ruleset["rules"])
      if (const auto violation = against_merging(forge, rule, pull_request, method))
        return std::string(kViolation) + *violation;
  }
  return std::nullopt;
}

bool dismisses_stale_reviews(const Forge& forge, const PullRequest& pull_request) {
  return std::ranges::any_of(
      rules_of(forge, pull_request.repository, pull_request.base_ref, "pull_request"),
      [](const Json& parameters) { return parameters.value("dismiss_stale_reviews_on_push", false); });
}

std::optional<std::string> queue_method(const Forge& forge, const std::string& repository, const std::string& branch) {
  const auto rules = rules_of(forge, repository, branch, "merge_queue");
  if (rules.empty()) return std::nullopt;
  return rules.front().value("merge_method", "MERGE") == "SQUASH" ? "squash" : "merge";
}

std::optional<bool> required_checks(const Forge& forge, const std::string& repository, const std::string& branch,
                                    const std::string& commit) {
  std::optional<bool> all = true;
  for (const Json& rule : rules_of(forge, repository, branch, "required_status_checks"))
    for (const Json& wanted : rule.value("required_status_checks", Json::array())) {
      const auto one = outcome(forge, repository, commit, wanted);
      if (one == false) return false;
      if (!one) all = std::nullopt;
    }
  return all;
}

std::vector<Route> ruleset_routes() {
  const std::string all = "/repos/{owner}/{repo}/rulesets";
  const std::string one = all + "/{ruleset}";
  const std::vector<std::string> members{"name", "target", "enforcement", "bypass_actors", "conditions", "rules"};
  return {{"GET", all, {"metadata:read"}, {}, list},
          {"POST", all, {"administration:write"}, members, create},
          {"GET", one, {"metadata:read"}, {}, get},
          {"PUT", one, {"administration:write"}, members, update},
          {"DELETE", one, {"administration:write"}, {}, remove}};
}

}  // namespace waybill::sandbox

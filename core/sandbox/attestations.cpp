#include "core/sandbox/attestations.h"

#include <algorithm>
#include <charconv>

#include "core/base/encoding.h"
#include "core/sandbox/api.h"
#include "core/sandbox/lag.h"
#include "core/sandbox/render.h"

// The attestation store over REST.
namespace waybill::sandbox {
namespace {

constexpr std::size_t kSubjectsLimit = 1024;
constexpr std::size_t kPredicateLimit = 16UL * 1024 * 1024;
constexpr std::string_view kBundles = "/attestation-bundles/";

std::string document(const std::string& repository, long id) {
  return Forge::document(repository, "attestations/" + numbered(id));
}

Json statement_of(const Json& bundle) {
  try {
    const Json& envelope = member(bundle, "dsseEnvelope", "bundle");
    return parse_json(from_base64(string_member(envelope, "payload", "dsseEnvelope")), "statement",
                      {kPredicateLimit, 128});
  } catch (const Error& error) {
    throw invalid("Attestation", "bundle", "invalid", error.what());
  }
}

std::vector<std::string> subjects_of(const Json& statement) {
  std::vector<std::string> digests;
  try {
    for (const Json& subject : member(statement, "subject", "statement"))
      for (const auto& [algorithm, hex] : member(subject, "digest", "subject").items())
        if (algorithm == "sha256") digests.push_back(Digest::sha256(hex.get<std::string>()).text());
  } catch (const Error& error) {
    throw invalid("Attestation", "bundle", "invalid", error.what());
  }
  if (digests.empty() || digests.size() > kSubjectsLimit)
    throw invalid("Attestation", "bundle", "invalid",
                  fmt::format("a statement about 1 to {} sha256 digests is wanted", kSubjectsLimit));
  return digests;
}

HttpResponse create(Forge& forge, const Call& call) {
  if (forge.repository(call.repository)->visibility == "private")
    throw Refusal(403,
                  "Feature not available for user-owned private repositories. To enable this feature, please make "
                  "this repository public.");
  if (!call.body.contains("bundle") || !call.body["bundle"].is_object())
    throw Refusal(422, "Invalid request.\n\n\"bundle\" wasn't supplied.");
  const Json& bundle = call.body["bundle"];
  for (const char* name : {"mediaType", "verificationMaterial", "dsseEnvelope"})
    if (!bundle.contains(name))
      throw invalid("Attestation", "bundle", "invalid", fmt::format("`{}` of the bundle is missing", name));
  const Json statement = statement_of(bundle);
  const std::vector<std::string> subjects = subjects_of(statement);
  const long id = 4'000'000 + forge.state().next("attestations");
  forge.state().put(document(call.repository, id), {{"id", id},
                                                    {"bundle", bundle},
                                                    {"subjects", subjects},
                                                    {"predicate_type", statement.value("predicateType", "")},
                                                    {"created_at", forge.now()}});
  for (const std::string& subject : subjects) {
    const std::string index = Forge::document(call.repository, "attested/" + subject);
    Json ids = forge.state().find(index).value_or(Json::array());
    ids.push_back(id);
    forge.state().put(index, ids);
  }
  return json_response(201, {{"id", id}});
}

std::string predicate_type(const std::string& wanted) {
  if (wanted == "provenance") return "https://slsa.dev/provenance/v1";
  return wanted;
}

long cursor(const Call& call, std::string_view name, long otherwise) {
  const std::string text = call.request.parameter(name);
  long value = otherwise;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::string link(const Call& call, std::string_view cursor_name, const Json& id, std::string_view relation) {
  std::string url = call.base + call.request.path + "?";
  for (const auto& [name, value] : call.request.query)
    if (name != "after" && name != "before") url += percent_encode(name) + "=" + percent_encode(value) + "&";
  return fmt::format("<{}{}={}>; rel=\"{}\"", url, cursor_name, id.get<long>(), relation);
}

Json rendered(const Call& call, const HostedRepository& repository, const Json& id) {
  return {{"bundle", Json()},
          {"bundle_url", call.base + std::string(kBundles) + repository.full_name + "/" + id.dump()},
          {"repository_id", repository.id},
          {"initiator", "user"}};
}

// Ids of what is stored about a subject, newest first.
std::vector<Json> stored_about(Forge& forge, const std::string& repository, const std::string& subject,
                               const std::string& predicate_type) {
  const Json ids = forge.state().find(Forge::document(repository, "attested/" + subject)).value_or(Json::array());
  std::vector<Json> found;
  for (auto id = ids.rbegin(); id != ids.rend(); ++id) {
    const auto stored = forge.state().find(document(repository, *id));
    const bool wanted = stored && (predicate_type.empty() || (*stored)["predicate_type"] == predicate_type);
    if (wanted && !is_late(forge, "attestations", id->dump() + "-" + subject)) found.push_back(*id);
  }
  return found;
}

// Newest first, in pages between cursors.
HttpResponse list(Forge& forge, const Call& call) {
  const std::string wanted = predicate_type(call.request.parameter("predicate_type"));
  const std::size_t size = static_cast<std::size_t>(std::clamp(cursor(call, "per_page", 30), 1L, 100L));
  const long after = cursor(call, "after", 0);
  const long before = cursor(call, "before", 0);
  const HostedRepository repository = *forge.repository(call.repository);
  const std::vector<Json> found = stored_about(forge, call.repository, call.path.at("digest"), wanted);
  if (found.empty()) throw not_found();
  auto begin = found.begin();
  auto end = found.end();
  if (after > 0) begin = std::find_if(begin, end, [&](const Json& id) { return id < after; });
  if (before > 0) end = std::find_if(begin, end, [&](const Json& id) { return id <= before; });
  if (before > 0 && static_cast<std::size_t>(end - begin) > size) begin = end - static_cast<std::ptrdiff_t>(size);
  if (static_cast<std::size_t>(end - begin) > size) end = begin + static_cast<std::ptrdiff_t>(size);

  Json listed = Json::array();
  for (auto id = begin; id != end; ++id) listed.push_back(rendered(call, repository, *id));
  HttpResponse response = json_response(200, {{"attestations", listed}});
  std::string links;
  if (begin != end && end != found.end()) links = link(call, "after", *(end - 1), "next");
  if (begin != end && begin != found.begin())
    links += (links.empty() ? "" : ", ") + link(call, "before", *begin, "prev");
  if (!links.empty()) response.headers["Link"] = links;
  return response;
}

// What is stored about several subjects in those repositories of an account that the token may read, in pages of
// subjects; null for a subject that nothing is stored about.
HttpResponse bulk_list(Forge& forge, const Call& call) {
  const Json& digests = call.body.value("subject_digests", Json());
  if (!digests.is_array() || digests.empty() || digests.size() > kSubjectsLimit)
    throw Refusal(422, fmt::format("Invalid request.\n\n1 to {} subject_digests are wanted.", kSubjectsLimit));
  const std::string wanted = predicate_type(call.optional_text("predicate_type").value_or(""));
  const std::size_t size = static_cast<std::size_t>(std::clamp(cursor(call, "per_page", 30), 1L, 100L));
  const std::size_t begin = static_cast<std::size_t>(std::max(cursor(call, "after", 0), 0L));
  const std::size_t end = std::min(begin + size, digests.size());
  Json listed = Json::object();
  for (std::size_t at = begin; at < end; ++at) {
    const std::string subject = Digest::parse(digests[at].get<std::string>()).text();
    for (const HostedRepository& repository : forge.repositories()) {
      const bool reached = call.token->repository.empty() || call.token->repository == repository.full_name;
      if (repository.owner.login != call.path.at("account") || (!reached && repository.visibility != "public"))
        continue;
      for (const Json& id : stored_about(forge, repository.full_name, subject, wanted))
        listed[subject].push_back(rendered(call, repository, id));
    }
    if (!listed.contains(subject)) listed[subject] = Json();
  }
  return json_response(200, {{"attestations_subject_digests", listed},
                             {"page_info",
                              {{"has_next", end < digests.size()},
                               {"has_previous", begin > 0},
                               {"next", std::to_string(end)},
                               {"previous", std::to_string(begin)}}}});
}

template <bool kOrganisation>
HttpResponse bulk_list_of(Forge& forge, const Call& call) {
  const auto account = forge.known_account(call.path.at("account"));
  if (!account || (account->type == "Organization") != kOrganisation) throw not_found();
  return bulk_list(forge, call);
}

}  // namespace

void serve_bundles(Forge& forge, HttpServer& server) {
  server.route(std::string(kBundles), [&forge](const HttpRequest& request) -> HttpResponse {
    const auto values = matched("/attestation-bundles/{owner}/{repo}/{id}", request.path);
    const bool digits =
        values && values->at("id").find_first_not_of("0123456789") == std::string::npos && values->at("id").size() < 12;
    const auto stored =
        digits
            ? forge.state().find(document(values->at("owner") + "/" + values->at("repo"), std::stol(values->at("id"))))
            : std::nullopt;
    return stored ? json_response(200, (*stored)["bundle"]) : not_found().response();
  });
}

std::vector<Route> attestation_routes() {
  const std::string attestations = "/repos/{owner}/{repo}/attestations";
  return {
      {"POST", attestations, {"attestations:write"}, {"bundle"}, create},
      {"GET", attestations + "/{digest}", {"attestations:read"}, {}, list},
      {"POST",
       "/orgs/{account}/attestations/bulk-list",
       {"attestations:read"},
       {"subject_digests", "predicate_type"},
       bulk_list_of<true>},
      {"POST",
       "/users/{account}/attestations/bulk-list",
       {"attestations:read"},
       {"subject_digests", "predicate_type"},
       bulk_list_of<false>},
  };
}

}  // namespace waybill::sandbox

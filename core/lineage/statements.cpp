#include "core/lineage/statements.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/lineage/notes.h"

namespace waybill::lineage {
namespace {

constexpr std::string_view kStamp = "waybill_stamp";
constexpr std::string_view kLinks = "waybill_links";
constexpr std::string_view kReason = "waybill_reason";

Json to_json(const std::vector<Link>& links) {
  Json descriptors = Json::array();
  for (const Link& link : links)
    descriptors.push_back({{"name", link.key},
                           {"uri", "waybill:" + link.key},
                           {"digest", {{link.statement.algorithm(), link.statement.hex()}}},
                           {"annotations", {{"subject", link.subject.text()}}}});
  return descriptors;
}

Link link_from(const Json& json) {
  const Json& digest = member(json, "digest", "link");
  const Json& annotations = member(json, "annotations", "link");
  return {string_member(json, "name", "link"), Digest::sha256(string_member(digest, "sha256", "link digest")),
          Digest::parse(string_member(annotations, "subject", "link annotations"))};
}

Json to_json(const Stamp& stamp, const Builder& builder) {
  Json shipment{{"chart", stamp.shipment.chart}};
  if (stamp.shipment.source) shipment["source"] = stamp.shipment.source->hex();
  if (stamp.shipment.last_shipped) shipment["lastShipped"] = stamp.shipment.last_shipped->hex();
  if (stamp.shipment.split) shipment["split"] = stamp.shipment.split->hex();
  return {{"key", stamp.key},
          {"stage", stamp.stage},
          {"builder", builder.id},
          {"repositoryId", stamp.repository_id},
          {"pullRequest", stamp.pull_request},
          {"baseRef", stamp.base_ref},
          {"base", stamp.base},
          {"head", stamp.head},
          {"policy", {{"commit", stamp.policy_commit}, {"sha256", stamp.policy.hex()}}},
          {"shipment", shipment},
          {"version", stamp.version},
          {"tool", stamp.tool},
          {"executed", stamp.executed}};
}

std::optional<Oid> oid_member(const Json& json, std::string_view key) {
  if (!json.contains(key)) return std::nullopt;
  return Oid::parse(string_member(json, key, "shipment"));
}

Json without(Json json, std::initializer_list<const char*> places) {
  for (const char* name : places) {
    const Json::json_pointer place(name);
    if (json.contains(place)) json.at(place) = nullptr;
  }
  return json;
}

// A predicate without what tells one run from another.
Json lasting(const intoto::Statement& statement) {
  const std::string& type = statement.predicate_type;
  const Json stamp = without(note_in(statement.predicate, type, kStamp),
                             {"/pullRequest", "/baseRef", "/base", "/head", "/policy/commit"});
  return noted(without(statement.predicate, {"/url", "/timeVerified", "/policy/uri", "/runDetails/metadata"}), type,
               kStamp, stamp);
}

Json links_place(const intoto::Statement& statement) {
  const Json& predicate = statement.predicate;
  if (statement.predicate_type == intoto::kProvenance)
    return member(member(predicate, "buildDefinition", "provenance"), "resolvedDependencies", "provenance");
  if (statement.predicate_type == intoto::kSummary)
    return member(predicate, "inputAttestations", "verification summary");
  if (statement.predicate_type == intoto::kTestResult) return member(predicate, "configuration", "test result");
  return note_in(predicate, statement.predicate_type, kLinks);
}

}  // namespace

intoto::Statement test_result(const Stamp& stamp, std::vector<intoto::Subject> subjects,
                              const std::vector<Check>& checks, const std::vector<Link>& links,
                              const Builder& builder) {
  Json passed_tests = Json::array();
  Json failed_tests = Json::array();
  for (const Check& check : checks) (check.passed ? passed_tests : failed_tests).push_back(check.name);
  const bool all = failed_tests.empty();
  return {std::move(subjects),
          std::string(intoto::kTestResult),
          {{"result", all ? "PASSED" : "FAILED"},
           {"configuration", to_json(links)},
           {"url", builder.invocation},
           {"passedTests", passed_tests},
           {"warnedTests", Json::array()},
           {"failedTests", failed_tests},
           {kStamp, to_json(stamp, builder)}}};
}

intoto::Statement provenance(const Stamp& stamp, std::vector<intoto::Subject> subjects, const std::vector<Link>& links,
                             const Builder& builder, const Json& results) {
  Json byproducts = Json::array();
  for (const auto& [name, value] : results.items())
    byproducts.push_back({{"name", name}, {"annotations", {{"value", value}}}});
  return {std::move(subjects),
          std::string(intoto::kProvenance),
          {{"buildDefinition",
            {{"buildType", kBuildType},
             {"externalParameters",
              {{"stage", stamp.stage}, {"chart", stamp.shipment.chart}, {"repositoryId", stamp.repository_id}}},
             {"internalParameters", Json::object()},
             {"resolvedDependencies", to_json(links)}}},
           {"runDetails",
            {{"builder", {{"id", builder.id}}},
             {"metadata", {{"invocationId", builder.invocation}}},
             {"byproducts", byproducts}}},
           {kStamp, to_json(stamp, builder)}}};
}

intoto::Statement verification_summary(const Stamp& stamp, std::vector<intoto::Subject> subjects,
                                       const Summary& summary, const std::vector<Link>& links, const Builder& builder,
                                       std::string_view policy_uri) {
  Json predicate{{"verifier", {{"id", builder.id}, {"version", {{"waybill", stamp.tool}}}}},
                 {"timeVerified", to_rfc3339(summary.at)},
                 {"resourceUri", summary.resource_uri},
                 {"policy", {{"uri", policy_uri}, {"digest", {{"sha256", stamp.policy.hex()}}}}},
                 {"inputAttestations", to_json(links)},
                 {"verificationResult", summary.passed ? "PASSED" : "FAILED"},
                 {"verifiedLevels", summary.levels},
                 {"slsaVersion", "1.1"},
                 {kStamp, to_json(stamp, builder)}};
  if (!summary.reason.empty()) predicate[kReason] = summary.reason;
  return {std::move(subjects), std::string(intoto::kSummary), std::move(predicate)};
}

intoto::Statement stamped(const Stamp& stamp, std::vector<intoto::Subject> subjects, std::string_view predicate_type,
                          Json predicate, const std::vector<Link>& links, const Builder& builder) {
  predicate = noted(std::move(predicate), predicate_type, kLinks, to_json(links));
  predicate = noted(std::move(predicate), predicate_type, kStamp, to_json(stamp, builder));
  return {std::move(subjects), std::string(predicate_type), std::move(predicate)};
}

bool same_claim(const intoto::Statement& one, const intoto::Statement& other) {
  return one.subjects == other.subjects && one.predicate_type == other.predicate_type && lasting(one) == lasting(other);
}

Stamp stamp_of(const intoto::Statement& statement) {
  try {
    const Json json = note_in(statement.predicate, statement.predicate_type, kStamp);
    const Json& policy = member(json, "policy", "stamp");
    const Json& shipment = member(json, "shipment", "stamp");
    return {.key = string_member(json, "key", "stamp"),
            .stage = string_member(json, "stage", "stamp"),
            .repository_id = string_member(json, "repositoryId", "stamp"),
            .pull_request = member(json, "pullRequest", "stamp").get<std::int64_t>(),
            .base_ref = string_member(json, "baseRef", "stamp"),
            .base = string_member(json, "base", "stamp"),
            .head = string_member(json, "head", "stamp"),
            .policy_commit = string_member(policy, "commit", "stamp"),
            .policy = Digest::sha256(string_member(policy, "sha256", "stamp")),
            .shipment = {string_member(shipment, "chart", "shipment"), oid_member(shipment, "source"),
                         oid_member(shipment, "lastShipped"), oid_member(shipment, "split")},
            .version = string_member(json, "version", "stamp"),
            .tool = string_member(json, "tool", "stamp"),
            .executed = member(json, "executed", "stamp").get<bool>()};
  } catch (const Error& error) {
    throw Error(Fault::kUntrusted, "the statement has no valid stamp: {}", error.what());
  } catch (const Json::exception&) {
    throw Error(Fault::kUntrusted, "the statement's stamp has a member of a wrong type");
  }
}

std::vector<Link> links_of(const intoto::Statement& statement) {
  try {
    std::vector<Link> links;
    const Json place = links_place(statement);
    if (!place.is_array() || place.size() > 1024) throw Error(Fault::kInput, "links are no list of at most 1024");
    for (const Json& descriptor : place) links.push_back(link_from(descriptor));
    return links;
  } catch (const Error& error) {
    throw Error(Fault::kUntrusted, "the statement's links cannot be read: {}", error.what());
  }
}

std::string builder_of(const intoto::Statement& statement) {
  try {
    const Json& predicate = statement.predicate;
    const std::string stamped = string_member(note_in(predicate, statement.predicate_type, kStamp), "builder", "stamp");
    std::string standard = stamped;
    if (statement.predicate_type == intoto::kProvenance)
      standard = string_member(member(member(predicate, "runDetails", "provenance"), "builder", "provenance"), "id",
                               "builder");
    if (statement.predicate_type == intoto::kSummary)
      standard = string_member(member(predicate, "verifier", "summary"), "id", "verifier");
    if (standard != stamped) throw Error(Fault::kInput, "`{}` and `{}` differ", standard, stamped);
    return standard;
  } catch (const Error& error) {
    throw Error(Fault::kUntrusted, "the statement's builder cannot be read: {}", error.what());
  }
}

std::string invocation_of(const intoto::Statement& statement) {
  try {
    const Json& predicate = statement.predicate;
    if (statement.predicate_type == intoto::kTestResult) return string_member(predicate, "url", "test result");
    if (statement.predicate_type != intoto::kProvenance) return "";
    return string_member(member(member(predicate, "runDetails", "provenance"), "metadata", "provenance"),
                         "invocationId", "metadata");
  } catch (const Error& error) {
    throw Error(Fault::kUntrusted, "the statement's run cannot be read: {}", error.what());
  }
}

bool passed(const intoto::Statement& statement) {
  const auto says_so = [&](const char* name) {
    const auto found = statement.predicate.find(name);
    return found != statement.predicate.end() && *found == "PASSED";
  };
  if (statement.predicate_type == intoto::kTestResult) return says_so("result");
  if (statement.predicate_type == intoto::kSummary) return says_so("verificationResult");
  return true;
}

std::string result_of(const intoto::Statement& statement, std::string_view name) {
  if (statement.predicate_type != intoto::kProvenance) return "";
  try {
    const Json& byproducts =
        member(member(statement.predicate, "runDetails", "provenance"), "byproducts", "provenance");
    for (const Json& result : byproducts)
      if (string_member(result, "name", "byproduct") == name)
        return string_member(member(result, "annotations", "byproduct"), "value", "byproduct");
    return "";
  } catch (const Error& error) {
    throw Error(Fault::kUntrusted, "the statement's result `{}` cannot be read: {}", name, error.what());
  }
}

std::string resource_of(const intoto::Statement& statement) {
  if (statement.predicate_type != intoto::kSummary) return "";
  return string_member(statement.predicate, "resourceUri", "verification summary");
}

std::string reason_of(const intoto::Statement& statement) {
  const auto found = statement.predicate.find(kReason);
  return found != statement.predicate.end() && found->is_string() ? found->get<std::string>() : "";
}

std::vector<std::string> levels_of(const intoto::Statement& statement) {
  try {
    return member(statement.predicate, "verifiedLevels", "verification summary").get<std::vector<std::string>>();
  } catch (const Error& error) {
    throw Error(Fault::kUntrusted, "the summary's levels cannot be read: {}", error.what());
  } catch (const Json::exception&) {
    throw Error(Fault::kUntrusted, "the summary's levels cannot be read: they are no list of texts");
  }
}

Digest policy_of(const intoto::Statement& statement) {
  try {
    const Json& policy = member(statement.predicate, "policy", "verification summary");
    return Digest::sha256(string_member(member(policy, "digest", "summary's policy"), "sha256", "summary's policy"));
  } catch (const Error& error) {
    throw Error(Fault::kUntrusted, "the summary's policy cannot be read: {}", error.what());
  }
}

std::string release_uri(std::string_view server, std::string_view repository, std::string_view name,
                        std::string_view version) {
  return fmt::format("{}/{}/releases/tag/{}-v{}", server, repository, name, version);
}

intoto::Subject subtree_subject(std::string_view chart_path, const Digest& digest) {
  return {"subtree:" + std::string(chart_path), digest};
}

intoto::Subject content_subject(std::string_view chart_path, const Digest& digest) {
  return {"content:" + std::string(chart_path), digest};
}

}  // namespace waybill::lineage

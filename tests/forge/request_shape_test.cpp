// Every request that the client can make, held against GitHub's own description of it.

#include <boost/test/unit_test.hpp>
#include <set>

#include "core/base/encoding.h"
#include "core/base/file.h"
#include "core/crypto/hash.h"
#include "core/crypto/key.h"
#include "core/forge/app_token.h"
#include "forge/forge_under_test.h"
#include "testing/data.h"

namespace waybill {
BOOST_AUTO_TEST_SUITE(forge)
BOOST_AUTO_TEST_SUITE(request_shape)

// Accepts everything with one answer that is enough for each of the client's readers.
class Obliging final : public http::Client {
 public:
  http::Response send(const http::Request& request) override {
    seen.push_back(request);
    if (request.method == "DELETE") return answer(204);
    if (request.url.find("check-runs?") != std::string::npos) return json_answer(200, {{"check_runs", Json::array()}});
    if (request.url.find("/attestations/bulk-list") != std::string::npos)
      return json_answer(200, {{"attestations_subject_digests", Json::object()}});
    if (request.url.find("/attestations/") != std::string::npos)
      return json_answer(200, {{"attestations", Json::array()}});
    if (request.method == "GET" && request.url.find('?') != std::string::npos) return json_answer(200, Json::array());
    Json json = merged_json(7, kOther);
    json.update({{"id", 1},
                 {"sha", kOther.hex()},
                 {"full_name", "octo/charts"},
                 {"owner", {{"id", 1}}},
                 {"default_branch", "main"},
                 {"name", "x"},
                 {"head_sha", "x"},
                 {"size", 1},
                 {"tag_name", "t"},
                 {"environment", "e"},
                 {"token", "t"},
                 {"app_slug", "s"},
                 {"ref", "refs/heads/a/b"},
                 {"object", {{"type", "commit"}, {"sha", kOther.hex()}}},
                 {"commit", {{"message", "m"}, {"tree", {{"sha", kBase.hex()}}}}},
                 {"parents", Json::array()}});
    return json_answer(200, json);
  }
  std::vector<http::Request> seen;
};

std::vector<http::Request> every_request() {
  Obliging http;
  Client client(http, {kApi, "octo/charts"}, "ghs_secret", [](std::chrono::milliseconds) {});
  const Digest subject = crypto::sha256("x");
  const Json statement{{"subject", Json::array({{{"name", "n"}, {"digest", {{"sha256", subject.hex()}}}}})}};
  const Release release{.id = 1,
                        .tag = "t",
                        .name = {},
                        .body = {},
                        .draft = true,
                        .prerelease = false,
                        .upload_url = kApi + "/u",
                        .url = {},
                        .assets = {}};
  const Asset asset{.id = 1, .name = "x", .state = "uploaded", .size = 1, .digest = {}, .url = {}};
  const Deployment deployment{.id = 1, .sha = kHead, .environment = "e", .payload = {}};

  client.repository();
  client.pull_request(7);
  client.pull_requests("h", "b", "all");
  client.pull_requests_of(kHead, false);
  client.reviews(7);
  client.branch("a/b");
  client.check_runs(kHead);
  client.release("t");
  client.asset(asset, 4096);
  client.deployments(kHead, "e");
  client.attestations(subject);
  client.attestations({subject, crypto::sha256("y"), crypto::sha256("z")});
  client.create_tree(kBase,
                     {{"a", "100644", "blob", std::nullopt, "text"}, {"b", "040000", "tree", kHead, std::nullopt}});
  client.create_commit("m", kBase, {kHead});
  client.create_blob("x");
  client.commit(kHead);
  client.create_reference("refs/heads/a/b", kHead);
  client.update_reference("refs/heads/a/b", kHead);
  client.delete_reference("refs/heads/a/b");
  client.create_tag("t", "m", kHead);
  client.create_pull_request("t", "h", "b", "x");
  client.update_body(7, "text");
  client.close_pull_request(7);
  client.merge(7, kHead, "squash", "t", "m");
  client.create_check("n", kHead, "success", "t", "s", "x");
  client.create_attestation({{"dsseEnvelope", {{"payload", to_base64(statement.dump())}}},
                             {"mediaType", "m"},
                             {"verificationMaterial", Json::object()}});
  client.create_draft("t", "n", "b");
  client.delete_asset(asset);
  client.publish(release);
  client.create_deployment(kHead, "e", {{"a", 1}});
  client.create_deployment_status(deployment, "success");
  client.dispatch("w2.yml", "main", {{"a", "b"}});
  AppToken::mint(http, {kApi, "octo/charts"}, "1", crypto::PrivateKey::generate_rsa2048().pem(), {{"checks", "write"}},
                 Time());
  return http.seen;
}

class Description {
 public:
  explicit Description(const std::filesystem::path& path) : json_(Json::parse(read_file(path, 4 * 1024 * 1024))) {}

  const Json* operation(const http::Request& request) const {
    const std::string path = request.url.substr(kApi.size(), request.url.find('?') - kApi.size());
    const Json* best = nullptr;
    std::size_t most_literal = 0;
    for (const Json& operation : json_.at("operations")) {
      const std::optional<std::size_t> literal = matches(operation.at("path").get<std::string>(), path);
      if (operation.at("method") != request.method || !literal || (best != nullptr && *literal < most_literal))
        continue;
      best = &operation;
      most_literal = *literal;
    }
    return best;
  }

  // What a value holds that its schema does not describe or demands and does not find, by path.
  void compare(const Json& value, const Json& schema, const std::string& at, std::vector<std::string>& wrong) const {
    const Json merged = resolved(schema);
    if (const Json type = merged.value("type", Json()); type.is_string() && type != type_of(value))
      wrong.push_back(at + " is " + type_of(value) + ", not " + type.get<std::string>());
    if (value.is_array() && merged.contains("items"))
      for (const Json& item : value) compare(item, merged["items"], at + "[]", wrong);
    if (!value.is_object()) return;
    for (const Json& name : merged.value("required", Json::array()))
      if (!value.contains(name.get<std::string>())) wrong.push_back(at + "." + name.get<std::string>() + " is missing");
    if (!merged.contains("properties") || merged["properties"].empty()) return;
    for (const auto& [name, inner] : value.items())
      if (!merged["properties"].contains(name))
        wrong.push_back(at + "." + name + " is unknown");
      else
        compare(inner, merged["properties"][name], at + "." + name, wrong);
  }

 private:
  // `{ref}` stands for a reference with its slashes, every other parameter for one segment.
  static std::optional<std::size_t> matches(std::string_view pattern, std::string_view path) {
    std::size_t literal = 0;
    while (!pattern.empty()) {
      if (pattern.front() != '{') {
        if (path.empty() || path.front() != pattern.front()) return std::nullopt;
        pattern.remove_prefix(1);
        path.remove_prefix(1);
        ++literal;
        continue;
      }
      const std::size_t close = pattern.find('}');
      const bool whole_rest = pattern == "{ref}";
      pattern.remove_prefix(close + 1);
      if (path.empty()) return std::nullopt;
      path.remove_prefix(whole_rest ? path.size() : std::min(path.find('/'), path.size()));
    }
    return path.empty() ? std::optional(literal) : std::nullopt;
  }

  static std::string type_of(const Json& value) {
    return value.is_number_integer() ? "integer" : value.is_boolean() ? "boolean" : value.type_name();
  }

  Json resolved(const Json& schema) const {
    if (schema.contains("$ref")) {
      const std::string name = schema["$ref"].get<std::string>();
      return resolved(json_.at("definitions").at(name.substr(name.rfind('/') + 1)));
    }
    Json merged = schema;
    for (const char* key : {"allOf", "anyOf", "oneOf"})
      if (schema.contains(key))
        for (const Json& part : schema[key]) {
          const Json inner = resolved(part);
          if (inner.contains("properties")) merged["properties"].update(inner["properties"]);
          if (inner.contains("items")) merged["items"] = inner["items"];
        }
    return merged;
  }

  Json json_;
};

BOOST_AUTO_TEST_CASE(every_request_is_one_that_github_describes) {
  const auto path = testing::data("github/github-jsonschema-subset.json");
  if (!path) return;
  const Description description(*path);
  std::set<std::string> operations;
  for (const http::Request& request : every_request()) {
    const std::string sent = request.method + " " + request.url;
    const Json* operation = description.operation(request);
    BOOST_TEST((operation != nullptr), sent << " is not described");
    if (operation == nullptr) continue;
    operations.insert(request.method + " " + operation->at("path").get<std::string>());

    std::vector<std::string> wrong;
    if (!request.body.empty() && operation->contains("request"))
      description.compare(Json::parse(request.body), operation->at("request"), "body", wrong);
    for (const std::string& text : wrong) BOOST_ERROR(sent << ": " << text);

    const Json known = operation->value("query", Json::object());
    const std::size_t query = request.url.find('?');
    for (std::size_t begin = query; begin != std::string::npos; begin = request.url.find('&', begin + 1)) {
      const std::string name = request.url.substr(begin + 1, request.url.find('=', begin) - begin - 1);
      BOOST_TEST(known.dump().find("\"" + name + "\"") != std::string::npos,
                 sent << ": query " << name << " is unknown, of " << known.dump());
    }
  }
  BOOST_TEST(operations.size() >= 30U);
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill

#include <boost/test/unit_test.hpp>

#include "core/base/encoding.h"
#include "core/base/error.h"
#include "core/crypto/hash.h"
#include "core/crypto/timestamp.h"
#include "core/sigstore/sign.h"
#include "sandbox/run_host.h"

namespace waybill {
BOOST_AUTO_TEST_SUITE(sandbox)
BOOST_AUTO_TEST_SUITE(authorities)

using testing::foreign_program;
using testing::run_foreign;

// The authorities alone, with one run that may ask for tokens.
struct Scene {
  Scene() {
    base = "http://127.0.0.1:" + std::to_string(server.listen(0));
    testing::lend_issuer_key(folder.path());
    start();
    run.id = 7;
    run.event.name = "push";
    run.event.actor = "alice";
    run.event.payload = {{"repository", {{"id", 2002}, {"visibility", "public"}, {"owner", {{"id", 1001}}}}},
                         {"sender", {{"id", 3003}}}};
    run.repository = "acme/charts";
    run.workflow = ".github/workflows/release.yml";
    run.workflow_name = "Release";
    run.ref = "refs/heads/main";
    run.workflow_ref = "acme/charts/.github/workflows/release.yml@refs/heads/main";
    run.sha = run.workflow_sha = std::string(40, 'a');
  }

  ~Scene() {
    client.reset();  // an open connection would hold the server up
    server.stop();
  }

  // A new sandbox on the same folder.
  void start() {
    authorities = std::make_unique<Authorities>(folder.path(), clock, base);
    authorities->install(server);
  }

  std::string token(const std::string& audience) {
    const auto response = client->send({.url = authorities->request_url(run.id) + "&audience=" + audience,
                                        .headers = {{"authorization", "Bearer " + authorities->request_token(run)}},
                                        .body = ""});
    BOOST_TEST_REQUIRE(response.status == 200, response.body);
    return parse_json(response.body, "token").at("value");
  }

  Json claims(const std::string& value) {
    const std::string part = value.substr(value.find('.') + 1);
    return parse_json(from_base64url(part.substr(0, part.find('.'))), "claims");
  }

  http::Response post(const std::string& path, const Json& body, const std::string& type = "application/json") {
    return client->send(
        {.method = "POST", .url = base + path, .headers = {{"content-type", type}}, .body = body.dump()});
  }

  http::Response get(const std::string& path) { return client->send({.url = base + path, .headers = {}, .body = ""}); }

  http::Response certificate_for(const std::string& identity, const crypto::PrivateKey& key,
                                 const std::string& proof_over) {
    return post("/fulcio/api/v2/signingCert",
                {{"credentials", {{"oidcIdentityToken", identity}}},
                 {"publicKeyRequest",
                  {{"publicKey", {{"algorithm", "ECDSA"}, {"content", key.public_key().pem()}}},
                   {"proofOfPossession", to_base64(key.sign(proof_over))}}}});
  }

  sigstore::Bundle sign(const sigstore::Verifier& verifier, std::string_view content) {
    const intoto::Statement statement{{{"artifact.txt", crypto::sha256(content)}},
                                      std::string(intoto::kProvenance),
                                      {{"buildDefinition", Json::object()}}};
    const auto config = sigstore::SigningConfig::parse(authorities->signing_config_json(), clock.now());
    const sigstore::Signer signer(config, verifier, *client, [this] { return token("sigstore"); });
    return signer.sign(statement).bundle;
  }

  sigstore::Verifier verifier() {
    return sigstore::Verifier(sigstore::TrustedRoot::parse(authorities->trusted_root_json()));
  }

  TemporaryFolder folder;
  SandboxClock clock{parse_rfc3339("2026-11-21T12:00:00Z")};
  std::unique_ptr<http::Client> client = http::open();
  HttpServer server;
  std::string base;
  std::unique_ptr<Authorities> authorities;
  Run run;
};

BOOST_AUTO_TEST_CASE(claims_are_githubs) {
  Scene scene;
  const std::string value = scene.token("sigstore");
  const Json claims = scene.claims(value);
  for (const auto& [name, wanted] : std::map<std::string, std::string>{
           {"iss", scene.base + "/oidc"},
           {"aud", "sigstore"},
           {"sub", "repo:acme@1001/charts@2002:ref:refs/heads/main"},
           {"ref", "refs/heads/main"},
           {"ref_type", "branch"},
           {"sha", std::string(40, 'a')},
           {"repository", "acme/charts"},
           {"repository_id", "2002"},
           {"repository_owner", "acme"},
           {"repository_owner_id", "1001"},
           {"repository_visibility", "public"},
           {"run_id", "7"},
           {"run_attempt", "1"},
           {"actor", "alice"},
           {"actor_id", "3003"},
           {"workflow", "Release"},
           {"workflow_ref", "acme/charts/.github/workflows/release.yml@refs/heads/main"},
           {"workflow_sha", std::string(40, 'a')},
           {"job_workflow_ref", "acme/charts/.github/workflows/release.yml@refs/heads/main"},
           {"job_workflow_sha", std::string(40, 'a')},
           {"event_name", "push"},
           {"runner_environment", "github-hosted"},
           {"head_ref", ""},
           {"base_ref", ""}})
    BOOST_TEST(claims.at(name) == wanted, name << " is " << claims.at(name));
  BOOST_TEST(!claims.contains("environment"));
  BOOST_TEST(claims.at("exp").get<long>() - claims.at("iat").get<long>() == 300);

  scene.run.environment = "waybill-release";
  BOOST_TEST(scene.claims(scene.token("x")).at("sub") == "repo:acme@1001/charts@2002:environment:waybill-release");
  scene.run.environment.clear();
  scene.run.event.name = "pull_request";
  BOOST_TEST(scene.claims(scene.token("x")).at("sub") == "repo:acme@1001/charts@2002:pull_request");
}

BOOST_AUTO_TEST_CASE(the_key_set_and_the_configuration_are_an_issuers) {
  Scene scene;
  const Json keys = parse_json(scene.get("/oidc/jwks").body, "jwks").at("keys");
  BOOST_TEST_REQUIRE(keys.size() == 1U);
  BOOST_TEST(keys[0].at("kty") == "RSA");
  BOOST_TEST(keys[0].at("e") == "AQAB");
  BOOST_TEST(from_base64url(keys[0].at("n").get<std::string>()).size() == 256U);
  const Json configuration = parse_json(scene.get("/oidc/.well-known/openid-configuration").body, "configuration");
  BOOST_TEST(configuration.at("issuer") == scene.base + "/oidc");
  BOOST_TEST(configuration.at("jwks_uri") == scene.base + "/oidc/jwks");
  BOOST_TEST(configuration.at("id_token_signing_alg_values_supported") == Json::array({"RS256"}));
}

BOOST_AUTO_TEST_CASE(only_a_running_job_gets_a_token) {
  Scene scene;
  const std::string request_token = scene.authorities->request_token(scene.run);
  const auto ask = [&](const std::string& token) {
    return scene.client
        ->send({.url = scene.authorities->request_url(7) + "&audience=x",
                .headers = {{"authorization", "Bearer " + token}},
                .body = ""})
        .status;
  };
  BOOST_TEST(ask(request_token) == 200);
  BOOST_TEST(ask("other") == 401);
  scene.authorities->forget(request_token);
  BOOST_TEST(ask(request_token) == 401);
}

BOOST_AUTO_TEST_CASE(what_is_signed_here_verifies_under_the_trusted_root) {
  Scene scene;
  scene.run.environment = "waybill-release";
  const auto verifier = scene.verifier();
  const auto verdict = verifier.verify(scene.sign(verifier, "hello"));
  BOOST_TEST(verdict.failures.empty(), (verdict.failures.empty() ? "" : verdict.failures.front()));
  BOOST_TEST_REQUIRE(verdict.statement.has_value());
  const sigstore::Identity& identity = verdict.statement->identity();
  const std::string workflow = scene.base + "/acme/charts/.github/workflows/release.yml@refs/heads/main";
  BOOST_TEST(identity.subject == workflow);
  BOOST_TEST(identity.issuer == scene.base + "/oidc");
  BOOST_TEST(identity.signer_uri == workflow);
  BOOST_TEST(identity.signer_digest == scene.run.workflow_sha);
  BOOST_TEST(identity.runner == "github-hosted");
  BOOST_TEST(identity.repository_uri == scene.base + "/acme/charts");
  BOOST_TEST(identity.source_digest == scene.run.sha);
  BOOST_TEST(identity.source_ref == "refs/heads/main");
  BOOST_TEST(identity.repository_id == "2002");
  BOOST_TEST(identity.owner_uri == scene.base + "/acme");
  BOOST_TEST(identity.owner_id == "1001");
  BOOST_TEST(identity.config_uri == workflow);
  BOOST_TEST(identity.config_digest == scene.run.workflow_sha);
  BOOST_TEST(identity.trigger == "push");
  BOOST_TEST(identity.invocation == scene.base + "/acme/charts/actions/runs/7/attempts/1");
  BOOST_TEST(identity.visibility == "public");
  BOOST_TEST(identity.environment == "waybill-release");
}

BOOST_AUTO_TEST_CASE(a_sandbox_started_again_has_the_same_keys_and_log) {
  Scene scene;
  const std::string root = scene.authorities->trusted_root_json();
  const auto verifier = scene.verifier();
  const auto bundle = scene.sign(verifier, "hello");
  const auto size = [&] { return parse_json(scene.get("/rekor/api/v1/log").body, "log").at("treeSize"); };
  BOOST_TEST(size() == 3);
  scene.start();
  BOOST_TEST(scene.authorities->trusted_root_json() == root);
  BOOST_TEST(size() == 3);
  BOOST_TEST(verifier.verify(bundle).failures.empty());
  BOOST_TEST(verifier.verify(scene.sign(verifier, "again")).failures.empty());
}

BOOST_AUTO_TEST_CASE(certificates_are_for_this_issuers_tokens_alone) {
  Scene scene;
  const auto key = crypto::PrivateKey::generate_p256();
  const std::string subject = "repo:acme@1001/charts@2002:ref:refs/heads/main";
  const std::string good = scene.token("sigstore");
  BOOST_TEST(scene.certificate_for(good, key, subject).status == 200);

  const auto refused = [&](const std::string& token, const std::string& proof, int status, const std::string& why) {
    const auto response = scene.certificate_for(token, key, proof);
    BOOST_TEST(response.status == status, response.body);
    BOOST_TEST(response.body.find(why) != std::string::npos, response.body);
  };
  refused(scene.token("nobody"), subject, 401, "is for audience `nobody`, wanted `sigstore`");
  refused(good, "another subject", 400, "proofOfPossession is not a signature over the token's subject");
  std::string forged = good;
  const std::string claims = to_base64url(canonical(Json{{"aud", "sigstore"}, {"iss", scene.base + "/oidc"}}));
  forged.replace(forged.find('.') + 1, forged.rfind('.') - forged.find('.') - 1, claims);
  refused(forged, subject, 401, "signature does not verify");
  std::string unsigned_token = to_base64url(R"({"alg":"none"})") + "." + claims + ".";
  refused(unsigned_token, subject, 401, "names algorithm `none`");
  scene.clock.advance(scene.clock.now() + std::chrono::minutes(6));
  refused(good, subject, 401, "is not valid at");
}

BOOST_AUTO_TEST_CASE(time_is_stamped_for_both_forms_of_request) {
  Scene scene;
  std::vector<crypto::Certificate> chain;
  const Json root = parse_json(scene.authorities->trusted_root_json(), "root");
  for (const Json& one : root.at("timestampAuthorities")[0].at("certChain").at("certificates"))
    chain.push_back(crypto::Certificate::from_der(from_base64(one.at("rawBytes").get<std::string>())));
  const auto stamped = [&](const http::Response& response) {
    BOOST_TEST_REQUIRE(response.status == 201, response.body);
    const auto stamp = crypto::Timestamp::parse(response.body);
    BOOST_TEST((stamp.time() >= parse_rfc3339("2026-11-21T12:00:00Z")));
    const auto failure = stamp.failure("hello", chain);
    BOOST_TEST(!failure.has_value(), failure.value_or(""));
  };
  stamped(scene.client->send({.method = "POST",
                              .url = scene.base + "/tsa/api/v1/timestamp",
                              .headers = {{"content-type", "application/timestamp-query"}},
                              .body = crypto::timestamp_request("hello")}));
  stamped(scene.post("/tsa/api/v1/timestamp",
                     {{"artifactHash", to_base64(crypto::sha256("hello").bytes())}, {"hashAlgorithm", "sha256"}}));
  BOOST_TEST(
      scene.post("/tsa/api/v1/timestamp", {{"artifactHash", to_base64("short")}, {"hashAlgorithm", "sha256"}}).status ==
      400);
}

BOOST_AUTO_TEST_CASE(the_log_keeps_an_entry_once_and_refuses_what_does_not_verify) {
  Scene scene;
  const auto key = crypto::PrivateKey::generate_p256();
  const std::string payload = R"({"_type":"https://in-toto.io/Statement/v1"})";
  const std::string signature = key.sign(intoto::pre_authentication_encoding(intoto::kPayloadType, payload));
  const auto proposed = [&](const std::string& given) {
    const Json envelope = {{"payload", to_base64(payload)},
                           {"payloadType", intoto::kPayloadType},
                           {"signatures", Json::array({{{"sig", to_base64(given)}}})}};
    return Json{{"apiVersion", "0.0.1"},
                {"kind", "dsse"},
                {"spec",
                 {{"proposedContent",
                   {{"envelope", envelope.dump()}, {"verifiers", Json::array({to_base64(key.public_key().pem())})}}}}}};
  };
  const auto created = scene.post("/rekor/api/v1/log/entries", proposed(signature));
  BOOST_TEST_REQUIRE(created.status == 201, created.body);
  const auto again = scene.post("/rekor/api/v1/log/entries", proposed(signature));
  BOOST_TEST(again.status == 409);
  BOOST_TEST(again.header("location") == created.header("location"));
  const auto fetched = scene.get(again.header("location"));
  BOOST_TEST(fetched.status == 200);
  const Json one = parse_json(created.body, "entry");
  const Json same = parse_json(fetched.body, "entry");
  BOOST_TEST(one.begin().key() == same.begin().key());
  BOOST_TEST(one.begin()->at("body") == same.begin()->at("body"));
  BOOST_TEST(one.begin()->at("logIndex") == 2);
  const auto bad = scene.post("/rekor/api/v1/log/entries", proposed(key.sign("something else")));
  BOOST_TEST(bad.status == 400);
  BOOST_TEST(bad.body.find("could not verify the envelope's signature 1") != std::string::npos, bad.body);
  BOOST_TEST(scene.post("/rekor/api/v1/log/entries", {{"kind", "rpm"}, {"apiVersion", "0.0.1"}}).status == 400);
  BOOST_TEST(scene.get("/rekor/api/v1/log/entries/" + std::string(64, '0')).status == 404);
}

// What cosign signs through these authorities, and what it says of our bundles.
BOOST_AUTO_TEST_CASE(cosign_signs_and_verifies_here) {
  const auto cosign = foreign_program("cosign");
  if (!cosign) return;
  Scene scene;
  const auto& home = scene.folder.path();
  write_file(home / "root.json", scene.authorities->trusted_root_json());
  write_file(home / "config.json", scene.authorities->signing_config_json());
  write_file(home / "artifact.txt", "hello");
  const auto verifier = scene.verifier();
  write_file(home / "ours.json", scene.sign(verifier, "hello").json());
  const std::string identity = scene.base + "/acme/charts/.github/workflows/release.yml@refs/heads/main";
  const auto verify = [&](const std::string& bundle, const std::string& by) {
    return run_foreign(*cosign,
                       {"verify-blob-attestation", "--bundle", bundle, "--trusted-root", "root.json", "--type",
                        "slsaprovenance1", "--use-signed-timestamps", "--certificate-identity", by,
                        "--certificate-oidc-issuer", scene.base + "/oidc", "artifact.txt"},
                       home);
  };
  const Exit ours = verify("ours.json", identity);
  BOOST_TEST(ours.code == 0, ours.errors);
  BOOST_TEST(verify("ours.json", identity + "x").code != 0);

  const Json statement = {
      {"_type", intoto::kStatementType},
      {"subject", Json::array({{{"name", "artifact.txt"}, {"digest", {{"sha256", crypto::sha256("hello").hex()}}}}})},
      {"predicateType", intoto::kProvenance},
      {"predicate", {{"buildDefinition", Json::object()}}}};
  write_file(home / "statement.json", canonical(statement));
  write_file(home / "token", scene.token("sigstore"));
  const Exit signed_there =
      run_foreign(*cosign,
                  {"attest-blob", "--yes", "--statement", "statement.json", "--identity-token", "token",
                   "--trusted-root", "root.json", "--signing-config", "config.json", "--bundle", "theirs.json"},
                  home);
  BOOST_TEST_REQUIRE(signed_there.code == 0, signed_there.errors);
  const auto verdict = verifier.verify(sigstore::Bundle::parse(read_file(home / "theirs.json", 1024 * 1024)));
  BOOST_TEST(verdict.failures.empty(), (verdict.failures.empty() ? "" : verdict.failures.front()));
  BOOST_TEST(verify("theirs.json", identity).code == 0);
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill

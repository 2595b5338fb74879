// Every request that the client makes, against a server that holds it against GitHub's description of its API and
// answers with the examples of that description. It keeps nothing: what is looked for after a request was made is not
// found.

#include <boost/test/unit_test.hpp>

#include "core/base/encoding.h"
#include "core/base/file.h"
#include "core/crypto/hash.h"
#include "core/forge/app_token.h"
#include "foreign/served.h"

namespace waybill {
BOOST_AUTO_TEST_SUITE(forge)
BOOST_AUTO_TEST_SUITE(simulator)

using testing::fails;
using testing::Served;
using testing::told;

const Oid kHead = Oid::parse("1111111111111111111111111111111111111111");
const Oid kTree = Oid::parse("2222222222222222222222222222222222222222");

struct Simulated : Served {
  Simulated() : Served("simulacrum", "octo/charts", "a-token") {}
};

BOOST_FIXTURE_TEST_CASE(githubs_own_examples_are_read, Simulated) {
  BOOST_TEST(client.repository().full_name == "octocat/Hello-World");
  BOOST_TEST(Client::anonymous(http, address).repository().default_branch == "master");
  const PullRequest pull = client.pull_request(1347).value();
  BOOST_TEST(pull.number == 1347);
  BOOST_TEST(pull.head_ref == "new-topic");
  BOOST_TEST(pull.base.hex() == "6dcb09b5b57875f334f61aebed695e2e4193db5e");
  BOOST_TEST(pull.merged);
  BOOST_TEST(client.pull_requests("", "", "all").size() == 1U);
  BOOST_TEST(client.pull_requests("bump/web", "main", "open").empty());  // the example is of other branches
  BOOST_TEST(client.pull_requests_of(kHead, false).size() == 1U);
  BOOST_TEST(client.commit(kHead).value().message == "Fix all the bugs");
  BOOST_TEST(client.author_of(kHead) == "octocat");
  BOOST_TEST(client.check_runs(kHead).front().conclusion == "neutral");
  const Review review = client.reviews(1347).front();
  BOOST_TEST(review.author == "octocat");
  BOOST_TEST(review.by_person);
  BOOST_TEST(review.state == "APPROVED");
  BOOST_TEST(review.commit.value().hex() == "ecdd80bb57125d7ba9641ffaa4d7d2c19d3f3091");
  BOOST_TEST(client.may_write("octocat"));
  BOOST_TEST(client.release("v1.0.0").value().assets.front().name == "example.zip");
  BOOST_TEST(client.releases().front().tag == "v1.0.0");
  BOOST_TEST(client.deployments(kHead, "production").front().environment == "production");
  BOOST_TEST(client.deployment_state({.id = 42, .sha = kHead, .environment = "x", .payload = {}}).value() == "success");
  BOOST_TEST(client.rulesets().front().body.at("rules").front().at("type") == "commit_author_email_pattern");
  BOOST_TEST(client.runs_under_way("build.yml").front().status == "queued");
}

BOOST_FIXTURE_TEST_CASE(settings_are_read, Simulated) {
  BOOST_TEST(client.merging().squash.value());
  BOOST_TEST(client.actions().allowed == "selected");
  BOOST_TEST(client.usual_job_permissions() == "read");
  BOOST_TEST(client.has_immutable_releases());
  BOOST_TEST(client.workflows().front().path == ".github/workflows/blank.yaml");
  BOOST_TEST(client.environments().front().name == "staging");
  BOOST_TEST(client.branch_policies("staging").front().name == "release/*");
  BOOST_TEST(client.secrets(SecretsOf::kRepository).contains("GH_TOKEN"));
  BOOST_TEST(client.secrets(SecretsOf::kOrganisation).contains("GH_TOKEN"));
  BOOST_TEST(!client.secrets(SecretsOf::kDependabot).empty());
  BOOST_TEST(client.environment_secrets("staging").contains("GH_TOKEN"));
  BOOST_TEST(client.app("octoapp").value().slug == "octoapp");
  BOOST_TEST(client.run_attempt(30433642, 1).value().head_sha == "acb5820ced9479c074f688cc328bf03f341a511d");
  BOOST_TEST(client.last_success("build.yml").value().path == ".github/workflows/build.yml");
}

BOOST_FIXTURE_TEST_CASE(objects_and_references_are_asked_for_as_described, Simulated) {
  client.create_blob("name: web\n");
  client.create_tree(kTree, {{"a", "100644", "blob", std::nullopt, "text"},
                             {"b", "100755", "blob", kHead, std::nullopt},
                             {"c", "100644", "blob", std::nullopt, std::nullopt}});
  client.create_commit("message", kTree, {kHead});
  client.create_reference("refs/heads/bump/web", kHead);
  client.create_tag("web-1.1.0", "message", kHead);
  // Its routes know no slash in a reference; GitHub's and those of the emulator do.
  BOOST_TEST(!client.reference("refs/heads/bump/web").has_value());
  BOOST_TEST(!client.tag("web-1.1.0").has_value());
  BOOST_CHECK_EXCEPTION(client.update_reference("refs/heads/bump/web", kHead), Error, fails(Fault::kPermission, "404"));
  BOOST_CHECK_NO_THROW(client.delete_reference("refs/heads/bump/web"));
}

BOOST_FIXTURE_TEST_CASE(pull_requests_and_checks_are_written_as_described, Simulated) {
  BOOST_TEST(client.create_pull_request("title", "bump/web", "main", "body").number == 1347);
  // Stateless: what is read back is the example's.
  BOOST_CHECK_EXCEPTION(client.update_body(1347, "new"), Error,
                        fails(Fault::kConflict, "is not what stands there now"));
  client.close_pull_request(1347);
  BOOST_TEST(client.merge(1347, kHead, "squash", "title", "message").hex() ==
             "6dcb09b5b57875f334f61aebed695e2e4193db5e");
  BOOST_TEST(client.create_check("lint-test", kHead, "success", "title", "summary", "run 1").id == 4);
}

BOOST_FIXTURE_TEST_CASE(releases_are_written_as_described, Simulated) {
  const Release draft = client.create_draft("v1.0.0", "name", "notes");
  BOOST_TEST(draft.tag == "v1.0.0");
  // The example's assets belong elsewhere, where the client sends no token.
  BOOST_CHECK_EXCEPTION(client.upload(draft, "web.tgz", "application/gzip", "bytes"), Error,
                        fails(Fault::kUntrusted, "uploads.github.com"));
  Release here = draft;
  here.upload_url = address.api_url + "/repos/octo/charts/releases/1/assets{?name,label}";
  BOOST_CHECK_EXCEPTION(client.upload(here, "web.tgz", "application/gzip", "bytes"), Error,
                        fails(Fault::kUntrusted, "1024 bytes"));
  client.describe(draft, "name", "notes");
  client.publish(draft);
  const Asset asset = draft.assets.front();
  BOOST_CHECK_EXCEPTION(client.asset(asset, 4096), Error, fails(Fault::kUntrusted, "sha256:"));
  client.delete_asset(asset);
}

BOOST_FIXTURE_TEST_CASE(attestations_are_stored_and_found_as_described, Simulated) {
  const Digest subject = crypto::sha256("x");
  const Json statement{{"subject", Json::array({{{"name", "n"}, {"digest", {{"sha256", subject.hex()}}}}})}};
  BOOST_TEST(client.create_attestation({{"mediaType", "application/vnd.dev.sigstore.bundle.v0.3+json"},
                                        {"verificationMaterial", Json::object()},
                                        {"dsseEnvelope", {{"payload", to_base64(statement.dump())}}}}) == 2);
  const std::vector<Json> found = client.attestations(subject);
  BOOST_TEST_REQUIRE(!found.empty());
  BOOST_TEST(found.front().at("mediaType") == "application/vnd.dev.sigstore.bundle.v0.3+json");
  // The example is a list where the description wants an object.
  const std::vector<Digest> several = {subject, crypto::sha256("y"), crypto::sha256("z")};
  BOOST_CHECK_EXCEPTION(client.attestations(several), Error, fails(Fault::kRemote, "bulk list"));
}

BOOST_FIXTURE_TEST_CASE(deployments_rules_and_dispatches_are_written_as_described, Simulated) {
  const Deployment made = client.create_deployment(kHead, "registry", {{"chart", "web"}});
  BOOST_TEST(made.id == 1);
  client.create_deployment_status(made, "success");
  client.dispatch("tag-charts.yml", "main", {{"chart", "web"}});
  Json ruleset = {{"name", "super cool ruleset"},
                  {"target", "tag"},
                  {"enforcement", "active"},
                  {"bypass_actors", {{{"actor_id", 1}, {"actor_type", "Integration"}, {"bypass_mode", "always"}}}},
                  {"conditions", {{"ref_name", {{"include", {"refs/tags/*"}}, {"exclude", Json::array()}}}}},
                  {"rules", {{{"type", "deletion"}}, {{"type", "update"}}}}};
  client.keep_ruleset("super cool ruleset", ruleset);  // there: is changed
  ruleset["name"] = "tags";
  client.keep_ruleset("tags", ruleset);  // not there: is made
  // It does look at them.
  ruleset["enforcement"] = "sometimes";
  BOOST_CHECK_EXCEPTION(client.keep_ruleset("tags", ruleset), Error, fails(Fault::kRemote, "400"));
}

BOOST_FIXTURE_TEST_CASE(a_token_is_asked_for_as_described, Simulated) {
  const std::string key = read_file(told("key"), 64 * 1024);
  const auto minted = [&](const std::string& contents) {
    return AppToken::mint(http, address, "4711", key, {{"contents", contents}, {"checks", "write"}},
                          SystemClock().now());
  };
  BOOST_TEST(minted("read").value() == "ghs_16C7e42F292c6912E7710c838347Ae178B4a");
  // The example's App may only read contents.
  BOOST_CHECK_EXCEPTION(minted("write"), Error, fails(Fault::kPermission, "lacks `contents: write` (it has \"read\")"));
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill

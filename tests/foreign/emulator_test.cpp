// The pipeline's calls against vercel's emulator of GitHub, which keeps a state and makes real git objects. Where it is
// known to differ from GitHub the difference is asserted: a version of it without one shows.

#include <boost/test/unit_test.hpp>

#include "core/base/file.h"
#include "core/crypto/hash.h"
#include "core/forge/app_token.h"
#include "core/git/repository.h"
#include "foreign/served.h"

namespace waybill {
BOOST_AUTO_TEST_SUITE(forge)
BOOST_AUTO_TEST_SUITE(emulator)

using testing::fails;
using testing::Served;
using testing::told;

const Oid kNobody = Oid::parse("1111111111111111111111111111111111111111");

struct Emulated : Served {
  Emulated() : Served("emulate", "octo/charts", "octo-token") {}

  Oid main() { return client.branch("main").value(); }
  Oid tree_of(const Oid& commit) { return client.commit(commit).value().tree; }

  // A commit on a new branch off main, with one file of this content.
  Oid commit(const std::string& branch, const std::string& path, const std::string& content) {
    const Oid base = main();
    const Oid tree = client.create_tree(tree_of(base), {{path, "100644", "blob", std::nullopt, content}});
    const Oid made = client.create_commit("change " + path, tree, {base});
    client.create_reference("refs/heads/" + branch, made);
    return made;
  }
};

BOOST_FIXTURE_TEST_CASE(the_repository_is_read, Emulated) {
  const RepositoryInfo info = client.repository();
  BOOST_TEST(info.full_name == "octo/charts");
  BOOST_TEST(info.default_branch == "main");
  BOOST_TEST(info.visibility == "public");
  BOOST_TEST(info.owner_type == "User");
  BOOST_TEST(info.id > 0);
  BOOST_TEST(!client.branch("none").has_value());
  BOOST_TEST(!client.pull_request(999).has_value());
  // GitHub: 401. Here whoever is not known may do everything.
  const Client stranger(http, address, "nobody", [](std::chrono::milliseconds) {});
  BOOST_CHECK_NO_THROW(stranger.create_blob("x"));
}

BOOST_FIXTURE_TEST_CASE(objects_have_the_names_that_git_gives_them, Emulated) {
  BOOST_TEST(client.create_blob("name: web\n").hex() == git::blob_id("name: web\n").hex());
  const Oid base = main();
  const Oid blob = client.create_blob("binary\0content");
  const Oid tree = client.create_tree(tree_of(base), {{"charts/web/Chart.yaml", "100644", "blob", blob, std::nullopt}});
  const Oid made = client.create_commit("first line\n\nbody", tree, {base});
  const auto read = client.commit(made).value();
  BOOST_TEST(read.tree.hex() == tree.hex());
  BOOST_TEST(read.parents.size() == 1U);
  BOOST_TEST(read.parents.front().hex() == base.hex());
  BOOST_TEST(read.message == "first line\n\nbody");
  BOOST_TEST(!client.commit(kNobody).has_value());
  const Oid emptied =
      client.create_tree(tree, {{"charts/web/Chart.yaml", "100644", "blob", std::nullopt, std::nullopt}});
  BOOST_TEST(emptied.hex() != tree.hex());
}

BOOST_FIXTURE_TEST_CASE(references_with_slashes_come_move_and_go, Emulated) {
  const Oid first = main();
  const Oid second = commit("integrate/web", "a.txt", "a\n");
  BOOST_TEST(client.branch("integrate/web").value().hex() == second.hex());
  BOOST_CHECK_EXCEPTION(client.create_reference("refs/heads/integrate/web", first), Error,
                        fails(Fault::kConflict, "Reference already exists"));
  client.create_reference("refs/heads/split/web/1", first);
  client.update_reference("refs/heads/split/web/1", second);
  BOOST_TEST(client.reference("refs/heads/split/web/1").value().hex() == second.hex());
  BOOST_CHECK_EXCEPTION(client.update_reference("refs/heads/split/web/1", first), Error,
                        fails(Fault::kConflict, "Update is not a fast-forward"));
  client.delete_reference("refs/heads/split/web/1");
  client.delete_reference("refs/heads/split/web/1");
  BOOST_TEST(!client.reference("refs/heads/split/web/1").has_value());
}

BOOST_FIXTURE_TEST_CASE(a_branch_below_a_branch_is_made_unlike_in_git, Emulated) {
  client.create_reference("refs/heads/trunk", main());
  BOOST_CHECK_NO_THROW(client.create_reference("refs/heads/trunk/web", main()));
}

BOOST_FIXTURE_TEST_CASE(a_pull_request_is_opened_found_edited_and_merged, Emulated) {
  const Oid head = commit("bump/web", "charts/web/Chart.yaml", "version: 1.1.0\n");
  const PullRequest opened = client.create_pull_request("web 1.1.0", "bump/web", "main", "why");
  BOOST_TEST(opened.head.hex() == head.hex());
  BOOST_TEST(opened.author == "octo");
  BOOST_TEST(client.pull_requests("bump/web", "main", "open").size() == 1U);
  BOOST_TEST(client.pull_requests("bump", "main", "open").empty());
  client.update_body(opened.number, "why, at length");
  BOOST_TEST(client.pull_request(opened.number).value().body == "why, at length");

  const CheckRun check = client.create_check("lint-test", head, "success", "title", "summary", "run 1");
  const std::vector<CheckRun> checks = client.check_runs(head);
  BOOST_TEST_REQUIRE(checks.size() == 1U);
  BOOST_TEST(checks.front().id == check.id);
  BOOST_TEST(checks.front().conclusion == "success");
  BOOST_TEST(checks.front().external_id == "run 1");

  const Oid merged = client.merge(opened.number, head, "squash", "web 1.1.0", "text");
  BOOST_TEST(main().hex() == merged.hex());
  BOOST_TEST(client.commit(merged).value().message.starts_with("web 1.1.0"));
  const PullRequest now = client.pull_request(opened.number).value();
  BOOST_TEST(now.merged);
  BOOST_TEST(now.merge_commit.value().hex() == merged.hex());
  BOOST_TEST(now.merged_by == "octo");
}

BOOST_FIXTURE_TEST_CASE(what_github_refuses_of_pull_requests_it_answers_with_other_words, Emulated) {
  const Oid head = commit("bump/api", "charts/api/Chart.yaml", "version: 1.0.0\n");
  const PullRequest first = client.create_pull_request("api", "bump/api", "main", "");
  // GitHub: 422 "A pull request already exists".
  const PullRequest second = client.create_pull_request("api", "bump/api", "main", "");
  BOOST_TEST(second.number != first.number);
  client.close_pull_request(second.number);
  BOOST_TEST(client.pull_request(second.number).value().state == "closed");
  // GitHub: 409, which the client calls stale. Here it is a 422.
  BOOST_CHECK_EXCEPTION(client.merge(first.number, kNobody, "squash", "api", ""), Error,
                        fails(Fault::kConflict, "422"));
  BOOST_TEST(!client.pull_request(first.number).value().merged);
  const Oid merged = client.merge(first.number, head, "squash", "api", "");
  BOOST_TEST(merged.hex() == main().hex());
  // GitHub: 405, after which the client finds that the merge is done. Here it is a 422.
  BOOST_CHECK_EXCEPTION(client.merge(first.number, head, "squash", "api", ""), Error, fails(Fault::kConflict, "422"));
}

BOOST_FIXTURE_TEST_CASE(an_annotated_tag_is_made_and_read, Emulated) {
  const Oid commit = main();
  BOOST_TEST(!client.tag("web-1.1.0").has_value());
  const Oid object = client.create_tag("web-1.1.0", "web 1.1.0\n\nnotes", commit);
  client.create_reference("refs/tags/web-1.1.0", object);
  const auto tag = client.tag("web-1.1.0").value();
  BOOST_TEST(tag.id.hex() == object.hex());
  BOOST_TEST(tag.target.hex() == commit.hex());
  BOOST_TEST(tag.message == "web 1.1.0\n\nnotes");
}

BOOST_FIXTURE_TEST_CASE(a_draft_gets_its_assets_and_is_published, Emulated) {
  BOOST_TEST(!client.release("api-1.0.0").has_value());
  const Release draft = client.create_draft("api-1.0.0", "api 1.0.0", "notes");
  BOOST_TEST(draft.draft);
  BOOST_TEST(client.release("api-1.0.0").value().id == draft.id);
  const std::string package(3000, '\x7f');
  const Asset asset = client.upload(draft, "api-1.0.0.tgz", "application/gzip", package);
  BOOST_TEST(asset.size == 3000);
  BOOST_TEST(asset.name == "api-1.0.0.tgz");
  BOOST_TEST(asset.digest.empty());  // GitHub says it
  // GitHub: the bytes, as `accept` asks for. Here it is what describes them.
  BOOST_TEST(client.asset(asset, 4096).find("\"name\":\"api-1.0.0.tgz\"") != std::string::npos);
  client.describe(draft, "api 1.0.0", "notes, read again");
  client.publish(draft);
  const Release published = client.release("api-1.0.0").value();
  BOOST_TEST(!published.draft);
  BOOST_TEST(published.body == "notes, read again");
  BOOST_TEST(client.releases().size() == 1U);
  // GitHub: 422 "already_exists", after which the client compares what is there.
  const Asset twice = client.upload(draft, "api-1.0.0.tgz", "application/gzip", package);
  BOOST_TEST(twice.id != asset.id);
  client.delete_asset(twice);
  BOOST_TEST(client.release("api-1.0.0").value().assets.size() == 1U);
}

BOOST_FIXTURE_TEST_CASE(an_app_gets_its_token_and_gives_it_back, Emulated) {
  const AppToken token = AppToken::mint(http, address, "4711", read_file(told("key"), 64 * 1024),
                                        {{"contents", "write"}}, SystemClock().now());
  BOOST_TEST(token.login() == "waybill-release[bot]");
  const Client app(http, address, token.value(), [](std::chrono::milliseconds) {});
  BOOST_TEST(app.repository().full_name == "octo/charts");
}

BOOST_FIXTURE_TEST_CASE(what_it_has_not_is_told_plainly, Emulated) {
  BOOST_CHECK_EXCEPTION(client.pull_requests_of(main(), false), Error, fails(Fault::kInput, "not there"));
  BOOST_CHECK_EXCEPTION(client.rulesets(), Error, fails(Fault::kInput, "not there"));
  BOOST_CHECK_EXCEPTION(client.deployments(main(), "registry"), Error, fails(Fault::kInput, "not there"));
  BOOST_CHECK_EXCEPTION(client.dispatch("tag-charts.yml", "main", {}), Error,
                        fails(Fault::kPermission, "actions: write"));
  BOOST_TEST(client.attestations(crypto::sha256("x")).empty());
  BOOST_CHECK_EXCEPTION(client.environments(), Error, fails(Fault::kPermission, "not for this token"));
  BOOST_TEST(client.workflows().empty());
  BOOST_TEST(client.secrets(SecretsOf::kRepository).empty());
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill

#include <boost/test/unit_test.hpp>

#include "forge/forge_under_test.h"

namespace waybill {
BOOST_AUTO_TEST_SUITE(forge)
BOOST_AUTO_TEST_SUITE(git_objects)

Json ref_json(const std::string& name, const Oid& target, const std::string& type = "commit") {
  return {{"ref", name}, {"object", {{"type", type}, {"sha", target.hex()}}}};
}

BOOST_AUTO_TEST_CASE(references_keep_their_slashes_and_escape_the_rest) {
  ForgeUnderTest t;
  t.http
      .expect("GET", kRepo + "/git/ref/heads/integrate/nginx",
              json_answer(200, ref_json("refs/heads/integrate/nginx", kHead)))
      .expect("GET", kRepo + "/git/ref/tags/nginx-v1.2.3%2Bb%23%3F", json_answer(404, message("Not Found")));
  BOOST_TEST((t.client.branch("integrate/nginx") == kHead));
  BOOST_TEST(!t.client.reference("refs/tags/nginx-v1.2.3+b#?"));
  BOOST_CHECK_EXCEPTION(t.client.reference("main"), Error, fails(Fault::kInternal, "not the full name"));
}

BOOST_AUTO_TEST_CASE(references_that_only_begin_with_the_name_do_not_count) {
  ForgeUnderTest t;
  t.http.expect("GET", kRepo + "/git/ref/heads/a", json_answer(200, Json::array({ref_json("refs/heads/ab", kHead)})));
  BOOST_TEST(!t.client.branch("a"));
}

BOOST_AUTO_TEST_CASE(a_tree_is_its_base_with_parts_replaced_and_removed) {
  ForgeUnderTest t;
  const Json wanted{
      {"base_tree", kBase.hex()},
      {"tree",
       {{{"path", "charts/nginx"}, {"mode", "040000"}, {"type", "tree"}, {"sha", kHead.hex()}},
        {{"path", "charts/nginx/Chart.yaml"}, {"mode", "100644"}, {"type", "blob"}, {"content", "name: nginx\n"}},
        {{"path", "old"}, {"mode", "100644"}, {"type", "blob"}, {"sha", nullptr}}}}};
  t.http.expect("POST", kRepo + "/git/trees", json_answer(201, {{"sha", kOther.hex()}}), body_is(wanted));
  const Oid tree =
      t.client.create_tree(kBase, {{"charts/nginx", "040000", "tree", kHead, std::nullopt},
                                   {"charts/nginx/Chart.yaml", "100644", "blob", std::nullopt, "name: nginx\n"},
                                   {"old", "100644", "blob", std::nullopt, std::nullopt}});
  BOOST_TEST((tree == kOther));
}

BOOST_AUTO_TEST_CASE(a_commit_names_nobody_so_that_the_forge_signs_it) {
  ForgeUnderTest t;
  t.http.expect("POST", kRepo + "/git/commits", answer(502))
      .expect("POST", kRepo + "/git/commits", json_answer(201, {{"sha", kOther.hex()}}),
              body_is({{"message", "m"}, {"tree", kBase.hex()}, {"parents", Json::array({kHead.hex()})}}));
  BOOST_TEST((t.client.create_commit("m", kBase, {kHead}) == kOther));
}

BOOST_AUTO_TEST_CASE(a_blob_travels_as_base64) {
  ForgeUnderTest t;
  t.http.expect("POST", kRepo + "/git/blobs", json_answer(201, {{"sha", kOther.hex()}}),
                body_is({{"content", "AP8="}, {"encoding", "base64"}}));
  t.client.create_blob(std::string("\0\xff", 2));
}

BOOST_AUTO_TEST_CASE(a_commit_is_read_with_its_tree_parents_and_author) {
  ForgeUnderTest t;
  const Json commit{{"sha", kHead.hex()},
                    {"commit", {{"message", "m"}, {"tree", {{"sha", kBase.hex()}}}}},
                    {"author", {{"login", "waybill[bot]"}}},
                    {"parents", {{{"sha", kOther.hex()}}}}};
  t.http.expect("GET", kRepo + "/commits/" + kHead.hex(), json_answer(200, commit))
      .expect("GET", kRepo + "/commits/" + kOther.hex(), json_answer(422, message("No commit found for SHA")));
  const auto info = t.client.commit(kHead);
  BOOST_REQUIRE(info);
  BOOST_TEST((info->tree == kBase));
  BOOST_TEST((info->parents == std::vector{kOther}));
  BOOST_TEST(info->author == "waybill[bot]");
  BOOST_TEST(!t.client.commit(kOther));
}

BOOST_AUTO_TEST_CASE(creating_what_exists_is_a_conflict) {
  ForgeUnderTest t;
  t.http.expect("POST", kRepo + "/git/refs", json_answer(422, message("Reference already exists")),
                body_is({{"ref", "refs/heads/x"}, {"sha", kHead.hex()}}));
  BOOST_CHECK_EXCEPTION(
      t.client.create_reference("refs/heads/x", kHead), Error,
      fails(Fault::kConflict, "`refs/heads/x`: the forge refuses it as things are: Reference already exists"));
}

BOOST_AUTO_TEST_CASE(a_rulesets_refusal_is_told_in_its_own_words) {
  ForgeUnderTest t;
  t.http.expect(
      "POST", kRepo + "/git/refs",
      json_answer(
          422,
          message("Repository rule violations found\n\nCannot create ref due to creations being restricted.\n\n")));
  BOOST_CHECK_EXCEPTION(t.client.create_reference("refs/tags/x", kHead), Error,
                        fails(Fault::kConflict, "Cannot create ref due to creations being restricted."));
}

BOOST_AUTO_TEST_CASE(after_a_lost_answer_the_reference_is_looked_at) {
  ForgeUnderTest t;
  t.http.lose("POST", kRepo + "/git/refs")
      .expect("GET", kRepo + "/git/ref/heads/x", json_answer(200, ref_json("refs/heads/x", kHead)));
  t.client.create_reference("refs/heads/x", kHead);
  t.http.lose("POST", kRepo + "/git/refs")
      .expect("GET", kRepo + "/git/ref/heads/x", json_answer(200, ref_json("refs/heads/x", kOther)));
  BOOST_CHECK_EXCEPTION(t.client.create_reference("refs/heads/x", kHead), Error,
                        fails(Fault::kConflict, "is at 33333333 already, 11111111 was wanted"));
}

BOOST_AUTO_TEST_CASE(a_reference_moves_forward_only) {
  ForgeUnderTest t;
  t.http.expect("PATCH", kRepo + "/git/refs/heads/x/y", json_answer(422, message("Update is not a fast forward")),
                body_is({{"sha", kHead.hex()}, {"force", false}}));
  BOOST_CHECK_EXCEPTION(t.client.update_reference("refs/heads/x/y", kHead), Error,
                        fails(Fault::kConflict, "Update is not a fast forward"));
}

BOOST_AUTO_TEST_CASE(deleting_what_is_gone_is_success_and_what_is_protected_is_not) {
  ForgeUnderTest t;
  const std::string url = kRepo + "/git/refs/heads/split/x";
  const std::string get = kRepo + "/git/ref/heads/split/x";
  t.http.expect("DELETE", url, answer(204));
  t.client.delete_reference("refs/heads/split/x");
  t.http.expect("DELETE", url, json_answer(422, message("Reference does not exist")))
      .expect("GET", get, json_answer(404, message("Not Found")));
  t.client.delete_reference("refs/heads/split/x");
  t.http.expect("DELETE", url, json_answer(422, message("Cannot delete this branch")))
      .expect("GET", get, json_answer(200, ref_json("refs/heads/split/x", kHead)));
  BOOST_CHECK_EXCEPTION(t.client.delete_reference("refs/heads/split/x"), Error,
                        fails(Fault::kConflict, "Cannot delete this branch"));
}

BOOST_AUTO_TEST_CASE(a_tag_is_read_through_its_object) {
  ForgeUnderTest t;
  t.http
      .expect("GET", kRepo + "/git/ref/tags/nginx-v1.0.0",
              json_answer(200, ref_json("refs/tags/nginx-v1.0.0", kBase, "tag")))
      .expect("GET", kRepo + "/git/tags/" + kBase.hex(),
              json_answer(200, {{"sha", kBase.hex()},
                                {"message", "Release"},
                                {"object", {{"type", "commit"}, {"sha", kHead.hex()}}}}))
      .expect("GET", kRepo + "/git/ref/tags/light", json_answer(200, ref_json("refs/tags/light", kHead)))
      .expect("GET", kRepo + "/git/ref/tags/tree", json_answer(200, ref_json("refs/tags/tree", kHead, "tree")));
  const auto tag = t.client.tag("nginx-v1.0.0");
  BOOST_REQUIRE(tag);
  BOOST_TEST((tag->id == kBase));
  BOOST_TEST((tag->target == kHead));
  BOOST_TEST(tag->message == "Release");
  const auto light = t.client.tag("light");
  BOOST_TEST((light->id == light->target));
  BOOST_CHECK_EXCEPTION(t.client.tag("tree"), Error, fails(Fault::kConflict, "is on a tree, not on a commit"));
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill

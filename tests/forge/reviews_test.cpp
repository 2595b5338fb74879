#include <boost/test/unit_test.hpp>

#include "forge/forge_under_test.h"

namespace waybill {
BOOST_AUTO_TEST_SUITE(forge)
BOOST_AUTO_TEST_SUITE(reviews)

const std::string kReviews = kRepo + "/pulls/7/reviews?per_page=100";

Json review_json(const Json& user, const std::string& state, const Json& commit) {
  return {{"id", 1}, {"user", user}, {"state", state}, {"commit_id", commit}};
}

BOOST_AUTO_TEST_CASE(each_says_who_what_and_of_which_commit) {
  ForgeUnderTest t;
  t.http.expect("GET", kReviews,
                json_answer(200, {review_json({{"login", "maria"}, {"type", "User"}}, "APPROVED", kHead.hex()),
                                  review_json({{"login", "helper[bot]"}, {"type", "Bot"}}, "COMMENTED", kHead.hex()),
                                  review_json(nullptr, "DISMISSED", nullptr)}));
  const auto all = t.client.reviews(7);
  BOOST_REQUIRE(all.size() == 3U);
  BOOST_TEST(all[0].author == "maria");
  BOOST_TEST(all[0].by_person);
  BOOST_TEST(all[0].state == "APPROVED");
  BOOST_TEST(all[0].commit.value().hex() == kHead.hex());
  BOOST_TEST(!all[1].by_person);
  BOOST_TEST(all[2].author.empty());
  BOOST_TEST(!all[2].commit.has_value());
}

BOOST_AUTO_TEST_CASE(who_may_write_is_told_by_the_permission) {
  for (const auto& [permission, may] :
       {std::pair{"admin", true}, std::pair{"write", true}, std::pair{"read", false}, std::pair{"none", false}}) {
    ForgeUnderTest t;
    t.http.expect("GET", kRepo + "/collaborators/ma%20ria/permission",
                  json_answer(200, {{"permission", permission}, {"role_name", "custom"}}));
    BOOST_TEST(t.client.may_write("ma ria") == may, permission);
  }
  ForgeUnderTest t;
  t.http.expect("GET", kRepo + "/collaborators/ghost/permission", json_answer(404, message("Not Found")));
  BOOST_TEST(!t.client.may_write("ghost"));
}

BOOST_AUTO_TEST_CASE(an_author_is_the_account_the_forge_knows) {
  ForgeUnderTest t;
  const Json commit{{"tree", {{"sha", kHead.hex()}}}, {"message", "x"}};
  t.http
      .expect(
          "GET", kRepo + "/commits/" + kHead.hex(),
          json_answer(
              200,
              {{"sha", kHead.hex()}, {"commit", commit}, {"parents", Json::array()}, {"author", {{"login", "jo"}}}}))
      .expect("GET", kRepo + "/commits/" + kHead.hex(),
              json_answer(200,
                          {{"sha", kHead.hex()}, {"commit", commit}, {"parents", Json::array()}, {"author", nullptr}}));
  BOOST_TEST(t.client.author_of(kHead) == "jo");
  BOOST_TEST(t.client.author_of(kHead).empty());
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill

#include <boost/test/unit_test.hpp>

#include "forge/forge_under_test.h"

namespace waybill {
BOOST_AUTO_TEST_SUITE(forge)
BOOST_AUTO_TEST_SUITE(workflows)

const std::string kRuns = kRepo + "/actions/workflows/tag-charts.yml/runs?per_page=100";

Json run_json(std::int64_t id, const std::string& status) {
  return {{"id", id}, {"status", status}, {"html_url", "https://github.com/octo/charts/actions/runs/7"}};
}

BOOST_AUTO_TEST_CASE(only_runs_that_have_not_ended_are_under_way) {
  ForgeUnderTest t;
  Json runs = Json::array({run_json(9, "queued"), run_json(8, "completed"), run_json(7, "waiting")});
  t.http.expect("GET", kRuns, json_answer(200, {{"total_count", 3}, {"workflow_runs", runs}}));
  const auto found = t.client.runs_under_way("tag-charts.yml");
  BOOST_REQUIRE(found.size() == 2U);
  BOOST_TEST(found[0].id == 9);
  BOOST_TEST(found[1].status == "waiting");
  BOOST_TEST(found[1].url == "https://github.com/octo/charts/actions/runs/7");
}

BOOST_AUTO_TEST_CASE(the_newest_hundred_are_looked_at_and_no_other_page) {
  ForgeUnderTest t;
  Json runs = Json::array();
  for (int i = 0; i < 100; ++i) runs.push_back(run_json(i, "completed"));
  auto page = json_answer(200, {{"total_count", 900}, {"workflow_runs", runs}});
  page.headers.insert_or_assign("link", "<" + kRuns + "&page=2>; rel=\"next\"");
  t.http.expect("GET", kRuns, page);
  BOOST_TEST(t.client.runs_under_way("tag-charts.yml").empty());
}

BOOST_AUTO_TEST_CASE(a_workflow_that_is_not_there_is_told) {
  ForgeUnderTest t;
  t.http.expect("GET", kRuns, json_answer(404, message("Not Found")));
  BOOST_CHECK_EXCEPTION(t.client.runs_under_way("tag-charts.yml"), Error, [](const Error& error) {
    return std::string_view(error.what()).find("runs of workflow `tag-charts.yml`") != std::string_view::npos;
  });
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill

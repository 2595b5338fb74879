#include <boost/test/unit_test.hpp>
#include <cstdlib>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/runner/runner.h"

namespace waybill {
BOOST_AUTO_TEST_SUITE(runner)
BOOST_AUTO_TEST_SUITE(context)

Environment of_a_run(const std::filesystem::path& event) {
  return {{"GITHUB_ACTIONS", "true"},
          {"GITHUB_REPOSITORY", "octo/charts"},
          {"GITHUB_REPOSITORY_ID", "9"},
          {"GITHUB_REPOSITORY_OWNER_ID", "4"},
          {"GITHUB_REF", "refs/heads/main"},
          {"GITHUB_SHA", "1111111111111111111111111111111111111111"},
          {"GITHUB_WORKFLOW_REF", "octo/charts/.github/workflows/w1.yml@refs/heads/main"},
          {"GITHUB_WORKFLOW_SHA", "1111111111111111111111111111111111111111"},
          {"GITHUB_EVENT_NAME", "push"},
          {"GITHUB_RUN_ID", "77"},
          {"GITHUB_RUN_ATTEMPT", "2"},
          {"GITHUB_ACTOR", "someone"},
          {"GITHUB_API_URL", "https://api.github.com"},
          {"GITHUB_SERVER_URL", "https://github.com"},
          {"GITHUB_WORKSPACE", "/github/workspace"},
          {"GITHUB_EVENT_PATH", event.string()}};
}

bool says(const Error& error, Fault fault, std::string_view text) {
  BOOST_TEST_MESSAGE("said: " << error.what());
  return error.fault() == fault && std::string_view(error.what()).find(text) != std::string_view::npos;
}

BOOST_AUTO_TEST_CASE(a_run_is_what_the_runner_says_it_is) {
  const TemporaryFolder folder;
  write_file(folder.path() / "event.json", R"({"number": 7})");
  const Context run = read_context(of_a_run(folder.path() / "event.json"));
  BOOST_TEST(run.repository == "octo/charts");
  BOOST_TEST(run.owner_id == "4");
  BOOST_TEST(run.workflow_ref == "octo/charts/.github/workflows/w1.yml@refs/heads/main");
  BOOST_TEST(run.event.at("number") == 7);
  BOOST_TEST(run.run_url() == "https://github.com/octo/charts/actions/runs/77/attempts/2");
}

Occasion occasion_of(std::string_view event, const std::string& ref = "refs/heads/main") {
  const TemporaryFolder folder;
  write_file(folder.path() / "event.json", event);
  Environment environment = of_a_run(folder.path() / "event.json");
  environment["GITHUB_REF"] = ref;
  return read_context(environment).occasion();
}

BOOST_AUTO_TEST_CASE(an_event_of_a_pull_request_says_its_base_and_head) {
  const Occasion occasion = occasion_of(R"({"action": "synchronize", "before": "old", "pull_request": {"number": 12,
    "base": {"ref": "integration", "sha": "2222222222222222222222222222222222222222"},
    "head": {"ref": "feature", "sha": "3333333333333333333333333333333333333333"}}})");
  BOOST_TEST(occasion.pull_request == 12);
  BOOST_TEST(occasion.base_ref == "integration");
  BOOST_TEST(occasion.base == std::string(40, '2'));
  BOOST_TEST(occasion.head == std::string(40, '3'));
}

BOOST_AUTO_TEST_CASE(a_push_says_the_commit_before_and_the_one_it_brought) {
  const Occasion occasion = occasion_of(R"({"before": "2222222222222222222222222222222222222222"})");
  BOOST_TEST(occasion.pull_request == 0);
  BOOST_TEST(occasion.base_ref == "main");
  BOOST_TEST(occasion.base == std::string(40, '2'));
  BOOST_TEST(occasion.head == std::string(40, '1'));
  BOOST_TEST(occasion_of(R"({"before": "0000000000000000000000000000000000000000"})").base.empty());
  BOOST_TEST(occasion_of("{}", "refs/tags/v1").base_ref == "refs/tags/v1");
}

BOOST_AUTO_TEST_CASE(a_payload_of_another_form_says_no_more_than_the_runner) {
  for (const char* event :
       {"{}", R"({"pull_request": "7", "before": 1})", R"({"pull_request": {"number": "7"}})", R"({"inputs": null})"}) {
    const Occasion occasion = occasion_of(event);
    BOOST_TEST(occasion.pull_request == 0, event);
    BOOST_TEST(occasion.base.empty(), event);
    BOOST_TEST(occasion.head == std::string(40, '1'), event);
  }
  BOOST_TEST(occasion_of(R"({"pull_request": {"number": 7, "base": 1, "head": {"sha": null}}})").head.empty());
}

BOOST_AUTO_TEST_CASE(everything_that_is_missing_is_named_at_once) {
  Environment environment = of_a_run("x");
  environment.erase("GITHUB_REF");
  environment["GITHUB_SHA"] = "";
  environment.erase("GITHUB_EVENT_PATH");
  BOOST_CHECK_EXCEPTION(read_context(environment), Error, [](const Error& error) {
    return says(error, Fault::kInput, "lacks GITHUB_REF, GITHUB_SHA, GITHUB_EVENT_PATH");
  });
}

BOOST_AUTO_TEST_CASE(a_payload_is_one_json_object_within_a_limit) {
  const TemporaryFolder folder;
  const auto event = folder.path() / "event.json";
  BOOST_CHECK_EXCEPTION(read_context(of_a_run(event)), Error,
                        [](const Error& error) { return says(error, Fault::kInput, "event.json"); });
  for (const char* text : {"[]", "{", R"({"a":1,"a":2})"}) {
    write_file(event, text);
    BOOST_CHECK_EXCEPTION(read_context(of_a_run(event)), Error,
                          [](const Error& error) { return says(error, Fault::kInput, "payload"); });
  }
  write_file(event, "{\"a\":\"" + std::string(25 * 1024 * 1024, 'x') + "\"}");
  BOOST_CHECK_EXCEPTION(read_context(of_a_run(event)), Error,
                        [](const Error& error) { return says(error, Fault::kInput, "event.json"); });
}

BOOST_AUTO_TEST_CASE(inputs_keep_their_hyphens_and_lose_their_margins) {
  const Environment environment{{"INPUT_APP-ID", "  12 \n"}, {"INPUT_CHART_ROOT", "charts"}, {"INPUT_EMPTY", " \t"}};
  BOOST_TEST((input(environment, "app-id") == "12"));
  BOOST_TEST((input(environment, "chart root") == "charts"));
  BOOST_TEST(!input(environment, "empty"));
  BOOST_TEST(!input(environment, "absent"));
}

BOOST_AUTO_TEST_CASE(the_process_is_asked_once_for_its_environment) {
  ::setenv("WAYBILL_TEST_VARIABLE", "a=b", 1);
  BOOST_TEST(process_environment().at("WAYBILL_TEST_VARIABLE") == "a=b");
  ::unsetenv("WAYBILL_TEST_VARIABLE");
  BOOST_TEST(!process_environment().contains("WAYBILL_TEST_VARIABLE"));
}

BOOST_AUTO_TEST_CASE(only_a_runner_says_true) {
  BOOST_TEST(is_action({{"GITHUB_ACTIONS", "true"}}));
  BOOST_TEST(!is_action({{"GITHUB_ACTIONS", "false"}}));
  BOOST_TEST(!is_action({}));
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill

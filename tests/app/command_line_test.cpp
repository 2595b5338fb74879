#include "core/app/command_line.h"

#include <boost/test/unit_test.hpp>
#include <iostream>
#include <sstream>

#include "core/base/error.h"
#include "testing/refusal.h"

namespace waybill {

BOOST_AUTO_TEST_SUITE(app_command_line)

using app::from_command_line;
using stages::stage_named;

namespace {

// What a call prints.
template <class Call>
std::string printed(Call call) {
  std::ostringstream text;
  std::streambuf* const before = std::cout.rdbuf(text.rdbuf());
  call();
  std::cout.rdbuf(before);
  return text.str();
}

}  // namespace

BOOST_AUTO_TEST_CASE(help_lists_every_option_of_every_stage_and_starts_nothing) {
  for (const stages::Stage* stage : stages::table()) {
    const std::string help = printed([&] { BOOST_TEST(!from_command_line(*stage, {"--help"}, {})); });
    BOOST_TEST_CONTEXT(stage->name) {
      BOOST_TEST(help.find("waybill " + std::string(stage->name)) != std::string::npos);
      for (const auto& input : app::all_inputs(*stage))
        BOOST_TEST(help.find("--" + std::string(input.name)) != std::string::npos, input.name);
      BOOST_TEST((help.find("--pull-request") != std::string::npos) == (stage->needs == stages::Needs::kForge));
      BOOST_TEST(help.find("${{") == std::string::npos);
    }
  }
}

BOOST_AUTO_TEST_CASE(what_is_not_given_has_its_default) {
  const auto invocation = from_command_line(stage_named("detect-changes"), {}, {});
  BOOST_REQUIRE(invocation.has_value());
  BOOST_TEST(invocation->stage == &stages::kDetectChanges);
  BOOST_TEST(!invocation->action);
  BOOST_TEST(invocation->inputs.at("base") == "origin/main");
  BOOST_TEST(invocation->inputs.at("mode") == "apply");
  BOOST_TEST(invocation->inputs.at("token").empty());
  BOOST_TEST(invocation->pull_request == 0);
  BOOST_TEST(invocation->environment.at("GITHUB_WORKSPACE") == ".");
  BOOST_TEST(invocation->environment.at("GITHUB_SERVER_URL") == "https://github.com");
}

BOOST_AUTO_TEST_CASE(options_say_what_the_runner_would) {
  const auto invocation = from_command_line(
      stage_named("enforce-atomic"),
      {"--mode=plan", "--pull-request", "21", "--repository", "octo/charts", "--api-url=https://api.example"},
      {{"GITHUB_REPOSITORY", "other/repository"}, {"GITHUB_SERVER_URL", "https://forge.example"}});
  BOOST_REQUIRE(invocation.has_value());
  BOOST_TEST(invocation->inputs.at("mode") == "plan");
  BOOST_TEST(invocation->pull_request == 21);
  BOOST_TEST(invocation->environment.at("GITHUB_REPOSITORY") == "octo/charts");
  BOOST_TEST(invocation->environment.at("GITHUB_SERVER_URL") == "https://forge.example");
  BOOST_TEST(invocation->environment.at("GITHUB_API_URL") == "https://api.example");
}

BOOST_AUTO_TEST_CASE(a_package_may_be_named_without_an_option) {
  const auto invocation = from_command_line(stage_named("verify"), {"web-1.2.3.tgz", "--repo", "octo/charts"}, {});
  BOOST_TEST(invocation->inputs.at("subject-path") == "web-1.2.3.tgz");
  BOOST_TEST(invocation->inputs.at("repo") == "octo/charts");
  BOOST_TEST(!invocation->environment.contains("GITHUB_WORKSPACE"));
}

BOOST_AUTO_TEST_CASE(what_is_no_option_is_named_with_the_way_to_the_list) {
  for (const auto& [arguments, said] :
       {std::pair<std::vector<std::string>, const char*>{{"--kubernetes", "1.33"}, "kubernetes"},
        {{"--pull-request", "twelve"}, "twelve"},
        {{"--mode"}, "mode"},
        {{"stray"}, "`stray` is no option of `waybill enforce-atomic`"}}) {
    const auto parse = [&arguments = arguments] {
      static_cast<void>(from_command_line(stage_named("enforce-atomic"), arguments, {}));
    };
    testing::refuses(Fault::kInput, said, parse);
    testing::refuses(Fault::kInput, "waybill enforce-atomic --help", parse);
  }
  testing::refuses(Fault::kInput, "`b.tgz` is no option", [] {
    static_cast<void>(from_command_line(stage_named("verify"), {"a.tgz", "b.tgz"}, {}));
  });
}

BOOST_AUTO_TEST_CASE(an_action_reads_the_runners_inputs_and_never_its_expressions) {
  const auto invocation =
      app::from_action(stage_named("publish-charts"), {{"INPUT_REGISTRY-USER", " octo "}, {"INPUT_APP-ID", "7"}});
  BOOST_TEST(invocation.action);
  BOOST_TEST(invocation.inputs.at("registry-user") == "octo");
  BOOST_TEST(invocation.inputs.at("app-id") == "7");
  BOOST_TEST(invocation.inputs.at("registry-password").empty());
  BOOST_TEST(invocation.inputs.at("mode") == "apply");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waybill

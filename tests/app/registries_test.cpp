#include "core/app/registries.h"

#include <boost/test/unit_test.hpp>
#include <sstream>

#include "core/app/command_line.h"
#include "core/app/report.h"
#include "core/base/error.h"
#include "testing/scripted_http.h"

// The job's token is shown to the forge's own registry and to no other (trust.md T18).
namespace waybill {

BOOST_AUTO_TEST_SUITE(app_registries)

namespace {

struct Publishing {
  explicit Publishing(const std::string& password)
      : environment{{"GITHUB_ACTIONS", "true"}, {"INPUT_TOKEN", "ghs_job"}, {"INPUT_REGISTRY-PASSWORD", password}},
        invocation(app::from_action(stages::stage_named("publish-charts"), environment)) {
    session.context.emplace();
    session.context->server_url = "https://github.com";
  }

  // The registry wants to know who asks for a tag: it is told, or the question ends there.
  void asks(const std::string& host, bool told) {
    const std::string manifest = "https://" + host + "/v2/octo/charts/web/manifests/1.0.0";
    http.expect("GET", manifest, testing::answer(401, "", {{"www-authenticate", "Basic realm=\"registry\""}}),
                testing::without_header("authorization"));
    if (told)
      http.expect("GET", manifest, testing::answer(404),
                  [](const http::Request& request) { return request.headers.contains("authorization"); });
    try {
      BOOST_TEST(!registries(host + "/octo/charts/web").manifest("1.0.0").has_value());
      BOOST_TEST(told, host);
    } catch (const Error& error) {
      BOOST_TEST((error.fault() == Fault::kPermission));
      BOOST_TEST(!told, host);
    }
  }

  runner::Environment environment;
  app::Invocation invocation;
  std::ostringstream printed;
  Log log{printed};
  runner::Commands commands{environment, log};
  testing::ScriptedHttp http;
  SystemClock clock;
  app::Session session{.invocation = invocation, .log = log, .commands = commands, .http = http, .clock = clock};
  app::Registries registries{session};
};

}  // namespace

BOOST_AUTO_TEST_CASE(the_jobs_token_goes_to_the_forges_registry_alone) {
  Publishing("ghs_job").asks("ghcr.io", true);
  for (const char* foreign : {"registry.example", "ghcr.io.example", "containers.github.com"})
    Publishing("ghs_job").asks(foreign, false);
}

BOOST_AUTO_TEST_CASE(a_password_of_its_own_goes_where_the_policy_publishes) {
  for (const char* host : {"registry.example", "ghcr.io"}) Publishing("secret").asks(host, true);
}

BOOST_AUTO_TEST_CASE(text_by_others_does_not_end_its_block) {
  BOOST_TEST(app::fenced("plain") == "```\nplain\n```\n");
  BOOST_TEST(app::fenced("a\n```\n# b", "json") == "````json\na\n```\n# b\n````\n");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waybill

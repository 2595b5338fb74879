#include "core/sandbox/traffic.h"

#include <boost/test/unit_test.hpp>

#include "core/base/error.h"
#include "core/http/client.h"
#include "sandbox/run_host.h"

namespace waybill {
BOOST_AUTO_TEST_SUITE(sandbox)
BOOST_AUTO_TEST_SUITE(traffic)

namespace {

// A server whose every path answers "done" and counts.
struct Host {
  Host() {
    traffic.install(server);
    server.route("/", [this](const HttpRequest&) {
      ++carried_out;
      return HttpResponse{200, {}, "done"};
    });
    base = "http://127.0.0.1:" + std::to_string(server.listen(0));
  }

  ~Host() {
    client.reset();
    server.stop();
  }

  http::Response send(const std::string& method, const std::string& path, const Json& body = nullptr) {
    return client->send({.method = method, .url = base + path, .body = body.is_null() ? "" : body.dump()});
  }

  int fault(const Json& wish) { return send("POST", "/_sandbox/faults", wish).status; }

  Json listed(const std::string& what) { return parse_json(send("GET", "/_sandbox/" + what).body, what); }

  bool answers(const std::string& method, const std::string& path) {
    try {
      return send(method, path).status == 200;
    } catch (const Error& error) {
      BOOST_TEST((error.fault() == Fault::kRemote));
      return false;
    }
  }

  Traffic traffic;
  HttpServer server;
  std::unique_ptr<http::Client> client = http::open();
  std::string base;
  int carried_out = 0;
};

}  // namespace

BOOST_AUTO_TEST_CASE(a_fault_lets_some_pass_and_is_met_as_often_as_asked_for) {
  Host host;
  BOOST_TEST(host.fault({{"method", "GET"},
                         {"path", "/a/*/c"},
                         {"status", 503},
                         {"after", 1},
                         {"times", 2},
                         {"headers", {{"Retry-After", "7"}}},
                         {"body", {{"message", "later"}}}}) == 201);
  BOOST_TEST(host.answers("GET", "/a/1/c"));
  BOOST_TEST(host.answers("POST", "/a/1/c"));
  BOOST_TEST(host.answers("GET", "/a/1"));
  const http::Response struck = host.send("GET", "/a/2/b/c");
  BOOST_TEST(struck.status == 503);
  BOOST_TEST(struck.header("retry-after") == "7");
  BOOST_TEST(struck.body == R"({"message":"later"})");
  BOOST_TEST(!host.answers("GET", "/a/3/c"));
  BOOST_TEST(host.answers("GET", "/a/4/c"));
  BOOST_TEST(host.carried_out == 4);
  BOOST_TEST(host.listed("faults")[0]["met"].size() == 2U);
  host.send("DELETE", "/_sandbox/faults");
  BOOST_TEST(host.listed("faults").empty());
}

BOOST_AUTO_TEST_CASE(a_connection_is_dropped_before_or_after_the_work) {
  Host host;
  host.fault({{"method", "POST"}, {"path", "/x"}, {"effect", "drop"}});
  BOOST_TEST(!host.answers("POST", "/x"));
  BOOST_TEST(host.carried_out == 0);
  host.fault({{"method", "POST"}, {"path", "/x"}, {"effect", "drop"}, {"done", true}});
  BOOST_TEST(!host.answers("POST", "/x"));
  BOOST_TEST(host.carried_out == 1);
  BOOST_TEST(host.answers("POST", "/x"));
}

BOOST_AUTO_TEST_CASE(a_delay_alone_changes_nothing_but_the_time) {
  Host host;
  host.fault({{"method", "*"}, {"path", "*"}, {"effect", "pass"}, {"delay", 200}});
  const auto begin = std::chrono::steady_clock::now();
  BOOST_TEST(host.answers("GET", "/x"));
  BOOST_TEST((std::chrono::steady_clock::now() - begin >= std::chrono::milliseconds(200)));
}

BOOST_AUTO_TEST_CASE(only_the_runs_of_the_named_workflow_meet_it_and_what_they_ask_for_is_written_down) {
  Host host;
  host.fault({{"method", "GET"}, {"path", "*"}, {"workflow", "tag-charts"}, {"status", 404}});
  BOOST_TEST(host.answers("GET", "/before"));
  host.traffic.begin("7", ".github/workflows/publish-charts.yml");
  BOOST_TEST(host.answers("GET", "/x"));
  host.traffic.begin("8.2", ".github/workflows/tag-charts.yml");
  BOOST_TEST(!host.answers("GET", "/x"));
  host.traffic.end();
  BOOST_TEST(host.answers("GET", "/after"));
  const Json requests = host.listed("requests");
  BOOST_TEST_REQUIRE(requests.size() == 2U);
  BOOST_TEST(requests[0]["run"] == "7");
  BOOST_TEST(requests[1]["status"] == 404);
  BOOST_TEST(host.listed("faults")[0]["met"][0]["run"] == "8.2");
}

BOOST_AUTO_TEST_CASE(a_fault_that_means_nothing_is_refused) {
  Host host;
  BOOST_TEST(host.fault({{"method", "GET"}}) == 422);
  BOOST_TEST(host.fault({{"method", "GET"}, {"path", "/"}, {"effect", "explode"}}) == 422);
  BOOST_TEST(host.fault({{"method", "GET"}, {"path", "/"}, {"colour", "red"}}) == 422);
  BOOST_TEST(host.fault({{"method", "GET"}, {"path", "/"}, {"times", "often"}}) == 422);
  BOOST_TEST(host.listed("faults").empty());
}

BOOST_AUTO_TEST_CASE(a_stage_is_killed_at_a_request) {
  testing::RunHost host;
  host.by_operator("faults", {{"method", "GET"}, {"path", "/oidc/token"}, {"workflow", "probe"}, {"effect", "kill"}});
  host.push("main",
            {{".github/workflows/probe.yml", testing::probe_workflow("push:", "permissions: {id-token: write}")}});
  const auto runs = host.finished();
  BOOST_TEST_REQUIRE(runs.size() == 1U);
  BOOST_TEST(runs[0].conclusion == "failure");
  BOOST_TEST(runs[0].exit_code == 128 + 9);
  BOOST_TEST(host.text("/_sandbox/runs/" + runs[0].key + "/summary") == "");
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill

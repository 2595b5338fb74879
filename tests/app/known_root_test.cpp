#include "core/app/known_root.h"

#include <boost/test/unit_test.hpp>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/sigstore/instance.h"
#include "core/sigstore/trusted_root.h"

// Roots that nobody gave: which, how old, and why not newer (trust.md T23).
namespace waybill {

BOOST_AUTO_TEST_SUITE(app_known_root)

namespace {

struct Unreachable final : http::Client {
  http::Response send(const http::Request& request) override {
    asked.push_back(request.url);
    throw Error(Fault::kRemote, "GET {}: nobody answers", request.url);
  }

  std::vector<std::string> asked;
};

struct Looking {
  TemporaryFolder home;
  Unreachable client;
  Time now = parse_rfc3339("2026-12-01T00:00:00Z");

  std::optional<stages::KnownRoot> root(std::string_view organisation, bool offline, bool with_home = true) {
    runner::Environment environment;
    if (with_home) environment["HOME"] = home.path().string();
    return app::known_root(organisation, offline, environment, client, now);
  }
};

bool says(const std::optional<stages::KnownRoot>& known, std::string_view text) {
  return known && known->described.find(text) != std::string::npos;
}

}  // namespace

BOOST_FIXTURE_TEST_CASE(offline_nobody_is_asked_and_the_copy_says_its_age, Looking) {
  const auto known = root("sigstore.dev", true);
  BOOST_TEST(says(known, "public-good, copied on 2026-11-21, 10 days ago (offline)"));
  BOOST_TEST(client.asked.empty());
  BOOST_TEST(!sigstore::TrustedRoot::parse(known->json).logs.empty());
  BOOST_TEST(says(root("GitHub, Inc.", true), "github, copied on 2026-11-21"));
}

BOOST_FIXTURE_TEST_CASE(when_nobody_answers_the_copy_stands_in_and_says_why, Looking) {
  BOOST_TEST(says(root("sigstore.dev", false), "10 days ago (GET https://tuf-repo-cdn.sigstore.dev/16.root.json"));
  BOOST_TEST(client.asked.front() == "https://tuf-repo-cdn.sigstore.dev/16.root.json");
}

BOOST_FIXTURE_TEST_CASE(without_a_place_to_keep_one_nobody_is_asked, Looking) {
  BOOST_TEST(says(root("sigstore.dev", false, false), "neither XDG_CACHE_HOME nor HOME names a folder"));
  BOOST_TEST(client.asked.empty());
}

BOOST_FIXTURE_TEST_CASE(of_others_none_is_known, Looking) {
  BOOST_TEST(!root("sigstore.dev.example", true).has_value());
  BOOST_TEST(!root("", true).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waybill

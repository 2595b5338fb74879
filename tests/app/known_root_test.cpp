#include "core/app/known_root.h"

#include <boost/test/unit_test.hpp>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/sigstore/instance.h"
#include "core/sigstore/trusted_root.h"
#include "tuf/repository.h"

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

// An instance whose repository is in memory; compiled in is an older root than the one that it has.
struct Refreshing {
  Refreshing() {
    repository.add_target("targets", "trusted_root.json", "the newer root");
    repository.release();
    root = repository.files.at(tuf::kMetadataUrl + "/1.root.json");
    for (const auto& [url, content] : std::map(repository.files))
      if (url.starts_with(tuf::kTargetsUrl))
        repository.files[tuf::kMetadataUrl + "/targets/" + url.substr(tuf::kTargetsUrl.size())] = content;
    environment["HOME"] = home.path().string();
  }

  stages::KnownRoot known(bool offline = false) {
    const sigstore::Instance instance{.name = "test",
                                      .certificate_organisation = "test",
                                      .copied_on = "2026-11-01",
                                      .trusted_root = "the copy",
                                      .signing_config = "{}",
                                      .tuf_root = root,
                                      .tuf_url = tuf::kMetadataUrl};
    return app::known_root_of(instance, offline, environment, repository, now);
  }

  TemporaryFolder home;
  runner::Environment environment;
  Time now = parse_rfc3339("2026-11-21T12:00:00Z");
  tuf::Repository repository{now};
  std::string root;
};

BOOST_FIXTURE_TEST_CASE(what_the_repository_has_is_asked_for_once_a_day, Refreshing) {
  BOOST_TEST(known().json == "the newer root");
  BOOST_TEST(known().described == "test, by TUF 0 hours ago");
  const std::size_t asked = repository.requests.size();
  now += std::chrono::hours(5);
  BOOST_TEST(known().described == "test, by TUF 5 hours ago");
  BOOST_TEST(repository.requests.size() == asked);
  now += std::chrono::hours(20);
  BOOST_TEST(known().described == "test, by TUF 0 hours ago");
  BOOST_TEST(repository.requests.size() > asked);
}

BOOST_FIXTURE_TEST_CASE(what_was_fetched_before_stands_in_while_nobody_answers, Refreshing) {
  BOOST_TEST(known(true).json == "the copy");
  known();
  const std::size_t asked = repository.requests.size();
  BOOST_TEST(known(true).described == "test, by TUF 0 hours ago (offline)");
  BOOST_TEST(repository.requests.size() == asked);
  now += std::chrono::hours(25);
  repository.files.clear();
  const auto stale = known();
  BOOST_TEST(stale.json == "the newer root");
  BOOST_TEST(stale.described.starts_with("test, by TUF 25 hours ago ("), stale.described);
}

BOOST_FIXTURE_TEST_CASE(what_is_past_its_time_does_not, Refreshing) {
  known();
  now += std::chrono::hours(24 * 3650);
  const auto expired = known(true);
  BOOST_TEST(expired.json == "the copy");
  BOOST_TEST(expired.described.find("3670 days ago (offline)") != std::string::npos, expired.described);
}

BOOST_FIXTURE_TEST_CASE(of_others_none_is_known, Looking) {
  BOOST_TEST(!root("sigstore.dev.example", true).has_value());
  BOOST_TEST(!root("", true).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waybill

#include "sigstore/signed_run.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "core/crypto/hash.h"

namespace waybill::sigstore {
namespace {

std::string listed(const Verdict& verdict) {
  return fmt::format("{}", fmt::join(verdict.failures, "\n"));
}

}  // namespace

SignedRun::SignedRun()
    : sigstore("https://token.virtual.example", parse_rfc3339("2026-11-21T12:00:00Z")),
      identity{.subject = "https://forge.example/octo/charts/.github/workflows/tag.yml@refs/heads/main",
               .issuer = "",
               .signer_uri = "https://forge.example/octo/charts/.github/workflows/tag.yml@refs/heads/main",
               .signer_digest = std::string(40, 'a'),
               .runner = "github-hosted",
               .repository_uri = "https://forge.example/octo/charts",
               .source_digest = std::string(40, 'b'),
               .source_ref = "refs/heads/main",
               .repository_id = "2002",
               .owner_uri = "https://forge.example/octo",
               .owner_id = "1001",
               .config_uri = "https://forge.example/octo/charts/.github/workflows/release.yml@refs/heads/main",
               .config_digest = std::string(40, 'c'),
               .trigger = "push",
               .invocation = "https://forge.example/octo/charts/actions/runs/7/attempts/1",
               .visibility = "public",
               .environment = "release"},
      statement{.subjects = {{"charts/nginx", crypto::sha256("a chart")}},
                .predicate_type = "https://virtual.example/checked/v1",
                .predicate = {{"key", "lint-test-v1.33.7"}}} {}

Bundle SignedRun::edited(const std::function<void(Json& bundle)>& edit) {
  Json json = parse_json(sign().json(), "bundle");
  edit(json);
  return Bundle::parse(canonical(json));
}

void check_failure(const Verdict& verdict, std::string_view text) {
  const bool found = std::ranges::any_of(
      verdict.failures, [&](const std::string& failure) { return failure.find(text) != std::string::npos; });
  BOOST_CHECK_MESSAGE(found, "no failure says `" << text << "`, but:\n" << listed(verdict));
  BOOST_TEST(!verdict.statement.has_value());
}

void check_only_failure(const Verdict& verdict, std::string_view text) {
  check_failure(verdict, text);
  BOOST_CHECK_MESSAGE(verdict.failures.size() == 1, "one failure is wanted, there are:\n" << listed(verdict));
}

void check_error(const std::function<void()>& action, Fault fault, std::string_view text) {
  try {
    action();
    BOOST_ERROR("no error, wanted is one that says " << text);
  } catch (const Error& error) {
    BOOST_CHECK_MESSAGE(std::string_view(error.what()).find(text) != std::string_view::npos,
                        "the error says `" << error.what() << "`, wanted is `" << text << "`");
    BOOST_CHECK_MESSAGE(error.fault() == fault, "the fault of `" << error.what() << "`");
  }
}

}  // namespace waybill::sigstore

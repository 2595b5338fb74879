#include "sigstore/signed_run.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "core/crypto/hash.h"
#include "testing/virtual_run.h"

namespace waybill::sigstore {
namespace {

std::string listed(const Verdict& verdict) {
  return fmt::format("{}", fmt::join(verdict.failures, "\n"));
}

}  // namespace

SignedRun::SignedRun()
    : identity(testing::virtual_run(".github/workflows/tag.yml", "push")),
      statement{.subjects = {{"charts/nginx", crypto::sha256("a chart")}},
                .predicate_type = "https://virtual.example/checked/v1",
                .predicate = {{"key", "lint-test-v1.33.7"}}} {
  // A reusable workflow: what signs is not what was started.
  identity.config_uri = "https://forge.example/octo/charts/.github/workflows/release.yml@refs/heads/main";
  identity.config_digest = std::string(40, 'c');
  identity.environment = "release";
}

SignedContent content_of(const Envelope& envelope, const crypto::Certificate& certificate) {
  return {&envelope, Artifact::of_bytes(intoto::pre_authentication_encoding(envelope.payload_type, envelope.payload)),
          envelope.signature, &certificate, certificate.public_key()};
}

Bundle SignedRun::edited(const std::function<void(Json& bundle)>& edit) {
  Json json = parse_json(sign().json(), "bundle");
  edit(json);
  return Bundle::parse(canonical(json));
}

void check_failure(const Verdict& verdict, std::string_view text) {
  BOOST_CHECK_MESSAGE(!verdict.statement.has_value(), "accepted");
  const bool found = std::ranges::any_of(
      verdict.failures, [&](const std::string& failure) { return failure.find(text) != std::string::npos; });
  BOOST_CHECK_MESSAGE(found, "no failure says `" << text << "`, but:\n" << listed(verdict));
}

void check_only_failure(const Verdict& verdict, std::string_view text) {
  check_failure(verdict, text);
  BOOST_CHECK_MESSAGE(verdict.failures.size() == 1, "one failure is wanted, there are:\n" << listed(verdict));
}

}  // namespace waybill::sigstore

#pragma once

// A root, an intermediate and leaves by core/crypto/issue.h for the tests of this folder. Everything ended long ago, so
// a test that passes does not depend on today.

#include <boost/test/unit_test.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/error.h"
#include "core/crypto/issue.h"

namespace waybill::crypto::example {

inline constexpr std::string_view kCodeSigning = "1.3.6.1.5.5.7.3.3";
inline constexpr std::string_view kTimeStamping = "1.3.6.1.5.5.7.3.8";
inline const Time kStart = parse_rfc3339("2020-01-01T00:00:00Z");
inline const Time kEnd = parse_rfc3339("2021-01-01T00:00:00Z");
inline const Time kNoon = parse_rfc3339("2020-06-01T12:00:00Z");

inline CertificateRequest authority_request(std::string name) {
  return {.organisation = "waybill tests",
          .common_name = std::move(name),
          .not_before = kStart,
          .not_after = kEnd,
          .authority = true,
          .key_usages = {"keyCertSign", "cRLSign"}};
}

inline CertificateRequest leaf_request(std::string_view usage = kCodeSigning) {
  return {.not_before = kNoon,
          .not_after = kNoon + std::chrono::minutes(10),
          .key_usages = {"digitalSignature"},
          .extended_usages = {std::string(usage)},
          .extended_usage_critical = usage == kTimeStamping,
          .uris = {"https://example.test/workflow@refs/heads/main"}};
}

struct Authority {
  PrivateKey root_key = PrivateKey::generate_p256();
  PrivateKey intermediate_key = PrivateKey::generate_p256();
  Certificate root = issue(authority_request("root"), root_key.public_key(), root_key, nullptr);
  Certificate intermediate = issue_intermediate();

  Certificate issue_intermediate(const std::vector<std::string>& usages = {}) const {
    CertificateRequest request = authority_request("intermediate");
    request.path_length = 0;
    request.extended_usages = usages;
    return issue(request, intermediate_key.public_key(), root_key, &root);
  }

  Certificate leaf(const CertificateRequest& request, const PrivateKey& key) const {
    return issue(request, key.public_key(), intermediate_key, &intermediate);
  }
};

inline bool holds(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

// The reason says this.
inline void require_reason(const std::optional<std::string>& failure, std::string_view part) {
  BOOST_REQUIRE_MESSAGE(failure.has_value(), "no failure, wanted: " << part);
  BOOST_TEST(holds(*failure, part), *failure << " does not say: " << part);
}

// The call throws an Error of this fault that says this.
template <class Call>
void require_error(Call call, std::string_view part, Fault fault = Fault::kInput) {
  BOOST_CHECK_EXCEPTION(call(), Error, [&](const Error& error) {
    BOOST_TEST_MESSAGE(error.what());
    return error.fault() == fault && holds(error.what(), part);
  });
}

}  // namespace waybill::crypto::example

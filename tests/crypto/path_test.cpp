#include "core/base/encoding.h"
#include "tests/crypto/authority.h"

namespace waybill {
BOOST_AUTO_TEST_SUITE(crypto)
BOOST_AUTO_TEST_SUITE(paths)

namespace {

using example::Authority;
using example::kCodeSigning;
using example::kNoon;
using example::leaf_request;
using example::require_reason;

struct World {
  Authority authority;
  PrivateKey key = PrivateKey::generate_p256();
  Certificate leaf = authority.leaf(leaf_request(), key);

  std::optional<std::string> failure(const Certificate& of, Time at = kNoon) const {
    return path_failure(of, {authority.intermediate}, {authority.root}, at, kCodeSigning);
  }
};

}  // namespace

BOOST_AUTO_TEST_CASE(hold_and_name_the_issuer) {
  const World world;
  std::optional<Certificate> issuer;
  BOOST_TEST(path_failure(world.leaf, {world.authority.intermediate}, {Authority().root, world.authority.root}, kNoon,
                          kCodeSigning, &issuer)
                 .value_or("") == "");
  BOOST_TEST(issuer.value().der() == world.authority.intermediate.der());
}

BOOST_AUTO_TEST_CASE(hold_right_below_the_root) {
  const World world;
  std::optional<Certificate> issuer;
  const Certificate leaf =
      issue(leaf_request(), world.key.public_key(), world.authority.root_key, &world.authority.root);
  BOOST_TEST(path_failure(leaf, {}, {world.authority.root}, kNoon, kCodeSigning, &issuer).value_or("") == "");
  BOOST_TEST(issuer.value().der() == world.authority.root.der());
}

// "the period of time from notBefore through notAfter, inclusive" (RFC 5280 §4.1.2.5).
BOOST_AUTO_TEST_CASE(hold_from_the_first_to_the_last_second) {
  const World world;
  const std::chrono::seconds second(1);
  BOOST_TEST(!world.failure(world.leaf, world.leaf.not_before()).has_value());
  BOOST_TEST(!world.failure(world.leaf, world.leaf.not_after()).has_value());
  require_reason(world.failure(world.leaf, world.leaf.not_before() - second), "not yet valid at 2020-06-01T11:59:59Z");
  require_reason(world.failure(world.leaf, world.leaf.not_after() + second), "has expired at 2020-06-01T12:10:01Z");
}

BOOST_AUTO_TEST_CASE(through_an_expired_authority_fail) {
  const World world;
  CertificateRequest request = leaf_request();
  request.not_after = example::kEnd + std::chrono::hours(48);
  require_reason(world.failure(world.authority.leaf(request, world.key), example::kEnd + std::chrono::hours(24)),
                 "has expired");
}

BOOST_AUTO_TEST_CASE(to_another_root_fail) {
  const World world;
  const Authority other;
  require_reason(path_failure(world.leaf, {world.authority.intermediate}, {other.root}, kNoon, kCodeSigning),
                 "unable to get local issuer certificate");
  require_reason(path_failure(world.leaf, {other.intermediate}, {other.root}, kNoon, kCodeSigning),
                 "unable to get local issuer certificate");
  require_reason(
      path_failure(world.leaf, {world.authority.intermediate, world.authority.root}, {other.root}, kNoon, kCodeSigning),
      "self-signed certificate in certificate chain");
}

BOOST_AUTO_TEST_CASE(without_the_intermediate_fail) {
  const World world;
  require_reason(path_failure(world.leaf, {}, {world.authority.root}, kNoon, kCodeSigning),
                 "unable to get local issuer certificate");
}

BOOST_AUTO_TEST_CASE(to_an_intermediate_as_root_fail) {
  const World world;
  require_reason(path_failure(world.leaf, {}, {world.authority.intermediate}, kNoon, kCodeSigning),
                 "the trusted root (CN=intermediate,O=waybill tests) is not self-issued");
  require_reason(path_failure(world.leaf, {}, {}, kNoon, kCodeSigning), "no trusted root is given");
}

BOOST_AUTO_TEST_CASE(of_an_authority_fail) {
  const World world;
  require_reason(world.failure(world.authority.intermediate), "the certificate is an authority's");
}

BOOST_AUTO_TEST_CASE(of_a_leaf_that_is_its_own_root_fail) {
  const World world;
  CertificateRequest request = leaf_request();
  request.common_name = "alone";
  const Certificate leaf = issue(request, world.key.public_key(), world.key, nullptr);
  require_reason(path_failure(leaf, {}, {leaf}, kNoon, kCodeSigning), "the certificate is its own root");
}

BOOST_AUTO_TEST_CASE(without_the_usage_fail) {
  const World world;
  require_reason(world.failure(world.authority.leaf(leaf_request(example::kTimeStamping), world.key)),
                 "the certificate's extended key usage lacks 1.3.6.1.5.5.7.3.3");
  // anyExtendedKeyUsage is not this usage.
  require_reason(world.failure(world.authority.leaf(leaf_request("2.5.29.37.0"), world.key)),
                 "lacks 1.3.6.1.5.5.7.3.3");
  CertificateRequest request = leaf_request();
  request.extended_usages.clear();
  require_reason(world.failure(world.authority.leaf(request, world.key)), "lacks 1.3.6.1.5.5.7.3.3");
}

BOOST_AUTO_TEST_CASE(through_an_intermediate_of_another_usage_fail) {
  const World world;
  const Certificate other = world.authority.issue_intermediate({std::string(example::kTimeStamping)});
  require_reason(path_failure(world.leaf, {other}, {world.authority.root}, kNoon, kCodeSigning),
                 "the intermediate (CN=intermediate,O=waybill tests) lacks 1.3.6.1.5.5.7.3.3");
  const Certificate same = world.authority.issue_intermediate({std::string(kCodeSigning)});
  BOOST_TEST(!path_failure(world.leaf, {same}, {world.authority.root}, kNoon, kCodeSigning).has_value());
}

BOOST_AUTO_TEST_CASE(through_a_leaf_as_authority_fail) {
  const World world;
  CertificateRequest middle = leaf_request();
  middle.common_name = "not an authority";
  const Certificate above = world.authority.leaf(middle, world.key);
  const PrivateKey key = PrivateKey::generate_p256();
  const Certificate leaf = issue(leaf_request(), key.public_key(), world.key, &above);
  require_reason(path_failure(leaf, {above, world.authority.intermediate}, {world.authority.root}, kNoon, kCodeSigning),
                 "invalid CA certificate");
}

BOOST_AUTO_TEST_CASE(longer_than_the_authority_allows_fail) {
  const World world;
  const PrivateKey key = PrivateKey::generate_p256();
  const Certificate deeper = issue(example::authority_request("deeper"), key.public_key(),
                                   world.authority.intermediate_key, &world.authority.intermediate);
  const Certificate leaf = issue(leaf_request(), world.key.public_key(), key, &deeper);
  require_reason(
      path_failure(leaf, {deeper, world.authority.intermediate}, {world.authority.root}, kNoon, kCodeSigning),
      "path length constraint exceeded");
}

BOOST_AUTO_TEST_CASE(with_an_unknown_critical_extension_fail) {
  const World world;
  CertificateRequest request = leaf_request();
  request.extensions = {{.oid = "1.3.6.1.4.1.57264.1.99", .der = from_hex("0500"), .critical = true}};
  require_reason(world.failure(world.authority.leaf(request, world.key)), "unhandled critical extension");
}

BOOST_AUTO_TEST_CASE(of_a_changed_certificate_fail) {
  const World world;
  std::string der = world.leaf.der();
  const std::size_t at = der.find("example.test");
  BOOST_REQUIRE(at != std::string::npos);
  der[at] = 'E';
  require_reason(world.failure(Certificate::from_der(der)), "certificate signature failure");
}

BOOST_AUTO_TEST_CASE(of_a_certificate_with_one_bit_changed_never_hold) {
  const World world;
  for (std::size_t i = 0; i < world.leaf.der().size(); ++i) {
    std::string der = world.leaf.der();
    der[i] = static_cast<char>(der[i] ^ 1);
    try {
      BOOST_TEST(world.failure(Certificate::from_der(der)).has_value(), "holds with byte " << i << " changed");
    } catch (const Error& error) {
      BOOST_CHECK(error.fault() == Fault::kInput);
    }
  }
}

BOOST_AUTO_TEST_CASE(through_an_authority_without_basic_constraints_fail) {
  const World world;
  CertificateRequest request = example::authority_request("no authority");
  request.authority = false;
  const Certificate above = issue(request, world.key.public_key(), world.authority.root_key, &world.authority.root);
  const Certificate root = issue(request, world.key.public_key(), world.key, nullptr);
  const PrivateKey key = PrivateKey::generate_p256();
  require_reason(path_failure(issue(leaf_request(), key.public_key(), world.key, &above), {above},
                              {world.authority.root}, kNoon, kCodeSigning),
                 "invalid CA certificate");
  require_reason(
      path_failure(issue(leaf_request(), key.public_key(), world.key, &root), {}, {root}, kNoon, kCodeSigning),
      "the trusted root (CN=no authority,O=waybill tests) is not an authority's");
}

BOOST_AUTO_TEST_CASE(with_an_extension_that_cannot_be_read_fail) {
  const World world;
  CertificateRequest request = leaf_request();
  request.extensions = {{.oid = "2.5.29.17", .der = from_hex("3000")}};
  require_reason(world.failure(world.authority.leaf(request, world.key)), "stands twice");
  request.extensions = {{.oid = "2.5.29.19", .der = "no DER"}};
  require_reason(world.failure(world.authority.leaf(request, world.key)), "an extension that cannot be read");
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill

#include "core/crypto/issue.h"

#include "core/base/encoding.h"
#include "tests/crypto/authority.h"

namespace waybill {
BOOST_AUTO_TEST_SUITE(crypto)
BOOST_AUTO_TEST_SUITE(issued)

namespace {

constexpr std::string_view kSctList = "1.3.6.1.4.1.11129.2.4.2";

}  // namespace

BOOST_AUTO_TEST_CASE(certificates_carry_the_list_over_what_the_log_signed) {
  const example::Authority authority;
  const PrivateKey key = PrivateKey::generate_p256();
  CertificateRequest request = example::leaf_request();
  request.extensions = {{.oid = "1.3.6.1.4.1.57264.1.8", .der = utf8_string_der("https://issuer.test")}};
  std::string signed_by_log;
  const std::string list = from_hex("0004000200ff");
  const Certificate leaf = issue_with_scts(request, key.public_key(), authority.intermediate_key,
                                           authority.intermediate, [&](std::string_view tbs) {
                                             signed_by_log = tbs;
                                             return list;
                                           });
  BOOST_TEST(der_octet_string(leaf.extension(kSctList).value()) == list);
  BOOST_TEST(!signed_by_log.empty());
  BOOST_TEST(tbs_without_extension(leaf, kSctList) == signed_by_log);
  BOOST_TEST(signed_by_log.find(list) == std::string::npos);
  BOOST_TEST(leaf.der().find(signed_by_log) == std::string::npos);
  BOOST_TEST(!path_failure(leaf, {authority.intermediate}, {authority.root}, example::kNoon, example::kCodeSigning)
                  .has_value());
}

BOOST_AUTO_TEST_CASE(certificates_without_the_extension_keep_their_bytes) {
  const example::Authority authority;
  const std::string tbs = tbs_without_extension(authority.intermediate, kSctList);
  BOOST_TEST(authority.intermediate.der().find(tbs) == 4U);
}

BOOST_AUTO_TEST_CASE(certificates_never_share_a_serial) {
  const example::Authority authority;
  const PrivateKey key = PrivateKey::generate_p256();
  BOOST_TEST(authority.leaf(example::leaf_request(), key).der() != authority.leaf(example::leaf_request(), key).der());
}

BOOST_AUTO_TEST_CASE(certificates_need_the_key_of_their_issuer) {
  const example::Authority authority;
  const PrivateKey key = PrivateKey::generate_p256();
  example::require_error([&] { issue(example::leaf_request(), key.public_key(), key, &authority.root); },
                         "the signing key is not the issuer's");
  CertificateRequest request = example::leaf_request();
  request.key_usages = {"everything"};
  example::require_error([&] { authority.leaf(request, key); }, "key usage `everything` is not");
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill

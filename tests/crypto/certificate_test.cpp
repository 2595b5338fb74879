#include "core/crypto/certificate.h"

#include "core/base/encoding.h"
#include "tests/crypto/authority.h"

namespace waybill {
BOOST_AUTO_TEST_SUITE(crypto)
BOOST_AUTO_TEST_SUITE(certificates)

namespace {

constexpr std::string_view kIssuerExtension = "1.3.6.1.4.1.57264.1.8";

Certificate leaf_with(const CertificateRequest& request) {
  return example::Authority().leaf(request, PrivateKey::generate_p256());
}

}  // namespace

BOOST_AUTO_TEST_CASE(say_what_was_asked_for) {
  const example::Authority authority;
  const PrivateKey key = PrivateKey::generate_p256();
  CertificateRequest request = example::leaf_request();
  request.uris = {"https://example.test/b", "https://example.test/a"};
  request.extensions = {{.oid = std::string(kIssuerExtension), .der = utf8_string_der("https://issuer.test")}};
  const Certificate leaf = Certificate::from_pem(authority.leaf(request, key).pem());
  BOOST_TEST(leaf.public_key().der() == key.public_key().der());
  BOOST_CHECK(leaf.not_before() == request.not_before);
  BOOST_CHECK(leaf.not_after() == request.not_after);
  BOOST_TEST(leaf.alternative_names() == request.uris, boost::test_tools::per_element());
  BOOST_TEST(leaf.issuer_organisation() == "waybill tests");
  BOOST_TEST(der_utf8_string(leaf.extension(kIssuerExtension).value()) == "https://issuer.test");
  BOOST_TEST(!leaf.extension("1.3.6.1.4.1.57264.1.9").has_value());
  BOOST_TEST(leaf.has_extended_key_usage(example::kCodeSigning));
  BOOST_TEST(!leaf.has_extended_key_usage(example::kTimeStamping));
  BOOST_TEST(leaf.may_sign());
  BOOST_TEST(!leaf.is_authority());
  BOOST_TEST(!leaf.is_self_issued());
  BOOST_TEST(Certificate::from_der(leaf.der()).der() == leaf.der());
}

BOOST_AUTO_TEST_CASE(of_authorities_say_so) {
  const example::Authority authority;
  BOOST_TEST(authority.root.is_authority());
  BOOST_TEST(authority.root.is_self_issued());
  BOOST_TEST(authority.intermediate.is_authority());
  BOOST_TEST(!authority.intermediate.is_self_issued());
  BOOST_TEST(!authority.intermediate.may_sign());
  BOOST_TEST(authority.root.alternative_names().empty());
}

BOOST_AUTO_TEST_CASE(without_key_usage_may_not_sign) {
  CertificateRequest request = example::leaf_request();
  request.key_usages.clear();
  BOOST_TEST(!leaf_with(request).may_sign());
}

BOOST_AUTO_TEST_CASE(are_read_exactly) {
  const Certificate root = example::Authority().root;
  example::require_error([&] { Certificate::from_der(root.der() + "x"); }, "1 bytes follow the end of its DER");
  example::require_error([&] { Certificate::from_der(root.der().substr(0, 100)); }, "certificate: ");
  example::require_error([&] { Certificate::from_der(""); }, "certificate: ");
  example::require_error([&] { Certificate::from_pem(root.pem() + root.pem()); }, "follow the one PEM block");
  example::require_error([&] { Certificate::from_pem(root.public_key().pem()); }, "certificate in PEM: ");
  // The outer length in five octets where three would do.
  std::string loose = root.der();
  BOOST_REQUIRE(loose.substr(0, 2) == from_hex("3082"));
  loose.replace(1, 1, from_hex("840000"));
  example::require_error([&] { Certificate::from_der(loose); }, "its encoding is not DER");
}

BOOST_AUTO_TEST_CASE(with_an_extension_twice_are_refused_when_it_is_asked_for) {
  CertificateRequest request = example::leaf_request();
  const CertificateExtension extension{.oid = std::string(kIssuerExtension), .der = utf8_string_der("a")};
  request.extensions = {extension, extension};
  const Certificate leaf = leaf_with(request);
  example::require_error([&] { leaf.extension(kIssuerExtension); }, "1.57264.1.8 stands twice");
  example::require_error([&] { tbs_without_extension(leaf, kIssuerExtension); }, "1.57264.1.8 stands twice");
  request.extensions = {{.oid = "2.5.29.17", .der = from_hex("3000")}};
  example::require_error([&] { leaf_with(request).alternative_names(); }, "`subjectAltName` stands twice");
}

BOOST_AUTO_TEST_CASE(with_hidden_text_in_a_name_are_refused) {
  CertificateRequest request = example::leaf_request();
  request.uris = {std::string("https://good.test\0.evil.test", 28)};
  example::require_error([&] { leaf_with(request).alternative_names(); }, "holds a NUL byte");
}

BOOST_AUTO_TEST_CASE(extension_identifiers_are_dotted) {
  const Certificate root = example::Authority().root;
  example::require_error([&] { root.extension("subjectAltName"); }, "object identifier `subjectAltName`");
}

BOOST_AUTO_TEST_CASE(strings_in_extensions_are_exact) {
  BOOST_TEST(der_utf8_string(from_hex("0c03c3a978")) == "\xc3\xa9x");
  BOOST_TEST(der_octet_string(from_hex("0402ff00")) == from_hex("ff00"));
  BOOST_TEST(der_utf8_string(utf8_string_der("")).empty());
  example::require_error([] { der_utf8_string(from_hex("0c036161")); }, "UTF8String: ");
  example::require_error([] { der_utf8_string(from_hex("0c01610c0162")); }, "3 bytes follow the end of its DER");
  example::require_error([] { der_utf8_string(from_hex("160161")); }, "UTF8String: ");
  example::require_error([] { der_utf8_string(from_hex("0c8101")); }, "UTF8String: ");
  example::require_error([] { der_utf8_string(from_hex("0c810161")); }, "UTF8String: its encoding is not DER");
  example::require_error([] { der_utf8_string(from_hex("0c02c328")); }, "a byte is not UTF-8");
  example::require_error([] { der_octet_string(from_hex("0c0161")); }, "OCTET STRING: ");
  example::require_error([] { der_octet_string(""); }, "OCTET STRING: ");
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill

#include <functional>

#include "core/crypto/hash.h"
#include "core/crypto/path.h"
#include "core/crypto/timestamp.h"
#include "testing/mutation.h"
#include "tests/crypto/authority.h"

namespace waybill {
BOOST_AUTO_TEST_SUITE(crypto)
BOOST_AUTO_TEST_SUITE(damaged)

namespace {

using testing::survives_damage;

constexpr const char* kOwnOid = "1.3.6.1.4.1.57264.1.8";

struct Certified {
  example::Authority authority;
  PrivateKey key = PrivateKey::generate_p256();
  PrivateKey stamping_key = PrivateKey::generate_rsa2048();
  Certificate leaf = authority.leaf(request(), key);
  Certificate stamping_leaf = authority.leaf(example::leaf_request(example::kTimeStamping), stamping_key);
  std::vector<Certificate> stamping_chain = {stamping_leaf, authority.intermediate, authority.root};

  static CertificateRequest request() {
    CertificateRequest request = example::leaf_request();
    request.extensions.push_back({kOwnOid, utf8_string_der("https://issuer.example"), false});
    return request;
  }

  // Everything that is asked of a certificate; that it is trusted only where it is still the one that was issued.
  void question(const Certificate& certificate) const {
    static_cast<void>(certificate.pem());
    static_cast<void>(certificate.not_before() < certificate.not_after());
    static_cast<void>(certificate.alternative_names());
    static_cast<void>(certificate.issuer_organisation());
    static_cast<void>(certificate.is_authority() || certificate.may_sign() || certificate.is_self_issued());
    if (const auto issuer = certificate.extension(kOwnOid)) static_cast<void>(der_utf8_string(*issuer));
    static_cast<void>(tbs_without_extension(certificate, kOwnOid));
    if (!path_failure(certificate, {authority.intermediate}, {authority.root}, example::kNoon, example::kCodeSigning))
      BOOST_TEST(certificate.der() == leaf.der());
    static_cast<void>(certificate.public_key().verifies("message", key.sign("message")));
  }
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(a_damaged_certificate_is_refused_or_not_trusted, Certified) {
  survives_damage({leaf.der(), authority.intermediate.der(), authority.root.der(), stamping_leaf.der()},
                  [&](const std::string& der) { question(Certificate::from_der(der)); });
  survives_damage({leaf.pem(), authority.root.pem()},
                  [&](const std::string& pem) { question(Certificate::from_pem(pem)); });
}

BOOST_FIXTURE_TEST_CASE(a_damaged_key_is_refused_or_another_key, Certified) {
  const std::string signature = key.sign("message");
  const auto question = [&](const PublicKey& read) {
    if (read.verifies("message", signature)) BOOST_TEST(read.der() == key.public_key().der());
  };
  survives_damage({key.public_key().der(), stamping_key.public_key().der()},
                  [&](const std::string& der) { question(PublicKey::from_der(der)); });
  survives_damage({key.public_key().pem(), stamping_key.public_key().pem()},
                  [&](const std::string& pem) { question(PublicKey::from_pem(pem)); });
  survives_damage({key.pem(), stamping_key.pem()},
                  [&](const std::string& pem) { static_cast<void>(PrivateKey::from_pem(pem).public_key()); });
}

BOOST_FIXTURE_TEST_CASE(a_damaged_timestamp_never_holds_for_another_time, Certified) {
  const std::string response =
      timestamp_response(timestamp_request("message"), stamping_leaf, stamping_key, example::kNoon);
  survives_damage({response}, [&](const std::string& der) {
    const Timestamp read = Timestamp::parse(der);
    if (!read.failure("message", stamping_chain)) BOOST_TEST((read.time() == example::kNoon));
  });
  survives_damage({timestamp_request("message")}, [&](const std::string& der) {
    static_cast<void>(timestamp_response(der, stamping_leaf, stamping_key, example::kNoon));
  });
}

BOOST_AUTO_TEST_CASE(damaged_der_values_are_refused_or_themselves) {
  survives_damage({utf8_string_der("https://issuer.example/ä"), utf8_string_der(std::string(300, 'x'))},
                  [](const std::string& der) { BOOST_TEST(utf8_string_der(der_utf8_string(der)) == der); });
  survives_damage({std::string("\x04\x03"
                               "abc"),
                   std::string("\x04\x00", 2)},
                  [](const std::string& der) { BOOST_TEST(der.ends_with(der_octet_string(der))); });
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill

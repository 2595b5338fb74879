#include "core/crypto/timestamp.h"

#include "core/base/encoding.h"
#include "core/crypto/hash.h"
#include "tests/crypto/authority.h"

namespace waybill {
BOOST_AUTO_TEST_SUITE(crypto)
BOOST_AUTO_TEST_SUITE(timestamps)

namespace {

using example::kNoon;
using example::require_error;
using example::require_reason;

// An authority whose leaf signs with RSA: all its signatures have one length, so that a test can put in another.
struct World {
  example::Authority authority;
  PrivateKey key = PrivateKey::generate_rsa2048();
  Certificate leaf = authority.leaf(example::leaf_request(example::kTimeStamping), key);
  std::vector<Certificate> chain = {leaf, authority.intermediate, authority.root};

  std::string response(std::string_view message = "message", Time at = kNoon) const {
    return timestamp_response(timestamp_request(message), leaf, key, at);
  }

  std::optional<std::string> failure(std::string_view response, std::string_view message = "message") const {
    return Timestamp::parse(response).failure(message, chain);
  }

  // The response with `was` replaced in its signed attributes, signed anew: only what the attributes say is wrong.
  std::string resigned(std::string response, std::string_view was, std::string_view becomes) const {
    constexpr std::size_t kRsaSignature = 256;
    const std::string content_type = from_hex("301a06092a864886f70d010903310d060b2a864886f70d0109100104");
    const std::size_t first = response.find(content_type);
    BOOST_REQUIRE(first != std::string::npos);
    const std::size_t header = response[first - 3] == '\xa0' ? first - 3 : first - 4;
    BOOST_REQUIRE(response[header] == '\xa0');
    const auto octet = [&](std::size_t at) { return static_cast<unsigned char>(response[at]); };
    const std::size_t size =
        octet(header + 1) == 0x81 ? octet(header + 2) : octet(header + 2) * 256U + octet(header + 3);
    const std::size_t at = response.find(was, first);
    BOOST_REQUIRE(was.size() == becomes.size());
    BOOST_REQUIRE(at < first + size);
    response.replace(at, was.size(), becomes);
    // "A separate encoding of the signedAttrs field is performed for message digest calculation" with a SET OF tag
    // (RFC 5652 §5.4).
    const std::string attributes = "\x31" + response.substr(header + 1, first - header - 1 + size);
    response.replace(response.size() - kRsaSignature, kRsaSignature, key.sign(attributes));
    return response;
  }
};

// The request with certReq = TRUE at its end.
std::string asking_for_certificates(std::string request) {
  request += from_hex("0101ff");
  request[1] = static_cast<char>(request[1] + 3);
  return request;
}

std::string token_of(std::string_view response) {
  const std::string granted = from_hex("3003020100");
  const std::size_t at = response.find(granted);
  BOOST_REQUIRE(at != std::string_view::npos);
  return std::string(response.substr(at + granted.size()));
}

}  // namespace

BOOST_AUTO_TEST_CASE(hold_over_their_message) {
  const World world;
  const std::string response = world.response();
  BOOST_CHECK(Timestamp::parse(response).time() == kNoon);
  BOOST_TEST(response.find("200601120000Z") != response.rfind("200601120000Z"), "genTime and signing time differ");
  BOOST_TEST(world.failure(response).value_or("") == "");
  BOOST_TEST(world.failure(token_of(response)).value_or("") == "");
  const std::string over = timestamp_response_over_digest(sha256("message").bytes(), world.leaf, world.key, kNoon);
  BOOST_TEST(world.failure(over).value_or("") == "");
}

BOOST_AUTO_TEST_CASE(hold_with_their_certificate_inside) {
  const World world;
  const std::string request = asking_for_certificates(timestamp_request("message"));
  const std::string response = timestamp_response(request, world.leaf, world.key, kNoon);
  BOOST_TEST(response.find(world.leaf.der()) != std::string::npos);
  BOOST_TEST(world.response().find(world.leaf.der()) == std::string::npos);
  BOOST_TEST(world.failure(response).value_or("") == "");
  // What a token brings along is no reason to trust it.
  const World other;
  require_reason(other.failure(response), "signed by another certificate than the trusted authority's");
}

BOOST_AUTO_TEST_CASE(hold_for_a_p256_authority) {
  const example::Authority authority;
  const PrivateKey key = PrivateKey::generate_p256();
  const Certificate leaf = authority.leaf(example::leaf_request(example::kTimeStamping), key);
  const Timestamp stamp = Timestamp::parse(timestamp_response(timestamp_request("message"), leaf, key, kNoon));
  BOOST_TEST(stamp.failure("message", {leaf, authority.intermediate, authority.root}).value_or("") == "");
}

BOOST_AUTO_TEST_CASE(over_another_message_fail) {
  const World world;
  require_reason(world.failure(world.response(), "another"), "the message imprint is another message's");
}

BOOST_AUTO_TEST_CASE(hold_to_the_last_second_of_the_authority) {
  const World world;
  const std::chrono::seconds second(1);
  BOOST_TEST(world.failure(world.response("message", world.leaf.not_before())).value_or("") == "");
  BOOST_TEST(world.failure(world.response("message", world.leaf.not_after())).value_or("") == "");
  require_reason(world.failure(world.response("message", world.leaf.not_after() + second)),
                 "the authority's certificate: certificate has expired at 2020-06-01T12:10:01Z");
  require_reason(world.failure(world.response("message", world.leaf.not_before() - second)),
                 "the authority's certificate: certificate is not yet valid at 2020-06-01T11:59:59Z");
}

BOOST_AUTO_TEST_CASE(by_another_chain_fail) {
  const World world;
  const World other;
  const std::string response = world.response();
  require_reason(other.failure(response), "signed by another certificate than the trusted authority's");
  const Timestamp stamp = Timestamp::parse(response);
  require_reason(stamp.failure("message", {world.leaf, world.authority.intermediate, other.authority.root}),
                 "the authority's certificate: unable to get");
  require_reason(stamp.failure("message", {world.leaf}), "the authority's chain has 1 certificates");
  require_reason(stamp.failure("message", {}), "the authority's chain has 0 certificates");
}

BOOST_AUTO_TEST_CASE(by_another_key_of_the_same_name_fail) {
  const World world;
  const std::string response = world.response();
  std::string changed = response;
  changed.back() = static_cast<char>(changed.back() ^ 1);
  require_reason(world.failure(changed), "the token does not hold: signature failure");
}

BOOST_AUTO_TEST_CASE(by_an_authority_for_more_than_time_stamping_fail) {
  const World world;
  const Timestamp stamp = Timestamp::parse(world.response());
  CertificateRequest request = example::leaf_request(example::kTimeStamping);
  request.extended_usage_critical = false;
  const auto with = [&](const Certificate& leaf) {
    return stamp.failure("message", {leaf, world.authority.intermediate, world.authority.root});
  };
  require_reason(with(world.authority.leaf(request, world.key)), "not its only, critical extended key usage");
  request.extended_usage_critical = true;
  request.extended_usages.emplace_back(example::kCodeSigning);
  require_reason(with(world.authority.leaf(request, world.key)), "not its only, critical extended key usage");
  require_reason(with(world.authority.leaf(example::leaf_request(), world.key)),
                 "the certificate's extended key usage lacks 1.3.6.1.5.5.7.3.8");
}

BOOST_AUTO_TEST_CASE(with_a_changed_time_fail) {
  const World world;
  std::string response = world.response();
  response.replace(response.find("20200601120000Z"), 15, "20200601120001Z");
  BOOST_CHECK(Timestamp::parse(response).time() == kNoon + std::chrono::seconds(1));
  require_reason(world.failure(response), "the token does not hold: signature failure");
}

BOOST_AUTO_TEST_CASE(with_other_signed_attributes_fail) {
  const World world;
  const std::string response = world.response();
  const std::string tst_info = from_hex("060b2a864886f70d0109100104");
  BOOST_TEST(world.failure(world.resigned(response, tst_info, tst_info)).value_or("") == "");
  require_reason(world.failure(world.resigned(response, tst_info, from_hex("060b2a864886f70d0109100101"))),
                 "the signed content-type is not TSTInfo");
  const std::string content_type = from_hex("06092a864886f70d010903");
  const std::string message_digest = from_hex("06092a864886f70d010904");
  const std::string other = from_hex("06092a864886f70d010908");
  require_reason(world.failure(world.resigned(response, content_type, other)), "not exactly one content-type");
  require_reason(world.failure(world.resigned(response, message_digest, other)), "not exactly one message-digest");
  require_reason(world.failure(world.resigned(response, message_digest, content_type)), "not exactly one content-type");
}

BOOST_AUTO_TEST_CASE(bound_to_another_certificate_fail) {
  const World world;
  const std::string response = world.response();
  const std::string bound = sha256(world.leaf.der()).bytes();
  require_reason(world.failure(world.resigned(response, bound, sha256("another").bytes())),
                 "the token does not hold: ess cert id not found");
  // id-aa-signingCertificateV2 under another name: no binding at all.
  require_reason(world.failure(world.resigned(response, from_hex("060b2a864886f70d010910022f"),
                                              from_hex("060b2a864886f70d010910022e"))),
                 "the token does not hold: missing signing certificate attribute");
}

BOOST_AUTO_TEST_CASE(of_another_version_fail) {
  const World world;
  std::string response = world.response();
  const std::size_t version = response.find(from_hex("02010106092b0601040183bf3002"));
  BOOST_REQUIRE(version != std::string::npos);
  response[version + 2] = 2;
  require_reason(world.failure(response), "the version of the TSTInfo is not 1");
}

BOOST_AUTO_TEST_CASE(are_read_exactly) {
  const World world;
  const std::string response = world.response();
  require_error([&] { Timestamp::parse(response + "x"); }, "time-stamp: ");
  require_error([&] { Timestamp::parse(token_of(response) + "x"); }, "1 bytes follow the end of its DER");
  require_error([&] { Timestamp::parse(response.substr(0, 200)); }, "time-stamp: ");
  require_error([&] { Timestamp::parse(""); }, "time-stamp: ");
  require_error([&] { Timestamp::parse(std::string(70000, '0')); }, "70000 bytes of DER, at most 65536");
  require_error([&] { Timestamp::parse(world.leaf.der()); }, "time-stamp: ");
}

BOOST_AUTO_TEST_CASE(that_were_not_granted_are_refused) {
  const World world;
  require_error([&] { Timestamp::parse(timestamp_response("no request", world.leaf, world.key, kNoon)); },
                "the authority answered with status 2 instead of granted (0)");
  std::string response = world.response();
  response.replace(response.find(from_hex("3003020100")), 5, from_hex("3003020101"));
  require_error([&] { Timestamp::parse(response); }, "status 1 instead of granted (0)");
}

BOOST_AUTO_TEST_CASE(are_not_made_by_a_certificate_for_something_else) {
  const World world;
  const Certificate leaf = world.authority.leaf(example::leaf_request(), world.key);
  require_error([&] { timestamp_response(timestamp_request("message"), leaf, world.key, kNoon); },
                "time-stamp authority: ");
  require_error([&] { timestamp_response_over_digest("short", world.leaf, world.key, kNoon); },
                "5 bytes of SHA-256 digest, 32 are wanted");
}

// Parts of a token are outside its signature (the answer's status, version numbers): nothing follows from those.
BOOST_AUTO_TEST_CASE(with_one_bit_changed_never_hold_for_another_time) {
  const World world;
  const std::string response = world.response();
  std::size_t refused = 0;
  for (std::size_t i = 0; i < response.size(); ++i) {
    std::string changed = response;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    try {
      const Timestamp stamp = Timestamp::parse(changed);
      if (stamp.failure("message", world.chain)) {
        ++refused;
      } else {
        BOOST_CHECK(stamp.time() == kNoon);
        BOOST_TEST_MESSAGE("holds with byte " << i << " changed");
      }
    } catch (const Error& error) {
      BOOST_CHECK(error.fault() == Fault::kInput);
      ++refused;
    }
  }
  BOOST_TEST(refused > response.size() * 9 / 10);
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill

#include "core/sigstore/trusted_root.h"

#include <boost/test/unit_test.hpp>

#include "core/base/encoding.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/crypto/hash.h"
#include "sigstore/signed_run.h"
#include "testing/data.h"
#include "testing/refusal.h"

namespace waybill {
BOOST_AUTO_TEST_SUITE(sigstore)
BOOST_FIXTURE_TEST_SUITE(trusted_root, SignedRun)

TrustedRoot edited_root(const SignedRun& run, const std::function<void(Json&)>& edit) {
  Json json = parse_json(run.sigstore.trusted_root_json(), "trusted root");
  edit(json);
  return TrustedRoot::parse(canonical(json));
}

BOOST_AUTO_TEST_CASE(its_digest_is_that_of_the_text_it_was_read_from) {
  const std::string json = sigstore.trusted_root_json();
  BOOST_TEST(TrustedRoot::parse(json).digest.text() == crypto::sha256(json).text());
}

BOOST_AUTO_TEST_CASE(a_missing_start_is_malformed_never_unbounded) {
  testing::refuses(Fault::kInput, "trusted root.tlogs[0].publicKey.validFor.start is missing", [&] {
    edited_root(*this, [](Json& json) { json["tlogs"][0]["publicKey"]["validFor"].erase("start"); });
  });
  testing::refuses(Fault::kInput, "trusted root.tlogs[0].publicKey.validFor is missing",
                   [&] { edited_root(*this, [](Json& json) { json["tlogs"][0]["publicKey"].erase("validFor"); }); });
  testing::refuses(Fault::kInput, "trusted root.certificateAuthorities[0].validFor.start is missing", [&] {
    edited_root(*this, [](Json& json) { json["certificateAuthorities"][0]["validFor"]["start"] = nullptr; });
  });
}

BOOST_AUTO_TEST_CASE(an_end_of_null_is_none) {
  const TrustedRoot root =
      edited_root(*this, [](Json& json) { json["tlogs"][0]["publicKey"]["validFor"]["end"] = nullptr; });
  BOOST_TEST(!root.logs.front().validity.end.has_value());
}

BOOST_AUTO_TEST_CASE(a_misspelt_list_is_not_an_empty_one) {
  testing::refuses(Fault::kInput, "trusted root has the unknown member `tlog`", [&] {
    edited_root(*this, [](Json& json) {
      json["tlog"] = json["tlogs"];
      json.erase("tlogs");
    });
  });
}

BOOST_AUTO_TEST_CASE(other_kinds_of_keys_hashes_and_documents_are_refused_by_name) {
  testing::refuses(
      Fault::kInput, "trusted root.tlogs[0].publicKey.keyDetails is `ML_DSA_65`, a kind of key that is not read",
      [&] { edited_root(*this, [](Json& json) { json["tlogs"][0]["publicKey"]["keyDetails"] = "ML_DSA_65"; }); });
  testing::refuses(Fault::kInput, "trusted root.tlogs[0].hashAlgorithm is `SHA2_512`, `SHA2_256` is wanted",
                   [&] { edited_root(*this, [](Json& json) { json["tlogs"][0]["hashAlgorithm"] = "SHA2_512"; }); });
  testing::refuses(Fault::kInput, "trusted root: the media type `application/json` is not version 0.1 or 0.2",
                   [&] { edited_root(*this, [](Json& json) { json["mediaType"] = "application/json"; }); });
}

BOOST_AUTO_TEST_CASE(a_log_without_an_id_is_known_by_its_key) {
  const TrustedRoot root = edited_root(*this, [](Json& json) { json["tlogs"][0].erase("logId"); });
  BOOST_TEST(root.logs.front().id == crypto::sha256(root.logs.front().key.der()).bytes());
}

BOOST_AUTO_TEST_CASE(a_checkpoint_key_id_of_its_own_is_the_hint_of_checkpoints) {
  const TrustedRoot root = edited_root(*this, [](Json& json) {
    json["tlogs"][0]["checkpointKeyId"] = {{"keyId", to_base64("another id")}};
  });
  BOOST_TEST(root.logs.front().checkpoint_id == "another id");
  BOOST_TEST(root.logs.front().id == sigstore.trusted_root().logs.front().id);
  check_only_failure(Verifier(root).verify(sign()),
                     "log entry 1: the checkpoint of `rekor.virtual.example - 1193050959916656506` has no "
                     "signature line with that name and the key hint " +
                         to_hex("anot"));
}

BOOST_AUTO_TEST_CASE(real_roots_are_read) {
  if (const auto file = testing::data("sigstore/public-good.trusted_root.json")) {
    const TrustedRoot root = TrustedRoot::parse(read_file(*file, 1 << 20));
    BOOST_TEST(root.logs.size() == 2U);
    BOOST_TEST(root.certificate_logs.size() == 2U);
    BOOST_TEST(root.certificate_authorities.size() == 2U);
    BOOST_TEST(root.timestamp_authorities.size() == 1U);
  }
  if (const auto file = testing::data("sigstore/github/trusted_root_github.json")) {
    const TrustedRoot root = TrustedRoot::parse(read_file(*file, 1 << 20));
    BOOST_TEST(root.logs.empty());
    BOOST_TEST(root.certificate_authorities.size() == 6U);
  }
  if (const auto file = testing::data("sigstore/bundle-verify/rekor2-dsse-happy-path/trusted_root.json"))
    BOOST_TEST(TrustedRoot::parse(read_file(*file, 1 << 20)).certificate_logs.size() == 4U);
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill

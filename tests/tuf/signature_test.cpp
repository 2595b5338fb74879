#include "core/base/encoding.h"
#include "core/tuf/canonical.h"
#include "core/tuf/key.h"
#include "testing/refusal.h"
#include "tests/tuf/repository.h"

namespace waybill {
BOOST_AUTO_TEST_SUITE(tuf)
BOOST_FIXTURE_TEST_SUITE(signatures, Deployment)

using testing::refuses;

BOOST_AUTO_TEST_CASE(by_every_kind_of_key_count) {
  for (const Signer& signer : {Signer::ed25519(), Signer::p256(), Signer::p256("ecdsa-sha2-nistp256")}) {
    const Key key = Key::parse(Fields(signer.json, "key"));
    BOOST_TEST(key.verifies("message", signer.key.sign("message")));
    BOOST_TEST(!key.verifies("another", signer.key.sign("message")));
    BOOST_TEST(!key.verifies("message", ""));
    BOOST_TEST(key.material().has_value());
    for (const std::string role : {"targets", "snapshot", "timestamp"}) repository.set_keys(role, {signer});
    repository.put_root();
    repository.release();
    refresh();
    BOOST_TEST(version("targets") == repository.metadata["targets"]["version"]);
  }
}

BOOST_AUTO_TEST_CASE(by_keys_that_are_not_read_do_not_count_and_do_no_harm) {
  const Signer good = Signer::p256();
  const auto verifies = [&](const std::function<void(Json&)>& edit) {
    Json json = good.json;
    edit(json);
    const Key key = Key::parse(Fields(json, "key"));
    BOOST_TEST(key.material().has_value() == key.verifies("m", good.key.sign("m")));
    return key.verifies("m", good.key.sign("m"));
  };
  BOOST_TEST(verifies([](Json&) {}));
  BOOST_TEST(!verifies([](Json& json) { json["keytype"] = "sphincs"; }));
  BOOST_TEST(!verifies([](Json& json) { json["scheme"] = "ecdsa-sha2-nistp384"; }));
  BOOST_TEST(!verifies([](Json& json) { json["keytype"] = "rsa"; }));
  BOOST_TEST(!verifies([](Json& json) { json["keytype"] = "rsa", json["scheme"] = "rsassa-pss-sha256"; }));
  BOOST_TEST(!verifies([](Json& json) { json["keyval"]["public"] = "no key"; }));
  BOOST_TEST(!verifies([](Json& json) { json["keyval"]["public"] = Signer::ed25519().json["keyval"]["public"]; }));
  refuses(Fault::kInput, "key.keyval.public is a number, a string is wanted",
          [&] { verifies([](Json& json) { json["keyval"]["public"] = 7; }); });
  refuses(Fault::kInput, "key.scheme is missing", [&] { verifies([](Json& json) { json.erase("scheme"); }); });

  std::vector<Signer> keys = {good, Signer::ed25519()};
  keys[1].json["keytype"] = keys[1].json["scheme"] = "of-tomorrow";
  repository.set_keys("timestamp", keys);
  repository.put_root();
  repository.release();
  refresh();
  repository.set_keys("timestamp", keys, 2);
  repository.put_root();
  repository.release();
  refuses(Fault::kUntrusted, "timestamp.json has valid signatures by 1 of the timestamp keys of root version 3",
          [&] { refresh(); });
}

// The same point, spelled in 33 bytes: a second name and a second encoding are still one key.
BOOST_AUTO_TEST_CASE(by_a_compressed_key_do_not_count) {
  const Json json = {{"keytype", "ecdsa"},
                     {"scheme", "ecdsa-sha2-nistp256"},
                     {"keyval",
                      {{"public",
                        "-----BEGIN PUBLIC KEY-----\n"
                        "MDkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDIgADaxfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpY=\n"
                        "-----END PUBLIC KEY-----\n"}}}};
  BOOST_TEST(!Key::parse(Fields(json, "key")).material().has_value());
}

BOOST_AUTO_TEST_CASE(are_counted_by_key_not_by_name) {
  Signer first = Signer::ed25519();
  Signer second = first;
  second.id = "another-name";
  repository.set_keys("snapshot", {first, second}, 2);
  repository.put_root();
  repository.release();
  refuses(Fault::kUntrusted,
          "snapshot.json has valid signatures by 1 of the snapshot keys of root version 2, a threshold of 2 is wanted",
          [&] { refresh(); });
  repository.set_keys("snapshot", {first, second, Signer::p256()}, 2);
  repository.put_root();
  repository.release();
  refresh();
}

BOOST_AUTO_TEST_CASE(under_one_name_twice_are_malformed) {
  repository.metadata["timestamp"]["version"] = 2;
  repository.signers["timestamp"].push_back(repository.signers["timestamp"].front());
  repository.put("timestamp");
  refuses(Fault::kInput, "timestamp.json.signatures[1]: two signatures under one key identifier", [&] { refresh(); });
}

BOOST_AUTO_TEST_CASE(by_a_role_that_names_a_key_twice_are_malformed) {
  Json& role = repository.metadata["root"]["roles"]["snapshot"];
  role["keyids"].push_back(role["keyids"][0]);
  repository.put_root();
  refuses(Fault::kInput, "2.root.json.roles.snapshot.keyids names one key twice", [&] { refresh(); });
}

BOOST_AUTO_TEST_CASE(by_others_change_nothing) {
  const auto by_others = [&](const std::string& role) {
    const std::vector<Signer> right = repository.signers[role];
    repository.signers[role] = {Signer::ed25519()};
    repository.release();
    refuses(Fault::kUntrusted, fmt::format("{}.json has valid signatures by 0 of the", role), [&] { refresh(); });
    repository.signers[role] = right;
  };
  by_others("timestamp");
  BOOST_TEST(files().size() == 1U);
  by_others("snapshot");
  BOOST_TEST(files().size() == 2U);
  by_others("targets");
  BOOST_TEST(files().size() == 3U);
}

BOOST_AUTO_TEST_CASE(that_are_no_hexadecimal_do_not_count) {
  for (const char* signature : {"", "zz", "0", "FF"}) {
    Json json = parse_json(repository.sign("timestamp"), "test");
    json["signatures"][0]["sig"] = signature;
    repository.files[repository.url("timestamp")] = json.dump();
    refuses(Fault::kUntrusted, "timestamp.json has valid signatures by 0 of", [&] { refresh(); });
  }
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill

#include "core/tuf/metadata.h"

#include "core/tuf/rules.h"
#include "testing/data.h"
#include "testing/refusal.h"
#include "tests/tuf/repository.h"

namespace waybill {
BOOST_AUTO_TEST_SUITE(tuf)
BOOST_FIXTURE_TEST_SUITE(reading, Deployment)

using testing::refuses;

// The role's metadata after the edit, signed or not.
Document edited(Repository& repository, const std::string& role, const std::function<void(Json&)>& edit) {
  Json content = repository.metadata[role];
  edit(content);
  return Document::parse(Json{{"signatures", Json::array()}, {"signed", content}}.dump(), role);
}

Json nested(std::size_t depth) {
  Json value;
  while (depth-- > 0) value = Json::array({value});
  return value;
}

BOOST_AUTO_TEST_CASE(takes_each_type_for_no_other) {
  const Document snapshot = edited(repository, "snapshot", [](Json& content) {
    content["meta"] = {{"snapshot.json", {{"version", 1}}}};
  });
  refuses(Fault::kInput, "snapshot._type is `snapshot`, `timestamp` is wanted", [&] { Timestamp::parse(snapshot); });
  refuses(Fault::kInput, "snapshot._type is `snapshot`, `targets` is wanted", [&] { Targets::parse(snapshot); });
  refuses(Fault::kInput, "snapshot._type is `snapshot`, `root` is wanted", [&] { Root::parse(snapshot); });
  refuses(Fault::kInput, "root._type is `root`, `snapshot` is wanted",
          [&] { Snapshot::parse(edited(repository, "root", [](Json&) {})); });
}

BOOST_AUTO_TEST_CASE(takes_a_right_type_under_another_role_s_signature_for_none) {
  repository.signers["timestamp"].swap(repository.signers["snapshot"]);
  repository.metadata["snapshot"]["meta"] = {{"snapshot.json", {{"version", 1}}}};
  repository.files[repository.url("timestamp")] = repository.sign("snapshot");
  refuses(Fault::kInput, "timestamp.json._type is `snapshot`, `timestamp` is wanted", [&] { refresh(); });
}

BOOST_AUTO_TEST_CASE(wants_headers_of_the_one_form) {
  const auto parse = [&](const char* member, const Json& value) {
    return [this, member, value] {
      Timestamp::parse(edited(repository, "timestamp", [&](Json& content) { content[member] = value; }));
    };
  };
  for (const char* version : {"1.0.0", "1.0", "1.99.7"}) parse("spec_version", version)();
  for (const char* version : {"", "1", "1.", ".1", "1.x", "2.0.0", "10.0", "1.0.0.0", "1.0.", "01.0"})
    refuses(Fault::kInput, "timestamp.spec_version is `" + std::string(version) + "`, 1.x is wanted",
            parse("spec_version", version));
  refuses(Fault::kInput, "timestamp.spec_version is a number, a string is wanted", parse("spec_version", 1));
  for (const Json& version : {Json(0), Json(-1), Json("1"), Json(), Json(true), Json::array(), Json(UINT64_MAX)})
    refuses(Fault::kInput, "an integer from 1 to 9007199254740991 is wanted", parse("version", version));
  for (const char* time :
       {"2026-11-21", "2026-11-21T12:00:00", "2026-11-21T12:00:00+00:00", "2026-11-21T12:00:00.0Z",
        "2026-11-21 12:00:00Z", "2026-02-30T12:00:00Z", "2026-11-21T24:00:00Z", "", "never-------------Z"})
    refuses(Fault::kInput, "`" + std::string(time) + "`", parse("expires", time));
}

BOOST_AUTO_TEST_CASE(wants_the_four_top_level_roles) {
  for (const std::string role : {"root", "timestamp", "snapshot", "targets"})
    refuses(Fault::kInput, "root.roles." + role + " is missing",
            [&] { Root::parse(edited(repository, "root", [&](Json& content) { content["roles"].erase(role); })); });
  refuses(Fault::kInput, "root.roles.targets.threshold is `0`, an integer from 1", [&] {
    Root::parse(edited(repository, "root", [&](Json& content) { content["roles"]["targets"]["threshold"] = 0; }));
  });
  refuses(Fault::kInput, "root.consistent_snapshot is a string, true or false is wanted", [&] {
    Root::parse(edited(repository, "root", [&](Json& content) { content["consistent_snapshot"] = "yes"; }));
  });
  BOOST_TEST(!Root::parse(edited(repository, "root", [&](Json& content) {
                content.erase("consistent_snapshot");
              })).consistent_snapshot);
}

BOOST_AUTO_TEST_CASE(wants_delegations_that_can_be_followed) {
  repository.delegate("targets", "team");
  const auto parse = [&](const std::function<void(Json&)>& edit) {
    return [this, edit] {
      Targets::parse(edited(repository, "targets", [&](Json& content) { edit(content["delegations"]); }));
    };
  };
  parse([](Json&) {})();
  for (const std::string name : {"", "root", "timestamp", "snapshot", "targets"})
    refuses(Fault::kInput, "roles[0].name is `" + name + "`, which cannot be delegated to",
            parse([&](Json& delegations) { delegations["roles"][0]["name"] = name; }));
  refuses(Fault::kInput, "roles[1].name is `team` a second time",
          parse([](Json& delegations) { delegations["roles"].push_back(delegations["roles"][0]); }));
  refuses(Fault::kInput, "roles[0] has none of `paths` and `path_hash_prefixes`",
          parse([](Json& delegations) { delegations["roles"][0].erase("paths"); }));
  refuses(Fault::kInput, "roles[0] has both of `paths` and `path_hash_prefixes`",
          parse([](Json& delegations) { delegations["roles"][0]["path_hash_prefixes"] = {"00"}; }));
  refuses(Fault::kInput, "targets.delegations.roles is missing",
          parse([](Json& delegations) { delegations.erase("roles"); }));
  refuses(Fault::kInput, "roles[0].terminating is a number",
          parse([](Json& delegations) { delegations["roles"][0]["terminating"] = 1; }));
  refuses(Fault::kInput, "roles[0].paths[0] is a number, a string is wanted",
          parse([](Json& delegations) { delegations["roles"][0]["paths"] = {1}; }));
}

BOOST_AUTO_TEST_CASE(has_limits_of_depth_and_count) {
  refuses(Fault::kInput, "nested deeper than 16 levels",
          [&] { edited(repository, "root", [](Json& content) { content["x"] = nested(20); }); });
  refuses(Fault::kInput, "keyids has 1025 elements, at most 1024 are read", [&] {
    Root::parse(edited(repository, "root", [](Json& content) {
      content["roles"]["root"]["keyids"] = std::vector<std::string>(1025, "x");
    }));
  });
  refuses(Fault::kInput, "signatures has 1025 elements", [&] {
    Document::parse(Json{{"signatures", std::vector<int>(1025)}, {"signed", Json::object()}}.dump(), "test");
  });
}

BOOST_AUTO_TEST_CASE(wants_an_envelope) {
  refuses(Fault::kInput, "test is a array, an object is wanted", [] { Document::parse("[]", "test"); });
  refuses(Fault::kInput, "test.signed is missing", [] { Document::parse(R"({"signatures": []})", "test"); });
  refuses(Fault::kInput, "test.signed is a array",
          [] { Document::parse(R"({"signatures": [], "signed": []})", "test"); });
  refuses(Fault::kInput, "test.signatures[0].sig is missing",
          [] { Document::parse(R"({"signatures": [{"keyid": "a"}], "signed": {}})", "test"); });
  refuses(Fault::kInput, "the key `a` stands twice",
          [] { Document::parse(R"({"signatures": [], "signed": {"a": 1, "a": 2}})", "test"); });
  refuses(Fault::kInput, "is not an integer",
          [] { Document::parse(R"({"signatures": [], "signed": {"a": 1.5}})", "test"); });
}

BOOST_AUTO_TEST_CASE(takes_the_real_roots_of_sigstore_and_github) {
  for (const auto& [name, consistent] : std::map<std::string, bool>{{"sigstore/public-good.tuf_root.json", true},
                                                                    {"sigstore/github/tuf_github_root.json", true}}) {
    const auto file = testing::data(name);
    if (!file) continue;
    const std::string bytes = read_file(*file, Limits().root);
    const Root root = first_root(bytes, "root.json");
    BOOST_TEST(root.header.version > 0);
    BOOST_TEST(root.consistent_snapshot == consistent);
    BOOST_TEST(root.roles.at("root").threshold >= 2);
    BOOST_TEST(!keys_rotated(root, root));
    for (const auto& [id, key] : root.keys) BOOST_TEST(key.material().has_value(), name << " " << id);
    TemporaryFolder empty;
    Updater::init(empty.path(), bytes);
    BOOST_TEST(read_file(empty.path() / "root.json", Limits().root) == bytes);
    // One changed character of what is signed takes every signature away.
    std::string damaged = bytes;
    const std::size_t expires = damaged.find("\"expires\"");
    damaged[damaged.find("20", expires) + 2] = '9';
    refuses(Fault::kUntrusted, "root.json has valid signatures by 0 of its own root keys",
            [&] { first_root(damaged, "root.json"); });
  }
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill

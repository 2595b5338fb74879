#include "core/tuf/canonical.h"
#include "core/tuf/name.h"
#include "core/tuf/rules.h"
#include "testing/mutation.h"
#include "tests/tuf/repository.h"

namespace waybill {
BOOST_AUTO_TEST_SUITE(tuf)
BOOST_FIXTURE_TEST_SUITE(damaged, Deployment)

using testing::survives_damage;

BOOST_AUTO_TEST_CASE(metadata_is_refused_or_what_was_signed) {
  repository.delegate("targets", "team");
  repository.add_target("targets", "file", "content");
  repository.release({"team", "targets"});
  const Root root = first_root(cached("root.json"), "root.json");
  for (const std::string role : {"root", "timestamp", "snapshot", "targets"}) {
    const std::string signed_bytes = canonical_json(repository.metadata[role]);
    survives_damage(
        {repository.sign(role)},
        [&](const std::string& bytes) {
          if (role == "root") return first_root(bytes, role).header;
          if (role == "timestamp") return signed_timestamp(root, bytes, role).header;
          if (role == "snapshot") return signed_snapshot(root, bytes, role).header;
          return signed_targets(root.keys, root.roles.at("targets"), bytes, role).header;
        },
        [&](const Header&, const std::string& bytes) {
          if (role != "root") BOOST_TEST(Document::parse(bytes, role).signed_bytes == signed_bytes);
        });
  }
}

// Below the signatures: what a role with its keys could write.
BOOST_AUTO_TEST_CASE(content_is_refused_or_read) {
  repository.delegate("targets", "team");
  repository.add_target("targets", "file", "content");
  repository.lists_hashes = true;
  repository.release({"team", "targets"});
  for (const std::string role : {"root", "timestamp", "snapshot", "targets"})
    survives_damage({repository.sign(role)}, [&](const std::string& bytes) {
      const Document document = Document::parse(bytes, role);
      if (role == "root") static_cast<void>(keys_rotated(Root::parse(document), Root::parse(document)));
      if (role == "timestamp") Timestamp::parse(document);
      if (role == "snapshot") require_no_rollback(Snapshot::parse(document), Snapshot::parse(document));
      if (role == "targets")
        for (const Delegation& delegation : Targets::parse(document).delegations)
          static_cast<void>(delegation.covers("file"));
    });
}

// A whole refresh from a server that damages one file, into a folder that is damaged in the same place.
BOOST_AUTO_TEST_CASE(a_refresh_ends_with_what_was_signed_or_an_error) {
  repository.put_root();
  refresh();
  for (const std::string role : {"root", "timestamp", "snapshot", "targets"}) {
    const std::string right = repository.files.at(repository.url(role));
    survives_damage({right}, [&](const std::string& bytes) {
      std::filesystem::remove(folder / "timestamp.json");
      if (role == "root") Updater::init(folder, repository.files.at(kMetadataUrl + "/1.root.json"));
      repository.files[repository.url(role)] = bytes;
      if (role == "root")
        write_file(folder / "root.json", repository.files.at(kMetadataUrl + "/1.root.json"));
      else
        write_file(folder / metadata_name(role), bytes);
      Updater updater = this->updater();
      updater.refresh();
      BOOST_TEST(parse_json(cached(role + ".json"), role).at("signed") == repository.metadata[role]);
    });
    repository.files[repository.url(role)] = right;
  }
}

BOOST_AUTO_TEST_CASE(patterns_and_names_end) {
  survives_damage({"dir/[a-z]*/file-?.t[!x]t", "*?*?*[]-]", "a/b/c"}, [](const std::string& text) {
    static_cast<void>(matches(text, "dir/abc/file-1.txt"));
    static_cast<void>(matches("*[a-z]?*/*", text));
    BOOST_TEST(quoted_name(text).find('/') == std::string::npos);
    if (text.size() > 64) throw Error(Fault::kInput, "long enough");
  });
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill

#pragma once

#include <boost/test/unit_test.hpp>
#include <map>
#include <string>
#include <vector>

#include "core/base/file.h"
#include "core/crypto/key.h"
#include "core/http/client.h"
#include "core/tuf/updater.h"

namespace waybill::tuf {

// A private key and what metadata says of its public half.
struct Signer {
  static Signer ed25519();
  static Signer p256(const std::string& key_type = "ecdsa");

  std::string id;
  crypto::PrivateKey key;
  Json json;
};

inline const std::string kMetadataUrl = "https://repository.test/metadata";
inline const std::string kTargetsUrl = "https://repository.test/targets/";

// A TUF repository in memory and the server before it. `metadata` is what is signed next: a test bends it, publishes it
// and looks at what a client makes of it. Nothing is served but what was published.
class Repository final : public http::Client {
 public:
  explicit Repository(Time now);

  http::Response send(const http::Request& request) override;

  // The role's keys in root.json, or with `delegator` in that role's delegations; they sign from now on.
  void set_keys(const std::string& role, std::vector<Signer> keys, int threshold = 1,
                const std::string& delegator = {});
  // A new role whose delegation comes behind the delegator's others.
  void delegate(const std::string& delegator, const std::string& role, std::vector<std::string> paths = {"*"},
                bool terminating = false);
  void add_target(const std::string& role, const std::string& name, const std::string& content);

  std::string sign(const std::string& role) const;
  // Signs and serves it as it stands.
  void put(const std::string& role);
  // The next version of root.
  void put_root();
  // The next versions of these roles of targets, of the snapshot that lists them and of the timestamp.
  void release(const std::vector<std::string>& roles = {"targets"});
  void put_snapshot_and_timestamp();

  std::string url(const std::string& role) const;
  Json& delegation(const std::string& delegator, const std::string& role);
  // "timestamp.json" and the like, in order, without the folder.
  std::vector<std::string> asked() const;

  std::map<std::string, Json> metadata;                // by role, what becomes `signed`
  std::map<std::string, std::vector<Signer>> signers;  // by role; the keys that really sign
  std::map<std::string, std::string> files;            // by URL
  bool lists_hashes = false;                           // with length, in snapshot and timestamp
  std::vector<std::string> requests;

 private:
  Json describe(const std::string& role, const std::string& bytes) const;
};

// A repository of one release and a client that was initialised with its first root.
struct Deployment {
  Deployment();

  Updater updater(const Limits& limits = {.retry = {.attempts = 1}}) {
    return {folder, kMetadataUrl, repository, now, limits};
  }
  void refresh() { updater().refresh(); }
  std::string cached(const std::string& name) const;
  std::int64_t version(const std::string& role) const;
  // The trusted files, by name.
  std::vector<std::string> files() const;

  TemporaryFolder temporary;
  std::filesystem::path folder = temporary.path() / "metadata";
  std::filesystem::path targets = temporary.path() / "targets";
  Time now = parse_rfc3339("2026-11-21T12:00:00Z");
  Repository repository{now};
};

}  // namespace waybill::tuf

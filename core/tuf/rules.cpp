#include "core/tuf/rules.h"

#include <algorithm>
#include <set>

#include "core/base/encoding.h"
#include "core/base/error.h"
#include "core/crypto/hash.h"
#include "core/tuf/name.h"

namespace waybill::tuf {
namespace {

std::optional<std::string> from_written(const std::string& hex) {
  try {
    return from_hex(hex);
  } catch (const Error&) {
    return std::nullopt;
  }
}

// Keys, not signatures: one that is listed under two identifiers is still one (specification 4.3, THRESHOLD).
std::size_t valid_signers(const Document& document, const Keys& keys, const Role& role) {
  std::set<std::string> signers;
  for (const std::string& id : role.key_ids) {
    const auto key = keys.find(id);
    const auto signature = document.signatures.find(id);
    if (key == keys.end() || signature == document.signatures.end()) continue;
    const std::optional<std::string> bytes = from_written(signature->second);
    if (bytes && key->second.verifies(document.signed_bytes, *bytes)) signers.insert(*key->second.material());
  }
  return signers.size();
}

void require_threshold(const Document& document, const Keys& keys, const Role& role, std::string_view by) {
  const std::size_t signers = valid_signers(document, keys, role);
  if (std::cmp_less(signers, role.threshold))
    throw Error(Fault::kUntrusted, "{} has valid signatures by {} of {}, a threshold of {} is wanted", document.what,
                signers, by, role.threshold);
}

Document signed_document(const Root& root, const char* role, std::string_view bytes, const std::string& what) {
  Document document = Document::parse(bytes, what);
  require_threshold(document, root.keys, root.roles.at(role),
                    fmt::format("the {} keys of root version {}", role, root.header.version));
  return document;
}

std::optional<std::string> hash_failure(const Hashes& hashes, std::string_view bytes) {
  bool compared = false;
  for (const char* algorithm : {"sha256", "sha512"}) {
    const auto wanted = hashes.find(algorithm);
    if (wanted == hashes.end()) continue;
    compared = true;
    if (const std::string seen = crypto::hash(algorithm, bytes).hex(); seen != wanted->second)
      return fmt::format("has the {} hash {}, {} is wanted", algorithm, seen, wanted->second.substr(0, 128));
  }
  if (!compared) return "is described by no hash of an algorithm that is read, sha256 or sha512";
  return std::nullopt;
}

std::optional<std::string> length_failure(std::int64_t length, std::string_view bytes) {
  if (std::cmp_equal(bytes.size(), length)) return std::nullopt;
  return fmt::format("has {} bytes, {} are wanted", bytes.size(), length);
}

void require_no_older(std::string_view what, std::int64_t trusted, std::int64_t fresh) {
  if (fresh < trusted)
    throw Error(Fault::kUntrusted, "rollback: {} has version {}, version {} was seen before", what, fresh, trusted);
}

bool lost_a_key(const std::string& role, const Root& before, const Root& after) {
  const std::vector<std::string>& ids = after.roles.at(role).key_ids;
  return std::ranges::any_of(before.roles.at(role).key_ids, [&](const std::string& id) {
    if (std::ranges::find(ids, id) == ids.end()) return true;
    const auto old_key = before.keys.find(id);
    const auto new_key = after.keys.find(id);
    return old_key != before.keys.end() &&
           (new_key == after.keys.end() || old_key->second.material() != new_key->second.material());
  });
}

}  // namespace

Root first_root(std::string_view bytes, const std::string& what) {
  const Document document = Document::parse(bytes, what);
  Root root = Root::parse(document);
  require_threshold(document, root.keys, root.roles.at("root"), "its own root keys");
  return root;
}

Root next_root(const Root& trusted, std::string_view bytes, const std::string& what) {
  const Document document = signed_document(trusted, "root", bytes, what);
  Root root = Root::parse(document);
  require_threshold(document, root.keys, root.roles.at("root"), "its own root keys");
  if (root.header.version != trusted.header.version + 1)
    throw Error(Fault::kUntrusted, "{} has version {}, the trusted root's version {} and one more is wanted", what,
                root.header.version, trusted.header.version);
  return root;
}

bool keys_rotated(const Root& before, const Root& after) {
  return lost_a_key("timestamp", before, after) || lost_a_key("snapshot", before, after);
}

Timestamp signed_timestamp(const Root& root, std::string_view bytes, const std::string& what) {
  return Timestamp::parse(signed_document(root, "timestamp", bytes, what));
}

Snapshot signed_snapshot(const Root& root, std::string_view bytes, const std::string& what) {
  return Snapshot::parse(signed_document(root, "snapshot", bytes, what));
}

Targets signed_targets(const Keys& keys, const Role& role, std::string_view bytes, const std::string& what) {
  const Document document = Document::parse(bytes, what);
  require_threshold(document, keys, role, "the keys that the role is delegated to");
  return Targets::parse(document);
}

void require_no_rollback(const Timestamp& trusted, const Timestamp& fresh) {
  require_no_older("timestamp.json", trusted.header.version, fresh.header.version);
  // 5.4.3.1: "In case they are equal, discard the new timestamp metadata"; what it says is of no interest then.
  if (fresh.header.version > trusted.header.version)
    require_no_older("snapshot.json in timestamp.json", trusted.snapshot.version, fresh.snapshot.version);
}

void require_no_rollback(const Snapshot& trusted, const Snapshot& fresh) {
  // Beyond the specification: it holds even where a damaged timestamp.json forgot the version.
  require_no_older("snapshot.json", trusted.header.version, fresh.header.version);
  for (const auto& [name, file] : trusted.files) {
    const auto found = fresh.files.find(name);
    if (found == fresh.files.end())
      throw Error(Fault::kUntrusted, "rollback: snapshot.json no longer lists `{}`", name);
    require_no_older(fmt::format("`{}` in snapshot.json", name), file.version, found->second.version);
  }
}

void require_described(const FileInfo& wanted, std::string_view bytes, const std::string& what) {
  std::optional<std::string> failure;
  if (wanted.length) failure = length_failure(*wanted.length, bytes);
  if (!failure && wanted.hashes) failure = hash_failure(*wanted.hashes, bytes);
  if (failure) throw Error(Fault::kUntrusted, "{} {}", what, *failure);
}

void require_version(const FileInfo& wanted, const Header& header, const std::string& what) {
  if (header.version != wanted.version)
    throw Error(Fault::kUntrusted, "{} has version {}, version {} is wanted", what, header.version, wanted.version);
}

bool is_expired(const Header& header, Time now) {
  return header.expires <= now;
}

void require_unexpired(const Header& header, Time now, const std::string& what) {
  if (is_expired(header, now))
    throw Error(Fault::kUntrusted, "{} of version {} expired at {}, it is {}", what, header.version,
                to_rfc3339(header.expires), to_rfc3339(now));
}

std::optional<std::string> content_failure(std::int64_t length, const Hashes& hashes, std::string_view bytes) {
  std::optional<std::string> failure = length_failure(length, bytes);
  return failure ? failure : hash_failure(hashes, bytes);
}

}  // namespace waybill::tuf

// A file of TUF metadata: its canonical form, each type's parser, and the rules against a trusted root.

#include "core/crypto/hash.h"
#include "core/tuf/canonical.h"
#include "core/tuf/name.h"
#include "core/tuf/rules.h"
#include "fuzz/target.h"

namespace waybill::fuzz {
namespace {

// OLPC's form is JSON only where no text holds a control character.
void read_canonical(const tuf::Document& document) {
  const std::string& bytes = document.signed_bytes;
  asked([&] {
    require(tuf::canonical_json(parse_json(bytes, "canonical form")) == bytes, "the canonical form is stable");
  });
}

void read_name(std::string_view name) {
  const std::string quoted = tuf::quoted_name(name);
  require(quoted.find('/') == std::string::npos && quoted != "." && quoted != "..", "a name stays in its folder");
  require(tuf::metadata_name(name).find('/') == std::string::npos, "a role's file stays in its folder");
  static_cast<void>(tuf::target_url("https://repository.example", name, "hash"));
}

void read_keys(const tuf::Keys& keys) {
  for (const auto& [id, key] : keys)
    static_cast<void>(key.material().has_value() && key.verifies("message", std::string(64, 's')));
}

void read_targets(const tuf::Targets& targets, std::string_view content) {
  read_keys(targets.keys);
  for (const tuf::Delegation& delegation : targets.delegations) {
    read_name(delegation.name);
    static_cast<void>(delegation.covers("a/file-1.txt"));
  }
  for (const auto& [name, target] : targets.targets) {
    read_name(name);
    static_cast<void>(tuf::content_failure(static_cast<std::int64_t>(content.size()), target.hashes, content));
    if (tuf::content_failure(target.length, target.hashes, content)) continue;
    require(tuf::content_failure(target.length, target.hashes, "other").has_value(),
            "one content is the described one");
  }
}

void read_content(const tuf::Document& document) {
  static const Time now = parse_rfc3339("2026-11-21T12:00:00Z");
  asked([&] {
    const tuf::Root root = tuf::Root::parse(document);
    require(!tuf::keys_rotated(root, root), "a root rotates nothing against itself");
    read_keys(root.keys);
    tuf::require_unexpired(root.header, now, "root");
  });
  asked([&] {
    const tuf::Timestamp timestamp = tuf::Timestamp::parse(document);
    tuf::require_no_rollback(timestamp, timestamp);
    tuf::require_described({.version = 1, .hashes = timestamp.snapshot.hashes}, document.signed_bytes, "snapshot");
  });
  asked([&] {
    const tuf::Snapshot snapshot = tuf::Snapshot::parse(document);
    tuf::require_no_rollback(snapshot, snapshot);
  });
  asked([&] { read_targets(tuf::Targets::parse(document), document.signed_bytes); });
}

// Whatever these functions hand out had a threshold of signatures over it.
template <class Accept>
void accepted(const tuf::Document& document, std::string_view role, const Accept& accept) {
  asked([&] {
    static_cast<void>(accept());
    require_genuine(fmt::format("{} {}", role, crypto::sha256(document.signed_bytes).hex()),
                    "metadata is accepted as it was signed");
  });
}

}  // namespace

void read(std::string_view input) {
  static const tuf::Root root = tuf::first_root(beside_seeds("tuf_root.json"), "root.json");
  const tuf::Document document = tuf::Document::parse(input, "file.json");
  read_canonical(document);
  read_content(document);
  accepted(document, "first root", [&] { return tuf::first_root(input, "root.json"); });
  accepted(document, "next root", [&] { return tuf::next_root(root, input, "root.json"); });
  accepted(document, "timestamp", [&] { return tuf::signed_timestamp(root, input, "timestamp.json"); });
  accepted(document, "snapshot", [&] { return tuf::signed_snapshot(root, input, "snapshot.json"); });
  accepted(document, "targets",
           [&] { return tuf::signed_targets(root.keys, root.roles.at("targets"), input, "targets.json"); });
}

}  // namespace waybill::fuzz

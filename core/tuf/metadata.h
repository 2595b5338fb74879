#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/clock.h"
#include "core/base/json.h"
#include "core/tuf/key.h"

namespace waybill::tuf {

// A file of metadata whose signatures nobody has looked at yet.
struct Document {
  std::string what;  // its name in messages, "timestamp.json"
  Json content;      // `signed`, with the members that this client does not know
  std::string signed_bytes;
  std::map<std::string, std::string> signatures;  // by key identifier, in hexadecimal as written

  // Not JSON, nested too deep, two signatures under one key identifier: Fault::kInput.
  static Document parse(std::string_view bytes, std::string what);
};

// What all four types of metadata say (specification 4.3).
struct Header {
  std::int64_t version = 0;
  Time expires;
};

// Who may sign as a role: distinct identifiers, the threshold at least 1.
struct Role {
  std::vector<std::string> key_ids;
  std::int64_t threshold = 1;
};

using Keys = std::map<std::string, Key>;
using Hashes = std::map<std::string, std::string>;  // algorithm → hexadecimal digits, both as written

struct Root {
  Header header;
  bool consistent_snapshot = false;
  Keys keys;
  std::map<std::string, Role> roles;  // root, timestamp, snapshot and targets are there

  static Root parse(const Document& document);
};

// What one file of metadata says of another (specification 4.4, METAFILES).
struct FileInfo {
  std::int64_t version = 0;
  std::optional<std::int64_t> length;
  std::optional<Hashes> hashes;
};

struct Timestamp {
  Header header;
  FileInfo snapshot;

  static Timestamp parse(const Document& document);
};

struct Snapshot {
  Header header;
  std::map<std::string, FileInfo> files;  // "targets.json" and every delegated role's

  static Snapshot parse(const Document& document);
};

struct TargetInfo {
  std::string name;
  std::int64_t length = 0;
  Hashes hashes;
};

struct Delegation {
  std::string name;
  Role role;
  bool terminating = false;
  std::vector<std::string> paths;          // of these two one has elements
  std::vector<std::string> hash_prefixes;  // lower-case hexadecimal

  // Whether the role may speak of this target at all.
  bool covers(std::string_view target) const;
};

struct Targets {
  Header header;
  std::map<std::string, TargetInfo> targets;
  Keys keys;
  std::vector<Delegation> delegations;  // in their order of precedence

  static Targets parse(const Document& document);
};

}  // namespace waybill::tuf

#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/base/clock.h"
#include "core/tuf/metadata.h"

namespace waybill::tuf {

// The checks of specification 5 as functions on values: nothing here reads a file or asks a server. What does not hold
// is Fault::kUntrusted, what is no metadata at all Fault::kInput; `what` names the file.

// 5.2: the root that trust begins with, signed by a threshold of its own keys.
Root first_root(std::string_view bytes, const std::string& what);

// 5.3.4 and 5.3.5: the one successor of a trusted root.
Root next_root(const Root& trusted, std::string_view bytes, const std::string& what);

// 5.3.11: whether a key that could sign timestamps or snapshots no longer can. Keys that only joined are no rotation:
// nothing that an attacker may have signed loses its signature.
bool keys_rotated(const Root& before, const Root& after);

// 5.4.2, 5.5.3, 5.6.3: signed by a threshold of the role's keys.
Timestamp signed_timestamp(const Root& root, std::string_view bytes, const std::string& what);
Snapshot signed_snapshot(const Root& root, std::string_view bytes, const std::string& what);
Targets signed_targets(const Keys& keys, const Role& role, std::string_view bytes, const std::string& what);

// 5.4.3 and 5.5.5: nothing that was seen goes back to an older version, and nothing that was listed is dropped.
void require_no_rollback(const Timestamp& trusted, const Timestamp& fresh);
void require_no_rollback(const Snapshot& trusted, const Snapshot& fresh);

// 5.5.2 and 5.6.2: length and hashes, as far as they are given; 5.5.4 and 5.6.4: the version.
void require_described(const FileInfo& wanted, std::string_view bytes, const std::string& what);
void require_version(const FileInfo& wanted, const Header& header, const std::string& what);

// 5.3.10, 5.4.4, 5.5.6, 5.6.5: "MUST be higher than the fixed update start time".
bool is_expired(const Header& header, Time now);
void require_unexpired(const Header& header, Time now, const std::string& what);

// Why the bytes are not the ones that length and hashes describe; nothing when they are. Of the hashes those by sha256
// and sha512 are compared, all of them; without any of the two no bytes are the right ones.
std::optional<std::string> content_failure(std::int64_t length, const Hashes& hashes, std::string_view bytes);

}  // namespace waybill::tuf

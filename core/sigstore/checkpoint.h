#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/sigstore/trusted_root.h"

namespace waybill::sigstore {

// A log's signed tree head in the form of a signed note (C2SP tlog-checkpoint and signed-note); nothing in it is
// trusted before signature_failure() was asked.
struct Checkpoint {
  struct Signature {
    std::string name;
    std::string hint;  // 4 raw bytes
    std::string bytes;
  };

  std::string text;  // what is signed: every line before the blank one, with its newline
  std::string origin;
  std::uint64_t tree_size = 0;
  std::string root_hash;  // raw, 32 bytes
  std::vector<Signature> signatures;

  // A missing origin, size, root hash or blank line and malformed signature lines are Fault::kInput.
  static Checkpoint parse(std::string_view note);
};

// What is wrong with the checkpoint as a note signed by `log`; nothing when it holds. A line counts when it bears the
// origin's name and the key's hint; lines of other names and keys (witnesses, older keys) are ignored in any order.
std::optional<std::string> signature_failure(const Checkpoint& checkpoint, const LogKey& log);

}  // namespace waybill::sigstore

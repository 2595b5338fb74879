#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/clock.h"
#include "core/base/digest.h"
#include "core/crypto/certificate.h"
#include "core/crypto/key.h"

namespace waybill::sigstore {

// A closed interval; `end` absent = still valid. A missing start is malformed, never unbounded.
struct Validity {
  Time start;
  std::optional<Time> end;
  bool contains(Time time) const { return start <= time && (!end || time <= *end); }
};

struct Authority {  // certificate or timestamp authority: chain leaf-most first, root last
  std::string uri;
  std::vector<crypto::Certificate> chain;
  Validity validity;
};

struct LogKey {  // transparency log or certificate transparency log
  std::string base_url;
  std::string id;  // raw bytes: the given log id, else the given checkpoint key id, else sha256 of the SPKI
  crypto::PublicKey key;
  std::string hash;  // sha256 or sha384
  Validity validity;
  std::string checkpoint_id = id;  // raw bytes; its first four are the key hint of signed notes
};

// application/vnd.dev.sigstore.trustedroot+json;version=0.1 and 0.2
struct TrustedRoot {
  Digest digest;  // sha256 of the JSON it was read from: what a policy pins
  std::vector<Authority> certificate_authorities;
  std::vector<Authority> timestamp_authorities;
  std::vector<LogKey> logs;
  std::vector<LogKey> certificate_logs;

  static TrustedRoot parse(std::string_view json);
};

}  // namespace waybill::sigstore

// A message behind the byte that says its size, then a time-stamp token over it.

#include "core/crypto/timestamp.h"

#include "core/crypto/hash.h"
#include "fuzz/trusted.h"

namespace waybill::fuzz {

void read(std::string_view input) {
  static const std::vector<sigstore::TrustedRoot> roots = trusted_roots();
  const std::string message(take_text(input));
  const crypto::Timestamp timestamp = crypto::Timestamp::parse(input);
  require(crypto::Timestamp::parse(input).time() == timestamp.time(), "a token read again is of the same time");
  for (const sigstore::TrustedRoot& root : roots)
    for (const sigstore::Authority& authority : root.timestamp_authorities)
      if (!timestamp.failure(message, authority.chain))
        require_genuine(crypto::sha256(message).hex() + '\n' + to_rfc3339(timestamp.time()),
                        "a token holds for its message at its time");
}

}  // namespace waybill::fuzz

#pragma once

#include <string>

#include "core/base/digest.h"
#include "core/sigstore/message.h"

namespace waybill::sigstore {

// A HashOutput {algorithm, digest} of sigstore_common.proto: SHA2_256, SHA2_384 or SHA2_512.
Digest parse_hash_output(const Message& output);
// "SHA2_256" for sha256.
std::string hash_name(const Digest& digest);

}  // namespace waybill::sigstore

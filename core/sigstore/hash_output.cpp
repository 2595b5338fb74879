#include "core/sigstore/hash_output.h"

#include "core/base/encoding.h"
#include "core/base/error.h"

namespace waybill::sigstore {
namespace {

constexpr std::string_view kPrefix = "SHA2_";

}  // namespace

Digest parse_hash_output(const Message& output) {
  const std::string algorithm = output.text("algorithm");
  if (!algorithm.starts_with(kPrefix))
    throw Error(Fault::kInput, "{}.algorithm is `{}`, `SHA2_256`, `SHA2_384` or `SHA2_512` is wanted", output.path(),
                algorithm);
  return Digest::parse(fmt::format("sha{}:{}", algorithm.substr(kPrefix.size()), to_hex(output.bytes("digest"))));
}

std::string hash_name(const Digest& digest) {
  return fmt::format("{}{}", kPrefix, digest.algorithm().substr(3));
}

}  // namespace waybill::sigstore

#include "core/sigstore/sct.h"

#include <algorithm>
#include <chrono>

#include "core/base/encoding.h"
#include "core/base/error.h"
#include "core/crypto/hash.h"

namespace waybill::sigstore {
namespace {

constexpr std::uint64_t kLastMillisecond = 253'402'300'799'999;  // of the year 9999

// Reads the presentation language of TLS (RFC 5246 §4): big-endian integers, vectors behind their length.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}

  bool done() const { return rest_.empty(); }

  std::string_view take(std::size_t count) {
    if (count > rest_.size()) throw Error(Fault::kInput, "the SCT list ends {} bytes early", count - rest_.size());
    const std::string_view taken = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return taken;
  }

  std::uint64_t number(std::size_t width) {
    std::uint64_t value = 0;
    for (const char byte : take(width)) value = value << 8U | static_cast<unsigned char>(byte);
    return value;
  }

  std::string_view vector() { return take(number(2)); }

 private:
  std::string_view rest_;
};

std::string big_endian(std::uint64_t value, std::size_t width) {
  std::string bytes(width, '\0');
  for (std::size_t i = width; i-- > 0; value >>= 8U) bytes[i] = static_cast<char>(value & 0xffU);
  return bytes;
}

std::string hash_name(std::uint64_t algorithm) {
  if (algorithm == 4) return "sha256";
  if (algorithm == 5) return "sha384";
  throw Error(Fault::kInput, "an SCT's hash algorithm is {}, 4 (sha256) or 5 (sha384) is wanted", algorithm);
}

Sct parse_sct(std::string_view tls) {
  Reader reader(tls);
  const std::uint64_t version = reader.number(1);
  if (version != 0) throw Error(Fault::kInput, "an SCT's version is {}, 0 (v1) is wanted", version);
  Sct sct;
  sct.log_id = reader.take(32);
  sct.timestamp = reader.number(8);
  if (sct.timestamp > kLastMillisecond)
    throw Error(Fault::kInput, "an SCT's time is {} ms, after the year 9999", sct.timestamp);
  sct.extensions = reader.vector();
  sct.hash = hash_name(reader.number(1));
  const std::uint64_t algorithm = reader.number(1);
  if (algorithm != 1 && algorithm != 3)
    throw Error(Fault::kInput, "an SCT's signature algorithm is {}, 1 (RSA) or 3 (ECDSA) is wanted", algorithm);
  sct.signature = reader.vector();
  if (!reader.done()) throw Error(Fault::kInput, "an SCT has bytes behind its signature");
  return sct;
}

Time time_of(const Sct& sct) {
  return std::chrono::floor<std::chrono::seconds>(
      std::chrono::sys_time<std::chrono::milliseconds>(std::chrono::milliseconds(sct.timestamp)));
}

}  // namespace

std::vector<Sct> parse_sct_list(std::string_view tls) {
  Reader outer(tls);
  Reader list(outer.vector());
  if (!outer.done()) throw Error(Fault::kInput, "the SCT list has bytes behind its end");
  std::vector<Sct> scts;
  while (!list.done()) scts.push_back(parse_sct(list.vector()));
  return scts;
}

std::string sct_signed_bytes(const Sct& sct, std::string_view issuer_key_hash, std::string_view tbs) {
  constexpr std::uint64_t kVersion = 0;
  constexpr std::uint64_t kCertificateTimestamp = 0;
  constexpr std::uint64_t kPrecertEntry = 1;
  return big_endian(kVersion, 1) + big_endian(kCertificateTimestamp, 1) + big_endian(sct.timestamp, 8) +
         big_endian(kPrecertEntry, 2) + std::string(issuer_key_hash) + big_endian(tbs.size(), 3) + std::string(tbs) +
         big_endian(sct.extensions.size(), 2) + sct.extensions;
}

void check_scts(const crypto::Certificate& leaf, const crypto::Certificate& issuer, const std::vector<LogKey>& logs,
                Failures& failures) {
  const std::optional<std::string> list = leaf.extension(kSctListOid);
  if (!list) {
    failures.add(Check::kSctMissing,
                 "SCT: the certificate carries none, the trusted root has certificate logs and demands one");
    return;
  }
  // "issuer_key_hash" is the SHA-256 hash of the certificate issuer's public key, calculated over the DER encoding of
  // the key represented as SubjectPublicKeyInfo.
  const std::string issuer_key_hash = crypto::sha256(issuer.public_key().der()).bytes();
  const std::string tbs = crypto::tbs_without_extension(leaf, kSctListOid);
  std::string unknown;
  bool by_a_known_log = false;
  for (const Sct& sct : parse_sct_list(crypto::der_octet_string(*list))) {
    const auto log = std::ranges::find(logs, sct.log_id, &LogKey::id);
    if (log == logs.end()) {
      unknown += " " + to_base64(sct.log_id);
      continue;
    }
    by_a_known_log = true;
    if (!log->key.verifies(sct_signed_bytes(sct, issuer_key_hash, tbs), sct.signature, sct.hash))
      failures.add(Check::kSctSignature,
                   fmt::format("SCT: the signature does not verify with the key of {}", log->base_url));
    if (!log->validity.contains(time_of(sct)))
      failures.add(Check::kSctWindow,
                   fmt::format("SCT: made at {}, when the trusted root does not hold the key of {} for valid",
                               to_rfc3339(time_of(sct)), log->base_url));
  }
  if (!by_a_known_log)
    failures.add(Check::kSctMissing,
                 fmt::format("SCT: no certificate log of the trusted root made one, only unknown logs:{}",
                             unknown.empty() ? " none" : unknown));
}

}  // namespace waybill::sigstore

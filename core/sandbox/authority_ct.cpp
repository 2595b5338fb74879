#include "core/crypto/hash.h"
#include "core/sandbox/authority.h"

namespace waybill::sandbox {
namespace {

// TLS's presentation language (RFC 5246 §4): big-endian numbers, vectors behind their length.
std::string number(std::uint64_t value, std::size_t bytes) {
  std::string text(bytes, '\0');
  for (std::size_t i = 0; i < bytes; ++i) text[bytes - 1 - i] = static_cast<char>(value >> (8 * i) & 0xffU);
  return text;
}

std::string vector(std::string_view content, std::size_t length_bytes) {
  return number(content.size(), length_bytes).append(content);
}

constexpr std::size_t kVersion = 0;               // v1
constexpr std::size_t kCertificateTimestamp = 0;  // SignatureType
constexpr std::size_t kPrecertificate = 1;        // LogEntryType
constexpr std::size_t kSha256 = 4;                // HashAlgorithm
constexpr std::size_t kEcdsa = 3;                 // SignatureAlgorithm

}  // namespace

CertificateLog::CertificateLog(const Safe& safe)
    : key_(safe.key("certificate-log", [] { return crypto::PrivateKey::generate_p256(); })) {}

std::string CertificateLog::promise(std::string_view tbs, const crypto::Certificate& issuer, Time at) const {
  const auto milliseconds = static_cast<std::uint64_t>(at.time_since_epoch().count()) * 1000;
  const std::string no_extensions = vector("", 2);
  // RFC 6962 §3.2: PreCert is "opaque issuer_key_hash[32]; TBSCertificate tbs_certificate" with a length of 24 bits.
  const std::string to_be_signed = number(kVersion, 1) + number(kCertificateTimestamp, 1) + number(milliseconds, 8) +
                                   number(kPrecertificate, 2) + crypto::sha256(issuer.public_key().der()).bytes() +
                                   vector(tbs, 3) + no_extensions;
  const std::string signature = number(kSha256, 1) + number(kEcdsa, 1) + vector(key_.sign(to_be_signed), 2);
  const std::string timestamp =
      number(kVersion, 1) + crypto::sha256(key().der()).bytes() + number(milliseconds, 8) + no_extensions + signature;
  return vector(vector(timestamp, 2), 2);
}

}  // namespace waybill::sandbox

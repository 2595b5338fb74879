// The other side of RFC 3161: requests, and an authority that answers them.

#include <openssl/pkcs7.h>
#include <openssl/ts.h>

#include "core/crypto/hash.h"
#include "core/crypto/issue.h"
#include "core/crypto/path.h"
#include "core/crypto/serial.h"
#include "core/crypto/timestamp.h"

namespace waybill::crypto {
namespace {

constexpr std::string_view kWhat = "time-stamp request";
constexpr std::string_view kPolicy = "1.3.6.1.4.1.57264.2";  // Sigstore's time-stamp policy

using RequestHandle = Handle<TS_REQ, TS_REQ_free>;
using ImprintHandle = Handle<TS_MSG_IMPRINT, TS_MSG_IMPRINT_free>;
using AlgorithmHandle = Handle<X509_ALGOR, X509_ALGOR_free>;

std::string request_over(std::string_view sha256_bytes) {
  const RequestHandle request(::TS_REQ_new());
  const ImprintHandle imprint(::TS_MSG_IMPRINT_new());
  const AlgorithmHandle algorithm(::X509_ALGOR_new());
  std::string digest(sha256_bytes);
  const bool made = request && imprint && algorithm && ::TS_REQ_set_version(request.get(), 1) == 1 &&
                    ::X509_ALGOR_set0(algorithm.get(), ::OBJ_nid2obj(NID_sha256), V_ASN1_NULL, nullptr) == 1 &&
                    ::TS_MSG_IMPRINT_set_algo(imprint.get(), algorithm.get()) == 1 &&
                    ::TS_MSG_IMPRINT_set_msg(imprint.get(), reinterpret_cast<unsigned char*>(digest.data()),
                                             static_cast<int>(digest.size())) == 1 &&
                    ::TS_REQ_set_msg_imprint(request.get(), imprint.get()) == 1 &&
                    ::TS_REQ_set_nonce(request.get(), random_integer().get()) == 1 &&
                    ::TS_REQ_set_cert_req(request.get(), 0) == 1;
  check(made, kWhat, Fault::kInternal);
  return encoded<::i2d_TS_REQ>(request.get(), kWhat);
}

// What the authority's callbacks hand to OpenSSL.
struct Answer {
  Time at;
  IntegerHandle serial = random_integer();
};

int time_of(TS_RESP_CTX*, void* answer, long* seconds, long* microseconds) {
  *seconds = static_cast<const Answer*>(answer)->at.time_since_epoch().count();
  *microseconds = 0;
  return 1;
}

ASN1_INTEGER* serial_of(TS_RESP_CTX*, void* answer) {
  return ::ASN1_INTEGER_dup(static_cast<const Answer*>(answer)->serial.get());
}

// OpenSSL writes the machine's time into the signed attributes; readers compare it with the authority's validity.
void sign_again_at(PKCS7* token, Time at) {
  PKCS7_SIGNER_INFO* signer = sk_PKCS7_SIGNER_INFO_value(::PKCS7_get_signer_info(token), 0);
  Handle<ASN1_TIME, ASN1_TIME_free> time(::ASN1_TIME_set(nullptr, at.time_since_epoch().count()));
  check(signer && time && ::PKCS7_add0_attrib_signing_time(signer, time.get()) == 1, "signing time", Fault::kInternal);
  static_cast<void>(time.release());
  check(::PKCS7_SIGNER_INFO_sign(signer) == 1, "time-stamp response", Fault::kInternal);
}

}  // namespace

std::string timestamp_request(std::string_view message) {
  return request_over(sha256(message).bytes());
}

std::string timestamp_response(std::string_view request, const Certificate& leaf, const PrivateKey& key, Time at) {
  Answer answer{.at = at};
  const ObjectHandle policy = object_identifier(kPolicy);
  const Handle<TS_RESP_CTX, TS_RESP_CTX_free> context(::TS_RESP_CTX_new());
  TS_RESP_CTX* raw = context.get();
  const bool ready = raw != nullptr && ::TS_RESP_CTX_set_signer_cert(raw, leaf.impl().x509.get()) == 1 &&
                     ::TS_RESP_CTX_set_signer_key(raw, key.impl().key.get()) == 1 &&
                     ::TS_RESP_CTX_set_signer_digest(raw, ::EVP_sha256()) == 1 &&
                     ::TS_RESP_CTX_set_ess_cert_id_digest(raw, ::EVP_sha256()) == 1 &&
                     ::TS_RESP_CTX_set_def_policy(raw, policy.get()) == 1 &&
                     ::TS_RESP_CTX_add_md(raw, ::EVP_sha256()) == 1 && ::TS_RESP_CTX_add_md(raw, ::EVP_sha384()) == 1 &&
                     ::TS_RESP_CTX_add_md(raw, ::EVP_sha512()) == 1;
  check(ready, "time-stamp authority");
  ::TS_RESP_CTX_set_time_cb(raw, time_of, &answer);
  ::TS_RESP_CTX_set_serial_cb(raw, serial_of, &answer);
  const BioHandle in = reading(request);
  const Handle<TS_RESP, TS_RESP_free> response(::TS_RESP_create_response(raw, in.get()));
  check(response != nullptr, "time-stamp response");
  if (PKCS7* token = ::TS_RESP_get_token(response.get()); token != nullptr) sign_again_at(token, at);
  ::ERR_clear_error();  // a refusal is an answer, its reasons are in it
  return encoded<::i2d_TS_RESP>(response.get(), "time-stamp response");
}

std::string timestamp_response_over_digest(std::string_view sha256_bytes, const Certificate& leaf,
                                           const PrivateKey& key, Time at) {
  if (sha256_bytes.size() != 32)
    throw Error(Fault::kInput, "{}: {} bytes of SHA-256 digest, 32 are wanted", kWhat, sha256_bytes.size());
  return timestamp_response(request_over(sha256_bytes), leaf, key, at);
}

}  // namespace waybill::crypto

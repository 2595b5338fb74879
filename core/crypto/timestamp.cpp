#include "core/crypto/timestamp.h"

#include <openssl/objects.h>
#include <openssl/pkcs7.h>
#include <openssl/ts.h>
#include <openssl/x509v3.h>

#include "core/crypto/hash.h"
#include "core/crypto/path.h"

namespace waybill::crypto {
namespace {

constexpr std::string_view kWhat = "time-stamp";

using ResponseHandle = Handle<TS_RESP, TS_RESP_free>;
using TokenHandle = Handle<PKCS7, PKCS7_free>;
using InfoHandle = Handle<TS_TST_INFO, TS_TST_INFO_free>;

struct Opened {
  ResponseHandle response;  // owns the token when it came in one
  TokenHandle bare;
  InfoHandle info;
  PKCS7* token = nullptr;
};

// "When the status contains the value zero or one, a TimeStampToken MUST be present" (RFC 3161 §2.4.2). One means that
// the authority changed what was asked, which nobody here lets it do.
void require_granted(TS_RESP* response) {
  const ASN1_INTEGER* value = ::TS_STATUS_INFO_get0_status(::TS_RESP_get_status_info(response));
  const long status = ::ASN1_INTEGER_get(value);
  if (status == TS_STATUS_GRANTED && ::TS_RESP_get_token(response) != nullptr) return;
  std::string text;
  const STACK_OF(ASN1_UTF8STRING)* lines = ::TS_STATUS_INFO_get0_text(::TS_RESP_get_status_info(response));
  for (int i = 0; lines != nullptr && i < sk_ASN1_UTF8STRING_num(lines); ++i)
    text += fmt::format(", {}", text_of(sk_ASN1_UTF8STRING_value(lines, i)));
  throw Error(Fault::kInput, "{}: the authority answered with status {} instead of granted (0){}", kWhat, status,
              text.substr(0, 200));
}

// The DER of the TSTInfo that a token of the form of RFC 3161 §2.4.2 signs.
std::string_view signed_content(const PKCS7* token) {
  if (!PKCS7_type_is_signed(token) || token->d.sign == nullptr || token->d.sign->contents == nullptr)
    throw Error(Fault::kInput, "{}: the token is not CMS SignedData", kWhat);
  const PKCS7* content = token->d.sign->contents;
  if (::OBJ_obj2nid(content->type) != NID_id_smime_ct_TSTInfo)
    throw Error(Fault::kInput, "{}: the content that the token signs is not a TSTInfo", kWhat);
  const ASN1_TYPE* value = content->d.other;
  if (value == nullptr || value->type != V_ASN1_OCTET_STRING)
    throw Error(Fault::kInput, "{}: the token does not carry the content that it signs", kWhat);
  return text_of(value->value.octet_string);
}

Opened open(std::string_view der) {
  Opened opened;
  opened.response = decoded_or_null<ResponseHandle, ::d2i_TS_RESP>(der);
  ::ERR_clear_error();
  if (opened.response) {
    require_granted(opened.response.get());
    opened.token = ::TS_RESP_get_token(opened.response.get());
  } else {
    opened.bare = decoded<TokenHandle, ::d2i_PKCS7>(der, kWhat);
    opened.token = opened.bare.get();
  }
  opened.info = decoded<InfoHandle, ::d2i_TS_TST_INFO>(signed_content(opened.token), "TSTInfo of a time-stamp");
  return opened;
}

std::optional<std::string> imprint_failure(TS_TST_INFO* info, std::string_view message) {
  TS_MSG_IMPRINT* imprint = ::TS_TST_INFO_get_msg_imprint(info);
  const ASN1_OBJECT* algorithm = nullptr;
  ::X509_ALGOR_get0(&algorithm, nullptr, nullptr, ::TS_MSG_IMPRINT_get_algo(imprint));
  const std::string_view stamped = text_of(::TS_MSG_IMPRINT_get_msg(imprint));
  for (const auto& [nid, name] : {std::pair(NID_sha256, "sha256"), {NID_sha384, "sha384"}, {NID_sha512, "sha512"}})
    if (::OBJ_obj2nid(algorithm) == nid) {
      if (hash(name, message).bytes() == stamped) return std::nullopt;
      return "the message imprint is another message's";
    }
  return "the message imprint is not SHA-256, SHA-384 or SHA-512";
}

// Signed attributes hold content-type and message-digest, each once and with one value (RFC 5652 §5.3, §11.1, §11.2).
// OpenSSL compares the digest; the content type is compared here.
std::optional<std::string> attribute_failure(const PKCS7_SIGNER_INFO* signer) {
  for (const auto& [nid, name] :
       {std::pair(NID_pkcs9_contentType, "content-type"), {NID_pkcs9_messageDigest, "message-digest"}}) {
    int count = 0;
    for (int i = 0; i < sk_X509_ATTRIBUTE_num(signer->auth_attr); ++i) {
      X509_ATTRIBUTE* attribute = sk_X509_ATTRIBUTE_value(signer->auth_attr, i);
      if (::OBJ_obj2nid(::X509_ATTRIBUTE_get0_object(attribute)) != nid) continue;
      count += ::X509_ATTRIBUTE_count(attribute) == 1 ? 1 : 2;
    }
    if (count != 1) return fmt::format("the signed attributes have not exactly one {}", name);
  }
  const ASN1_TYPE* type = ::PKCS7_get_signed_attribute(signer, NID_pkcs9_contentType);
  if (type == nullptr || type->type != V_ASN1_OBJECT || ::OBJ_obj2nid(type->value.object) != NID_id_smime_ct_TSTInfo)
    return "the signed content-type is not TSTInfo";
  return std::nullopt;
}

std::optional<std::string> signer_failure(PKCS7* token, X509* leaf) {
  STACK_OF(PKCS7_SIGNER_INFO)* signers = ::PKCS7_get_signer_info(token);
  if (sk_PKCS7_SIGNER_INFO_num(signers) != 1)
    return fmt::format("the token has {} signers, one is wanted", sk_PKCS7_SIGNER_INFO_num(signers));
  PKCS7_SIGNER_INFO* signer = sk_PKCS7_SIGNER_INFO_value(signers, 0);
  const PKCS7_ISSUER_AND_SERIAL* named = signer->issuer_and_serial;
  if (::X509_NAME_cmp(named->issuer, ::X509_get_issuer_name(leaf)) != 0 ||
      ::ASN1_INTEGER_cmp(named->serial, ::X509_get0_serialNumber(leaf)) != 0)
    return "the token was signed by another certificate than the trusted authority's";
  const ASN1_OBJECT* digest = nullptr;
  ::X509_ALGOR_get0(&digest, nullptr, nullptr, signer->digest_alg);
  const int nid = ::OBJ_obj2nid(digest);
  if (nid != NID_sha256 && nid != NID_sha384 && nid != NID_sha512)
    return "the token's digest algorithm is not SHA-256, SHA-384 or SHA-512";
  return attribute_failure(signer);
}

// Signature, message digest, ESS certificate id and the authority's name, by OpenSSL.
std::optional<std::string> signature_failure(PKCS7* token, const std::vector<Certificate>& chain, Time at) {
  const Handle<TS_VERIFY_CTX, TS_VERIFY_CTX_free> context(::TS_VERIFY_CTX_new());
  check(context != nullptr, kWhat, Fault::kInternal);
  ::TS_VERIFY_CTX_set_flags(context.get(), static_cast<int>(TS_VFY_SIGNATURE | TS_VFY_VERSION | TS_VFY_SIGNER));
  ::TS_VERIFY_CTX_set_store(context.get(), store_of({chain.back()}, at).release());
  ::TS_VERIFY_CTX_set_certs(context.get(), stack_of({chain.begin(), chain.end() - 1}).release());
  if (::TS_RESP_verify_token(context.get(), token) == 1) return std::nullopt;
  return fmt::format("the token does not hold: {}", drain_errors());
}

}  // namespace

Timestamp Timestamp::parse(std::string_view der) {
  const Opened opened = open(der);
  return Timestamp(std::string(der), to_time(::TS_TST_INFO_get_time(opened.info.get()), "genTime of a time-stamp"));
}

Time Timestamp::time() const {
  return time_;
}

std::optional<std::string> Timestamp::failure(std::string_view message, const std::vector<Certificate>& chain) const {
  if (chain.size() < 2)
    return fmt::format("the authority's chain has {} certificates, a leaf and its root are wanted", chain.size());
  const Opened opened = open(der_);
  if (::TS_TST_INFO_get_version(opened.info.get()) != 1) return "the version of the TSTInfo is not 1";
  if (::TS_TST_INFO_get_ext_by_critical(opened.info.get(), 1, -1) >= 0)
    return "the TSTInfo has a critical extension that is unknown";
  if (auto failure = imprint_failure(opened.info.get(), message)) return failure;
  const Certificate& leaf = chain.front();
  if (auto failure = path_failure(leaf, {chain.begin() + 1, chain.end() - 1}, {chain.back()}, time_, kTimeStamping))
    return fmt::format("the authority's certificate: {}", *failure);
  // "The corresponding certificate MUST contain only one instance of the extended key usage field extension … This
  // extension MUST be critical" (RFC 3161 §2.3).
  if (::X509_check_purpose(leaf.impl().x509.get(), X509_PURPOSE_TIMESTAMP_SIGN, 0) != 1)
    return "the authority's certificate: timeStamping is not its only, critical extended key usage";
  if (auto failure = signer_failure(opened.token, leaf.impl().x509.get())) return failure;
  return signature_failure(opened.token, chain, time_);
}

}  // namespace waybill::crypto

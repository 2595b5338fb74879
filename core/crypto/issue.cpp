#include "core/crypto/issue.h"

#include <openssl/x509v3.h>

#include "core/crypto/openssl.h"
#include "core/crypto/serial.h"

namespace waybill::crypto {
namespace {

constexpr std::string_view kWhat = "certificate to issue";
constexpr std::string_view kSctList = "1.3.6.1.4.1.11129.2.4.2";

using OctetsHandle = Handle<ASN1_OCTET_STRING, ASN1_OCTET_STRING_free>;

void require(bool succeeded) {
  check(succeeded, kWhat, Fault::kInternal);
}

void append(X509* x509, int nid, void* value, bool critical) {
  require(value != nullptr && ::X509_add1_ext_i2d(x509, nid, value, critical ? 1 : 0, X509V3_ADD_APPEND) == 1);
}

OctetsHandle octet_string(std::string_view bytes) {
  OctetsHandle value(::ASN1_OCTET_STRING_new());
  require(value && ::ASN1_OCTET_STRING_set(value.get(), octets(bytes), static_cast<int>(bytes.size())) == 1);
  return value;
}

void append_raw(X509* x509, const CertificateExtension& extension) {
  const OctetsHandle value = octet_string(extension.der);
  const Handle<X509_EXTENSION, X509_EXTENSION_free> made(::X509_EXTENSION_create_by_OBJ(
      nullptr, object_identifier(extension.oid).get(), extension.critical ? 1 : 0, value.get()));
  require(made && ::X509_add_ext(x509, made.get(), -1) == 1);
}

int key_usage_bit(std::string_view name) {
  if (name == "digitalSignature") return 0;
  if (name == "keyCertSign") return 5;
  if (name == "cRLSign") return 6;
  throw Error(Fault::kInput, "{}: key usage `{}` is not digitalSignature, keyCertSign or cRLSign", kWhat, name);
}

void append_usages(X509* x509, const CertificateRequest& request) {
  if (!request.key_usages.empty()) {
    const Handle<ASN1_BIT_STRING, ASN1_BIT_STRING_free> bits(::ASN1_BIT_STRING_new());
    require(bits != nullptr);
    for (const std::string& usage : request.key_usages)
      require(::ASN1_BIT_STRING_set_bit(bits.get(), key_usage_bit(usage), 1) == 1);
    append(x509, NID_key_usage, bits.get(), true);
  }
  if (!request.extended_usages.empty()) {
    const Handle<EXTENDED_KEY_USAGE, EXTENDED_KEY_USAGE_free> usages(::EXTENDED_KEY_USAGE_new());
    require(usages != nullptr);
    for (const std::string& usage : request.extended_usages)
      require(sk_ASN1_OBJECT_push(usages.get(), object_identifier(usage).release()) > 0);
    append(x509, NID_ext_key_usage, usages.get(), request.extended_usage_critical);
  }
}

void append_constraints(X509* x509, int path_length) {
  const Handle<BASIC_CONSTRAINTS, BASIC_CONSTRAINTS_free> constraints(::BASIC_CONSTRAINTS_new());
  require(constraints != nullptr);
  constraints->ca = 0xFF;
  if (path_length >= 0) {
    constraints->pathlen = ::ASN1_INTEGER_new();
    require(constraints->pathlen != nullptr && ::ASN1_INTEGER_set(constraints->pathlen, path_length) == 1);
  }
  append(x509, NID_basic_constraints, constraints.get(), true);
}

// Key identifiers by RFC 5280 §4.2.1.2 (1): SHA-1 of the public key's bits.
void append_key_identifiers(X509* x509, const Certificate* issuer) {
  std::string digest(20, '\0');
  require(::X509_pubkey_digest(x509, ::EVP_sha1(), reinterpret_cast<unsigned char*>(digest.data()), nullptr) == 1);
  append(x509, NID_subject_key_identifier, octet_string(digest).get(), false);
  if (issuer == nullptr) return;
  const ASN1_OCTET_STRING* theirs = ::X509_get0_subject_key_id(issuer->impl().x509.get());
  if (theirs == nullptr) return;
  const Handle<AUTHORITY_KEYID, AUTHORITY_KEYID_free> identifier(::AUTHORITY_KEYID_new());
  require(identifier != nullptr);
  identifier->keyid = ::ASN1_OCTET_STRING_dup(theirs);
  append(x509, NID_authority_key_identifier, identifier.get(), false);
}

void append_uris(X509* x509, const std::vector<std::string>& uris, bool critical) {
  if (uris.empty()) return;
  const Handle<GENERAL_NAMES, GENERAL_NAMES_free> names(::GENERAL_NAMES_new());
  require(names != nullptr);
  for (const std::string& uri : uris) {
    Handle<GENERAL_NAME, GENERAL_NAME_free> name(::GENERAL_NAME_new());
    Handle<ASN1_IA5STRING, ASN1_IA5STRING_free> text(::ASN1_IA5STRING_new());
    require(name && text && ::ASN1_STRING_set(text.get(), uri.data(), static_cast<int>(uri.size())) == 1);
    ::GENERAL_NAME_set0_value(name.get(), GEN_URI, text.release());
    require(sk_GENERAL_NAME_push(names.get(), name.release()) > 0);
  }
  append(x509, NID_subject_alt_name, names.get(), critical);
}

void set_subject(X509* x509, const CertificateRequest& request) {
  X509_NAME* name = ::X509_get_subject_name(x509);
  for (const auto& [nid, text] :
       {std::pair(NID_organizationName, request.organisation), {NID_commonName, request.common_name}})
    if (!text.empty())
      check(::X509_NAME_add_entry_by_NID(name, nid, MBSTRING_UTF8, octets(text), static_cast<int>(text.size()), -1,
                                         0) == 1,
            fmt::format("{}: the name `{}`", kWhat, text));
}

void sign(X509* x509, const PrivateKey& key) {
  const bool hashes_itself = ::EVP_PKEY_get_base_id(key.impl().key.get()) == EVP_PKEY_ED25519;
  require(::X509_sign(x509, key.impl().key.get(), hashes_itself ? nullptr : ::EVP_sha256()) > 0);
}

X509Handle unsigned_certificate(const CertificateRequest& request, const PublicKey& subject, const PrivateKey& key,
                                const Certificate* issuer) {
  const std::string signer = issuer != nullptr ? issuer->public_key().der() : subject.der();
  if (key.public_key().der() != signer) throw Error(Fault::kInput, "{}: the signing key is not the issuer's", kWhat);
  X509Handle x509(::X509_new());
  require(x509 && ::X509_set_version(x509.get(), X509_VERSION_3) == 1);
  require(::X509_set_serialNumber(x509.get(), random_integer().get()) == 1);
  require(::ASN1_TIME_set(::X509_getm_notBefore(x509.get()), request.not_before.time_since_epoch().count()) != nullptr);
  require(::ASN1_TIME_set(::X509_getm_notAfter(x509.get()), request.not_after.time_since_epoch().count()) != nullptr);
  set_subject(x509.get(), request);
  X509* above = issuer != nullptr ? issuer->impl().x509.get() : x509.get();
  require(::X509_set_issuer_name(x509.get(), ::X509_get_subject_name(above)) == 1);
  require(::X509_set_pubkey(x509.get(), subject.impl().key.get()) == 1);
  append_usages(x509.get(), request);
  if (request.authority) append_constraints(x509.get(), request.path_length);
  append_key_identifiers(x509.get(), issuer);
  // "If the subject field contains an empty sequence, then the issuing CA MUST include a subjectAltName extension that
  // is marked as critical" (RFC 5280 §4.2.1.6).
  append_uris(x509.get(), request.uris, request.organisation.empty() && request.common_name.empty());
  for (const CertificateExtension& extension : request.extensions) append_raw(x509.get(), extension);
  return x509;
}

Certificate finished(const X509Handle& x509) {
  return Certificate::from_der(encoded<::i2d_X509>(x509.get(), kWhat));
}

}  // namespace

Certificate issue(const CertificateRequest& request, const PublicKey& subject, const PrivateKey& key,
                  const Certificate* issuer) {
  const X509Handle x509 = unsigned_certificate(request, subject, key, issuer);
  sign(x509.get(), key);
  return finished(x509);
}

Certificate issue_with_scts(const CertificateRequest& request, const PublicKey& subject, const PrivateKey& key,
                            const Certificate& issuer,
                            const std::function<std::string(std::string_view tbs)>& sct_list) {
  const X509Handle x509 = unsigned_certificate(request, subject, key, &issuer);
  sign(x509.get(), key);  // names the signature algorithm, which the log signs too
  const std::string list = sct_list(encoded<::i2d_re_X509_tbs>(x509.get(), kWhat));
  const OctetsHandle inner = octet_string(list);
  append_raw(x509.get(), {.oid = std::string(kSctList), .der = encoded<::i2d_ASN1_OCTET_STRING>(inner.get(), kWhat)});
  sign(x509.get(), key);
  return finished(x509);
}

std::string utf8_string_der(std::string_view text) {
  const Handle<ASN1_UTF8STRING, ASN1_UTF8STRING_free> value(::ASN1_UTF8STRING_new());
  require(value && ::ASN1_STRING_set(value.get(), text.data(), static_cast<int>(text.size())) == 1);
  return encoded<::i2d_ASN1_UTF8STRING>(value.get(), kWhat);
}

}  // namespace waybill::crypto

#include "core/crypto/certificate.h"

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "core/crypto/openssl.h"

namespace waybill::crypto {
namespace {

void free_names(GENERAL_NAMES* names) {
  ::GENERAL_NAMES_free(names);
}

void free_usages(EXTENDED_KEY_USAGE* usages) {
  ::EXTENDED_KEY_USAGE_free(usages);
}

// Where the extension stands, -1 when it is absent.
int position(const X509* x509, std::string_view oid) {
  const ObjectHandle object = object_identifier(oid);
  const int first = ::X509_get_ext_by_OBJ(x509, object.get(), -1);
  if (first >= 0 && ::X509_get_ext_by_OBJ(x509, object.get(), first) >= 0)
    throw Error(Fault::kInput, "certificate: the extension {} stands twice", oid);
  return first;
}

// A decoded extension, null when absent; one that stands twice or cannot be read is an Error.
template <class H>
H known_extension(const X509* x509, int nid, std::string_view name) {
  int critical = 0;
  H value(static_cast<typename H::pointer>(::X509_get_ext_d2i(x509, nid, &critical, nullptr)));
  if (!value && critical == -2) throw Error(Fault::kInput, "certificate: the extension `{}` stands twice", name);
  check(value != nullptr || critical == -1, fmt::format("certificate: the extension `{}`", name));
  return value;
}

X509Handle exactly(std::string_view der) {
  X509Handle x509 = decoded<X509Handle, ::d2i_X509>(der, "certificate");
  if (encoded<::i2d_X509>(x509.get(), "certificate") != der)
    throw Error(Fault::kInput, "certificate: its encoding is not DER");
  return x509;
}

}  // namespace

Certificate Certificate::from_der(std::string_view der) {
  return Certificate(std::make_shared<const Impl>(exactly(der)));
}

Certificate Certificate::from_pem(std::string_view pem) {
  const BioHandle memory = reading(pem);
  const X509Handle x509(::PEM_read_bio_X509(memory.get(), nullptr, nullptr, nullptr));
  check(x509 != nullptr, "certificate in PEM");
  require_nothing_left(memory.get(), "certificate in PEM");
  return from_der(encoded<::i2d_X509>(x509.get(), "certificate"));
}

std::string Certificate::der() const {
  return encoded<::i2d_X509>(impl_->x509.get(), "certificate");
}

std::string Certificate::pem() const {
  const BioHandle memory(::BIO_new(::BIO_s_mem()));
  check(memory && ::PEM_write_bio_X509(memory.get(), impl_->x509.get()) == 1, "certificate", Fault::kInternal);
  return content(memory.get());
}

PublicKey Certificate::public_key() const {
  KeyHandle key(::X509_get_pubkey(impl_->x509.get()));
  check(key != nullptr, "certificate: public key");
  return as_encoded(std::move(key),
                    encoded<::i2d_X509_PUBKEY>(::X509_get_X509_PUBKEY(impl_->x509.get()), "certificate: public key"));
}

Time Certificate::not_before() const {
  return to_time(::X509_get0_notBefore(impl_->x509.get()), "certificate: notBefore");
}

Time Certificate::not_after() const {
  return to_time(::X509_get0_notAfter(impl_->x509.get()), "certificate: notAfter");
}

std::vector<std::string> Certificate::alternative_names() const {
  const auto names =
      known_extension<Handle<GENERAL_NAMES, free_names>>(impl_->x509.get(), NID_subject_alt_name, "subjectAltName");
  std::vector<std::string> found;
  for (int i = 0; names && i < sk_GENERAL_NAME_num(names.get()); ++i) {
    int type = 0;
    const void* value = ::GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(names.get(), i), &type);
    if (type != GEN_URI && type != GEN_EMAIL) continue;
    const std::string_view name = text_of(static_cast<const ASN1_STRING*>(value));
    if (name.find('\0') != std::string_view::npos)
      throw Error(Fault::kInput, "certificate: a name in subjectAltName holds a NUL byte");
    found.emplace_back(name);
  }
  return found;
}

std::string Certificate::issuer_organisation() const {
  const X509_NAME* name = ::X509_get_issuer_name(impl_->x509.get());
  const int index = ::X509_NAME_get_index_by_NID(name, NID_organizationName, -1);
  if (index < 0) return "";
  unsigned char* text = nullptr;
  const int size = ::ASN1_STRING_to_UTF8(&text, ::X509_NAME_ENTRY_get_data(::X509_NAME_get_entry(name, index)));
  check(size >= 0, "certificate: organisation of its issuer");
  const std::string organisation(reinterpret_cast<const char*>(text), static_cast<std::size_t>(size));
  OPENSSL_free(text);
  return organisation;
}

std::optional<std::string> Certificate::extension(std::string_view oid) const {
  const int at = position(impl_->x509.get(), oid);
  if (at < 0) return std::nullopt;
  return std::string(text_of(::X509_EXTENSION_get_data(::X509_get_ext(impl_->x509.get(), at))));
}

bool Certificate::has_extended_key_usage(std::string_view oid) const {
  const ObjectHandle wanted = object_identifier(oid);
  const auto usages = known_extension<Handle<EXTENDED_KEY_USAGE, free_usages>>(impl_->x509.get(), NID_ext_key_usage,
                                                                               "extendedKeyUsage");
  for (int i = 0; usages && i < sk_ASN1_OBJECT_num(usages.get()); ++i)
    if (::OBJ_cmp(sk_ASN1_OBJECT_value(usages.get(), i), wanted.get()) == 0) return true;
  return false;
}

bool Certificate::may_sign() const {
  const std::uint32_t flags = ::X509_get_extension_flags(impl_->x509.get());
  return (flags & EXFLAG_KUSAGE) != 0 && (flags & EXFLAG_INVALID) == 0 &&
         (::X509_get_key_usage(impl_->x509.get()) & KU_DIGITAL_SIGNATURE) != 0;
}

bool Certificate::is_authority() const {
  return (::X509_get_extension_flags(impl_->x509.get()) & EXFLAG_CA) != 0;
}

bool Certificate::is_self_issued() const {
  return (::X509_get_extension_flags(impl_->x509.get()) & EXFLAG_SI) != 0;
}

std::string tbs_without_extension(const Certificate& leaf, std::string_view oid) {
  const X509Handle copy(::X509_dup(leaf.impl().x509.get()));
  check(copy != nullptr, "certificate", Fault::kInternal);
  if (const int at = position(copy.get(), oid); at >= 0) ::X509_EXTENSION_free(::X509_delete_ext(copy.get(), at));
  return encoded<::i2d_re_X509_tbs>(copy.get(), "certificate to be signed");
}

}  // namespace waybill::crypto

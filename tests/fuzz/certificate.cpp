// A certificate and everything that is asked of one; the same bytes as the list of timestamps that one carries.

#include "core/crypto/certificate.h"

#include "core/crypto/hash.h"
#include "core/sigstore/certificate_path.h"
#include "core/sigstore/identity.h"
#include "core/sigstore/sct.h"
#include "fuzz/trusted.h"

namespace waybill::fuzz {
namespace {

using crypto::Certificate;
using sigstore::Failures;
using sigstore::TrustedRoot;

constexpr std::size_t kSctWithoutVectors = 2 + 1 + 32 + 8 + 2 + 2 + 2;

void read_sct_list(std::string_view tls) {
  std::size_t size = 2;
  for (const sigstore::Sct& sct : sigstore::parse_sct_list(tls)) {
    size += kSctWithoutVectors + sct.extensions.size() + sct.signature.size();
    static_cast<void>(sigstore::sct_signed_bytes(sct, std::string(32, 'h'), "tbs"));
  }
  require(size == tls.size(), "every byte of an SCT list belongs to one of its timestamps");
}

std::string precertificate(const Certificate& certificate) {
  return crypto::sha256(crypto::tbs_without_extension(certificate, sigstore::kSctListOid)).hex();
}

void check_trust(const Certificate& certificate, const TrustedRoot& root) {
  asked([&] {
    Failures failures;
    const std::vector<sigstore::TrustedTime> when = {{certificate.not_before(), "notBefore"}};
    sigstore::check_paths(certificate, {certificate}, root.certificate_authorities, when, failures);
    if (failures.empty())
      require_genuine("path\n" + precertificate(certificate), "a certificate leads to a root as it was issued");
  });
  for (const sigstore::Authority& authority : root.certificate_authorities)
    asked([&] {
      Failures failures;
      sigstore::check_scts(certificate, authority.chain.front(), root.certificate_logs, failures);
      if (failures.empty())
        require_genuine("SCT\n" + precertificate(certificate),
                        "a timestamp holds for the certificate as it was logged");
    });
}

void question(const Certificate& certificate) {
  static const std::vector<TrustedRoot> roots = trusted_roots();
  const std::string der = certificate.der();
  require(Certificate::from_der(der).der() == der, "a certificate written in DER and read again is the same");
  require(Certificate::from_pem(certificate.pem()).der() == der, "a certificate written in PEM is the same");
  static_cast<void>(certificate.not_before() < certificate.not_after());
  static_cast<void>(certificate.may_sign() || certificate.is_authority() || certificate.is_self_issued());
  asked([&] { static_cast<void>(certificate.has_extended_key_usage(sigstore::kCodeSigning)); });
  asked([&] { static_cast<void>(certificate.alternative_names()); });
  asked([&] { static_cast<void>(certificate.issuer_organisation()); });
  asked([&] { static_cast<void>(certificate.public_key().verifies("message", "signature")); });
  asked([&] {
    if (const auto list = certificate.extension(sigstore::kSctListOid)) read_sct_list(crypto::der_octet_string(*list));
  });
  asked([&] {
    Failures failures;
    static_cast<void>(sigstore::identity_of(certificate, failures));
  });
  for (const TrustedRoot& root : roots) check_trust(certificate, root);
}

}  // namespace

void read(std::string_view input) {
  asked([&] { read_sct_list(input); });
  asked([&] { static_cast<void>(crypto::der_utf8_string(input)); });
  asked([&] { require(input.ends_with(crypto::der_octet_string(input)), "an octet string ends its DER"); });
  asked([&] { require(Certificate::from_der(input).der() == input, "a certificate is read as it stands"); });
  question(input.starts_with("-----") ? Certificate::from_pem(input) : Certificate::from_der(input));
}

}  // namespace waybill::fuzz

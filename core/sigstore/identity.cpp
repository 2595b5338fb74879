#include "core/sigstore/identity.h"

namespace waybill::sigstore {
namespace {

constexpr int kRawIssuer = 1;

}  // namespace

std::string identity_oid(int number) {
  return fmt::format("1.3.6.1.4.1.57264.1.{}", number);
}

Identity identity_of(const crypto::Certificate& leaf, Failures& failures) {
  Identity identity;
  noting(failures, "identity", [&] {
    const std::vector<std::string> names = leaf.alternative_names();
    if (names.size() != 1 &&
        failures.add(Check::kIdentityName,
                     fmt::format("identity: the certificate has {} subject alternative names, exactly one is wanted",
                                 names.size())))
      return;
    if (!names.empty()) identity.subject = names.front();
  });
  for (const auto& [number, name, member] : kIdentityExtensions)
    noting(failures, fmt::format("identity: extension {}", identity_oid(number)), [&] {
      if (const auto der = leaf.extension(identity_oid(number))) identity.*member = crypto::der_utf8_string(*der);
    });
  if (identity.issuer.empty()) identity.issuer = leaf.extension(identity_oid(kRawIssuer)).value_or("");
  if (identity.issuer.empty())
    failures.add(Check::kIdentityIssuer, "identity: the certificate names no issuer of the identity token");
  return identity;
}

}  // namespace waybill::sigstore

#pragma once

#include "core/crypto/certificate.h"
#include "core/sigstore/failures.h"
#include "core/sigstore/verify.h"

namespace waybill::sigstore {

// One extension 1.3.6.1.4.1.57264.1.N of Fulcio's and the member of Identity that it fills.
struct IdentityExtension {
  int number;
  std::string Identity::*member;
};

inline constexpr IdentityExtension kIdentityExtensions[] = {
    {8, &Identity::issuer},       {9, &Identity::signer_uri},      {10, &Identity::signer_digest},
    {11, &Identity::runner},      {12, &Identity::repository_uri}, {13, &Identity::source_digest},
    {14, &Identity::source_ref},  {15, &Identity::repository_id},  {16, &Identity::owner_uri},
    {17, &Identity::owner_id},    {18, &Identity::config_uri},     {19, &Identity::config_digest},
    {20, &Identity::trigger},     {21, &Identity::invocation},     {22, &Identity::visibility},
    {23, &Identity::environment},
};

std::string identity_oid(int number);

// Reads a leaf's identity: exactly one subject alternative name, an issuer (.8, or the raw text of .1 in older
// certificates), the rest where present.
Identity identity_of(const crypto::Certificate& leaf, Failures& failures);

}  // namespace waybill::sigstore

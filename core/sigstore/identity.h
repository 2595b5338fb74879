#pragma once

#include "core/crypto/certificate.h"
#include "core/sigstore/failures.h"
#include "core/sigstore/verify.h"

namespace waybill::sigstore {

// One extension 1.3.6.1.4.1.57264.1.N of Fulcio's, its name there, and the member of Identity that it fills.
struct IdentityExtension {
  int number;
  std::string_view name;
  std::string Identity::*member;
};

inline constexpr IdentityExtension kIdentityExtensions[] = {
    {8, "issuer", &Identity::issuer},
    {9, "buildSignerURI", &Identity::signer_uri},
    {10, "buildSignerDigest", &Identity::signer_digest},
    {11, "runnerEnvironment", &Identity::runner},
    {12, "sourceRepositoryURI", &Identity::repository_uri},
    {13, "sourceRepositoryDigest", &Identity::source_digest},
    {14, "sourceRepositoryRef", &Identity::source_ref},
    {15, "sourceRepositoryIdentifier", &Identity::repository_id},
    {16, "sourceRepositoryOwnerURI", &Identity::owner_uri},
    {17, "sourceRepositoryOwnerIdentifier", &Identity::owner_id},
    {18, "buildConfigURI", &Identity::config_uri},
    {19, "buildConfigDigest", &Identity::config_digest},
    {20, "buildTrigger", &Identity::trigger},
    {21, "runInvocationURI", &Identity::invocation},
    {22, "sourceRepositoryVisibilityAtSigning", &Identity::visibility},
    {23, "deploymentEnvironment", &Identity::environment},
};

std::string identity_oid(int number);

// Reads a leaf's identity: exactly one subject alternative name, an issuer (.8, or the raw text of .1 in older
// certificates), the rest where present.
Identity identity_of(const crypto::Certificate& leaf, Failures& failures);

}  // namespace waybill::sigstore

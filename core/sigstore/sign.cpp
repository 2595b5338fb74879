#include "core/sigstore/sign.h"

#include "core/base/error.h"
#include "core/sigstore/keyless.h"

namespace waybill::sigstore {

Signer::Signer(SigningConfig config, const Verifier& verifier, http::Client& client,
               std::function<std::string()> identity_token)
    : config_(std::move(config)), verifier_(verifier), client_(client), identity_token_(std::move(identity_token)) {}

Signer::Signed Signer::sign(const intoto::Statement& statement) const {
  Bundle bundle = sign_keyless(config_, client_, identity_token_(), intoto::serialise(statement),
                               std::string(intoto::kPayloadType));
  Verdict verdict = verifier_.verify(Bundle::parse(bundle.json()));
  if (!verdict.statement)
    throw Error(Fault::kUntrusted, "the bundle just signed does not verify against the trusted root {}: {}",
                verifier_.root().digest.text(), fmt::join(verdict.failures, "; "));
  return {.bundle = std::move(bundle), .statement = std::move(*verdict.statement)};
}

}  // namespace waybill::sigstore

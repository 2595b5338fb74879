#pragma once

#include <functional>
#include <string>

#include "core/http/client.h"
#include "core/intoto/statement.h"
#include "core/sigstore/bundle.h"
#include "core/sigstore/signing_config.h"
#include "core/sigstore/verify.h"

namespace waybill::sigstore {

// Signs statements keylessly as the signing config says: one ephemeral P-256 key each, a Fulcio certificate for the
// identity token, RFC 3161 timestamps, log entries; verifies its own bundle before handing it out.
class Signer {
 public:
  // `identity_token` is called once per signature with audience `sigstore`.
  Signer(SigningConfig config, const Verifier& verifier, http::Client& client,
         std::function<std::string()> identity_token);

  struct Signed {
    Bundle bundle;
    VerifiedStatement statement;
  };
  // Fault::kRemote when a service fails after retries, Fault::kUntrusted when the own bundle does not verify.
  Signed sign(const intoto::Statement& statement) const;

 private:
  SigningConfig config_;
  const Verifier& verifier_;
  http::Client& client_;
  std::function<std::string()> identity_token_;
};

}  // namespace waybill::sigstore

#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/clock.h"
#include "core/http/client.h"
#include "core/intoto/statement.h"
#include "core/sigstore/bundle.h"
#include "core/sigstore/verify.h"

namespace waybill::sigstore {

// application/vnd.dev.sigstore.signingconfig.v0.2+json; services valid at `now`, newest first.
struct SigningConfig {
  std::string certificate_authority;               // Fulcio's base URL
  std::string issuer;                              // oidcUrls
  std::vector<std::string> logs;                   // Rekor v1 base URLs
  std::vector<std::string> timestamp_authorities;  // full URLs

  static SigningConfig parse(std::string_view json, Time now);
};

// Signs statements keylessly: one ephemeral P-256 key each, a Fulcio certificate for the identity token, an RFC 3161
// timestamp, a Rekor v1 `dsse` entry; verifies its own bundle before handing it out.
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

#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "core/base/clock.h"
#include "core/sandbox/event.h"
#include "core/sandbox/http_server.h"

namespace waybill::sandbox {

// Who vouches for a run: an issuer of identity tokens, a certificate authority with a certificate log, a time-stamp
// authority, a transparency log. Keys, certificates and log live in `state`: made on the first start, the same ever
// after.
class Authorities {
 public:
  Authorities(std::filesystem::path state, const Clock& clock, std::string base_url);
  ~Authorities();

  // Serves /oidc/, /fulcio/, /tsa/, /rekor/ and /trust/.
  void install(HttpServer& server);

  // Registers a job and returns its ACTIONS_ID_TOKEN_REQUEST_TOKEN, good until it is forgotten. What the claims say
  // beyond the run (ids, visibility, sender) is read from `repository` and `sender` of the event's payload.
  std::string request_token(const Run& run);
  void forget(const std::string& request_token);
  // ACTIONS_ID_TOKEN_REQUEST_URL of a run, to which `&audience=` is added.
  std::string request_url(long run_id) const;

  std::string trusted_root_json() const;    // application/vnd.dev.sigstore.trustedroot+json;version=0.1
  std::string signing_config_json() const;  // application/vnd.dev.sigstore.signingconfig.v0.2+json

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace waybill::sandbox

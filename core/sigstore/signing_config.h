#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/clock.h"

namespace waybill::sigstore {

struct Service {
  std::string url;
  std::int64_t api_version = 1;
  auto operator<=>(const Service&) const = default;
};

// Services in order of preference, and how many of them have to answer: the others stand in for those that do not.
struct Selection {
  std::vector<Service> candidates;
  std::size_t wanted = 0;
};

// application/vnd.dev.sigstore.signingconfig.v0.2+json; of each operator the service with the highest API version that
// is known here and valid at `now`, newest first.
struct SigningConfig {
  Selection certificate_authorities;  // Fulcio's base URLs
  std::string issuer;                 // oidcUrls
  Selection logs;                     // base URLs of Rekor v1 and v2
  Selection timestamp_authorities;    // full URLs

  static SigningConfig parse(std::string_view json, Time now);
};

}  // namespace waybill::sigstore

#pragma once

#include <string_view>

namespace waybill::sigstore {

inline constexpr std::string_view kBundleMediaType = "application/vnd.dev.sigstore.bundle.v0.3+json";

// The minor version, 1 to 3, that a bundle's media type names in either spelling; others are Fault::kInput.
int bundle_minor_version(std::string_view media_type);

}  // namespace waybill::sigstore

#pragma once

#include <string>
#include <string_view>

// What `waybill init` could not find out stands in the policy that it writes under one of these names. A policy with
// one of them is refused with the line to fill in.
namespace waybill::lineage::placeholder {

inline constexpr std::string_view kRepositoryId = "REPOSITORY_ID";
inline constexpr std::string_view kOwnerId = "OWNER_ID";
inline constexpr std::string_view kApp = "APP_LOGIN";
inline constexpr std::string_view kTrustedRoot = "TRUSTED_ROOT_SHA256";
inline constexpr std::string_view kSigningConfig = "SIGNING_CONFIG_SHA256";

// The line that belongs there, with the command that tells its value; empty for any other text. `repository` is
// OWNER/NAME.
std::string line_for(std::string_view text, std::string_view repository);

}  // namespace waybill::lineage::placeholder

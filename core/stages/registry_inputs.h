#pragma once

#include "core/stages/table.h"

namespace waybill::stages {

// Who a stage is to the registries of the policy.
inline constexpr Input kRegistryUser{"registry-user", Type::kString, "User for the registries of the policy",
                                     "waybill"};
inline constexpr Input kRegistryPassword{
    "registry-password", Type::kString,
    "Password or token for the registries of the policy; the job's own is shown to the "
    "forge's registry alone",
    "${{ github.token }}"};

}  // namespace waybill::stages

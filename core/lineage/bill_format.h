#pragma once

#include <array>
#include <string_view>
#include <utility>

namespace waybill::lineage {

// What a package's bill of materials is written in.
enum class BillFormat { kCycloneDx, kSpdx };

// What the policy calls them.
inline constexpr std::array<std::pair<std::string_view, BillFormat>, 2> kBillFormatNames{
    {{"cyclonedx", BillFormat::kCycloneDx}, {"spdx", BillFormat::kSpdx}}};

}  // namespace waybill::lineage

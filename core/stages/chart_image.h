#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/oci/registry.h"
#include "core/stages/job.h"
#include "core/stages/plan.h"

namespace waybill::stages {

// A packaged chart as a manifest, as helm pushes it.
struct ChartImage {
  std::string config;
  oci::Manifest manifest;
};

ChartImage chart_image(const Job& job, const Consignment& consignment);

// Where the policy sends a chart: its repository at every destination.
std::vector<std::string> repositories_of(const Job& job, const Consignment& consignment);

// A key that this run attested of the chart, attached to its image.
EnsureReferrer referrer(const Job& job, const Consignment& consignment, const std::string& repository,
                        const ChartImage& image, std::string_view key);

}  // namespace waybill::stages

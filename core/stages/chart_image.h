#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.h"
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
// When its commit was made, RFC 3339: the same in every run.
std::string released_at(const Job& job, const Consignment& consignment);

// Where the policy sends a chart: its repository at every destination that a release waits for, and at the others.
std::vector<std::string> required_repositories(const Job& job, const std::string& chart);
std::vector<std::string> optional_repositories(const Job& job, const std::string& chart);
// Why a version cannot be put into a repository: it holds other content. Nothing when it holds none, or the same.
std::optional<Error> taken(const std::string& repository, const std::string& version,
                           const std::optional<oci::Manifest>& there, const Digest& wanted);

// A key that this run attested of the chart, attached to its image.
EnsureReferrer referrer(const Job& job, const Consignment& consignment, const std::string& repository,
                        const ChartImage& image, std::string_view key);

}  // namespace waybill::stages

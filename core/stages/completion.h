#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/chart/repository_index.h"
#include "core/stages/chart_image.h"
#include "core/stages/job.h"
#include "core/stages/plan.h"

namespace waybill::stages {

// Where a release is brought once it is visible: registries that the policy calls optional, and the index of a classic
// chart repository. A place that cannot be had is an alarm and holds nothing else up.
class Completion {
 public:
  // Fault::kInput when the index is not in the form that helm writes.
  explicit Completion(const Job& job);

  // A release that this run publishes. Fault::kConflict when the index lists its version with another digest.
  void add(const Consignment& consignment, const ChartImage& image);
  // Releases that were visible before this run and are missing somewhere; of registries each chart's newest versions.
  void add_earlier();
  // A release that is taken back is listed no more.
  void withdraw(const Consignment& tagged);

  void put_into(Plan& plan);

 private:
  using Attested = std::map<std::string, EnsureReferrer::Kept>;  // by key; what is missing is attested in this plan

  void list(const Consignment& consignment);
  // Whether a registry that can be had does not have a version.
  bool lacks(const std::string& repository, const std::string& version, const std::optional<Digest>& wanted);
  void push(const Consignment& consignment, const ChartImage& image, const std::string& repository,
            const Attested& attested);
  void complete(const git::Tag& tag, bool listed, const std::vector<std::string>& repositories);

  const Job& job_;
  chart::RepositoryIndex index_;
  EnsureIndex changes_;
  std::vector<std::pair<std::string, Step>> pushes_;
  std::vector<Error> alarms_;
  std::set<std::string> unreachable_;
};

}  // namespace waybill::stages

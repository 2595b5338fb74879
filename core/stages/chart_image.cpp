#include "core/stages/chart_image.h"

#include "core/chart/release_edit.h"
#include "core/crypto/hash.h"

namespace waybill::stages {
namespace {

std::string committed(const Job& job, const Consignment& consignment) {
  return to_rfc3339(job.ports.git().commit(consignment.commit).committer.time);
}

}  // namespace

ChartImage chart_image(const Job& job, const Consignment& consignment) {
  const auto& anchor = job.facts.policy.anchor;
  ChartImage image{chart::helm_config(consignment.subtree, consignment.path), {"", "", consignment.package->digest}};
  image.manifest = oci::chart_manifest(
      {std::string(oci::kHelmConfigType), crypto::sha256(image.config), image.config.size(), {}, ""},
      {std::string(oci::kHelmChartType), consignment.package->digest, consignment.package->bytes.size(), {}, ""},
      chart::helm_annotations(consignment.metadata, anchor.server + "/" + anchor.repository,
                              committed(job, consignment)));
  return image;
}

std::vector<std::string> repositories_of(const Job& job, const Consignment& consignment) {
  std::vector<std::string> repositories;
  for (const auto& destination : job.facts.policy.destinations)
    repositories.push_back(destination.repository + "/" + consignment.metadata.name);
  return repositories;
}

EnsureReferrer referrer(const Job& job, const Consignment& consignment, const std::string& repository,
                        const ChartImage& image, std::string_view key) {
  const oci::Manifest& manifest = image.manifest;
  return {repository,
          {manifest.media_type, manifest.digest, manifest.bytes.size(), {}, ""},
          consignment.path,
          std::string(key),
          committed(job, consignment)};
}

}  // namespace waybill::stages

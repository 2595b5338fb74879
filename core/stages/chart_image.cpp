#include "core/stages/chart_image.h"

#include "core/chart/release_edit.h"
#include "core/crypto/hash.h"

namespace waybill::stages {
namespace {

std::vector<std::string> repositories(const Job& job, const std::string& chart, bool required) {
  std::vector<std::string> found;
  for (const auto& destination : job.facts.policy.destinations)
    if (destination.required == required) found.push_back(destination.repository + "/" + chart);
  return found;
}

}  // namespace

std::string released_at(const Job& job, const Consignment& consignment) {
  return to_rfc3339(job.ports.git().commit(consignment.commit).committer.time);
}

ChartImage chart_image(const Job& job, const Consignment& consignment) {
  const auto& anchor = job.facts.policy.anchor;
  ChartImage image{chart::helm_config(consignment.subtree, consignment.path), {"", "", consignment.package->digest}};
  image.manifest = oci::chart_manifest(
      {std::string(oci::kHelmConfigType), crypto::sha256(image.config), image.config.size(), {}, ""},
      {std::string(oci::kHelmChartType), consignment.package->digest, consignment.package->bytes.size(), {}, ""},
      chart::helm_annotations(consignment.metadata, anchor.server + "/" + anchor.repository,
                              released_at(job, consignment)));
  return image;
}

std::vector<std::string> required_repositories(const Job& job, const std::string& chart) {
  return repositories(job, chart, true);
}

std::vector<std::string> optional_repositories(const Job& job, const std::string& chart) {
  return repositories(job, chart, false);
}

std::optional<Error> taken(const std::string& repository, const std::string& version,
                           const std::optional<oci::Manifest>& there, const Digest& wanted) {
  if (!there || there->digest == wanted) return std::nullopt;
  return Error(Fault::kConflict, "`{}:{}` holds {}, this release is {}", repository, oci::tag_of_version(version),
               there->digest.text(), wanted.text())
      .hint("a published version never changes: release the chart under a new version");
}

EnsureReferrer referrer(const Job& job, const Consignment& consignment, const std::string& repository,
                        const ChartImage& image, std::string_view key) {
  const oci::Manifest& manifest = image.manifest;
  return {repository,
          {manifest.media_type, manifest.digest, manifest.bytes.size(), {}, ""},
          consignment.path,
          std::string(key),
          released_at(job, consignment)};
}

}  // namespace waybill::stages

#include "core/stages/withdrawal.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/lineage/keys.h"
#include "core/stages/chart_image.h"
#include "core/stages/completion.h"
#include "core/stages/evidence.h"
#include "core/stages/journey.h"
#include "core/stages/release_journey.h"

namespace waybill::stages {
namespace {

constexpr std::string_view kKey = lineage::keys::kReleaseOverall;
constexpr std::size_t kLongestReason = 500;

lineage::Requirement requirement(const Job& job, const Consignment& tagged) {
  return release_requirement(job, tagged.path, tagged.metadata.name, tagged.metadata.version, tagged.package->digest);
}

void require_reason(std::string_view tag, std::string_view reason) {
  const bool one_line = std::ranges::none_of(reason, [](unsigned char c) { return c < ' ' || c == 0x7f; });
  if (!reason.empty() && reason.size() <= kLongestReason && one_line) return;
  throw Error(Fault::kInput, "the input `reason` is {}; one line of at most {} characters is wanted",
              reason.empty() ? "missing"
              : one_line     ? fmt::format("{} characters long", reason.size())
                             : "not one line",
              kLongestReason)
      .hint(fmt::format("gh workflow run publish-charts.yml -f withdraw={} -f reason=\"renders no secret\"", tag));
}

git::Tag tag_named(const Job& job, std::string_view name) {
  for (git::Tag& tag : job.ports.git().tags())
    if (tag.name == name && lineage::read_tag_message(tag)) return std::move(tag);
  throw Error(Fault::kInput, "there is no release `{}` of waybill's", name).hint("gh release list");
}

std::string notice(std::string_view reason) {
  return fmt::format("> [!CAUTION]\n> **Withdrawn.** {}\n> It does not verify any more: use another version.", reason);
}

// The package, as the tag gives it and as the page has it, and its image.
std::vector<intoto::Subject> subjects(const Job& job, const Consignment& tagged, const ChartImage& image,
                                      const std::optional<forge::Release>& page) {
  std::vector<intoto::Subject> all{{tagged.package->file_name, tagged.package->digest}};
  if (page)
    for (const forge::Asset& asset : page->assets)
      if (asset.name == tagged.package->file_name && !asset.digest.empty() &&
          asset.digest != tagged.package->digest.text())
        all.push_back({asset.name, Digest::parse(asset.digest)});
  for (const auto& repositories : {required_repositories, optional_repositories})
    for (const std::string& repository : repositories(job, tagged.metadata.name))
      all.push_back({repository, image.manifest.digest});
  return all;
}

}  // namespace

std::optional<std::string> withdrawn(const Job& job, const Consignment& tagged) {
  return job.ports.withdrawn(requirement(job, tagged));
}

Plan withdrawal(const Job& job, std::string_view tag, std::string_view reason) {
  if (!job.facts.dispatched())
    throw Error(Fault::kInput, "`withdraw` is set on `{}`; a dispatch is wanted", job.facts.event)
        .hint(fmt::format("gh workflow run publish-charts.yml -f withdraw={} -f reason=…", tag));
  require_reason(tag, reason);
  const Consignment tagged = tagged_chart(job, tag_named(job, tag));
  const ChartImage image = chart_image(job, tagged);
  const auto page = job.ports.forge().release(tagged.tag);

  Plan plan;
  Claim failed{std::string(kKey),
               stamp(job, "publish-charts", kKey, tagged),
               subjects(job, tagged, image, page),
               {},
               Claim::Summarised{release_uri(job, tagged.metadata.name, tagged.metadata.version),
                                 {std::string(lineage::kFailedLevel)},
                                 std::string(reason)}};
  failed.once = true;
  plan.add(std::move(failed));
  plan.add(EnsureWithdrawn{tagged.tag, notice(reason)});
  if (!page || page->draft) return plan;
  const auto still_there = [&](const std::string& repository) {
    plan.note(fmt::format("{}:{} still has what was withdrawn: who pulls without verifying gets it", repository,
                          oci::tag_of_version(tagged.metadata.version)));
  };
  for (const std::string& repository : required_repositories(job, tagged.metadata.name)) {
    plan.add(referrer(job, tagged, repository, image, kKey));
    still_there(repository);
  }
  for (const std::string& repository : optional_repositories(job, tagged.metadata.name)) {
    plan.add_apart(repository, referrer(job, tagged, repository, image, kKey));
    still_there(repository);
  }
  Completion completion(job);
  completion.withdraw(tagged);
  completion.put_into(plan);
  return plan;
}

}  // namespace waybill::stages

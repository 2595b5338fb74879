#include "core/lineage/placeholder.h"

#include <fmt/format.h>

namespace waybill::lineage::placeholder {

std::string line_for(std::string_view text, std::string_view repository) {
  if (text == kRepositoryId) return fmt::format("repository-id: $(gh api repos/{} --jq .id)", repository);
  if (text == kOwnerId) return fmt::format("owner-id: $(gh api repos/{} --jq .owner.id)", repository);
  if (text == kApp) return "app: SLUG-OF-YOUR-APP[bot]";
  if (text == kTrustedRoot) return "sha256: $(sha256sum .github/waybill/trusted-root.json | cut -d' ' -f1)";
  if (text == kSigningConfig) return "sha256: $(sha256sum .github/waybill/signing-config.json | cut -d' ' -f1)";
  return {};
}

}  // namespace waybill::lineage::placeholder

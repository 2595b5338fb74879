#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/base/oid.h"
#include "core/lineage/placeholder.h"
#include "core/lineage/policy.h"

namespace waybill::adopt {

// What a new policy says. What is not known stands as its placeholder.
struct Choices {
  std::string schema;      // where editors find policy.schema.json; empty = nowhere yet
  std::string repository;  // OWNER/NAME
  std::string repository_id{lineage::placeholder::kRepositoryId};
  std::string owner_id{lineage::placeholder::kOwnerId};
  std::string server = lineage::Anchor{}.server;
  std::string issuer = lineage::Anchor{}.issuer;
  std::string branch = lineage::Anchor{}.branch;
  std::string app{lineage::placeholder::kApp};
  lineage::Pipeline pipeline = lineage::Pipeline::kFull;
  std::vector<std::string> charts;
  std::string registry;  // empty = the release page is all
  // sha256 of the files of a Sigstore instance, 64 digits; both empty = the usual ones.
  std::string trusted_root{lineage::placeholder::kTrustedRoot};
  std::string signing_config{lineage::placeholder::kSigningConfig};
  std::map<std::string, Oid> adopted;

  // The same with something of the right form in place of every placeholder: for what does not depend on it.
  Choices completed() const;
};

inline constexpr std::string_view kTrustedRootFile = ".github/waybill/trusted-root.json";
inline constexpr std::string_view kSigningConfigFile = ".github/waybill/signing-config.json";

// A `.waybill.yml` with a comment where people decide something.
std::string policy_text(const Choices& choices);

}  // namespace waybill::adopt

#pragma once

#include <string_view>

namespace waybill::sigstore {

// A Sigstore instance known without any configuration: copies of its trust material, which TUF replaces by newer ones.
// Where they came from is told in instances/README.md.
struct Instance {
  std::string_view name;
  std::string_view certificate_organisation;  // of those who issue its certificates
  std::string_view copied_on;                 // RFC 3339 date
  std::string_view trusted_root;              // JSON
  std::string_view signing_config;            // JSON
  std::string_view tuf_root;                  // JSON, where a TUF client begins
  std::string_view tuf_url;
};

extern const Instance kPublicGood;
extern const Instance kGitHub;

// The instance of that name, or whose authorities call themselves so; null when none does.
const Instance* instance_named(std::string_view name);
const Instance* instance_of(std::string_view certificate_organisation);

}  // namespace waybill::sigstore

#include "testing/virtual_run.h"

namespace waybill::testing {

sigstore::Identity virtual_run(const std::string& workflow, const std::string& event) {
  const std::string repository = "https://forge.example/octo/charts";
  const std::string uri = repository + "/" + workflow + "@refs/heads/main";
  const std::string definition(40, 'a');
  return {.subject = uri,
          .issuer = "",
          .signer_uri = uri,
          .signer_digest = definition,
          .runner = "github-hosted",
          .repository_uri = repository,
          .source_digest = std::string(40, 'b'),
          .source_ref = "refs/heads/main",
          .repository_id = "2002",
          .owner_uri = "https://forge.example/octo",
          .owner_id = "1001",
          .config_uri = uri,
          .config_digest = definition,
          .trigger = event,
          .invocation = repository + "/actions/runs/7/attempts/1",
          .visibility = "public",
          .environment = ""};
}

}  // namespace waybill::testing

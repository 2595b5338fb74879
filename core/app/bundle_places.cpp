#include "core/app/bundle_places.h"

#include "core/base/error.h"
#include "core/lineage/git_shelf.h"

namespace waybill::app {
namespace {

constexpr std::string_view kGitHub = "https://github.com";

std::string value_of(const runner::Environment& environment, const std::string& name, std::string_view otherwise) {
  const auto found = environment.find(name);
  return std::string(found == environment.end() || found->second.empty() ? otherwise : std::string_view(found->second));
}

// The forge that a package's maker is on, which need not be the one that this run is on.
struct Elsewhere {
  std::string server;
  std::string repository;
  std::string api;
  std::string token;
};

Elsewhere read(const std::string& place, const stages::Values& inputs, const runner::Environment& environment) {
  Elsewhere forge{.server = inputs.at("server"), .repository = inputs.at("repo"), .api = {}, .token = {}};
  if (forge.repository.empty())
    throw Error(Fault::kInput, "`bundle-from: {}` needs to know the repository", place).hint("repo: OWNER/NAME");
  const bool own = forge.server == value_of(environment, "GITHUB_SERVER_URL", kGitHub);
  const std::string api = forge.server == kGitHub ? "https://api.github.com" : forge.server + "/api/v3";
  forge.api = own ? value_of(environment, "GITHUB_API_URL", api) : api;
  if (own) forge.token = inputs.at("token");
  return forge;
}

}  // namespace

std::vector<std::string> bundles_at(const std::string& place, const Digest& subject, const stages::Values& inputs,
                                    const runner::Environment& environment, http::Client& http) {
  if (place.starts_with("oci://")) {
    const oci::Registry registry(http, oci::Repository::parse(place), std::nullopt);
    return lineage::RegistryShelf(registry).look({subject})[subject];
  }
  if (place != "github" && place != "git")
    throw Error(Fault::kInput, "`bundle-from` is `{}`; `github`, `git` or `oci://HOST/NAME` is wanted", place);
  const Elsewhere forge = read(place, inputs, environment);
  if (place == "git")
    return lineage::GitShelf(fmt::format("{}/{}", forge.server, forge.repository), forge.token)
        .look({subject})[subject];
  const forge::Address address{forge.api, forge.repository};
  const forge::Client client =
      forge.token.empty() ? forge::Client::anonymous(http, address) : forge::Client(http, address, forge.token);
  return lineage::ForgeShelf(client).look({subject})[subject];
}

}  // namespace waybill::app

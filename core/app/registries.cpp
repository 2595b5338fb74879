#include "core/app/registries.h"

namespace waybill::app {

oci::Registry& Registries::operator()(const std::string& repository) {
  auto& registry = open_[repository];
  if (!registry) {
    const auto parsed = oci::Repository::parse(repository);
    registry = std::make_unique<oci::Registry>(session_.http, parsed, credentials(parsed));
  }
  return *registry;
}

std::optional<oci::Credentials> Registries::credentials(const oci::Repository& repository) const {
  const auto& inputs = session_.invocation.inputs;
  const auto password = inputs.find("registry-password");
  if (password == inputs.end() || password->second.empty()) return std::nullopt;
  const bool own = session_.context && lineage::is_own_registry(repository.host, session_.context->server_url);
  if (password->second == session_.input("token") && !own) return std::nullopt;
  return oci::Credentials{inputs.at("registry-user"), password->second};
}

}  // namespace waybill::app

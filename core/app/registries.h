#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "core/app/session.h"
#include "core/oci/registry.h"

namespace waybill::app {

// Registries by repository, opened when first asked for, with the credentials of the inputs. The job's own token goes
// to the forge's registry alone: any other is asked as anybody (trust.md T18).
class Registries {
 public:
  explicit Registries(const Session& session) : session_(session) {}

  oci::Registry& operator()(const std::string& repository);

 private:
  std::optional<oci::Credentials> credentials(const oci::Repository& repository) const;

  const Session& session_;
  std::map<std::string, std::unique_ptr<oci::Registry>> open_;
};

}  // namespace waybill::app

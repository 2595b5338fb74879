#include "core/sandbox/lag.h"

namespace waybill::sandbox {
namespace {

const std::string kReads = "lag";

}  // namespace

Json set_lag(Forge& forge, const std::string&, const Json& body) {
  forge.state().put(kReads, body);
  return body;
}

bool is_late(Forge& forge, const std::string& kind, const std::string& which) {
  const auto reads = forge.state().find(kReads);
  const long late = reads ? reads->value(kind, 0L) : 0;
  if (late == 0) return false;
  const std::string name = kReads + "/" + kind + "/" + which;
  const auto counted = forge.state().find(name);
  const long so_far = counted ? counted->get<long>() : 0;
  if (so_far >= late) return false;
  forge.state().put(name, so_far + 1);
  return true;
}

}  // namespace waybill::sandbox

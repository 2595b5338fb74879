#include "core/app/applier.h"

#include "core/base/error.h"

namespace waybill::app {

Applier::Applier(Session& session, const stages::Job& job, std::function<oci::Registry&(const std::string&)> registry)
    : session_(session), job_(job), app_(*session.app_forge), registry_(std::move(registry)) {}

void Applier::apply(const stages::Plan& plan, const std::function<void(const Done&)>& report) {
  require_room(plan);
  for (const stages::Step& step : plan.steps()) {
    const std::string title = stages::title(step);
    try {
      const bool already = std::visit([this](const auto& one) { return ensure(one); }, step);
      report({title, already});
    } catch (const Error& error) {
      throw Error(error.fault(), "{}: {}", title, error.what()).hint(error.hint());
    }
  }
}

}  // namespace waybill::app

#include "core/app/applier.h"

#include <map>

#include "core/base/error.h"

namespace waybill::app {

Applier::Applier(Session& session, const stages::Job& job, std::function<oci::Registry&(const std::string&)> registry)
    : session_(session), job_(job), app_(*session.app_forge), registry_(std::move(registry)) {}

std::vector<Error> Applier::apply(const stages::Plan& plan, const std::function<void(const Done&)>& report) {
  require_room(plan);
  std::map<std::string_view, Error> failed;
  for (std::size_t i = 0; i < plan.steps().size(); ++i) {
    const stages::Step& step = plan.steps()[i];
    if (failed.contains(plan.apart(i))) continue;
    const std::string title = stages::title(step);
    try {
      const bool already = std::visit([this](const auto& one) { return ensure(one); }, step);
      report({step, title, already});
    } catch (const Error& error) {
      Error named = Error(error.fault(), "{}: {}", title, error.what()).hint(error.hint());
      if (plan.apart(i).empty()) throw named;
      failed.emplace(plan.apart(i), std::move(named));
    }
  }
  std::vector<Error> errors;
  for (auto& [name, error] : failed) errors.push_back(std::move(error));
  return errors;
}

}  // namespace waybill::app

#include <algorithm>

#include "core/app/session.h"
#include "core/base/error.h"

namespace waybill::app {
namespace {

std::string permission_lines(const stages::Stage& stage) {
  std::string yaml = "permissions:";
  for (const auto& permission : stage.job_permissions)
    yaml += fmt::format("\n  {}: {}", permission.name, permission.level);
  return yaml;
}

// Required and enumerated inputs, as the runner enforces neither.
void check_inputs(const Session& session, std::vector<std::string>& findings, std::vector<std::string>& cures) {
  const auto& inputs = session.invocation.inputs;
  for (const auto& input : session.invocation.stage->inputs) {
    const std::string& value = inputs.at(std::string(input.name));
    if (input.required && value.empty()) {
      findings.push_back(fmt::format("the input `{}` is missing: {}", input.name, input.help));
      cures.push_back(fmt::format("with:\n  {}: …", input.name));
    }
    if (input.type == stages::Type::kBoolean && value != "true" && value != "false" && !value.empty())
      findings.push_back(fmt::format("the input `{}` is `{}`; true or false is wanted", input.name, value));
  }
  if (inputs.at("mode") != "apply" && inputs.at("mode") != "plan")
    findings.push_back(fmt::format("the input `mode` is `{}`; plan or apply is wanted", inputs.at("mode")));
  if (inputs.at("app-id").empty() != inputs.at("app-private-key").empty()) {
    findings.emplace_back("of `app-id` and `app-private-key` only one is given");
    cures.emplace_back(
        "with:\n  app-id: ${{ vars.WAYBILL_APP_ID }}\n  app-private-key: ${{ secrets.WAYBILL_APP_PRIVATE_KEY }}");
  }
}

}  // namespace

void preflight(Session& session) {
  const stages::Stage& stage = *session.invocation.stage;
  std::vector<std::string> findings;
  std::vector<std::string> cures;
  Fault fault = Fault::kInput;
  check_inputs(session, findings, cures);
  // A mode that is neither is refused, and what applying needs is named with it.
  if (stage.needs == stages::Needs::kForge && session.input("mode") != "plan") {
    if (stage.app_permissions.begin() != stage.app_permissions.end() && session.input("app-id").empty() &&
        session.input("token").empty()) {
      findings.emplace_back("neither an App nor a token is given");
      cures.emplace_back(
          "with:\n  app-id: ${{ vars.WAYBILL_APP_ID }}\n  app-private-key: ${{ secrets.WAYBILL_APP_PRIVATE_KEY }}");
    }
    if (stage.attests && session.identity && !session.identity->available()) {
      findings.emplace_back("the job cannot get an identity token, without which nothing can be signed");
      cures.push_back(permission_lines(stage));
      fault = Fault::kPermission;
    }
  }
  if (!findings.empty())
    throw Error(fault, "{}", fmt::join(findings, "\n")).hint(fmt::format("{}", fmt::join(cures, "\n")));
}

}  // namespace waybill::app

#include <algorithm>
#include <optional>

#include "core/app/command_line.h"
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

std::string listed(const stages::Input& input) {
  return fmt::format("{}", fmt::join(input.allowed.begin(), input.allowed.end(), " or "));
}

// What is wrong with one value, as the runner enforces neither presence nor type.
std::optional<std::string> mistake(const stages::Input& input, const std::string& value) {
  if (value.empty() && input.required) return fmt::format("the input `{}` is missing: {}", input.name, input.help);
  if (value.empty()) return std::nullopt;
  const auto wanted = [&](std::string_view what) {
    return fmt::format("the input `{}` is `{}`; {} is wanted", input.name, value, what);
  };
  if (input.type == stages::Type::kBoolean && value != "true" && value != "false") return wanted("true or false");
  if (input.type == stages::Type::kInteger && value.find_first_not_of("0123456789") != std::string::npos)
    return wanted("a whole number");
  if (input.type == stages::Type::kEnum && std::ranges::find(input.allowed, value) == input.allowed.end())
    return wanted(listed(input));
  return std::nullopt;
}

void check_inputs(const Session& session, std::vector<std::string>& findings, std::vector<std::string>& cures) {
  const auto& inputs = session.invocation.inputs;
  for (const auto& input : all_inputs(*session.invocation.stage)) {
    const auto found = mistake(input, inputs.at(std::string(input.name)));
    if (!found) continue;
    findings.push_back(*found);
    cures.push_back(fmt::format("with:\n  {}: {}", input.name, input.initial.empty() ? "…" : input.initial));
  }
  for (const std::string& name : session.invocation.unknown) {
    findings.push_back(fmt::format("`{}` is no input of `{}`", name, session.invocation.stage->name));
    cures.push_back(fmt::format("see actions/{}/README.md", session.invocation.stage->name));
  }
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

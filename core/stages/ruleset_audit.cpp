#include "core/stages/ruleset_audit.h"

#include <algorithm>

#include "core/stages/number_input.h"

namespace waybill::stages {

std::string app_slug(const lineage::Policy& policy) {
  return policy.app.substr(0, policy.app.find('['));
}

std::int64_t app_number(const Job& job, std::string_view input) {
  return number_input(job, input, 1, "the number of an App", "gh api apps/" + app_slug(job.facts.policy) + " --jq .id");
}

std::vector<ComparedRuleset> compared_rulesets(const Job& job, std::int64_t app) {
  const std::vector<forge::Ruleset> there = job.ports.forge().rulesets();
  std::vector<ComparedRuleset> all;
  for (Protection& wanted : protections(job.facts.policy, app)) {
    const auto same = std::ranges::find(there, wanted.ruleset.at("name").get<std::string>(), &forge::Ruleset::name);
    std::vector<std::string> drift{"it is not there"};
    if (same != there.end()) drift = differences(wanted.ruleset, same->body);
    all.push_back({std::move(wanted), std::move(drift)});
  }
  return all;
}

Error drift_alarm(const ComparedRuleset& ruleset, std::int64_t app) {
  return Error(Fault::kConflict, "ruleset `{}`: {}", ruleset.name(), fmt::join(ruleset.drift, "; "))
      .hint(fmt::format("waybill rulesets --waybill-app-id {} --mode apply", app));
}

}  // namespace waybill::stages

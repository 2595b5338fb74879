#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.h"
#include "core/stages/job.h"
#include "core/stages/protection.h"

namespace waybill::stages {

// "waybill-release" of `waybill-release[bot]`, as the forge's API names the App.
std::string app_slug(const lineage::Policy& policy);
// The number of the App that an input holds.
std::int64_t app_number(const Job& job, std::string_view input);

// A wanted ruleset, and in what the repository's one of that name falls short of it: nothing = it is as wanted.
struct ComparedRuleset {
  Protection wanted;
  std::vector<std::string> drift;

  std::string name() const { return wanted.ruleset.at("name"); }
};

std::vector<ComparedRuleset> compared_rulesets(const Job& job, std::int64_t app);
// Of one that has drifted.
Error drift_alarm(const ComparedRuleset& ruleset, std::int64_t app);

}  // namespace waybill::stages

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/lineage/policy.h"

// The rules that keep waybill's branches and tags its own (trust.md T2), as GitHub's rulesets: bodies for `POST
// /repos/{owner}/{repo}/rulesets`, which a page of the repository's settings imports too.
namespace waybill::stages {

struct Protection {
  Json ruleset;
  std::string why;  // one sentence for people
};

// Of every branch and tag that the policy's pipeline writes, in the order of the pipeline. `app` is the number of the
// App that the policy names: the one that may, and the source of every check.
std::vector<Protection> protections(const lineage::Policy& policy, std::int64_t app);

// What rulesets cannot say, and what sees to it instead.
std::vector<std::string> beyond_rulesets(const lineage::Policy& policy);

// In what a ruleset as the forge tells it falls short of a wanted one, or goes where waybill could not work: one line
// each. More reviews and more checks than wanted are people's own affair.
std::vector<std::string> differences(const Json& wanted, const Json& there);

}  // namespace waybill::stages

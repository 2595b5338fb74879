#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.h"
#include "core/stages/plan.h"

namespace waybill::stages {

template <class Step_>
std::vector<Step_> steps(const Plan& plan) {
  std::vector<Step_> found;
  for (const Step& step : plan.steps())
    if (const auto* one = std::get_if<Step_>(&step)) found.push_back(*one);
  return found;
}

// The only step of its kind.
template <class Step_>
Step_ only(const Plan& plan) {
  const std::vector<Step_> found = steps<Step_>(plan);
  if (found.size() != 1) throw Error(Fault::kInternal, "the plan has {} such steps, one is wanted", found.size());
  return found.front();
}

// What the plan does, one line a step.
std::vector<std::string> titles(const Plan& plan);
// Those of a plan's steps begin so, in this order, and there are no others.
void check_steps(const Plan& plan, const std::vector<std::string>& beginnings);
// Nothing happens, and this is why.
void check_idle(const Plan& plan, std::string_view note);
void check_note(const Plan& plan, std::string_view note);
// The plan as JSON is tests/data/stages/<name>.plan.json; WAYBILL_ACCEPT=1 writes it anew.
void check_golden(const Plan& plan, const std::string& name);

}  // namespace waybill::stages

#pragma once

#include "core/stages/table.h"

namespace waybill::stages {

// Everything that a stage's plan is made from, in the one order: what its survey finds, then the evidence that the
// policy demands of that. Fault::kUntrusted listing every key that does not verify. The result refers to the arguments.
Job surveyed(const Stage& stage, const Facts& facts, const Ports& ports, const Values& inputs);

}  // namespace waybill::stages

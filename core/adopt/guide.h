#pragma once

#include <string>

#include "core/lineage/policy.h"

namespace waybill::adopt {

// `.github/waybill/README.md`: how the trusted root and the signing config come to lie beside it.
std::string trust_notes();

// What a person sets up once, in the order of doing it: App, variable, environments with the App's key, branches,
// rulesets, each with its commands.
std::string setup_guide(const lineage::Policy& policy);

}  // namespace waybill::adopt

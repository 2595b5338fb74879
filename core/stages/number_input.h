#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/stages/job.h"

namespace waybill::stages {

// The whole number that an input holds; Fault::kInput saying what is `wanted` when it is none or less than `least`.
std::int64_t number_input(const Job& job, std::string_view name, std::int64_t least, std::string_view wanted,
                          const std::string& hint = {});

}  // namespace waybill::stages

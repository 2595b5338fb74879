#pragma once

#include <chrono>

namespace waybill {

// A wait of at most `full`, its upper half left to chance so that parallel jobs do not come back at once.
std::chrono::milliseconds jittered(std::chrono::milliseconds full);

}  // namespace waybill

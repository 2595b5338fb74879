#pragma once

#include <cstddef>
#include <functional>

namespace waybill {

// Calls `act` with every number below `count`, from as many threads as there are processors; in order where there is
// one. What it throws first by number is thrown here, once all have been called.
void in_parallel(std::size_t count, const std::function<void(std::size_t)>& act);

}  // namespace waybill

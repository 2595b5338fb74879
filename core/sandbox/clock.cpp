#include "core/sandbox/clock.h"

#include "core/base/error.h"

namespace waybill::sandbox {

SandboxClock::SandboxClock(Time start) : shift_((start - SystemClock().now()).count()) {}

Time SandboxClock::now() const {
  return SystemClock().now() + std::chrono::seconds(shift_.load());
}

void SandboxClock::advance(Time to) {
  const std::chrono::seconds ahead = to - now();
  if (ahead.count() < 0)
    throw Error(Fault::kConflict, "the clock stands at {} and does not go back to {}", to_rfc3339(now()),
                to_rfc3339(to));
  shift_ += ahead.count();
}

}  // namespace waybill::sandbox

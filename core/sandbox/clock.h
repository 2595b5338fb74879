#pragma once

#include <atomic>

#include "core/base/clock.h"

namespace waybill::sandbox {

// The wall clock, shifted so that it began at a chosen moment; it only ever moves forward.
class SandboxClock final : public Clock {
 public:
  SandboxClock() = default;
  explicit SandboxClock(Time start);
  Time now() const override;
  void advance(Time to);  // Fault::kConflict when `to` has passed

 private:
  std::atomic<std::chrono::seconds::rep> shift_{0};
};

}  // namespace waybill::sandbox

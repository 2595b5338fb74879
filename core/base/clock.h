#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace waybill {

using Time = std::chrono::sys_seconds;

// Where the present comes from; a test gives its own.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Time now() const = 0;
};

class SystemClock final : public Clock {
 public:
  Time now() const override;
};

// RFC 3339 in UTC, whole seconds: "2026-11-21T12:00:00Z". parse also takes fractions (dropped) and offsets.
std::string to_rfc3339(Time time);
Time parse_rfc3339(std::string_view text);

}  // namespace waybill

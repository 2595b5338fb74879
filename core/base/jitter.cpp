#include "core/base/jitter.h"

#include <random>

namespace waybill {

std::chrono::milliseconds jittered(std::chrono::milliseconds full) {
  using Count = std::chrono::milliseconds::rep;
  std::random_device entropy;
  return std::chrono::milliseconds(std::uniform_int_distribution<Count>(full.count() / 2, full.count())(entropy));
}

}  // namespace waybill

#include "core/base/parallel.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <thread>
#include <vector>

namespace waybill {

void in_parallel(std::size_t count, const std::function<void(std::size_t)>& act) {
  std::vector<std::exception_ptr> failures(count);
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t number = next++; number < count; number = next++) {
      try {
        act(number);
      } catch (...) {
        failures[number] = std::current_exception();
      }
    }
  };
  {
    std::vector<std::jthread> others;
    const std::size_t processors = std::max(1U, std::thread::hardware_concurrency());
    for (std::size_t thread = 1; thread < std::min(processors, count); ++thread) others.emplace_back(work);
    work();
  }
  for (const std::exception_ptr& failure : failures)
    if (failure) std::rethrow_exception(failure);
}

}  // namespace waybill

#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/error.h"

namespace waybill::sigstore {

// What a verification found wrong, one sentence each, in the order found.
using Failures = std::vector<std::string>;

// Runs one check; what it throws becomes a failure that begins with `subject`, and the checks after it still run.
template <class Check>
void noting(Failures& failures, std::string_view subject, Check&& check) {
  try {
    std::forward<Check>(check)();
  } catch (const Error& error) {
    failures.push_back(fmt::format("{}: {}", subject, error.what()));
  }
}

}  // namespace waybill::sigstore

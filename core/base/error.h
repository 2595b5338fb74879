#pragma once

#include <fmt/format.h>

#include <stdexcept>
#include <string>
#include <utility>

#include "core/base/text.h"

namespace waybill {

// Why waybill stopped. Each fault is one exit code and one line of the README's table.
enum class Fault {
  kInput = 2,       // an input, policy or chart says something that cannot be meant
  kUntrusted = 3,   // evidence is missing, wrong or by somebody else
  kConflict = 4,    // something of that name exists with other content
  kRemote = 5,      // a server refused, failed or did not answer
  kPermission = 6,  // a token or a job lacks a permission
  kUnbound = 7,     // a signature holds, but nobody said whose it should be
  kStale = 8,       // the definition, policy or base moved: dispatch anew
  kInternal = 70,   // a mistake in waybill itself
};

// The hint where a server stood in the way and time may mend it.
inline constexpr const char* kRunAgain = "run this stage again; what is done stays done";

// The only exception waybill throws: what happened, and what the reader can do about it.
// The text names the thing, the value seen and the value wanted, without a final period;
// the hint is the line of YAML to add or the command to type. What others wrote into either cannot hide in it.
class Error : public std::runtime_error {
 public:
  template <class... Args>
  Error(Fault fault, fmt::format_string<Args...> text, Args&&... args)
      : std::runtime_error(printable(fmt::format(text, std::forward<Args>(args)...))), fault_(fault) {}

  Error&& hint(std::string text) && {
    hint_ = printable(text);
    return std::move(*this);
  }

  Fault fault() const noexcept { return fault_; }

  const std::string& hint() const { return hint_; }

 private:
  Fault fault_;
  std::string hint_;
};

}  // namespace waybill

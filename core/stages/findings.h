#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/error.h"
#include "core/stages/plan.h"

namespace waybill::stages {

// Asks; nothing, or as an alarm why `thing` could not be looked at: a server that does not answer, or not to this
// token.
std::optional<Error> not_seen(std::string_view thing, const std::function<void()>& ask);

// What a stage found that looks at many things: a line for each that is right, an alarm with its cure for each that is
// not.
class Findings {
 public:
  explicit Findings(Plan& plan) : plan_(plan) {}

  void right(std::string text) { plan_.note(std::move(text)); }
  void wrong(const std::string& text, std::string cure, Fault fault = Fault::kConflict);
  // False when `ask` could not be answered. What may not be seen does not count as right: it is an alarm, whose cure is
  // another token.
  bool look(std::string_view thing, const std::function<void()>& ask);

 private:
  Plan& plan_;
};

}  // namespace waybill::stages

#pragma once

namespace waybill {

// One visitor out of several lambdas: std::visit(Overloaded{[](int) {…}, [](Text) {…}}, value).
template <class... Cases>
struct Overloaded : Cases... {
  using Cases::operator()...;
};
template <class... Cases>
Overloaded(Cases...) -> Overloaded<Cases...>;

}  // namespace waybill

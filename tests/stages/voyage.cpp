#include "stages/voyage.h"

namespace waybill::stages {
namespace {

struct Leg {
  void (ShipmentUnderWay::*travel)();
  std::int64_t pull_request;  // of the event; 0 = a push
};

// By stop.
constexpr Leg kLegs[] = {
    {&ShipmentUnderWay::validated, 30}, {&ShipmentUnderWay::split_off, 31},     {&ShipmentUnderWay::stands_alone, 31},
    {&ShipmentUnderWay::composed, 32},  {&ShipmentUnderWay::merged_to_main, 0}, {&ShipmentUnderWay::sent, 33},
    {&ShipmentUnderWay::released, 33},
};

}  // namespace

Voyage::Voyage(Stop stop, const testing::Files& files, const std::string& message) : ShipmentUnderWay(files, message) {
  const Leg& leg = kLegs[static_cast<std::size_t>(stop)];
  (this->*leg.travel)();
  world.facts.event = leg.pull_request == 0 ? "push" : "pull_request_target";
  if (stop == Stop::kMerged) {
    world.branch("feature", source);
    world.merged("feature", "integration", source);
  } else if (leg.pull_request != 0) {
    world.facts.pull = pull(leg.pull_request);
  }
}

}  // namespace waybill::stages

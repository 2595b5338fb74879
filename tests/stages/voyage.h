#pragma once

#include <string>

#include "stages/shipment.h"

namespace waybill::stages {

// How far a contribution has come: which event starts the stage under test.
enum class Stop {
  kMerged,     // into integration; stage 1 has signed
  kSplit,      // its pull request into integrate/web is open; stage 2 has signed
  kGathered,   // that one is merged; stage 3 has signed
  kProposed,   // its pull request into main is open; stage 4 has signed
  kOnMain,     // that one is merged; stage 5 has signed
  kTagged,     // its pull request into release is open; stage 6 has signed
  kOnRelease,  // that one is merged; stage 7 has signed
};

// A shipment that has come so far, and the event of the last thing that happened to it.
class Voyage : public ShipmentUnderWay {
 public:
  explicit Voyage(Stop stop, const testing::Files& contribution = web_image("app:2"),
                  const std::string& message = "feat: another image");
};

}  // namespace waybill::stages

#pragma once

#include <string>
#include <vector>

#include "stages/shipment.h"
#include "testing/known_settings.h"

namespace waybill::stages {

// A repository with a shipment of charts/web, around which everything is as `doctor` wants it.
class SoundRepository : public ShipmentUnderWay {
 public:
  SoundRepository();

  testing::KnownSettings settings;

  // The workflow of a stage as it is on main, and put there anew.
  std::string workflow(const Stage& stage) const;
  void put_workflow(const Stage& stage, const std::string& text);

  Plan examined() { return planned(kDoctor); }
  // Nothing is wrong.
  void check_sound();
  // One thing is, and its text and cure say this.
  void check_wrong(std::string_view text, std::string_view cure, Fault fault = Fault::kConflict);
};

}  // namespace waybill::stages
